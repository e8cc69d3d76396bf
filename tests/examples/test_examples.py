"""The examples, by ear: levels of the mix, and onsets and notes of single outputs.

What is expected was worked out by hand from the text of each piece, not by Phonon: a row of the
tables has the grid of an output's onsets, one string per cycle, or the notes of a stretch.
"""

from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
import pytest

import phonon
from phonon.audio.loudness import LoudnessMeter

EXAMPLES = Path(__file__).parents[2] / "examples"
RATE = 48_000
CYCLE = {  # seconds
    "01-first-light": 240 / 124,
    "02-house": 240 / 122,
    "03-techno": 240 / 134,
    "04-dub": 480 / 140,
    "05-breakbeat": 240 / 168,
    "06-drone": 8,
    "07-garden": 240 / 96,
    "08-polymeter": 240 / 110,
    "09-acid": 240 / 130,
    "10-bells": 240 / 84,
    "11-journey": 240 / 118,
    "12-sidechain": 240 / 120,
    "13-tour": 240 / 112,
}
# Bands in Hz, and the window in which their level is measured: it holds a period and more.
KICK, BASS, RING = (35, 200, 512), (500, 4_000, 2_048), (1_000, 4_000, 1_024)
MIDDLE, CLAP, BODY = (300, 1_200, 512), (900, 1_600, 512), (800, 5_000, 512)
BRIGHT, HATS, AIR = (1_500, 8_000, 512), (6_000, 16_000, 512), (9_000, 16_000, 256)
DEEP, ALL = (60, 3_000, 2_048), (40, 16_000, 512)
# piece, output, band, the dB by which an onset rises, its onsets, how many ms it stays loud
ONSETS = [
    ("01-first-light", "o1", KICK, 9, ["xxxx"] * 2, 0),
    ("01-first-light", "o1", CLAP, 9, ["..x."] * 2, 40),
    ("01-first-light", "o2", HATS, 9, ["xxxxxxxx"] * 2, 0),
    ("01-first-light", "o3", DEEP, 4, ["xxxxxxxx"] * 2, 0),
    ("01-first-light", "o4 left", BRIGHT, 6, ["x..x..x."] * 2, 0),
    ("01-first-light", "o4 right", BRIGHT, 9, ["", ".x..x..x", ".x..x..x"], 0),
    ("02-house", "o1", KICK, 9, ["xxxx"] * 2, 0),
    ("02-house", "o2", CLAP, 9, [".x.x"] * 2, 40),
    ("02-house", "o3", HATS, 9, ["x.x" * 8] * 2, 0),
    ("02-house", "o4", HATS, 9, ["........", ".x.x.x.x"], 0),
    ("02-house", "o6", BASS, 9, [".x.x.xxx"] * 2, 0),
    ("03-techno", "o1", KICK, 9, ["xxxx"] * 2, 0),
    ("03-techno", "o3", HATS, 9, ["x" * 16] * 2, 0),
    ("03-techno", "o4", BRIGHT, 12, ["......x.....xx..", "......x.....x..."], 0),
    ("03-techno", "o6", HATS, 6, ["........", "........", "xxxxxxxx"], 0),
    ("04-dub", "o1", KICK, 9, ["x...x..."] * 2, 0),
    ("04-dub", "o2", BRIGHT, 9, ["....x..."] * 2, 0),
    ("04-dub", "o3", HATS, 9, ["xxxxxxxx"] * 2, 0),
    ("04-dub", "o4", BODY, 9, ["x....xx...x...x.", "x....xx...x...xx"], 10),
    ("05-breakbeat", "o1", MIDDLE, 9, ["x.x.x..x.xxxx..x", "x.x.x..xx.x.x..x"], 0),
    ("05-breakbeat", "o4", BASS, 9, ["x..x..x.", ".x..x.x."], 0),
    ("08-polymeter", "o1", HATS, 15, ["x..x.xxx", "x.x..xxx"], 0),
    ("08-polymeter", "o1", HATS, 20, ["x..x..xx", "..x..xx."], 0),  # the rim shots alone
    ("08-polymeter", "o2", AIR, 3, ["x" * 16] * 2, 0),
    ("08-polymeter", "o4", BASS, 4, ["xx.x", ".xx."], 0),
    ("08-polymeter", "o5", BODY, 9, ["x...x..x", "...x...x"], 0),
    ("09-acid", "o1", KICK, 9, ["xxxx"] * 2, 0),
    ("09-acid", "o3", BRIGHT, 5, ["xxxxxxxx"] * 2, 8),
    ("10-bells", "o1", RING, 4, ["xxxxxx"] * 2, 0),
    ("11-journey", "o1", KICK, 9, ["xxxx"] * 6 + ["....", "xxxx"], 0),
    ("12-sidechain", "o1", KICK, 9, ["xxxx"] * 2, 0),
    ("12-sidechain", "o2", HATS, 6, ["xxxxxxxx"] * 2, 0),
    ("12-sidechain", "o6", BASS, 9, ["x..x..x."] * 2, 0),
    ("13-tour", "o1", ALL, 6, ["x.xx.xx.", "x.xx.xxx"], 0),
    ("13-tour", "o4", BODY, 4, ["xxxxxx"] * 2, 0),
]
# piece, output, from and to in cycles, the notes (or frequencies) that sound
NOTES = [
    ("01-first-light", "o3", 0, 1 / 8, "c2"),
    ("01-first-light", "o3", 2, 2 + 1 / 8, "ef2"),
    ("01-first-light", "o3", 3, 3 + 1 / 8, "bf1"),
    ("01-first-light", "o4", 0, 1 / 2, "c4 ef4 g4 bf4"),
    ("01-first-light", "o4", 1 + 1 / 8, 3 / 2, "ef4 g4 bf4 d5"),
    ("02-house", "o7", 4 + 1 / 8, 4 + 3 / 8, "g5"),
    ("02-house", "o7", 4 + 4 / 8, 4 + 6 / 8, "ef5"),
    ("02-house", "o6", 1 / 8, 3 / 16, "c2"),
    ("02-house", "o6", 5 / 8, 11 / 16, "c3"),
    ("02-house", "o6", 2 + 1 / 8, 2 + 3 / 16, "af1"),
    ("04-dub", "o4", 0, 1 / 8, "d2"),
    ("04-dub", "o4", 2, 2 + 1 / 8, "c2"),
    ("04-dub", "o4", 3, 3 + 1 / 8, "a1"),
    ("04-dub", "o5", 1 / 8, 3 / 16, "d4 f4 a4"),
    ("05-breakbeat", "o4", 0, 1 / 8, "e2"),
    ("05-breakbeat", "o4", 2, 2 + 1 / 8, "g2"),
    ("05-breakbeat", "o5", 1 / 2, 3 / 2, "e4 g4 b4 d5 fs5"),
    ("06-drone", "o1", 1 / 2, 1, "55 82.5 110 164.8"),
    ("06-drone", "o1", 3 / 2, 2, "49 73.5 98 146.8"),
    ("07-garden", "o4", 0, 3 / 4, "c2"),
    ("07-garden", "o4", 2, 2 + 3 / 4, "f2"),
    ("07-garden", "o4", 3, 3 + 3 / 4, "a1"),
    ("08-polymeter", "o4", 0, 1 / 4, "c2"),
    ("08-polymeter", "o4", 3 / 4, 1, "g2"),
    ("08-polymeter", "o5", 1 / 2, 5 / 8, "c5"),
    ("08-polymeter", "o5", 11 / 8, 12 / 8, "g4"),
    ("09-acid", "o3", 0, 1 / 8, "c3"),
    ("09-acid", "o3", 1 / 4, 3 / 8, "ef2"),
    ("09-acid", "o3", 1 + 2 / 8, 1 + 3 / 8, "c3"),
    ("09-acid", "o3", 1 + 4 / 8, 1 + 5 / 8, "ef2"),
    ("09-acid", "o3", 1 + 6 / 8, 1 + 7 / 8, "bf1"),
    ("10-bells", "o1", 1 / 12, 1 / 6, "a4"),
    ("10-bells", "o1", 3 / 12, 2 / 6, "g4 a4"),
    ("10-bells", "o1", 11 / 12, 1, "c4 d4"),
    ("10-bells", "o2", 1 / 2, 1, "c2"),
    ("10-bells", "o3", 1, 2, "c3 e3 g3"),
    ("11-journey", "o3", 2 + 4 / 8, 2 + 4.8 / 8, "af3"),
    ("11-journey", "o3", 4 / 8, 4.8 / 8, "c4"),
    ("12-sidechain", "o4", 0, 1 / 16, "g4"),
    ("12-sidechain", "o4", 3 / 8, 7 / 16, "c5"),
    ("12-sidechain", "o4", 6 / 8, 13 / 16, "ef5"),
    ("12-sidechain", "o6", 0, 1 / 8, "c2"),
    ("12-sidechain", "o6", 1, 1 + 1 / 8, "af1"),
    ("13-tour", "o4", 0, 1 / 6, "c4"),
    ("13-tour", "o4", 3 / 6, 4 / 6, "bf4"),
    ("13-tour", "o4", 5 / 6, 1, "ef4"),
    ("13-tour", "o4", 1, 1 + 1 / 6, "af3"),
    ("13-tour", "o5", 1, 2, "c3 ef3 g3 bf3"),
    ("13-tour", "o6", 1 / 4, 1, "65.4"),
    ("13-tour", "o6", 2 + 1 / 4, 3, "51.9"),
]


@cache
def heard(piece: str, output: str = "", cycles: int = 4):
    """Some cycles of a piece, or of one of its outputs alone, or of one side of that."""
    output, _, side = output.partition(" ")
    source = (EXAMPLES / f"{piece}.ph").read_text()
    sound = phonon.render(f"{source}\nsolo {output}\n" if output else source, cycles=cycles)
    return sound[:, ["left", "right"].index(side)] if side else sound


def stretch(piece: str, output: str, begin: float, end: float):
    """From one cycle to another."""
    edges = (round(place * CYCLE[piece] * RATE) for place in (begin, end))
    return heard(piece, output, max(4, ceil(end)))[slice(*edges)]


def moments(piece: str, grid: list[str]) -> list[float]:
    """The seconds of the crosses of a grid."""
    return [
        (cycle + step / len(row)) * CYCLE[piece]
        for cycle, row in enumerate(grid)
        for step, mark in enumerate(row)
        if mark == "x"
    ]


def test_there_are_at_least_twelve_examples_and_each_opens_with_a_comment():
    pieces = sorted(EXAMPLES.glob("*.ph"))
    assert len(pieces) >= 12
    assert [piece.stem for piece in pieces] == list(CYCLE)
    for piece in pieces:
        first, second, *_ = piece.read_text().splitlines()
        assert first.startswith("-- ")
        assert not second.startswith("--")


@pytest.mark.parametrize("piece", CYCLE)
def test_an_example_has_no_diagnostics(piece):
    assert phonon.check((EXAMPLES / f"{piece}.ph").read_text()) == []


@pytest.mark.parametrize("piece", CYCLE)
def test_the_mix_is_loud_enough_and_clean(piece, ears):
    sound = heard(piece, cycles=8)
    assert len(sound) == round(8 * CYCLE[piece] * RATE)
    meter = LoudnessMeter(RATE)
    meter.feed(sound)
    assert -20 < meter.lufs < -12
    assert ears.db(meter.true_peak) < -0.2
    assert np.abs(sound.mean(0)).max() < 1e-3


@pytest.mark.parametrize("piece", CYCLE)
def test_the_mix_is_stereo_and_balanced(piece, ears):
    sound = heard(piece, cycles=8)
    middle, side = sound.mean(1), (sound[:, 0] - sound[:, 1]) / 2
    assert ears.rms(side) > ears.rms(middle) - 25
    assert abs(ears.rms(sound[:, 0]) - ears.rms(sound[:, 1])) < 2


@pytest.mark.parametrize("piece", CYCLE)
def test_every_cycle_differs_from_the_one_before(piece, ears):
    cycles = np.array_split(heard(piece, cycles=8), 8)
    whole = (CYCLE[piece] / 4, CYCLE[piece] / 2, 3 * CYCLE[piece] / 4, CYCLE[piece])
    colours = [ears.colour(cycle, whole) for cycle in cycles]
    changes = [np.sqrt(np.mean((a - b) ** 2)) for a, b in pairwise(colours)]
    assert min(changes) > 0.5
    assert max(changes) > 1.5


@pytest.mark.parametrize(("piece", "output", "band", "rise", "grid", "hold"), ONSETS)
def test_onsets_of_an_output_are_those_of_its_pattern(piece, output, band, rise, grid, hold, ears):
    sound = heard(piece, output, max(len(grid), 4))
    seconds = [cycle * CYCLE[piece] for cycle, row in enumerate(grid) if row]
    first, last = seconds[0] - 0.03, seconds[-1] + CYCLE[piece] - 0.03
    low, high, window = band
    found = [
        moment
        for moment in ears.onsets(sound, low, high, rise, hold, window)
        if first < moment < last
    ]
    expected = moments(piece, grid)
    assert len(found) == len(expected), (found, [round(x, 3) for x in expected])
    assert found == pytest.approx(expected, abs=max(0.01, window / RATE / 2))


@pytest.mark.parametrize(("piece", "output", "begin", "end", "notes"), NOTES)
def test_notes_of_an_output_are_those_of_its_pattern(piece, output, begin, end, notes, ears):
    sound = stretch(piece, output, begin, end)
    pitches = [ears.hertz(n) if n[0].isalpha() else float(n) for n in notes.split()]
    known = [pitch * half / 2 for pitch in pitches for half in range(1, 49)]  # an organ has halves
    for pitch in pitches:
        # Low notes that are short are told apart by their harmonics.
        width = 3 * RATE / len(sound)
        top = pitch * next(h for h in (1, 2, 3, 4, 5, 6, 8, 10, 12) if h * pitch * 0.0595 > width)
        beside = [top * 2 ** (step / 12) for step in (-1, 1)]
        foreign = [f for f in beside if min(abs(np.log2(f / k)) for k in known) > 0.5 / 12]
        level = ears.partial(sound, top)
        assert all(level > ears.partial(sound, other) + 6 for other in foreign), pitch
        assert level > ears.spectrum(sound)[1].max() - 45, pitch


SCALE, FOREIGN = ("c5", "d5", "ef5", "f5", "g5", "a5", "bf5"), ("cs5", "e5", "fs5", "gs5", "b5")


def test_the_garden_keeps_to_its_scale(ears):
    sound = heard("07-garden", "o3", 8)
    keys = {name: ears.partial(sound, ears.hertz(name)) for name in SCALE}
    foreign = [ears.partial(sound, ears.hertz(name)) for name in FOREIGN]
    assert max(foreign) < max(keys.values()) - 20
    assert sum(level > max(foreign) + 6 for level in keys.values()) >= 4


def test_the_garden_is_the_same_every_time():
    program = (EXAMPLES / "07-garden.ph").read_text()
    one, other = (phonon.render(program, cycles=2) for _ in range(2))
    assert np.array_equal(one, other)


def test_the_journey_follows_its_tracks(ears):
    hats = [ears.rms(part) for part in np.array_split(heard("11-journey", "o2", 8), 8)]
    # From 0.2 to 0.4 and from 0.6 to 0.8: mean squares of 0.0933 and 0.4933.
    assert hats[3] - hats[1] == pytest.approx(10 * np.log10(0.4933 / 0.0933), abs=1)
    assert hats[6] < -60 < hats[7]
    leads = np.array_split(heard("11-journey", "o3", 8), 8)
    bright = [np.median(ears.levels(p, 1_500, 8_000) - ears.levels(p, 100, 400)) for p in leads]
    assert bright[0] < bright[1] < bright[2] < bright[3] < bright[4]
    assert bright[4] > bright[0] + 20


def test_the_kick_ducks_the_pads(ears):
    level = ears.levels(heard("12-sidechain", "o3"), 100, 5_000)
    for beat in range(2, 12):
        kick = round(beat * 500)
        assert level[kick - 30 : kick - 10].mean() > level[kick + 40 : kick + 90].mean() + 4


def test_the_drone_keeps_its_level(ears):
    quarters = np.split(heard("06-drone", cycles=8), 256)[8:]
    level = [ears.rms(part) for part in quarters]
    assert min(level) > np.median(level) - 10
    assert max(level) < np.median(level) + 10
