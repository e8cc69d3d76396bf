"""Commands on the text: numbers, comments, undo and redo, repeat, jumps to errors and blocks."""

from __future__ import annotations

import re

from prompt_toolkit.document import Document
from prompt_toolkit.key_binding import KeyPressEvent
from prompt_toolkit.key_binding.bindings.vi import TextObject

from phonon.editor.commands.evaluate import evaluate
from phonon.editor.editor import Editor
from phonon.editor.keymap import command
from phonon.editor.statements import block_at, blocks
from phonon.errors import PhononError

# A number, but not one inside a name such as `o1` or `c4`. A minus belongs to it unless it
# subtracts: after a blank and before no blank, or at the beginning of something.
NUMBER = re.compile(
    r"(?<![\w.])(?:(?<![\w)\]\"]\s)-(?=[\d.])|(?<=\s)-(?=[\d.]))?(?:\d+\.\d+|\d+)(?![\w])"
)
_COMMENT = re.compile(r"(\s*)--\s?")


@command("nudge-up", "edit", normal="C-a", plain="A-Up")
def nudge_up(editor: Editor, count: int) -> None:
    """Raise the number at the cursor and play its block."""
    nudge(editor, count)


@command("nudge-down", "edit", normal="C-x", plain="A-Down")
def nudge_down(editor: Editor, count: int) -> None:
    """Lower the number at the cursor and play its block."""
    nudge(editor, -count)


@command("nudge-up-10", "edit", normal="g C-a")
def nudge_up_ten(editor: Editor, count: int) -> None:
    """Raise the number by ten steps."""
    nudge(editor, 10 * count)


@command("nudge-down-10", "edit", normal="g C-x")
def nudge_down_ten(editor: Editor, count: int) -> None:
    """Lower the number by ten steps."""
    nudge(editor, -10 * count)


def nudge(editor: Editor, steps: int) -> None:
    """Change the number under or after the cursor by steps of its last digit; play its block."""
    document = editor.buffer.document
    line, column = document.current_line, document.cursor_position_col
    found = next((one for one in NUMBER.finditer(line) if one.end() > column), None)
    if found is None:
        raise PhononError("there is no number at the cursor or after it")
    text = nudged(found[0], steps)
    begin = document.cursor_position - column + found.start()
    whole = document.text[:begin] + text + document.text[begin + len(found[0]) :]
    editor.buffer.save_to_undo_stack()
    editor.buffer.set_document(Document(whole, begin + len(text) - 1), bypass_readonly=True)
    block = block_at(whole, editor.buffer.document.cursor_position_row)
    if block is not None:
        evaluate(editor, block, "block")


def nudged(number: str, steps: int) -> str:
    """A number changed by steps of its last digit; it keeps its digits after the point."""
    whole, point, digits = number.lstrip("-").partition(".")
    value = int(whole + digits) * (-1 if number.startswith("-") else 1) + steps
    text = str(abs(value)).rjust(len(digits) + 1, "0")
    if number.startswith(("0", "-0")) and not point and len(whole) > 1:
        text = text.rjust(len(whole), "0")
    at = len(text) - len(digits)
    return ("-" if value < 0 else "") + text[:at] + point + text[at:]


@command("comment", "edit", normal="g c c", visual="g c", text=["A-/", "C-/"])
def comment(editor: Editor, count: int) -> None:
    """Comment lines, or uncomment them."""
    document = editor.buffer.document
    first = document.cursor_position_row
    last = min(first + count, document.line_count) - 1
    if editor.buffer.selection_state is not None:
        first, last = editor.selected()
    lines = document.lines.copy()
    lines[first : last + 1] = commented(lines[first : last + 1])
    column = document.cursor_position_col + len(lines[document.cursor_position_row])
    column -= len(document.current_line)
    whole = "\n".join(lines)
    cursor = Document(whole).translate_row_col_to_index(
        document.cursor_position_row, max(column, 0)
    )
    editor.buffer.selection_state = None
    editor.program.replace(whole, cursor)


@command("comment-motion", "edit", normal="g c")
def comment_motion(editor: Editor, count: int) -> None:
    """Comment the lines of a motion or text object: gcj, gcip."""

    def operate(event: KeyPressEvent, what: TextObject) -> None:
        first, last = what.get_line_numbers(event.current_buffer)
        lines = event.current_buffer.document.lines.copy()
        lines[first : last + 1] = commented(lines[first : last + 1])
        editor.program.replace("\n".join(lines), sum(len(line) + 1 for line in lines[:first]))

    editor.app.vi_state.operator_func = operate
    editor.app.vi_state.operator_arg = count


def commented(lines: list[str]) -> list[str]:
    """Comment lines; uncomment them if every line that is not empty is a comment."""
    filled = [line for line in lines if line.strip()]
    if filled and all(_COMMENT.match(line) for line in filled):
        return [_COMMENT.sub(r"\1", line, count=1) for line in lines]
    return [f"-- {line}" if line.strip() else line for line in lines]


@command("undo", "edit", normal="u", plain="C-z")
def undo(editor: Editor, count: int) -> None:
    """Undo."""
    for _ in range(count):
        editor.buffer.undo()


@command("redo", "edit", normal="C-r", plain="C-y")
def redo(editor: Editor, count: int) -> None:
    """Redo."""
    for _ in range(count):
        editor.buffer.redo()


@command("repeat", "edit", normal=".")
def repeat(editor: Editor, count: int) -> None:
    """Repeat the last change."""
    editor.repeater.replay(count)


@command("next-error", "edit", read="] e", menu="e")
def next_error(editor: Editor, count: int) -> None:
    """Go to the next error."""
    _to_error(editor, count)


@command("previous-error", "edit", read="[ e")
def previous_error(editor: Editor, count: int) -> None:
    """Go to the previous error."""
    _to_error(editor, -count)


def _to_error(editor: Editor, steps: int) -> None:
    errors = editor.evaluations.diagnostics.found
    if not errors:
        raise PhononError("there is no error")
    document = editor.buffer.document
    here = (document.cursor_position_row, document.cursor_position_col)
    places = [(mark.line, mark.column) for mark in errors]
    later = [at for at, place in enumerate(places) if place > here]
    earlier = [at for at, place in enumerate(places) if place < here]
    if steps > 0:
        at = (later[0] if later else 0) + steps - 1
    else:
        at = (earlier[-1] if earlier else len(places) - 1) + steps + 1
    mark = errors[at % len(errors)]
    editor.buffer.cursor_position = document.translate_row_col_to_index(mark.line, mark.column)
    editor.notices.say(mark.text, mark.severity)


@command("next-block", "edit", read="] b")
def next_block(editor: Editor, count: int) -> None:
    """Go to the next block."""
    _to_block(editor, count)


@command("previous-block", "edit", read="[ b")
def previous_block(editor: Editor, count: int) -> None:
    """Go to the previous block."""
    _to_block(editor, -count)


def _to_block(editor: Editor, steps: int) -> None:
    document = editor.buffer.document
    row = document.cursor_position_row
    lines = [block.first for block in blocks(document.text)]
    wanted = [line for line in lines if (line > row if steps > 0 else line < row)]
    if wanted:
        at = min(steps - 1, len(wanted) - 1) if steps > 0 else max(steps, -len(wanted))
        editor.buffer.cursor_position = document.translate_row_col_to_index(wanted[at], 0)
