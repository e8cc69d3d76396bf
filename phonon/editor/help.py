"""Help: the cheat sheet made from the live keys, the reference entry of a word, the signature."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from phonon.editor.keymap import COMMANDS, Command, command
from phonon.editor.mouse import USES
from phonon.editor.popups import Choice, Pages
from phonon.errors import PhononError
from phonon.lang import lookup

if TYPE_CHECKING:
    from phonon.editor.editor import Editor

GROUPS = {
    "play": "PLAY",
    "mix": "MIX",
    "edit": "EDIT",
    "see": "SEE",
    "file": "FILE",
    "help": "HELP",
}
_PREFIX: dict[tuple[str, ...], str] = {("menu",): "Space ", ("perform",): "P:"}
_WORD = re.compile(r"[^\W\d][\w']*")


@command("keys", "help", any="F1", menu="?", normal="g ?")
def keys(editor: Editor, _count: int) -> None:
    """All keys; typing filters, Enter runs the command."""
    sheet = CheatSheet(editor.plain)
    if editor.terminal.tells_apart:
        sheet.title += "; C-Enter, C-. and C-1..9 work as well"
    editor.show(sheet)


@command("documentation", "help", read="K", plain="F2")
def documentation(editor: Editor, _count: int) -> None:
    """The reference entry of the word at the cursor."""
    word = word_at(editor.buffer.document.current_line, editor.buffer.document.cursor_position_col)
    if not word:
        raise PhononError("there is no word at the cursor")
    editor.show(Pages(word, entry_text(word)))


class CheatSheet(Choice):
    """Every command with the keys that give it."""

    title = "keys: A- is Alt, C- is Ctrl, P: in PERFORM"

    def __init__(self, plain: bool = False) -> None:
        super().__init__()
        self._commands = [
            one
            for group in GROUPS
            for one in COMMANDS.values()
            if one.group == group and spelt(one, plain)
        ]
        self._items = [
            f"{GROUPS[one.group]:<6}{spelt(one, plain):<24} {one.help}" for one in self._commands
        ]
        self._items += [f"{'MOUSE':<6}{what:<24} {does}" for what, does in USES]

    def items(self) -> list[str]:
        return self._items

    def take(self, editor: Editor, number: int) -> None:
        editor.show(None)
        if number < len(self._commands):
            editor.perform(self._commands[number], 1)


def spelt(one: Command, plain: bool = False) -> str:
    """The keys of a command as people say them: `A-1…9`, `Space r`."""
    found: list[str] = []
    groups: dict[str, list[str]] = {}
    for key in one.keys:
        if key.modes == ("plain",) and not plain:
            continue
        if plain and not {"plain", "insert", "menu", "perform"} & set(key.modes):
            continue
        if plain and "menu" in key.modes and len(key.modes) == 1:
            continue
        prefix = _PREFIX.get(key.modes, "")
        if key.argument is not None:
            stem = key.spelling.removesuffix(str(key.argument))
            groups.setdefault(prefix + stem, []).append(str(key.argument))
        elif prefix + key.spelling not in found:
            found.append(prefix + key.spelling)
    joined = [f"{stem}{numbers[0]}..{numbers[-1]}" for stem, numbers in groups.items()]
    return "  ".join(joined + found)


def table() -> list[tuple[str, str, str]]:
    """Group, keys and help of every command and of the mouse, for printing."""
    keys = [
        (GROUPS[one.group], spelt(one), one.help)
        for group in GROUPS
        for one in COMMANDS.values()
        if one.group == group and spelt(one)
    ]
    return keys + [("MOUSE", what, does) for what, does in USES]


def word_at(line: str, column: int) -> str:
    """The word under the cursor or after it."""
    for found in _WORD.finditer(line):
        if found.end() > column:
            return found[0]
    return ""


def entry_text(word: str) -> str:
    """All entries of a word. Raises PhononError where there is none."""
    entries = lookup.find(word)
    if not entries:
        near = lookup.near(word)
        offer = f"; did you mean {' or '.join(near)}?" if near else ""
        raise PhononError(f"the language has no word {word}{offer}")
    told = []
    for entry in entries:
        parts = [entry.usage, "", entry.doc, ""]
        parts += [f"  {argument}" for argument in entry.arguments]
        if entry.example:
            parts += ["", f"  {entry.example}"]
        if entry.aliases:
            parts += ["", f"also called {', '.join(entry.aliases)}"]
        told.append("\n".join([f"{entry.sort} ({entry.family})", *parts]).rstrip())
    return "\n\n".join(told)


def signature(line: str, column: int) -> tuple[str, int] | None:
    """The usage of the call that the cursor is in, and how many arguments stand before it."""
    before = line[:column]
    if "--" in re.sub(r'"[^"]*"?', "", before):
        return None
    words = re.findall(r'"[^"]*"?|\([^()]*\)|[^\s"#$()]+|[#$(]', before)
    arguments = -1 if before[-1:].strip() else 0
    for word in reversed(words):
        if word in {"#", "$", "("} or word.endswith(":"):
            return None
        if _WORD.fullmatch(word):
            entries = [one for one in lookup.find(word) if one.arguments or one.sort == "control"]
            if entries:
                return _usage(entries[0], max(arguments, 0)), max(arguments, 0)
        arguments += 1
    return None


def _usage(entry: lookup.Entry, at: int) -> str:
    argument = entry.arguments[at] if at < len(entry.arguments) else ""
    return f"{entry.usage}   {argument}" if argument else f"{entry.usage}   {entry.summary}"
