"""Offline rendering plans as it goes: the same sound, and memory that does not grow."""

import numpy as np
import pytest

from phonon.engine import Renderer
from phonon.engine.lookahead import EventFeed
from phonon.engine.player import Player
from phonon.engine.renderer import PLANNED_CYCLES
from phonon.graph.node import Mix
from phonon.graph.table import leaves
from phonon.lang.compiler import compile_program
from phonon.patterns.time import CYCLE

SECOND = 48_000

# one new kind of voice in cycle 20, one in cycle 27, one that brings a bus of its own in cycle 33
GROWING = """
cps: 8
o1: s "<[bd hh]!20 [pluck bd]!7 [supersaw hh]!6 [echoed hh]!9>" # gain 0.4
o2: s "hh*2" # speed "<1!30 2!12>" # delay 0.2
~mod: sine "<1!10 3>" # range 0.2 0.9
synth echoed freq = saw freq # lpf 800 # mul ~mod # adsr 0.01 0.1 0.5 0.1
"""


def compiled(text):
    score, diagnostics = compile_program(text)
    assert score is not None, diagnostics
    score.outputs = score.heard
    return score


def test_kinds_of_voices_found_during_a_render_sound_as_if_planned_before(monkeypatch):
    frames = 42 * SECOND // 8
    before = Renderer(compiled(GROWING), end=frames)
    monkeypatch.setattr(EventFeed, "find_kinds", lambda _, told: None)
    growing = Renderer(compiled(GROWING), end=frames)
    kinds = len(growing.loaded_plan.plan.patches)
    sound = growing.render(frames)
    assert len(growing.loaded_plan.plan.patches) == len(before.loaded_plan.plan.patches) > kinds
    assert np.array_equal(sound, before.render(frames))
    assert growing.stats.late == growing.stats.dropped == 0


def test_the_lookahead_keeps_a_bounded_number_of_events():
    frames = 200 * SECOND // 8
    renderer = Renderer(compiled('cps: 8\no1: s "bd*4" # delay 0.3\no2: s "hh*8"'), end=frames)
    kept = []
    for _ in range(10):
        renderer.render(frames // 10)
        feed = renderer._scores.latest.feed
        kept.append((len(feed.planned), feed.planned_voices, len(feed.sounded)))
    cycles, voices, sounded = map(max, zip(*kept[:-1], strict=True))
    assert cycles <= 2 * (PLANNED_CYCLES + 4)
    assert voices <= 12 * (PLANNED_CYCLES + 4)
    assert sounded < 100
    assert renderer.stats.started == 12 * 200


def test_a_pattern_that_fails_far_into_the_piece_ends_the_render_before_it_begins():
    score = compiled('cps: 8\no1: s "bd*2"')
    (mix,) = (leaf for leaf in leaves(score.outputs.values()) if isinstance(leaf, Mix))
    query = mix.stream.pattern.raw

    def failing(begin, end):
        if begin >= 40 * CYCLE:
            raise ValueError("cycle 40")
        return query(begin, end)

    mix.stream.pattern.raw = failing
    with pytest.raises(ValueError, match="cycle 40"):
        Renderer(score, end=60 * SECOND // 8)
    Renderer(score, end=30 * SECOND // 8)


@pytest.mark.parametrize(
    "late",
    [
        '~lfo: sine 0.7 * 400 + 800\no1: note "c4 e4" # s "<~!18 fm>" # cutoff ~lfo',
        'o1: note "c4 e4" # s "<~!18 superpwm>" # lpf (sine 0.3 * 300 + 700)',
    ],
)
def test_signals_of_late_voices_run_from_the_beginning_whatever_else_plays(late):
    """Many events of another output make the look-ahead shorter; they must not move an LFO."""
    frames = 20 * SECOND // 4
    heard = []
    for other in ("", '\no2: s "hh*400" # gain 0.001'):
        renderer = Renderer(compiled("cps: 4\n" + late + other), end=frames, stems=True)
        heard.append(renderer.render_outputs(frames)[1]["o1"])
    assert np.abs(heard[0]).max() > 0.01
    assert np.array_equal(*heard)


@pytest.mark.parametrize("seed", [0, 3])
def test_noise_of_the_mix_is_the_same_live_and_offline_with_any_seed(seed):
    text = "o1: noise * 0.1\no2: dust 100 * 0.2"
    player = Player(seed=seed)
    player.swap(compiled(text))
    offline = Renderer(compiled(text), end=SECOND, seed=seed).render(SECOND)
    assert np.array_equal(player.render(SECOND), offline)


def test_another_seed_gives_another_noise():
    text = "o1: noise * 0.1"
    heard = [Renderer(compiled(text), end=4_800, seed=seed).render(4_800) for seed in (0, 1)]
    assert not np.array_equal(*heard)
