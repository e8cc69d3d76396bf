"""Commands that change the view: panels, history, sounds, PERFORM, the menu, themes."""

from __future__ import annotations

import time

from phonon.editor.commands.evaluate import walk
from phonon.editor.drawing import Oscilloscope
from phonon.editor.editor import Editor
from phonon.editor.keymap import COMMANDS, command
from phonon.editor.modes import MENU_AFTER
from phonon.editor.panels import PANELS
from phonon.editor.popups import ChoiceList, PopupRow, TextPages
from phonon.editor.sound_browser import SoundBrowser
from phonon.editor.themes import THEMES
from phonon.editor.view_state import WIDE
from phonon.errors import PhononError, nearest
from phonon.session.protocol import Status, Telemetry


@command("menu", "see", normal="Space")
def menu(editor: Editor, _count: int) -> None:
    """Open the menu of keys that follow Space."""
    editor.modes.begin_menu()
    loop = editor.app.loop
    if loop is not None:
        loop.call_later(MENU_AFTER + 0.01, editor.app.invalidate)


@command("perform", "see", menu="Space", plain="F3")
def perform(editor: Editor, _count: int) -> None:
    """PERFORM: single keys play, the text is read-only."""
    editor.modes.performing = True
    editor.buffer.selection_state = None
    editor.notices.say(
        "PERFORM: 1-9 mute, s n solo, h l j k numbers, < > tempo, + - level, Esc ends"
    )


@command("leave-perform", "see", perform=["Esc", "q", "F3"])
def leave_perform(editor: Editor, _count: int) -> None:
    """Leave PERFORM."""
    editor.modes.performing = False
    editor.notices.say("")


@command("panel", "see", menu="v", perform="v", any="F4")
def panel(editor: Editor, _count: int) -> None:
    """Show the next panel: scope, mixer, roll, events, history, none."""
    names = [*PANELS, None]
    view = editor.view
    shown = view.panel if view.panel_requested or editor.columns >= WIDE else None
    show_panel(editor, names[(names.index(shown) + 1) % len(names)])


@command("mixer", "see", menu="m")
def mixer(editor: Editor, _count: int) -> None:
    """Show the mixer beside the text."""
    show_panel(editor, "mixer")


def show_panel(editor: Editor, name: str | None) -> None:
    """Show a panel by its name, or none. Raises PhononError."""
    if name is not None and name not in PANELS:
        near = nearest(name, PANELS, 1)
        offer = f"; did you mean {near[0]}?" if near else f": there are {', '.join(PANELS)}"
        raise PhononError(f"there is no panel {name}{offer}")
    editor.view.panel, editor.view.panel_requested = name, name is not None
    if name is not None and editor.view.panel_in(editor.columns) is None:
        editor.notices.say("a panel needs a terminal of 80 columns", "warning")


@command("freeze", "see", menu="f", perform="f")
def freeze(editor: Editor, _count: int) -> None:
    """Freeze the scope, or unfreeze it."""
    scope = _scope(editor)
    scope.freeze()
    editor.notices.say("the scope stands still" if scope.frozen else "the scope moves again")


@command("scope-faster", "see", menu="}", perform="}")
def scope_faster(editor: Editor, _count: int) -> None:
    """Show less time in the scope."""
    scope = _scope(editor)
    scope.faster()
    editor.notices.say(f"{scope.span * 1000:g} ms over the scope's width")


@command("scope-slower", "see", menu="{", perform="{")
def scope_slower(editor: Editor, _count: int) -> None:
    """Show more time in the scope."""
    scope = _scope(editor)
    scope.slower()
    editor.notices.say(f"{scope.span * 1000:g} ms over the scope's width")


def _scope(editor: Editor) -> Oscilloscope:
    """Show the scope and return it."""
    if editor.view.panel_in(editor.columns) != "scope":
        show_panel(editor, "scope")
    return editor.view.panels.scope


@command("clear-peaks", "see", menu="p", perform="p")
def clear_peaks(editor: Editor, _count: int) -> None:
    """Clear the mixer's peaks and clip marks."""
    editor.view.panels.mixer.clear()
    editor.notices.say("peaks cleared")


@command("zen", "see", menu="z")
def zen(editor: Editor, _count: int) -> None:
    """Show text alone in high contrast, for a projector."""
    editor.view.toggle_zen()


@command("theme", "see", menu="c")
def theme(editor: Editor, _count: int) -> None:
    """Switch to the next theme."""
    names = list(THEMES)
    choose_theme(editor, names[(names.index(editor.view.theme) + 1) % len(names)])


def choose_theme(editor: Editor, name: str) -> None:
    """Switch to a theme. Raises PhononError."""
    if name not in THEMES:
        raise PhononError(f"there is no theme {name}: there are {', '.join(THEMES)}")
    editor.view.theme = name
    editor.notices.say(f"theme {name}")


@command("history", "see", menu="h")
def history(editor: Editor, _count: int) -> None:
    """List the evaluated versions; Enter restores one and plays it."""
    if not editor.evaluations.versions:
        raise PhononError("nothing has been evaluated yet")
    editor.modes.show(VersionList(editor))


@command("messages", "see", menu="n")
def messages(editor: Editor, _count: int) -> None:
    """Show the messages so far, newest first."""
    editor.modes.show(
        TextPages("messages", "\n".join(reversed(editor.notices.log)) or "none so far")
    )


@command("sounds", "file", menu="s", plain="F6")
def sounds(editor: Editor, _count: int) -> None:
    """List the sounds: type to filter, Tab plays, Enter inserts."""

    def run() -> None:
        banks = editor.link.session.samples()
        browser = SoundBrowser(
            banks,
            editor.link,
            editor.modes,
            editor.view.glyphs,
            insert=lambda word: _insert(editor, word),
            redraw=editor.redraw,
        )
        editor.link.call_in_ui(editor.modes.show, browser)

    editor.link.run_in_background(run)


def _insert(editor: Editor, word: str) -> None:
    editor.buffer.save_to_undo_stack()
    editor.buffer.insert_text(word)


@command("engine", "help", menu="i")
def engine(editor: Editor, _count: int) -> None:
    """Show the device and the engine."""

    def run() -> None:
        told = _engine(editor.link.session.status(), editor.link.telemetry)
        editor.link.call_in_ui(editor.modes.show, TextPages("engine", told))

    editor.link.run_in_background(run)


def _engine(status: Status, seen: Telemetry) -> str:
    lines = [
        f"device     {status.device or 'none'} ({status.backend})",
        f"callback   {status.callback}, {status.sample_rate} Hz, {status.block} frames",
        f"latency    {status.latency_ms:.0f} ms",
        f"priority   {status.priority or 'ordinary'}",
        f"memory     {'locked' if status.mlocked else 'not locked'}",
        f"engine     process {status.engine}, restarted {status.restarts} times",
        f"underruns  {seen.underruns}, {seen.silence_ms:.0f} ms of silence",
        f"late       {seen.late}, the worst by {seen.late_worst_ms:.1f} ms",
        f"swaps      {seen.swaps}",
        f"recording  {status.recording or 'no'}",
    ]
    return "\n".join(lines)


class VersionList(ChoiceList):
    """The popup of evaluated versions, newest first."""

    title = "evaluated versions"

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._editor = editor
        self._count = len(editor.evaluations.versions)
        self._items = [
            f"{time.strftime('%d %b %H:%M:%S', time.localtime(version.time))}  "
            f"{version.milliseconds:5.0f} ms  {version.what}"
            for version in reversed(editor.evaluations.versions)
        ]

    def items(self) -> list[str]:
        return self._items

    def take(self, number: int) -> None:
        editor = self._editor
        wanted = self._count - 1 - number
        editor.evaluations.at_version = wanted
        if editor.buffer.text != editor.evaluations.versions[wanted].text:
            walk(editor, -1)
        else:
            editor.notices.say("this is the text that is here")


def menu_rows() -> list[PopupRow]:
    """The rows of the menu: every command with a key that follows Space."""
    found: list[PopupRow] = []
    for one in COMMANDS.values():
        for key in one.keys:
            if key.modes == ("menu",):
                head = ("class:popup class:popup.key", f"{key.spelling:>6} ")
                found.append([head, ("class:popup", one.help)])
    return found
