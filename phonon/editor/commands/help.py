"""Commands that show all keys and the reference entry of a word."""

from __future__ import annotations

from phonon.editor.cheat_sheet import GROUPS, MOUSE_USES, spelt
from phonon.editor.editor import Editor
from phonon.editor.keymap import COMMANDS, carry_out, command
from phonon.editor.popups import ChoiceList, TextPages
from phonon.editor.reference import entry_text, word_at
from phonon.errors import PhononError


@command("keys", "help", any="F1", menu="?", normal="g ?")
def keys(editor: Editor, _count: int) -> None:
    """Show all keys; typing filters, Enter runs the command."""
    sheet = CheatSheet(editor)
    if editor.terminal.tells_apart:
        sheet.title += "; C-Enter, C-. and C-1..9 work as well"
    editor.modes.show(sheet)


@command("documentation", "help", read="K", plain="F2")
def documentation(editor: Editor, _count: int) -> None:
    """Show the reference entry of the word at the cursor."""
    word = word_at(editor.buffer.document.current_line, editor.buffer.document.cursor_position_col)
    if not word:
        raise PhononError("there is no word at the cursor")
    editor.modes.show(TextPages(word, entry_text(word)))


class CheatSheet(ChoiceList):
    """The popup of all commands with their keys; Enter runs one."""

    title = "keys: A- is Alt, C- is Ctrl, P: in PERFORM"

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        plain = editor.plain
        self._commands = [
            one
            for group in GROUPS
            for one in COMMANDS.values()
            if one.group == group and spelt(one, plain)
        ]
        self._items = [
            f"{GROUPS[one.group]:<6}{spelt(one, plain):<24} {one.help}" for one in self._commands
        ]
        self._items += [f"{'MOUSE':<6}{what:<24} {does}" for what, does in MOUSE_USES]

    def items(self) -> list[str]:
        return self._items

    def take(self, number: int) -> None:
        if number < len(self._commands):
            carry_out(self._editor, self._commands[number], 1)
