"""Commands that evaluate a block, a line, the selection, the file or an earlier version."""

from __future__ import annotations

import time

from phonon.editor.editor import Editor
from phonon.editor.journal import EvaluatedVersion
from phonon.editor.keymap import command
from phonon.editor.statements import Region, block_at, statement_at
from phonon.errors import PhononError
from phonon.session.protocol import Evaluation, EvaluationScope, When


@command(
    "evaluate-block",
    "play",
    any=["A-Enter", "C-e"],
    read=["\\ s s"],
)
def evaluate_block(editor: Editor, _count: int) -> None:
    """Play the block (or the selection)."""
    evaluate(editor, _block(editor), "block")


@command("evaluate-line", "play", any="S-Enter", menu="l", read="\\ s Enter")
def evaluate_line(editor: Editor, _count: int) -> None:
    """Play the statement at the cursor."""
    row = editor.buffer.document.cursor_position_row
    one = statement_at(editor.buffer.text, row)
    if one is None:
        raise PhononError("there is nothing to play in this line")
    evaluate(editor, Region(one.first, one.last), "block")


@command("evaluate-all", "play", any=["F5", "A-r"], menu="a")
def evaluate_all(editor: Editor, _count: int) -> None:
    """Play the whole file; stop what it no longer has."""
    evaluate(editor, _all(editor), "file")


@command("evaluate-next-beat", "play", menu="b")
def evaluate_next_beat(editor: Editor, _count: int) -> None:
    """Play the block from the next beat."""
    evaluate(editor, _block(editor), "block", "beat")


@command("evaluate-next-cycle", "play", menu="q")
def evaluate_next_cycle(editor: Editor, _count: int) -> None:
    """Play the block from the next cycle."""
    evaluate(editor, _block(editor), "block", "cycle")


@command("older-version", "play", normal="g -")
def older_version(editor: Editor, count: int) -> None:
    """Restore the previous evaluated version and play it."""
    walk(editor, -count)


@command("newer-version", "play", normal="g +")
def newer_version(editor: Editor, count: int) -> None:
    """Restore the next evaluated version and play it."""
    walk(editor, count)


def walk(editor: Editor, steps: int) -> None:
    """Restore the evaluated version `steps` after the present one and play it."""
    if not editor.evaluations.versions:
        raise PhononError("nothing has been evaluated yet")
    last = len(editor.evaluations.versions) - 1
    at = min(editor.evaluations.at_version, last)
    if steps < 0 and editor.buffer.text != editor.evaluations.versions[at].text:
        steps += 1  # the first step back undoes what was typed since
    wanted = min(max(at + steps, 0), last)
    if wanted == at and editor.buffer.text == editor.evaluations.versions[at].text:
        raise PhononError(f"this is the {'oldest' if steps < 0 else 'newest'} version")
    editor.evaluations.at_version = wanted
    version = editor.evaluations.versions[wanted]
    editor.program.replace(version.text, min(editor.buffer.cursor_position, len(version.text)))
    evaluate(editor, _all(editor), "file", remember=False)
    when = time.strftime("%H:%M:%S", time.localtime(version.time))
    editor.notices.say(f"version {wanted + 1} of {last + 1}, evaluated at {when}")


def evaluate(
    editor: Editor,
    region: Region,
    scope: EvaluationScope,
    when: When = "now",
    *,
    remember: bool = True,
) -> None:
    """Send a region to the session; its result is taken in the interface's thread."""
    whole = editor.buffer.text
    text = whole if scope == "file" else region.text(whole)

    def run() -> None:
        try:
            result = editor.link.session.evaluate(
                text, scope=scope, when=when, name=str(editor.program.path.absolute())
            )
        except PhononError as error:
            result = Evaluation(ok=False, diagnostics=tuple(error.diagnostics))
        except OSError as error:
            editor.link.call_in_ui(
                editor.notices.say, f"the engine does not answer: {error}", "error"
            )
            return
        editor.link.call_in_ui(_answered, editor, region, whole, result, scope, remember)

    # Before anything else is done here: the sound would wait for it.
    editor.link.run_evaluation(run)
    editor.evaluations.flash.begin(region)
    editor.buffer.selection_state = None
    editor.buffer.complete_state = None  # the menu of completions would cover the errors
    editor.program.write_journal()
    editor.redraw()


def _answered(
    editor: Editor,
    region: Region,
    whole: str,
    result: Evaluation,
    scope: EvaluationScope,
    remember: bool,
) -> None:
    """Note the result of an evaluation: errors, playing texts, a message, a version."""
    evaluations = editor.evaluations
    if editor.buffer.text == whole:
        evaluations.diagnostics.report(region, result.diagnostics)
    evaluations.record_result(whole, region, result, scope)
    editor.steps.evaluated(evaluations.playing)
    if not result.ok:
        evaluations.flash.begin(region, failed=True)
    loop = editor.app.loop
    if loop is not None:
        loop.call_later(evaluations.flash.seconds + 0.02, editor.redraw)
    _report(editor, region, result, remember)
    if remember:
        _remember(editor, whole, result)


def _report(editor: Editor, region: Region, result: Evaluation, remember: bool) -> None:
    errors = [found for found in result.diagnostics if found.severity == "error"]
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more, ]e goes there)" if len(errors) > 1 else ""
        editor.notices.say(f"line {region.first + first.line}: {first.message}{more}", "error")
    elif result.diagnostics:
        editor.notices.say(result.diagnostics[0].message, "warning")
    elif remember:
        names = " ".join((*result.defined, *result.commands)) or "nothing changed"
        gone = f"; stopped: {' '.join(result.removed)}" if result.removed else ""
        editor.notices.say(f"{names} ({result.milliseconds:.0f} ms){gone}")


def _remember(editor: Editor, text: str, result: Evaluation) -> None:
    what = " ".join(result.defined or result.commands)
    if result.diagnostics:
        what = f"{editor.view.glyphs.error} {result.diagnostics[0].message}"
    version = EvaluatedVersion(text, time.time(), result.ok, result.milliseconds, what)
    if editor.evaluations.remember(version):
        editor.program.journal.remember(version)


def _block(editor: Editor) -> Region:
    document = editor.buffer.document
    if editor.buffer.selection_state is not None:
        return Region(*editor.selected())
    block = block_at(editor.buffer.text, document.cursor_position_row)
    if block is None:
        raise PhononError("there is no block here: put the cursor on one")
    return block


def _all(editor: Editor) -> Region:
    return Region(0, editor.buffer.document.line_count - 1)
