"""The `:` line: :w :q :e :s of vi, and :cps :mute :panel :rec and the like of a session."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from prompt_toolkit.key_binding.vi_state import InputMode

from phonon.editor.commands.file import leave, offer_recovery, quit_editor, quit_saved, save
from phonon.editor.commands.mix import start_recording, toggle
from phonon.editor.commands.view import choose_theme, show_panel
from phonon.editor.editor import Editor
from phonon.editor.keymap import COMMANDS, carry_out, command
from phonon.errors import PhononError, nearest


@command("command-line", "file", read=":", plain="F7")
def command_line(editor: Editor, _count: int) -> None:
    """Type :w :q :e FILE :s/a/b/g :cps :bpm :mute :solo :panel :theme :rec :mouse …"""
    editor.command_line.reset()
    editor.app.layout.focus(editor.command_line)
    editor.app.vi_state.input_mode = InputMode.INSERT


def run_line(editor: Editor, line: str) -> None:
    """Run a line typed after `:`. Raises PhononError."""
    line = line.strip()
    if not line:
        return
    if line.isdigit():
        row = min(int(line), editor.buffer.document.line_count) - 1
        index = editor.buffer.document.translate_row_col_to_index(max(row, 0), 0)
        editor.buffer.cursor_position = index
        return
    if found := re.fullmatch(r"(%?)s/((?:[^/\\]|\\.)+)/((?:[^/\\]|\\.)*)(?:/(g?))?", line):
        _substitute(editor, found)
        return
    word, _, rest = line.partition(" ")
    rest = rest.strip()
    if word in LINES:
        LINES[word](editor, rest)
    elif word in COMMANDS:
        carry_out(editor, COMMANDS[word], int(rest) if rest.isdigit() else 1)
    else:
        near = nearest(word, [*LINES, *COMMANDS], 1)
        offer = f"; did you mean :{near[0]}?" if near else ""
        raise PhononError(f"there is no :{word}{offer}")


def _substitute(editor: Editor, found: re.Match[str]) -> None:
    document = editor.buffer.document
    try:
        pattern = re.compile(found[2].replace(r"\/", "/"))
    except re.error as error:
        raise PhononError(f"this is no pattern to search for: {error}") from None
    lines = document.lines.copy()
    row = document.cursor_position_row
    rows = range(len(lines)) if found[1] else range(row, row + 1)
    total = 0
    for at in rows:
        new = found[3].replace(r"\/", "/")
        try:
            lines[at], count = pattern.subn(new, lines[at], count=0 if found[4] else 1)
        except (re.error, IndexError) as error:
            raise PhononError(f"this is no replacement: {error}") from None
        total += count
    editor.program.replace("\n".join(lines), document.cursor_position)
    editor.notices.say(f"{total} replaced")


def _write(editor: Editor, rest: str) -> None:
    if rest:
        editor.program.rename(Path(rest).expanduser())
    save(editor, 1)


def _quit(editor: Editor, _rest: str) -> None:
    quit_editor(editor, 1)


def _quit_anyway(editor: Editor, _rest: str) -> None:
    leave(editor, discard=True)


def _write_and_quit(editor: Editor, rest: str) -> None:
    _write(editor, rest)
    quit_saved(editor)


def _edit(editor: Editor, rest: str) -> None:
    from phonon.session import read

    if editor.program.dirty:
        raise PhononError("the text is not saved: :w first")
    if not rest:
        raise PhononError(":e needs the name of a file")
    path = Path(rest).expanduser()
    text = read(str(path)) if path.exists() else ""
    editor.evaluations.diagnostics.clear()
    editor.program.open(path, text)
    editor.evaluations.load(editor.program.journal.versions())
    offer_recovery(editor)


def _number(rest: str) -> float:
    try:
        value = float(rest)
    except ValueError:
        raise PhononError("a number is expected") from None
    if not 0 < value < 1e4:
        raise PhononError("this is no tempo")
    return value


def _cps(editor: Editor, rest: str) -> None:
    cps = _number(rest)
    editor.link.run_in_background(lambda: editor.link.session.tempo(cps), f"{cps:g} cps")


def _bpm(editor: Editor, rest: str) -> None:
    _cps(editor, str(_number(rest) / 240))


def _named(what: str) -> Callable[[Editor, str], None]:
    def run(editor: Editor, rest: str) -> None:
        names = [one.name for one in editor.link.telemetry.outputs]
        for name in rest.split():
            if name not in names:
                near = nearest(name, names, 1) or names
                raise PhononError(f"there is no output {name}: {', '.join(near) or 'none yet'}")
            toggle(editor, name, what)

    return run


def _panel(editor: Editor, rest: str) -> None:
    show_panel(editor, None if rest in {"", "off"} else rest)


def _mouse(editor: Editor, _rest: str) -> None:
    terminal = editor.terminal
    terminal.mouse(not terminal.has_mouse)
    owner = "the editor's" if terminal.has_mouse else "the terminal's"
    editor.notices.say(f"the mouse is {owner}")


def _no_highlight(editor: Editor, _rest: str) -> None:
    editor.app.current_search_state.text = ""


LINES: dict[str, Callable[[Editor, str], None]] = {
    "w": _write,
    "q": _quit,
    "q!": _quit_anyway,
    "wq": _write_and_quit,
    "x": _write_and_quit,
    "e": _edit,
    "cps": _cps,
    "bpm": _bpm,
    "mute": _named("mute"),
    "solo": _named("solo"),
    "panel": _panel,
    "theme": choose_theme,
    "rec": start_recording,
    "mouse": _mouse,
    "noh": _no_highlight,
}
