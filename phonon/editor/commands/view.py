"""Commands of what is shown: panels, history, sounds, PERFORM, the menu, themes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from phonon.editor.commands.evaluate import walk
from phonon.editor.drawing import Oscilloscope
from phonon.editor.keymap import COMMANDS, command
from phonon.editor.panels import PANELS
from phonon.editor.panels.panel_state import panel_state
from phonon.editor.popups import ChoiceList, PopupRow, TextPages
from phonon.editor.sound_browser import SoundBrowser
from phonon.editor.themes import THEMES
from phonon.errors import PhononError, nearest

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.session.protocol import Status, Telemetry

MENU_AFTER = 0.3  # seconds until the menu is shown; who knows its keys never sees it


@command("menu", "see", normal="Space")
def menu(editor: Editor, _count: int) -> None:
    """The menu of keys that begin with Space."""
    editor.menu_since = time.monotonic()
    loop = editor.app.loop
    if loop is not None:
        loop.call_later(MENU_AFTER + 0.01, editor.app.invalidate)


@command("perform", "see", menu="Space", plain="F3")
def perform(editor: Editor, _count: int) -> None:
    """PERFORM: single keys play, the text can't change."""
    editor.performing = True
    editor.buffer.selection_state = None
    editor.say("PERFORM: 1-9 mute, s n solo, h l j k numbers, < > tempo, + - level, Esc ends")


@command("leave-perform", "see", perform=["Esc", "q", "F3"])
def leave_perform(editor: Editor, _count: int) -> None:
    """Back from PERFORM to the text."""
    editor.performing = False
    editor.say("")


@command("panel", "see", menu="v", perform="v", any="F4")
def panel(editor: Editor, _count: int) -> None:
    """The next panel: scope, mixer, roll, events, history, none."""
    names = [*PANELS, None]
    shown = editor.panel if editor.panel_asked or editor.wide else None
    show_panel(editor, names[(names.index(shown) + 1) % len(names)])


@command("mixer", "see", menu="m")
def mixer(editor: Editor, _count: int) -> None:
    """The mixer beside the text."""
    show_panel(editor, "mixer")


def show_panel(editor: Editor, name: str | None) -> None:
    """Show a panel by its name, or none. Raises PhononError."""
    if name is not None and name not in PANELS:
        near = nearest(name, PANELS, 1)
        offer = f"; did you mean {near[0]}?" if near else f": there are {', '.join(PANELS)}"
        raise PhononError(f"there is no panel {name}{offer}")
    editor.panel, editor.panel_asked = name, name is not None
    if name is not None and not editor.panel_shown:
        editor.say("a panel needs a terminal of 80 columns", "warning")


@command("freeze", "see", menu="f", perform="f")
def freeze(editor: Editor, _count: int) -> None:
    """Hold the scope's picture, or let it go."""
    scope = _scope(editor)
    scope.freeze()
    editor.say("the scope stands still" if scope.frozen else "the scope moves again")


@command("scope-faster", "see", menu="}", perform="}")
def scope_faster(editor: Editor, _count: int) -> None:
    """Less time over the scope's width."""
    scope = _scope(editor)
    scope.faster()
    editor.say(f"{scope.span * 1000:g} ms over the scope's width")


@command("scope-slower", "see", menu="{", perform="{")
def scope_slower(editor: Editor, _count: int) -> None:
    """More time over the scope's width."""
    scope = _scope(editor)
    scope.slower()
    editor.say(f"{scope.span * 1000:g} ms over the scope's width")


def _scope(editor: Editor) -> Oscilloscope:
    """The scope, which is shown if it was not."""
    if editor.panel != "scope" or not editor.panel_shown:
        show_panel(editor, "scope")
    return panel_state(editor).scope


@command("clear-peaks", "see", menu="p", perform="p")
def clear_peaks(editor: Editor, _count: int) -> None:
    """Forget the mixer's peaks, and that anything clipped."""
    panel_state(editor).mixer.clear()
    editor.say("peaks begin anew")


@command("zen", "see", menu="z")
def zen(editor: Editor, _count: int) -> None:
    """For the projector: text alone, in high contrast."""
    editor.zen = not editor.zen
    if editor.zen:
        editor.usual_theme, editor.theme = editor.theme, "contrast"
    else:
        editor.theme = editor.usual_theme


@command("theme", "see", menu="c")
def theme(editor: Editor, _count: int) -> None:
    """The next theme."""
    names = list(THEMES)
    choose_theme(editor, names[(names.index(editor.theme) + 1) % len(names)])


def choose_theme(editor: Editor, name: str) -> None:
    """Look like this from now on. Raises PhononError."""
    if name not in THEMES:
        raise PhononError(f"there is no theme {name}: there are {', '.join(THEMES)}")
    editor.theme = name
    editor.say(f"theme {name}")


@command("history", "see", menu="h")
def history(editor: Editor, _count: int) -> None:
    """All evaluated versions; Enter restores one and plays it."""
    if not editor.versions:
        raise PhononError("nothing has been evaluated yet")
    editor.show(VersionList(editor))


@command("messages", "see", menu="n")
def messages(editor: Editor, _count: int) -> None:
    """The messages so far, newest first."""
    editor.show(TextPages("messages", "\n".join(reversed(editor.tellings)) or "none so far"))


@command("sounds", "file", menu="s", plain="F6")
def sounds(editor: Editor, _count: int) -> None:
    """The sounds: type to filter, Tab plays, Enter inserts."""

    def run() -> None:
        banks = editor.session.samples()
        editor.soon(lambda: editor.show(SoundBrowser(editor, banks)))

    editor.order(run)


@command("engine", "help", menu="i")
def engine(editor: Editor, _count: int) -> None:
    """The device and the engine."""

    def run() -> None:
        told = _engine(editor.session.status(), editor.telemetry)
        editor.soon(lambda: editor.show(TextPages("engine", told)))

    editor.order(run)


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
    """Evaluated versions, newest first."""

    title = "evaluated versions"

    def __init__(self, editor: Editor) -> None:
        super().__init__()
        self._count = len(editor.versions)
        self._items = [
            f"{time.strftime('%d %b %H:%M:%S', time.localtime(version.time))}  "
            f"{version.milliseconds:5.0f} ms  {version.what}"
            for version in reversed(editor.versions)
        ]

    def items(self) -> list[str]:
        return self._items

    def take(self, editor: Editor, number: int) -> None:
        editor.show(None)
        wanted = self._count - 1 - number
        editor.at_version = wanted
        if editor.buffer.text != editor.versions[wanted].text:
            walk(editor, -1)
        else:
            editor.say("this is the text that is here")


def menu_rows() -> list[PopupRow]:
    """The menu: every command behind Space."""
    found: list[PopupRow] = []
    for one in COMMANDS.values():
        for key in one.keys:
            if key.modes == ("menu",):
                head = ("class:popup class:popup.key", f"{key.spelling:>6} ")
                found.append([head, ("class:popup", one.help)])
    return found
