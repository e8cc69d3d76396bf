"""A session for the picture in the README: it checks programs, and its clock stands still."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from fake import FakeSession

import phonon
from phonon.editor.statements import statements
from phonon.session.protocol import Telemetry

PEAKS = {"o1": 0.9, "o2": 0.2, "o3": 0.4, "o4": 0.3}


class StillSession(FakeSession):
    """Everything as in a set that goes well, at one moment of it."""

    def evaluate(self, text, **how):
        found = tuple(phonon.check(text))
        done = super().evaluate(text, **how)
        wrong = {error.line - 1 for error in found if error.severity == "error"}
        kept = tuple(one.name for one in statements(text) if one.first in wrong)
        defined = tuple(name for name in done.defined if name not in kept)
        return replace(done, ok=not wrong, diagnostics=found, defined=defined, kept=kept)

    def meter(self) -> Telemetry:
        found = super().meter()
        if not found.playing:
            return replace(found, cycle=0.0, load=0.0, load_peak=0.0)
        peaks = [PEAKS.get(one.name, 0.0) * one.audible for one in found.outputs]
        outputs = tuple(
            replace(one, peaks=(peak, peak), levels=(peak / 2, peak / 2))
            for one, peak in zip(found.outputs, peaks, strict=True)
        )
        return replace(
            found,
            cycle=12.25,
            cps=31 / 60,
            load=0.04,
            load_peak=0.07,
            ring_ms=141,
            ring_target_ms=150,
            voices=23,
            voice_limit=256,
            outputs=outputs,
        )

    def sounding(self, frame):
        return []

    def messages(self, after=0):
        return []


def main() -> None:
    from phonon.editor.app import edit

    path = Path(sys.argv[1])
    phonon.check(path.read_text())  # so that all is imported
    edit(StillSession(), path, path.read_text(), plain=False)


if __name__ == "__main__":
    main()
