"""Commands that evaluate: a block, a line, a selection, everything; and earlier versions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phonon.editor.journal import EvaluatedVersion
from phonon.editor.keymap import command
from phonon.editor.marks import FLASH
from phonon.editor.statements import Region, block_at, statement_at, statements
from phonon.errors import PhononError
from phonon.session.protocol import Evaluation, Scope, When

if TYPE_CHECKING:
    from phonon.editor.editor import Editor


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
    """Play the whole file: what is no longer in it stops."""
    evaluate(editor, _all(editor), "file")


@command("evaluate-next-beat", "play", menu="b")
def evaluate_next_beat(editor: Editor, _count: int) -> None:
    """Play the block from the next beat on."""
    evaluate(editor, _block(editor), "block", "beat")


@command("evaluate-next-cycle", "play", menu="q")
def evaluate_next_cycle(editor: Editor, _count: int) -> None:
    """Play the block from the next cycle on."""
    evaluate(editor, _block(editor), "block", "cycle")


@command("older-version", "play", normal="g -")
def older_version(editor: Editor, count: int) -> None:
    """Back to the version that was evaluated before, and play it."""
    walk(editor, -count)


@command("newer-version", "play", normal="g +")
def newer_version(editor: Editor, count: int) -> None:
    """Forward to the version that was evaluated after, and play it."""
    walk(editor, count)


def walk(editor: Editor, steps: int) -> None:
    """Restore an evaluated version `steps` away and play it."""
    if not editor.versions:
        raise PhononError("nothing has been evaluated yet")
    last = len(editor.versions) - 1
    at = min(editor.at_version, last)
    if steps < 0 and editor.buffer.text != editor.versions[at].text:
        steps += 1  # the first step back undoes what was typed since
    wanted = min(max(at + steps, 0), last)
    if wanted == at and editor.buffer.text == editor.versions[at].text:
        raise PhononError(f"this is the {'oldest' if steps < 0 else 'newest'} version")
    editor.at_version = wanted
    version = editor.versions[wanted]
    editor.replace(version.text, min(editor.buffer.cursor_position, len(version.text)))
    evaluate(editor, _all(editor), "file", remember=False)
    when = time.strftime("%H:%M:%S", time.localtime(version.time))
    editor.say(f"version {wanted + 1} of {last + 1}, evaluated at {when}")


def evaluate(
    editor: Editor, region: Region, scope: Scope, when: When = "now", *, remember: bool = True
) -> None:
    """Send a region to the session; the answer comes back into the interface's thread."""
    whole = editor.buffer.text
    text = whole if scope == "file" else region.text(whole)

    def run() -> None:
        try:
            result = editor.session.evaluate(
                text, scope=scope, when=when, name=str(editor.path.absolute())
            )
        except PhononError as error:
            result = Evaluation(ok=False, diagnostics=tuple(error.diagnostics))
        except OSError as error:
            editor.soon(editor.say, f"the engine does not answer: {error}", "error")
            return
        editor.soon(_answered, editor, region, whole, result, scope, remember)

    editor.evaluation(run)  # before anything else: the sound has to wait for all that is done here
    editor.marks.begin_flash(region)
    editor.buffer.selection_state = None
    editor.buffer.complete_state = None  # what is offered would stand where the errors go
    editor.journal.write(whole, editor.buffer.cursor_position)
    editor.app.invalidate()


def _answered(
    editor: Editor, region: Region, whole: str, result: Evaluation, scope: Scope, remember: bool
) -> None:
    """Take in what became of an evaluation."""
    marks = editor.marks
    if editor.buffer.text == whole:
        marks.report(region, result.diagnostics)
    defined = set(result.defined)
    kept = (
        dict(marks.evaluated)
        if scope == "block"
        else {name: text for name, text in marks.evaluated.items() if name in result.kept}
    )
    for one in statements(whole):
        if one.name in defined and (scope == "file" or region.first <= one.first <= region.last):
            kept[one.name] = one.text
    marks.evaluated = {name: text for name, text in kept.items() if name not in result.removed}
    editor.lights.evaluated(dict(marks.evaluated))
    errors = [found for found in result.diagnostics if found.severity == "error"]
    if not result.ok:
        marks.begin_flash(region, failed=True)
    editor.app.loop.call_later(FLASH + 0.02, editor.app.invalidate)  # type: ignore[union-attr]
    took = f"{result.milliseconds:.0f} ms"
    if errors:
        first = errors[0]
        more = f" (and {len(errors) - 1} more, ]e goes there)" if len(errors) > 1 else ""
        line = region.first + first.line
        editor.say(f"line {line}: {first.message}{more}", "error")
    elif result.diagnostics:
        editor.say(result.diagnostics[0].message, "warning")
    elif remember:
        names = " ".join((*result.defined, *result.commands)) or "nothing changed"
        gone = f"; stopped: {' '.join(result.removed)}" if result.removed else ""
        editor.say(f"{names} ({took}){gone}")
    if remember:
        _remember(editor, whole, result)


def _remember(editor: Editor, text: str, result: Evaluation) -> None:
    what = " ".join(result.defined or result.commands)
    if result.diagnostics:
        what = f"{editor.glyphs.error} {result.diagnostics[0].message}"
    version = EvaluatedVersion(text, time.time(), result.ok, result.milliseconds, what)
    if result.ok and not (editor.versions and editor.versions[-1].text == text):
        editor.versions.append(version)
        editor.journal.remember(version)
    editor.at_version = len(editor.versions) - 1
    editor.evaluations.append(version)


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
