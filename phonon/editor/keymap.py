"""Registers commands with their keys, spelt as people say them (`C-e`, `A-Enter`, `g c c`)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from phonon.editor.decoder import ALT, SHIFT_ENTER
from phonon.editor.editor import Editor
from phonon.errors import PhononError, nearest

Action = Callable[[Editor, int], None]

# Modes in which a key can give a command; `any`, `text` and `read` stand for several.
MODES = ("normal", "visual", "insert", "perform", "menu", "popup")
_ANYWHERE = ("normal", "visual", "insert", "perform", "menu")
_WHERE = {"any": _ANYWHERE, "text": ("normal", "visual", "insert"), "read": ("normal", "visual")}


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """One key or sequence that gives a command, and the modes in which it does.

    `argument` is handed to the command in place of the count typed before the key.
    """

    spelling: str
    modes: tuple[str, ...]
    argument: int | None = None


@dataclass(slots=True)
class EditorCommand:
    """A function that keys, the menu, the cheat sheet and the `:` line can call.

    `group` is its section on the cheat sheet, `help` the first line of the function's docstring.
    """

    name: str
    action: Action
    group: str
    help: str
    keys: list[KeyBinding]


COMMANDS: dict[str, EditorCommand] = {}


def command(name: str, group: str, **keys: str | Iterable[str]) -> Callable[[Action], Action]:
    """Register a function `(editor, count)` under keys by mode: `any="F5", normal=["g c c"]`.

    `menu="r"` puts it into the menu behind Space, `plain=…` are keys of the map without vi's modes.
    """

    def register(action: Action) -> Action:
        said = (action.__doc__ or name).partition("\n")[0].rstrip(".")
        COMMANDS[name] = EditorCommand(name, action, group, said, _keys(keys))
        return action

    return register


def _keys(given: Mapping[str, str | Iterable[str]]) -> list[KeyBinding]:
    return [
        KeyBinding(spelling, _WHERE.get(where, (where,)))
        for where, spelt in given.items()
        for spelling in ([spelt] if isinstance(spelt, str) else spelt)
    ]


def numbered(
    name: str, group: str, numbers: Iterable[int], **keys: str
) -> Callable[[Action], Action]:
    """Register a command that takes a number from its key: `A-{}` stands for `A-1` to `A-9`."""

    def register(action: Action) -> Action:
        said = (action.__doc__ or name).partition("\n")[0].rstrip(".")
        made = [
            KeyBinding(spelling.format(number), _WHERE.get(where, (where,)), number)
            for where, spelling in keys.items()
            for number in numbers
        ]
        COMMANDS[name] = EditorCommand(name, action, group, said, made)
        return action

    return register


def parse(spelling: str) -> tuple[str, ...]:
    """The keys of a spelling: `C-e`, `A-Enter`, `F5`, `g c c`. Raises PhononError."""
    return tuple(_parse_one(word) for word in spelling.split())


_NAMES: dict[str, str] = {
    "Enter": Keys.ControlM,
    "Tab": Keys.ControlI,
    "S-Tab": Keys.BackTab,
    "Esc": Keys.Escape,
    "Space": " ",
    "Backspace": Keys.ControlH,
    "Up": Keys.Up,
    "Down": Keys.Down,
    "Left": Keys.Left,
    "Right": Keys.Right,
    "PageUp": Keys.PageUp,
    "PageDown": Keys.PageDown,
    "Home": Keys.Home,
    "End": Keys.End,
    "C-Space": Keys.ControlAt,
    "C-/": Keys.ControlUnderscore,
    "C-_": Keys.ControlUnderscore,
    "S-Enter": SHIFT_ENTER,
    "Any": Keys.Any,
}


def _parse_one(word: str) -> str:
    if word in _NAMES:
        return _NAMES[word]
    if word.startswith("A-") and word[2:] in ALT:
        return ALT[word[2:]]
    if word in {"C-h", "C-H"}:
        raise PhononError("C-h is what Backspace sends in many terminals: it can't be a key")
    if len(word) == 1:
        return word
    try:
        return Keys(word.lower())
    except ValueError:
        keys = [*_NAMES, *(f"A-{name}" for name in ALT), "C-e", "F5"]
        near = nearest(word, keys, 1)
        offer = f"; did you mean {near[0]}?" if near else ""
        raise PhononError(f"no terminal can be relied on to send {word}{offer}") from None


def rebind(path: Path) -> None:
    """Replace keys by those of a file: `hush = ["F9", "normal Z"]`. Raises PhononError."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PhononError(f"{path}: {error}") from None
    for name, spelt in table.items():
        if name not in COMMANDS:
            near = nearest(name, COMMANDS, 1)
            offer = f"; did you mean {near[0]}?" if near else ""
            raise PhononError(f"{path}: there is no command {name}{offer}")
        keys = []
        for text in [spelt] if isinstance(spelt, str) else spelt:
            mode, _, rest = str(text).partition(" ")
            where, spelling = (mode, rest) if mode in (*MODES, *_WHERE) and rest else ("any", text)
            parse(spelling)
            keys.append(KeyBinding(spelling, _WHERE.get(where, (where,))))
        COMMANDS[name].keys = keys


def carry_out(editor: Editor, command: EditorCommand, count: int) -> None:
    """Call a command; an error becomes a message."""
    editor.modes.end_menu()
    with editor.notices.errors_shown():
        command.action(editor, count)
    editor.redraw()


def bindings(editor: Editor, plain: bool = False) -> KeyBindings:
    """All registered commands as prompt_toolkit's bindings."""
    made = KeyBindings()
    filters = {mode: Condition(_is_mode(editor, mode)) for mode in MODES}
    writable = Condition(lambda: editor.mode in _ANYWHERE and not editor.notices.asking)
    for registered in COMMANDS.values():
        for key in registered.keys:
            modes = _modes(key, plain)
            if not modes:
                continue
            where = writable if modes == _ANYWHERE else filters[modes[0]]
            for mode in modes[1:] if modes != _ANYWHERE else ():
                where = where | filters[mode]  # type: ignore[assignment]
            handler = _handler(editor, registered, key)
            # What changes the text saves it for undo by itself, once.
            made.add(*parse(key.spelling), filter=where, save_before=lambda _: False)(handler)
    return made


def _modes(key: KeyBinding, plain: bool) -> tuple[str, ...]:
    """The modes of a key; the plain key map has no normal mode, so that letters stay letters."""
    if "plain" in key.modes:
        return ("insert", "visual") if plain else ()
    if plain and key.modes != _ANYWHERE:
        return tuple(mode for mode in key.modes if mode in {"perform", "menu", "popup"})
    return key.modes


def _is_mode(editor: Editor, mode: str) -> Callable[[], bool]:
    return lambda: editor.mode == mode and not editor.notices.asking


def _handler(
    editor: Editor, registered: EditorCommand, key: KeyBinding
) -> Callable[[KeyPressEvent], None]:
    def handle(event: KeyPressEvent) -> None:
        count = key.argument if key.argument is not None else event.arg
        carry_out(editor, registered, count)

    return handle
