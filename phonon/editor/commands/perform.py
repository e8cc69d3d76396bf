"""Commands of PERFORM that move between the numbers of the text and change them."""

from __future__ import annotations

from phonon.editor.commands.edit import NUMBER, nudge
from phonon.editor.editor import Editor
from phonon.editor.keymap import command


@command("next-number", "mix", perform=["l", "Right", "Tab"])
def next_number(editor: Editor, count: int) -> None:
    """Go to the next number."""
    _go(editor, count)


@command("previous-number", "mix", perform=["h", "Left", "S-Tab"])
def previous_number(editor: Editor, count: int) -> None:
    """Go to the previous number."""
    _go(editor, -count)


@command("turn-up", "mix", perform=["k", "Up"])
def turn_up(editor: Editor, count: int) -> None:
    """Raise the number and play its block."""
    nudge(editor, count)


@command("turn-down", "mix", perform=["j", "Down"])
def turn_down(editor: Editor, count: int) -> None:
    """Lower the number and play its block."""
    nudge(editor, -count)


@command("turn-up-10", "mix", perform="K")
def turn_up_ten(editor: Editor, count: int) -> None:
    """Raise the number by ten steps."""
    nudge(editor, 10 * count)


@command("turn-down-10", "mix", perform="J")
def turn_down_ten(editor: Editor, count: int) -> None:
    """Lower the number by ten steps."""
    nudge(editor, -10 * count)


def _go(editor: Editor, steps: int) -> None:
    text = editor.buffer.text
    places = []
    at = 0
    for line in text.split("\n"):
        code = line.partition("--")[0]
        places += [at + found.start() for found in NUMBER.finditer(code)]
        at += len(line) + 1
    if not places:
        return
    here = editor.buffer.cursor_position
    if steps > 0:
        after = [place for place in places if place > here] or places
        editor.buffer.cursor_position = after[min(steps - 1, len(after) - 1)]
    else:
        before = [place for place in places if place < here] or places
        editor.buffer.cursor_position = before[max(steps, -len(before))]
