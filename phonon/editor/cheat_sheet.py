"""Lists the commands with their keys, for the cheat sheet and for printing."""

from __future__ import annotations

from phonon.editor.keymap import COMMANDS, EditorCommand

GROUPS = {
    "play": "PLAY",
    "mix": "MIX",
    "edit": "EDIT",
    "see": "SEE",
    "file": "FILE",
    "help": "HELP",
}
# Uses of the mouse, and what each does.
MOUSE_USES = (
    ("click", "Put the cursor there; in the gutter of an output: mute it"),
    ("double click", "Select the word"),
    ("drag", "Select, and copy to the clipboard of the terminal"),
    ("wheel", "Scroll; in PERFORM: turn the number under the mouse"),
    ("click in the mixer", "Mute an output (right button: solo); master: clear its peaks"),
    ("click on the scope", "Freeze it, or unfreeze it"),
    ("click on a panel's title", "Show the next panel"),
    ("Shift", "While held, the terminal has the mouse; :mouse gives it all of it"),
)
_PREFIX: dict[tuple[str, ...], str] = {("menu",): "Space ", ("perform",): "P:"}


def spelt(one: EditorCommand, plain: bool = False) -> str:
    """The keys of a command: `A-1..9`, `Space r`, `P:k` (in PERFORM); empty if it has none."""
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
    """Group, keys and help of every command and of the mouse."""
    keys = [
        (GROUPS[one.group], spelt(one), one.help)
        for group in GROUPS
        for one in COMMANDS.values()
        if one.group == group and spelt(one)
    ]
    return keys + [("MOUSE", what, does) for what, does in MOUSE_USES]
