"""The keys of all commands, spelt as people say them: for the cheat sheet and for printing."""

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
    ("click in the mixer", "Mute an output (right button: solo); master: peaks begin anew"),
    ("click on the scope", "Hold its picture, or let it go"),
    ("click on a panel's title", "The next panel"),
    ("Shift", "Held down: the mouse is the terminal's; so is all of it after :mouse"),
)
_PREFIX: dict[tuple[str, ...], str] = {("menu",): "Space ", ("perform",): "P:"}


def spelt(one: EditorCommand, plain: bool = False) -> str:
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
    return keys + [("MOUSE", what, does) for what, does in MOUSE_USES]
