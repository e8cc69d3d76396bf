"""The comparison suite's workloads as Phonon programs.

    python programs.py SUITE OUT

writes `w0.ph`, `w1_16.ph`, `w2_64.ph` … and the sample bank `bank/smp` to OUT, from the event
lists of `SUITE/common/spec.py`, which every engine of the suite reads. A program holds what a
performer would write: instruments, and one event per voice with its controls. The voices of W2
and W4 follow a grid, so their events stand in mini-notation, a bar or a half-bar to a cycle.

Phonon's sampler reads Hermite's cubic only: W2 has one program for both interpolations.
"""

from __future__ import annotations

import importlib.util
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

AT_ONCE = 64  # voices of W1 per output
SILENT_BARS = 20  # behind the song, which must not begin again


def load_spec(suite: Path) -> Any:
    """The suite's workloads."""
    found = importlib.util.spec_from_file_location("spec", suite / "common" / "spec.py")
    if found is None or found.loader is None:
        raise SystemExit(f"{suite} has no common/spec.py")
    spec = importlib.util.module_from_spec(found)
    found.loader.exec_module(spec)
    return spec


def w0() -> str:
    """A tenth of a second of silence."""
    return 'cps: 10\nout: s "~"\n'


def w1(spec: Any, count: int) -> str:
    """N saws through resonant low-passes, for one cycle of ten seconds."""
    voices = [
        f's "w1" # freq {freq:.6f} # cutoff {cutoff:.4f} # gain {gain:.6f}'
        for freq, cutoff, gain in spec.w1(count)
    ]
    stacks = [
        f"o{number + 1}: stack [\n  " + ",\n  ".join(voices[first : first + AT_ONCE]) + "\n  ]\n"
        for number, first in enumerate(range(0, count, AT_ONCE))
    ]
    head = f"cps: {1 / spec.W1_DUR:g}\n" + instrument_w1(spec)
    return head + "".join(stacks)


def instrument_w1(spec: Any) -> str:
    """W1's voice. It reads its gate, so that it gets no envelope: scsynth's has none either."""
    return f"synth w1 freq gate cutoff=900 = saw freq # lpf cutoff {spec.Q:g} * gate\n"


def w2(spec: Any, count: int) -> str:
    """N sampler voices at a time for ten seconds; a cycle is as long as a voice."""
    bars = list(chunks(spec.w2(count), count))
    attack, decay, sustain, release = spec.ADSR
    legato = (spec.VDUR - release) / spec.VDUR * count
    return (
        f"cps: {1 / spec.VDUR:g}\n"
        f"~number: {alternating([[str(item[1]) for item in bar] for bar in bars])}\n"
        f"~rate: {alternating([[f'{item[2]:.5f}' for item in bar] for bar in bars])}\n"
        f"~place: {alternating([[f'{(item[4] + 1) / 2:.5f}' for item in bar] for bar in bars])}\n"
        f'out: n ~number # s "smp" # speed ~rate # gain {bars[0][0][3]:.6f} # legato {legato:g}\n'
        f"  # adsr {attack:g} {decay:g} {sustain:g} {release:g} # pan ~place\n"
    )


def w3(spec: Any) -> str:
    """Stereo noise through equaliser, compressor, delay, reverb and limiter."""
    gains = " ".join(number(gain) for _, _, gain, _ in spec.EQ)
    freqs = " ".join(number(freq) for _, freq, _, _ in spec.EQ)
    qs = " ".join(number(q) for *_, q in spec.EQ)
    comp, delay, verb = spec.COMP, spec.DELAY, spec.VERB
    return (
        "out: (noise # stereo noise) * 0.25\n"
        f'  # eq8 {gains} {freqs} {qs} :ends "shelf"\n'
        f"  # comp {number(comp['thr_db'])} {comp['ratio']:g} {comp['att']:g} {comp['rel']:g}\n"
        f"  # delay {delay['time']:g} {delay['fb']:g} {delay['mix']:g}\n"
        f"  # reverb {verb['room']:g} {verb['damp']:g} {verb['mix']:g}\n"
        "  # limiter -0.915\n"
    )


W4 = """\
synth hat freq gate len=0.5 = noise # hpf freq 0.707 # perc 0.001 (len - 0.001)
synth kick freq gate len=1 = sine (freq * curve 8 1 0.08 -6) # perc 0.001 (len - 0.001) * 2
synth snare freq gate len=0.8 =
  (noise # bpf 2500 1.25) + sine freq * 0.5 # perc 0.001 (len - 0.001) * 2
synth bass freq gate cut=1000 len=4 =
  saw freq # lpf (100 + (cut * 2 # perc 0.01 (len * 0.6))) 3 # perc 0.005 (len - 0.005)
"""


def w4(spec: Any) -> str:
    """A song of 2000 voices; two begin together on every step, ten steps to a cycle."""
    events = spec.w4()
    step = events[2]["t"]
    text = f"cps: {0.1 / step:.12g}\n{W4}"
    for side in range(2):
        bars = list(chunks(events[side::2], 10))

        def values(key: str, bars: Sequence[Sequence[Any]] = bars) -> str:
            return alternating([[f"{event[key]:.5g}" for event in bar] for bar in bars])

        kinds = [[event["kind"] for event in bar] for bar in bars]
        names = alternating([*kinds, *[["~"]] * SILENT_BARS])
        places = alternating([[f"{(event['pan'] + 1) / 2:.5f}" for event in bar] for bar in bars])
        text += (
            f"~freq{side}: {values('freq')}\n~cut{side}: {values('cut')}\n"
            f"~amp{side}: {values('amp')}\n~pan{side}: {places}\n"
            f"~len{side}: {values('dur')}\n"
            f"o{side + 1}: s {names} # freq ~freq{side} # cut ~cut{side} # len ~len{side}\n"
            f"  # gain ~amp{side} # pan ~pan{side}\n"
        )
    return text


def chunks(items: Sequence[Any], size: int) -> Iterable[Sequence[Any]]:
    """Items in groups of a size."""
    return (items[first : first + size] for first in range(0, len(items), size))


def alternating(bars: Sequence[Sequence[str]]) -> str:
    """Mini-notation with a bar for each cycle; a short bar is filled up with rests."""
    longest = len(bars[0])
    full = [" ".join([*bar, *"~" * (longest - len(bar))]) for bar in bars]
    return '"<' + " ".join(f"[{bar}]" for bar in full) + '>"'


def number(value: float) -> str:
    """A number as an argument."""
    return f"{value:g}" if value >= 0 else f"({value:g})"


def write(suite: Path, out: Path) -> None:
    """Every program, and the suite's samples as a bank."""
    spec = load_spec(suite)
    bank = out / "bank" / "smp"
    bank.mkdir(parents=True, exist_ok=True)
    for path in spec.make_samples():
        shutil.copy(path, bank)
    texts = {"w0": w0(), "w3": w3(spec), "w4": w4(spec)}
    texts |= {f"w1_{count}": w1(spec, count) for count in spec.W1_NS}
    texts |= {f"w2_{count}": w2(spec, count) for count in spec.W2_NS}
    for name, text in texts.items():
        (out / f"{name}.ph").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
