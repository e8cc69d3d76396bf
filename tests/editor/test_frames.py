"""Frames of the animation write only the cells that have changed."""

from __future__ import annotations

import asyncio
import io
from dataclasses import replace

import numpy as np
import pytest
from prompt_toolkit.application.current import set_app
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output.vt100 import Vt100_Output

from phonon.editor import ticker
from phonon.editor.app import make_screen
from phonon.editor.drawing import Oscilloscope
from phonon.editor.editor import Editor
from phonon.editor.terminal import Terminal
from phonon.session.protocol import Highlight, OutputMeter, Telemetry
from tests.session.stub import StubSession

TEXT = 'o1: s "bd sn"\no2: s "hh*8"\n'
O1, O2 = TEXT.splitlines()
SILENCE = Telemetry(frame=48_000, cycle=0.3, load=0.1, load_peak=0.2)
LOUD = replace(
    SILENCE,
    playing=True,
    master=OutputMeter("master", (0.4, 0.4), (0.2, 0.2)),
    outputs=(OutputMeter("o1", (0.4, 0.4)), OutputMeter("o2", (0.1, 0.1))),
)


class Session(StubSession):
    """Says the same until it is told something else."""

    telemetry = SILENCE
    heard = np.zeros(2048, np.float32)

    def meter(self):
        return self.telemetry

    def scope(self):
        return self.heard


class Tube(io.StringIO):
    """A terminal that keeps what is written."""

    encoding = "utf-8"

    def isatty(self):
        return True

    def taken(self):
        """What has been written since the last call."""
        found = self.getvalue()
        self.seek(0)
        self.truncate()
        return found


@pytest.fixture
def seated(tmp_path, monkeypatch):
    """An editor whose screen has been drawn once, and its terminal."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    tube = Tube()
    with create_pipe_input() as keys:
        output = Vt100_Output(tube, lambda: Size(rows=40, columns=120), term="xterm-256color")
        editor = Editor(Session(), tmp_path / "set.ph", TEXT)
        animation = make_screen(editor, keys, output, Terminal(output))
        asyncio.run(draw(editor, animation))
        editor.evaluations.adopt({"o1": O1, "o2": O2})
        editor.steps.evaluated(editor.evaluations.playing)
        yield editor, tube, animation
        editor.close()


async def draw(editor, animation):
    """Draw the whole screen."""
    with set_app(editor.app):
        editor.app.renderer.render(editor.app, editor.app.layout)
        await editor.app.cancel_and_wait_for_background_tasks()
    animation.drawn()


def frames(seated, count=12):
    """Some frames, and what was written for them."""
    editor, tube, animation = seated
    tube.taken()
    for _ in range(count):
        editor.link.read_telemetry()
        animation.frame()
    return tube.taken()


def test_nothing_is_written_while_nothing_changes(seated):
    frames(seated)
    assert frames(seated) == ""


def test_nothing_is_written_while_the_levels_stay_the_same(seated):
    editor, *_ = seated
    editor.view.panel = None
    editor.link.session.telemetry = LOUD
    assert frames(seated) != ""
    assert frames(seated) == ""


def test_a_step_that_lights_writes_only_its_characters(seated):
    editor, *_ = seated
    editor.view.panel = None
    editor.link.session.telemetry = LOUD
    frames(seated)
    editor.steps._lits = (Highlight(0, 96_000, "o1", ((7, 9),), "o1"),)
    written = frames(seated)
    assert "bd" in written
    assert "sn" not in written
    assert len(written) < 150
    assert frames(seated) == ""


def test_a_changed_number_of_the_status_line_writes_a_few_cells(seated):
    editor, *_ = seated
    frames(seated)
    editor.link.session.telemetry = replace(SILENCE, underruns=7)
    written = frames(seated)
    assert "7" in written
    assert len(written) < 80


def test_a_changed_level_redraws_only_the_gutter_of_its_line(seated):
    editor, _, animation = seated
    editor.view.panel = None
    editor.link.session.telemetry = LOUD
    frames(seated)
    looked = []
    state = animation._view.gutter.state
    animation._view.gutter.state = lambda line, *rest: looked.append(line) or state(line, *rest)
    quieter = OutputMeter("o2", (0.02, 0.02))
    editor.link.session.telemetry = replace(LOUD, outputs=(LOUD.outputs[0], quieter))
    frames(seated, 40)
    assert set(looked) == {1}


def test_a_silent_scope_is_drawn_once(seated, monkeypatch):
    frames(seated)

    def draw(*arguments):
        raise AssertionError("drawn again")

    monkeypatch.setattr(Oscilloscope, "draw", draw)
    assert frames(seated) == ""
    seated[0].link.session.heard = np.full(2048, 0.5, np.float32)
    with pytest.raises(AssertionError, match="drawn again"):
        frames(seated)


def test_drawing_continues_after_a_frame_that_raised(seated, monkeypatch):
    *_, animation = seated
    monkeypatch.setattr(ticker, "FAILED", 0.0)
    drawn = []

    def frame():
        drawn.append(True)
        if len(drawn) == 1:
            raise ValueError("once")
        return True

    animation.frame = frame

    async def wait():
        loop = asyncio.get_running_loop()
        told = []
        loop.set_exception_handler(lambda _, context: told.append(context["exception"]))
        animation.start()
        for _ in range(2_000):
            if len(drawn) > 2:
                break
            await asyncio.sleep(0.01)
        return told

    told = asyncio.run(wait())
    assert len(drawn) > 2
    assert [str(error) for error in told] == ["once"]
