"""Commands that hush, mute, solo, and change tempo, phase, level and recording."""

from __future__ import annotations

import time
from pathlib import Path

from phonon.editor.drawing import numbered_outputs
from phonon.editor.editor import Editor
from phonon.editor.keymap import command, numbered
from phonon.errors import PhononError

TWICE = 0.6  # seconds within which a second hush is panic
PERCENT = 1.01
PHASE = 0.005  # seconds of a nudge
STEP = 10 ** (1 / 20)  # 1 dB

_last_hush = -1e9


@command("hush", "play", any=["A-.", "F9"], menu="k", read="\\ h")
def hush(editor: Editor, _count: int) -> None:
    """Fade everything out while the clock runs on; twice: panic."""
    global _last_hush  # one performer, whatever editor is open
    before, _last_hush = _last_hush, time.monotonic()
    if _last_hush - before < TWICE:
        panic(editor, 1)
        return
    editor.link.session.hush()
    editor.notices.say("hushed: the next evaluation sounds again")


@command("unhush", "play", menu="u")
def unhush(editor: Editor, _count: int) -> None:
    """Sound again after a hush."""
    editor.link.session.unhush()
    editor.notices.say("sounding again")


@command("panic", "play", any="F12")
def panic(editor: Editor, _count: int) -> None:
    """Silence voices and tails at once."""
    editor.link.session.panic()
    editor.notices.say("panic: voices and tails are gone")


def channel(editor: Editor, number: int) -> str:
    """The name of the output with a number. Raises PhononError."""
    numbers = numbered_outputs([meter.name for meter in editor.link.telemetry.outputs])
    for name, own in numbers.items():
        if own == number:
            return name
    known = ", ".join(str(own) for own in sorted(numbers.values()))
    raise PhononError(f"there is no output {number}" + (f": there are {known}" if known else ""))


@numbered("mute", "mix", range(1, 10), any="A-{}", perform="{}", read="\\ {}")
def mute(editor: Editor, number: int) -> None:
    """Mute an output, or unmute it."""
    toggle(editor, channel(editor, number), "mute")


@numbered("solo", "mix", range(1, 10), any="A-s {}", perform="s {}")
def solo(editor: Editor, number: int) -> None:
    """Solo an output, or end its solo."""
    toggle(editor, channel(editor, number), "solo")


def toggle(editor: Editor, name: str, what: str) -> None:
    """Toggle `mute` or `solo` of an output, and show a message."""
    meter = next((one for one in editor.link.telemetry.outputs if one.name == name), None)
    solo = what == "solo"
    on = not (meter is not None and (meter.solo if solo else meter.muted))
    act = editor.link.session.solo if solo else editor.link.session.mute
    told = "solo" if solo else "muted"
    editor.link.run_in_background(
        lambda: act(name, on), f"{name} {told}" if on else f"{name} no longer {told}"
    )


@command("unmute-all", "mix", any="A-0", perform="0")
def unmute_all(editor: Editor, _count: int) -> None:
    """End all mutes and solos."""
    editor.link.run_in_background(editor.link.session.unmute_all, "nothing is muted or soloed")


@command("tap", "mix", menu="t", perform="t")
def tap(editor: Editor, _count: int) -> None:
    """Tap the tempo, once per beat."""

    def run() -> None:
        cps = editor.link.session.tap()
        told = "tap on" if cps is None else f"{cps * 240:.1f} bpm"
        editor.link.call_in_ui(editor.notices.say, told)

    editor.link.run_in_background(run)


@command("faster", "mix", menu=">", perform=">")
def faster(editor: Editor, count: int) -> None:
    """Raise the tempo by one percent."""
    _tempo(editor, PERCENT**count)


@command("slower", "mix", menu="<", perform="<")
def slower(editor: Editor, count: int) -> None:
    """Lower the tempo by one percent."""
    _tempo(editor, PERCENT**-count)


def _tempo(editor: Editor, factor: float) -> None:
    cps = editor.link.telemetry.cps * factor
    editor.link.run_in_background(lambda: editor.link.session.tempo(cps), f"{cps * 240:.1f} bpm")


@command("phase-back", "mix", menu="[", perform="[")
def phase_back(editor: Editor, count: int) -> None:
    """Move the music 5 ms later."""
    _phase(editor, -count)


@command("phase-forward", "mix", menu="]", perform="]")
def phase_forward(editor: Editor, count: int) -> None:
    """Move the music 5 ms earlier."""
    _phase(editor, count)


def _phase(editor: Editor, steps: int) -> None:
    cycles = steps * PHASE * editor.link.telemetry.cps
    editor.link.run_in_background(
        lambda: editor.link.session.nudge(cycles), f"phase {steps * PHASE * 1000:+.0f} ms"
    )


@command("louder", "mix", perform=["+", "="])
def louder(editor: Editor, count: int) -> None:
    """Raise the master by 1 dB."""
    _gain(editor, STEP**count)


@command("softer", "mix", perform="-")
def softer(editor: Editor, count: int) -> None:
    """Lower the master by 1 dB."""
    _gain(editor, STEP**-count)


def _gain(editor: Editor, factor: float) -> None:
    editor.link.gain = min(max(editor.link.gain * factor, 1e-3), 4.0)
    gain = editor.link.gain
    editor.link.run_in_background(
        lambda: editor.link.session.master(gain), f"master gain {gain:.2f}"
    )


@command("record", "file", menu="r", perform="r")
def record(editor: Editor, _count: int) -> None:
    """Begin or end recording to a WAV file."""
    if editor.link.telemetry.recording:
        editor.link.run_in_background(
            lambda: editor.link.session.record(None), "the take is finished"
        )
        return
    start_recording(editor, "")


def start_recording(editor: Editor, name: str) -> None:
    """Record to a file; without a name, to one named after the program and the time."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    path = (
        Path(name)
        if name
        else editor.program.path.with_name(f"{editor.program.path.stem}-{stamp}.wav")
    )
    where = str(path.absolute())
    editor.link.run_in_background(
        lambda: editor.link.session.record(where), f"recording to {path.name}"
    )
