"""A session without sound for the editor's tests; run as a program it edits a file with it."""

from __future__ import annotations

import json
import math
import os
import re
import sys
import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from phonon.editor.statements import statements
from phonon.errors import PhononError
from phonon.lang.parser import parse_program
from phonon.session import compile_source
from phonon.session.protocol import (
    Evaluation,
    Highlight,
    Message,
    OutputMeter,
    SampleBank,
    Status,
    Telemetry,
    Wave,
)
from phonon.session.upcoming import upcoming_events
from tests.session.stub import StubSession, empty

RATE = 48_000


# Silence, and some pictures of a sound that moves.
WAVES = [np.zeros(2048, np.float32)]
WAVES += [
    (0.5 * np.sin(np.arange(2048) * 0.02 + turn) + 0.2 * np.sin(np.arange(2048) * 0.3)).astype("f4")
    for turn in range(12)
]


@lru_cache(maxsize=1000)
def literals(text):
    """The places of the words in the first string."""
    begin = text.find('"')
    end = text.find('"', begin + 1)
    if begin < 0 or end < 0:
        return []
    return [
        (begin + 1 + found.start(), begin + 1 + found.end())
        for found in re.finditer(r"\S+", text[begin + 1 : end])
    ]


def upcoming_in(definitions, begin, end):
    """The events of a program between two cycles."""
    score, _ = compile_source("\n".join(definitions.values()))
    return upcoming_events(score, begin, end) if score is not None else []


class FakeSession(StubSession):
    """Keeps the clock and the definitions; every literal of four characters lights in turn."""

    def __init__(self, log: Path | None = None, gate: Path | None = None) -> None:
        super().__init__()
        self.log = log
        self.gate = gate  # nothing is evaluated before this file is there
        self.began = time.monotonic()
        self.definitions: dict[str, str] = {}
        self.muted: set[str] = set()
        self.soloed: set[str] = set()
        self.hushed = False
        self.recording: str | None = None
        self.news: list[Message] = []  # whatever is said hides what was said before
        self.cps = 0.5

    def note(self, *call: object) -> None:
        self.calls.append(call)
        if self.log is not None:
            with self.log.open("a") as file:
                file.write(json.dumps([time.monotonic(), *call]) + "\n")

    def call(self, asked, arguments, options):
        self.note(asked.name, *arguments, *options.values())
        return empty(asked.answer)

    def evaluate(self, text, *, scope="file", when="now", name="<file>"):
        end = time.monotonic() + 60
        while self.gate is not None and not self.gate.exists() and time.monotonic() < end:
            time.sleep(0.01)
        _, diagnostics = parse_program(text)
        wrong = {found.line for found in diagnostics}
        defined, kept = [], []
        for one in statements(text):
            bad = any(one.first < line <= one.last + 1 for line in wrong)
            (kept if bad else defined).append(one.name)
            if not bad:
                self.definitions[one.name] = one.text
        removed = []
        if scope == "file":
            there = {one.name for one in statements(text)}
            removed = [known for known in self.definitions if known not in there]
            for known in removed:
                del self.definitions[known]
        self.hushed = False
        self.note("evaluate", text, scope, when)
        return Evaluation(
            ok=not diagnostics,
            diagnostics=tuple(diagnostics),
            defined=tuple(defined),
            kept=tuple(kept),
            removed=tuple(removed),
            milliseconds=3.0,
        )

    def hush(self):
        self.hushed = True
        self.note("hush")

    def unhush(self):
        self.hushed = False
        self.note("unhush")

    def mute(self, output, on=None):
        on = output not in self.muted if on is None else on
        (self.muted.add if on else self.muted.discard)(output)
        self.note("mute", output, on)

    def solo(self, output, on=None):
        on = output not in self.soloed if on is None else on
        (self.soloed.add if on else self.soloed.discard)(output)
        self.note("solo", output, on)

    def unmute_all(self):
        self.muted.clear()
        self.soloed.clear()
        self.note("unmute_all")

    def tempo(self, cps):
        self.cps = cps
        self.note("tempo", cps)

    def record(self, path):
        self.recording = path
        said = "a take begins" if path else "the take is written"
        self.news.append(Message(len(self.news) + 1, said, "note"))
        self.note("record", path)

    def describe(self, sample):
        self.note("describe", sample)
        if sample == "bd:1":
            raise PhononError("it can't be read")
        return Wave(0.25, tuple(1 - at / 64 for at in range(64)))

    def outputs(self):
        return [name for name in self.definitions if name == "out" or name[1:].isdigit()]

    def meter(self):
        frame = int((time.monotonic() - self.began) * RATE)
        cycle = frame / RATE * self.cps
        playing = bool(self.outputs()) and not self.hushed
        level = abs(math.sin(cycle * 20)) * 0.5 if playing else 0.0
        audible = {
            name: name not in self.muted and (not self.soloed or name in self.soloed)
            for name in self.outputs()
        }
        return Telemetry(
            frame=frame,
            cycle=cycle,
            cps=self.cps,
            load=0.31 + 0.02 * math.sin(frame / 9000),
            load_peak=0.44,
            ring_ms=38,
            ring_target_ms=50,
            voices=23 if playing else 0,
            voice_limit=64,
            hushed=self.hushed,
            recording=self.recording is not None,
            playing=bool(self.outputs()),
            master=OutputMeter("master", (level, level / 4), (level / 2, level / 8)),
            outputs=tuple(
                OutputMeter(
                    name,
                    (level, level / 4) if audible[name] else (0.0, 0.0),
                    (level / 2, level / 8),
                    muted=name in self.muted,
                    solo=name in self.soloed,
                    audible=audible[name],
                )
                for name in self.outputs()
            ),
        )

    def scope(self):
        return WAVES[int(time.monotonic() * 30) % len(WAVES)] if self.outputs() else WAVES[0]

    def sounding(self, frame):
        found = []
        for name, text in list(self.definitions.items()):
            words = literals(text)
            if not words:
                continue
            step = int(RATE / self.cps / len(words))
            for number in range(frame // step, (frame + RATE // 2) // step + 1):
                spans = (words[number % len(words)],)
                found.append(Highlight(number * step, (number + 1) * step, name, spans, name))
        return found

    def upcoming(self, begin, end):
        return upcoming_in(self.definitions, begin, end)

    def samples(self):
        return [SampleBank("bd", ("bd/BT0A0A7.wav", "bd/BT0AADA.wav")), SampleBank("supersaw")]

    def status(self):
        return Status(device="none", backend="null", definitions=dict(self.definitions))

    def messages(self, after=0):
        return self.news[after:]

    def close(self):
        self.note("close")


def main() -> None:
    from phonon.editor import flash

    # Who looks at the screen of a busy machine does not look often.
    flash.FLASH = float(os.environ.get("FAKE_FLASH", flash.FLASH))
    from phonon.editor import notices
    from phonon.editor.app import edit

    notices.SECONDS = 60.0
    path = Path(sys.argv[1])
    log, gate = os.environ.get("FAKE_LOG"), os.environ.get("FAKE_GATE")
    session = FakeSession(Path(log) if log else None, Path(gate) if gate else None)
    text = path.read_text() if path.exists() else ""
    profile = os.environ.get("FAKE_PROFILE")
    if profile:
        import cProfile

        cProfile.runctx("edit(session, path, text)", globals() | locals(), {}, profile)
        return
    edit(session, path, text, plain="--plain" in sys.argv)


if __name__ == "__main__":
    main()
