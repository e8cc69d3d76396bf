"""Draws the frames of the animation: at most thirty a second, fewer while nothing sounds."""

from __future__ import annotations

import asyncio
import time

from prompt_toolkit.formatted_text import StyleAndTextTuples

from phonon.editor import status
from phonon.editor.editor import Editor
from phonon.editor.panels import WIDTH, PanelInput, draw
from phonon.editor.patcher import CellPatcher, ScreenCell
from phonon.editor.textview import TextView
from phonon.errors import PhononError
from phonon.session.gc_schedule import GarbageSchedule

FRAMES = (30, 15, 10)  # per second; the next lower one where the terminal is slow
IDLE = 5  # per second while nothing sounds
SLOW = 0.008  # seconds for a frame
SETTLED = 2.0  # seconds without a key after which the journal is written
NEWS = 0.5  # seconds between two reads of the session's messages
FRESH = 0.1  # seconds for which a screen drawn after a key takes the last panel
STATUS_EVERY = 3  # frames
LEAST = 0.002  # seconds between two frames, in which keys are handled
FAILED = 1.0  # seconds to the next frame after one that failed


class Ticker:
    """Reads the telemetry and patches the cells that have changed."""

    def __init__(self, editor: Editor, view: TextView, patcher: CellPatcher) -> None:
        self.garbage = GarbageSchedule(young=True)
        self._editor = editor
        self._view = view
        self._patcher = patcher
        self._interface = 0.0  # share of a core that the editor itself takes
        self._pace = 0
        self._due = 0.0
        self._slow = 0
        self._count = 0
        self._used = (time.monotonic(), time.process_time())
        self._message = ("", "")
        self._panel: list[StyleAndTextTuples] = []
        self._panel_key: tuple[str | None, int, int] = (None, 0, 0)
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
            editor.link.read_telemetry()
            busy = self.frame()
            self._adapt(time.perf_counter() - begun)
            wait = 1 / (FRAMES[self._pace] if busy else IDLE)
        finally:
            self.garbage.collect_if_due()  # also where a panel fails: nothing else collects
            self._due = max(self._due + wait, loop.time() + LEAST)
            # A timer: a sleeping task would take a second turn of the loop to wake up.
            loop.call_at(self._due, self._tick)

    async def save_journal_and_read_messages(self) -> None:
        """Write the journal when no key is pressed, and show the messages of the session."""
        editor = self._editor
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(NEWS)
            program = editor.program
            if program.dirty and time.monotonic() - program.edited_at >= SETTLED:
                text, cursor = program.buffer.text, program.buffer.cursor_position
                await loop.run_in_executor(None, program.journal.write, text, cursor)
                if program.buffer.text == program.saved:  # meanwhile
                    program.journal.clear()
            try:
                last = editor.notices.last_number
                found = await loop.run_in_executor(None, editor.link.session.messages, last)
            except (OSError, PhononError):
                continue
            editor.notices.take(found)

    def frame(self) -> bool:
        """Draw one frame; says whether anything moves."""
        editor = self._editor
        seen = editor.link.telemetry
        self._count += 1
        editor.steps.update(seen)
        self._update_gutter()
        panel = editor.view.panel_in(editor.columns)
        if panel == "mixer":
            editor.view.panels.hear(seen, time.monotonic())
        cells = self._text_cells()
        sounding = seen.playing and (bool(editor.steps.now) or seen.master.peak > 1e-4)
        flashing = editor.evaluations.flash.region() is not None
        busy = sounding or flashing or self._view.animated
        if not busy or self._count % STATUS_EVERY == 0:
            cells += self._status_cells()
        if panel is not None and (self._count % 2 == 0 or not busy):
            cells += self._panel_cells()
        if editor.notices.shown != self._message:
            self._message = editor.notices.shown
            editor.redraw()
        self._patcher.write(cells)
        return busy

    def drawn(self) -> None:
        """Draw the lit characters again, after prompt_toolkit has drawn the whole screen."""
        self._view.forget()
        self._patcher.forget()
        self._message = self._editor.notices.shown
        if self._patcher.screen is not None and not self._editor.app.is_done:
            self._patcher.write(self._text_cells())

    def status_text(self) -> StyleAndTextTuples:
        """The status line."""
        editor = self._editor
        mode = editor.mode
        usual = "insert" if editor.plain else "normal"
        facts = status.EditorFacts(
            mode=usual if mode in {"popup", "menu", "line"} else mode,
            name=editor.program.path.name,
            dirty=editor.program.dirty,
            interface=self._interface,
            errors=len(editor.evaluations.diagnostics.found),
            lost=editor.link.lost,
        )
        return status.line(editor.link.telemetry, facts, editor.view.glyphs, editor.columns)

    def panel_rows(self, width: int, height: int) -> list[StyleAndTextTuples]:
        """The rows of the panel; those of the last FRESH seconds are drawn only once."""
        editor, view = self._editor, self._editor.view
        key = (view.panel, width, height)
        now = time.monotonic()
        if key != self._panel_key or now - self._panel_drawn > FRESH:
            self._panel_key, self._panel_drawn = key, now
            given = PanelInput(
                editor.link.telemetry,
                editor.link.session.scope,
                editor.evaluations.playing,
                editor.evaluations.sitting,
                view.glyphs,
                now,
            )
            self._panel = draw(view.panel, view.panels, given, width, height) if view.panel else []
        return self._panel

    def _update_gutter(self) -> None:
        editor, text = self._editor, self._editor.buffer.text
        self._view.marks.update(
            text,
            sounding={definition for definition, *_ in editor.steps.now},
            edited=editor.evaluations.edited(text),
            outputs=editor.link.telemetry.outputs,
            errors=[one.line for one in editor.evaluations.diagnostics.found],
        )

    def _text_cells(self) -> list[ScreenCell]:
        lines = self._view.lines()
        if not lines:
            return []
        lit = self._editor.steps.places(self._editor.buffer.text, lines[0], lines[-1])
        return self._view.paint(lit)

    def _status_cells(self) -> list[ScreenCell]:
        row = self._editor.app.output.get_size().rows - 2
        return self._patcher.row(row, 0, self.status_text(), "class:status")

    def _panel_cells(self) -> list[ScreenCell]:
        rows, columns = self._editor.app.output.get_size()
        cells: list[ScreenCell] = []
        self._panel_drawn = -1.0
        for at, row in enumerate(self.panel_rows(WIDTH, max(rows - 2, 1))):
            cells += self._patcher.row(at, columns - WIDTH, row, "class:panel")
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
            self._interface = (used - self._used[1]) / (now - self._used[0])
            self._used = (now, used)
