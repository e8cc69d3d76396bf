"""From Alt-Enter to the changed sound, in the engine's frames, and where the time goes.

A number in a block of 20 lines is changed and the block evaluated, again and again, by keys typed
into a terminal. Editor and engine are those that people get, but for the moments that they write
down; all processes share one clock. The frame at which a key was pressed is read off the calls of
the device, and the latency is the way from there to the frame at which the swap was carried out.
"""

from __future__ import annotations

import functools
import json
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_terminal import PERIOD, Figures, Terminal, end_engine, figures, machine, say, until

BLOCK = """\
o9: sine 440 * 0.05
bpm: 122
~chords: "<c4'min7 c4'min7 af3'maj7 g3'min7>"
~bell: sine 880 * 0.1 # lpf 2000 0.7
o1: s "bd*4" # gain 1.5
o2: s "~ cp ~ cp" # n "<0 0 0 2>" # gain 1.3 # reverb 0.4 :mix 0.2
o3: swingBy (1/6) 8 $ s "hh*16" # n 4 # gain "0.8 0.4 1 0.5" # pan 0.35
o4: mask "<f t t t>" $ s "[~ oh]*4" # decay 0.25 # pan 0.62
o5: s "organ(5,16,3)" # note ~chords # legato 0.5 # gain 0.45
  # pan "<0.25 0.75>"
  # hpf 200
  # pingpong 0.369 0.5 :mix 0.4
o6: struct "[~ t]!3 [t t]" $ s "bass"
  # note "<c2 c2 af1 g1>"
  # octave "0 0 1 0"
  # legato 0.7
  # gain 1.1
o7: mask "<f f f f t t t t>" $ s "piano(3,8,2)"
  # note (fast 2 "<g5 ef5 bf4 c5>")
  # gain 1 # pan 0.7 # delay 0.369 0.4 :mix 0.3
"""
ALT_ENTER, F5 = "\x1b\r", "\x1b[15~"
PAUSE = 0.6  # seconds between two evaluations
PARTS = (
    ("key", "command", "key to command (terminal, keys)"),
    ("command", "asked", "command to message"),
    ("asked", "received", "message to engine (socket)"),
    ("received", "read", "parse and lower"),
    ("read", "built", "build the program"),
    ("built", "armed", "arm the swap"),
    ("armed", "sounds", "until its frame is played"),
)


def latency(folder: Path, environment: dict[str, str], engine: str, count: int) -> Figures:
    """Evaluate `count` times and tell how long it took."""
    file = folder / "set.ph"
    file.write_text(BLOCK)
    backend = {"null": ["null"], "jack": ["auto", "--device", "JACK"]}[engine]
    given = ["edit", str(file), "--backend", *backend, "--block", str(PERIOD), "--rate", "48000"]
    environment["PHONON_MOMENTS"] = str(folder)
    terminal = Terminal([__file__, "interface", *given], environment)
    try:
        terminal.wait("DSP")
        terminal.press(F5)
        terminal.wait("o7 (")
        time.sleep(3)
        terminal.press("gg0f4")
        pressed = []
        for number in range(count):
            terminal.press(f"r{1 + (number + 4) % 9}")
            time.sleep(PAUSE / 2)
            pressed.append(terminal.press(ALT_ENTER))
            time.sleep(PAUSE / 2)
        time.sleep(2)
        terminal.press("\x11")  # C-q; it asks, for the text has changed
        terminal.wait("not saved")
        terminal.press("d")
        terminal.wait("leave it playing")
        terminal.press("q")
        until((folder / "engine.moments").exists, "the engine's moments")
        time.sleep(0.5)
    finally:
        terminal.kill()
        end_engine(folder / "engine")
    said = [
        json.loads((folder / f"{role}.moments").read_text()) for role in ("interface", "engine")
    ]
    return tell(pressed, *said)


def tell(pressed: list[float], interface: dict[str, Any], engine: dict[str, Any]) -> Figures:
    """The figures."""
    rate = engine["rate"]
    calls = engine["calls"]  # (moment, first frame)
    moments = [moment for moment, _ in calls]
    frames = [frame for _, frame in calls]

    def frame_at(moment: float) -> float:
        begun, frame = calls[max(bisect_right(moments, moment) - 1, 0)]
        return frame + (moment - begun) * rate

    def moment_of(frame: int) -> float:
        begun, first = calls[max(bisect_right(frames, frame) - 1, 0)]
        return begun + (frame - first) / rate

    def first_after(found: list[float], moment: float) -> float:
        return found[bisect_right(found, moment)]

    ways: list[dict[str, float]] = []
    latencies = []
    for key in pressed:
        way = {"key": key}
        for name in ("command", "asked"):
            way[name] = first_after(interface[name], key)
        for name in ("received", "read", "built", "armed"):
            way[name] = first_after(engine[name], way["asked"])
        number = engine["received"].index(way["received"])
        frame = engine["frames"][number]
        if frame is None:
            raise SystemExit(f"swap {number} was not carried out: {engine['frames']}")
        way["sounds"] = moment_of(frame)
        latencies.append(1_000 * (frame - frame_at(key)) / rate)
        ways.append(way)
    found: Figures = {
        what: figures(what, [1_000 * (way[end] - way[begin]) for way in ways])
        for begin, end, what in PARTS
    }
    found["Alt-Enter to its frame"] = figures("Alt-Enter to its frame", latencies)
    found["evaluations"] = len(latencies)
    found["block"] = 1_000 * PERIOD / rate
    found["device"] = engine["device"]
    found["device latency"] = engine["latency_ms"]
    say(f"{len(latencies)} evaluations; a block is {found['block']:.1f} ms; "
        f"{engine['device']} adds {engine['latency_ms']:.1f} ms; {machine()}")  # fmt: skip
    return found


# -- the two processes, and the moments that they write down ------------------------------------


def noting(moments: list[float], function: Callable[..., Any], *, before: bool) -> Any:
    """A function that notes when it is called, or when it has returned."""

    @functools.wraps(function)
    def noted(*arguments: Any, **options: Any) -> Any:
        if before:
            moments.append(time.monotonic())
        try:
            return function(*arguments, **options)
        finally:
            if not before:
                moments.append(time.monotonic())

    return noted


def interface(arguments: list[str]) -> None:
    """The editor."""
    import os

    from phonon.cli.run import main
    from phonon.editor.commands import evaluate
    from phonon.session import remote

    said: dict[str, list[float]] = {"command": [], "asked": []}
    evaluate.evaluate = noting(said["command"], evaluate.evaluate, before=True)
    ask = remote.RemoteSession.evaluate
    remote.RemoteSession.evaluate = noting(said["asked"], ask, before=True)  # type: ignore[method-assign]
    remote._START = (  # noqa: SLF001
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); "
        "import editor_latency; editor_latency.engine()"
    )
    sys.argv = ["phonon", *arguments]

    def write(code: int = 0) -> None:
        Path(os.environ["PHONON_MOMENTS"], "interface.moments").write_text(json.dumps(said))
        leave(code)

    leave, os._exit = os._exit, write  # type: ignore[assignment]
    try:
        main()
    finally:
        write()


def engine() -> None:
    """The engine's process."""
    import os

    from phonon.audio.device import DeviceStatus
    from phonon.engine import loaded_scores, telemetry
    from phonon.engine import player as live
    from phonon.session import definitions, local, server

    said: dict[str, list[float]] = {name: [] for name in ("received", "read", "built", "armed")}
    calls: list[tuple[float, int]] = []
    swaps: list[live.Swap] = []
    sessions: list[local.LocalSession] = []
    devices: list[DeviceStatus] = []
    player = live.Player
    local.LocalSession.evaluate = noting(said["received"], local.LocalSession.evaluate, before=True)  # type: ignore[method-assign]
    read = definitions.Definitions.evaluate
    definitions.Definitions.evaluate = noting(said["read"], read, before=False)  # type: ignore[method-assign]
    scores = loaded_scores.LoadedScores
    scores.arm = noting(said["built"], scores.arm, before=True)  # type: ignore[method-assign]
    swap, pump, start = player.swap, player.pump, local.LocalSession.start

    def swapped(*arguments: Any, **options: Any) -> live.Swap:
        done = swap(*arguments, **options)
        said["armed"].append(time.monotonic())
        swaps.append(done)
        devices.append(sessions[0].device.info)  # closed, it is none any more
        return done

    def pumped(self: live.Player, *arguments: Any) -> None:
        pump(self, *arguments)
        begun = self._memory.engine.begun
        found = telemetry.read(self.record)
        if begun == self._memory.engine.begun and (not calls or begun / 1e9 > calls[-1][0]):
            calls.append((begun / 1e9, found.frame - found.chunk))

    def started(self: local.LocalSession) -> None:
        sessions.append(self)
        start(self)

    player.swap, player.pump = swapped, pumped  # type: ignore[method-assign,assignment]
    local.LocalSession.start = started  # type: ignore[method-assign]

    def write(code: int = 0) -> None:
        info = devices[-1]
        found = {**said, "calls": calls, "rate": info.rate, "latency_ms": info.latency_ms}
        found["device"] = f"{info.name} ({info.backend}, {info.callback} callback)"
        found["frames"] = [done.frame for done in swaps]
        part = Path(os.environ["PHONON_MOMENTS"], "engine.part")
        part.write_text(json.dumps(found))
        part.rename(part.with_name("engine.moments"))
        leave(code)

    leave, os._exit = os._exit, write  # type: ignore[assignment]
    server.main()


if __name__ == "__main__":
    interface(sys.argv[2:])
