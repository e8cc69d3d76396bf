"""The frames of the animation: what is heard, shown thirty times a second and no more."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor import panels, status
from phonon.editor.panels import WIDTH, draw
from phonon.editor.patcher import ScreenCell
from phonon.errors import PhononError

if TYPE_CHECKING:
    from phonon.editor.editor import Editor
    from phonon.editor.textview import TextView

FRAMES = (30, 15, 10)  # per second; the next lower one where the terminal is slow
IDLE = 5  # per second while nothing sounds
SLOW = 0.008  # seconds for a frame
SETTLED = 2.0  # seconds without a key after which the journal is written
NEWS = 0.5  # seconds between two looks at messages
FRESH = 0.1  # seconds for which a panel is good enough for a screen drawn after a key
STATUS_EVERY = 3  # frames
LEAST = 0.002  # seconds between two frames, in which keys are looked at
FAILED = 1.0  # seconds to the next frame after one that failed


class Ticker:
    """Reads the telemetry and patches what has changed."""

    def __init__(self, editor: Editor, view: TextView) -> None:
        self._editor = editor
        self._view = view
        self._pace = 0
        self._due = 0.0
        self._slow = 0
        self._count = 0
        self._used = (time.monotonic(), time.process_time())
        self._message = ("", "")
        self._panel: list[StyleAndTextTuples] = []
        self._panel_asked: tuple[str | None, int, int] = (None, 0, 0)
        self._panel_drawn = -1.0

    def start(self) -> None:
        """Draw frames from now on, for as long as the editor runs."""
        asyncio.get_running_loop().call_soon(self._tick)

    def _tick(self) -> None:
        editor = self._editor
        loop = asyncio.get_running_loop()
        if editor.app.is_done:
            return
        wait = FAILED
        try:
            begun = time.perf_counter()
            editor.listen()
            busy = self.frame()
            self._adapt(time.perf_counter() - begun)
            editor.garbage.collect_if_due()
            wait = 1 / (FRAMES[self._pace] if busy else IDLE)
        finally:
            self._due = max(self._due + wait, loop.time() + LEAST)
            # A timer, for a task that sleeps is woken in two turns of the loop.
            loop.call_at(self._due, self._tick)

    async def keep(self) -> None:
        """Write the journal when the hands rest, and hear what the session has to say."""
        editor = self._editor
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(NEWS)
            if editor.dirty and time.monotonic() - editor.edited_at >= SETTLED:
                text, cursor = editor.buffer.text, editor.buffer.cursor_position
                await loop.run_in_executor(None, editor.journal.write, text, cursor)
                if editor.buffer.text == editor.saved:  # meanwhile
                    editor.journal.clear()
            try:
                found = await loop.run_in_executor(None, editor.session.messages, editor.heard)
            except (OSError, PhononError):
                continue
            editor.hear(found)

    def frame(self) -> bool:
        """Draw one frame; says whether there is something that moves."""
        editor = self._editor
        seen = editor.telemetry
        self._count += 1
        editor.lights.update(seen)
        editor.beside.update()
        if editor.panel == "mixer" and editor.panel_shown:
            panels.listen(editor)
        cells = self._text_cells()
        sounding = seen.playing and (bool(editor.lights.now) or seen.master.peak > 1e-4)
        busy = sounding or editor.marks.flash is not None or self._view.animated
        if not busy or self._count % STATUS_EVERY == 0:
            cells += self._status_cells()
        if editor.panel_shown and (self._count % 2 == 0 or not busy):
            cells += self._panel_cells()
        if editor.message != self._message:
            self._message = editor.message
            editor.app.invalidate()
        editor.patcher.write(cells)
        return busy

    def drawn(self) -> None:
        """The whole screen has been drawn anew: nothing is lit on it yet."""
        self._view.forget()
        self._editor.patcher.forget()
        self._message = self._editor.message
        if self._editor.patcher.screen is not None and not self._editor.app.is_done:
            self._editor.patcher.write(self._text_cells())

    def status_text(self) -> StyleAndTextTuples:
        """The status line."""
        editor = self._editor
        mode = editor.mode
        usual = "insert" if editor.plain else "normal"
        facts = status.EditorFacts(
            mode=usual if mode in {"popup", "menu", "line"} else mode,
            name=editor.name,
            dirty=editor.dirty,
            interface=editor.interface,
            errors=len(editor.marks.errors),
            lost=editor.lost,
        )
        width = editor.app.output.get_size().columns
        return status.line(editor.telemetry, facts, editor.glyphs, width)

    def panel_rows(self, width: int, height: int) -> list[StyleAndTextTuples]:
        """The panel; a key need not wait for a new one if there is one of just now."""
        asked = (self._editor.panel, width, height)
        now = time.monotonic()
        if asked != self._panel_asked or now - self._panel_drawn > FRESH:
            self._panel_asked, self._panel_drawn = asked, now
            self._panel = draw(self._editor, width, height)
        return self._panel

    def _text_cells(self) -> list[ScreenCell]:
        lines = self._view.lines()
        if not lines:
            return []
        lit = self._editor.lights.places(self._editor.buffer.text, lines[0], lines[-1])
        return self._view.paint(lit)

    def _status_cells(self) -> list[ScreenCell]:
        row = self._editor.app.output.get_size().rows - 2
        return self._editor.patcher.row(row, 0, self.status_text(), "class:status")

    def _panel_cells(self) -> list[ScreenCell]:
        rows, columns = self._editor.app.output.get_size()
        cells: list[ScreenCell] = []
        self._panel_drawn = -1.0
        for at, row in enumerate(self.panel_rows(WIDTH, max(rows - 2, 1))):
            cells += self._editor.patcher.row(at, columns - WIDTH, row, "class:panel")
        return cells

    def _adapt(self, took: float) -> None:
        """Draw less often where a frame takes too long, and again more often later."""
        if took > SLOW:
            self._slow += 1
        elif self._slow:
            self._slow -= 1
        if self._slow > 30 and self._pace + 1 < len(FRAMES):
            self._pace, self._slow = self._pace + 1, 0
        elif self._slow == 0 and self._pace and self._count % 300 == 0:
            self._pace -= 1
        now, used = time.monotonic(), time.process_time()
        if now - self._used[0] >= 1:
            self._editor.interface = (used - self._used[1]) / (now - self._used[0])
            self._used = (now, used)
