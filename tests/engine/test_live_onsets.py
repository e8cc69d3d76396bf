"""Onsets stay at their frames across swaps, changes of tempo and late events."""

import os
import random
import time
from dataclasses import replace
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from phonon.engine.clock import Clock
from phonon.engine.player import Player
from phonon.patterns import fastcat, pure, silence, slowcat, stack

SECOND = 48_000
ROUNDS = int(os.environ.get("PHONON_SWAPS", "60"))
PATTERN = stack(
    [
        fastcat([pure({"level": 0.5})] * 5),
        fastcat([silence, pure({"level": 0.25}), silence]).slow(Fraction(7, 5)),
    ]
)
PATTERNED = slowcat([pure(0.5), pure(0.7), pure(Fraction(1, 3)), pure(1.1)])
OTHERS = (PATTERNED, pure(0.9), pure(Fraction(13, 24)), slowcat([pure(0.6), pure(1.4)]))


def performed(kit, seed, *, edited):
    """What a performance sounds like in which one output is never touched, and how many swaps."""

    def short(value, moment):
        return replace(kit.click(value, moment), gate=0.004, hold=0.004)

    def piece(number):
        made = kit.streamed(PATTERN, short, cps=cps)
        made.outputs["o2"] = kit.node("mul", kit.node("sine", 100 + number), 0.0)
        return made

    chance = random.Random(seed)
    cps = PATTERNED
    player = Player()
    player.swap(piece(0))
    parts = []
    for number in range(ROUNDS):
        act, count = chance.random(), chance.randrange(1_500, 7_000)
        nudge, other = chance.choice([1 / 16, -1 / 32, 0.01, -0.02]), chance.choice(OTHERS)
        when = chance.choice(["now", "now", "beat"])
        parts.append(player.render(count))
        if act < 0.04:
            player.nudge(nudge)
        elif act < 0.08:
            cps = other
            player.swap(piece(number))
        elif edited:
            player.swap(piece(number), when)
        parts.append(player.render(960))  # a tempo waits until no program fades
    told = player.telemetry()
    assert told.late == 0
    return np.concatenate(parts), told.swaps


def test_swaps_between_tempi_and_nudges_move_nothing(kit):
    sound, swaps = performed(kit, 1, edited=True)
    alone, fewer = performed(kit, 1, edited=False)
    assert swaps >= fewer + ROUNDS / 2
    assert np.array_equal(sound, alone)
    assert np.count_nonzero(np.diff(sound[:, 0] > 0.1)) > ROUNDS / 4


@pytest.mark.parametrize("cps", [pure(Fraction(13, 24)), PATTERNED])
def test_onsets_are_exact_after_years(kit, cps):
    """At frame 2**40 onsets are where exact arithmetic says, also after a swap."""
    far = 1 << 40
    cycles = 4 * 10**6
    early = Clock(cps, SECOND)
    begin = early.exact(Fraction(4)) * (cycles // 4)  # every four cycles are alike
    assert begin.denominator < 1 << 20

    def piece():
        return kit.streamed(fastcat([pure({"level": 0.5})] * 5), kit.click, cps=cps)

    player = Player()
    player._memory.engine.time = far
    player._scores.now.feed.clock = clock = Clock(cps, SECOND, Fraction(cycles), far)
    player._scores.now.number = -1  # as if it had played all the time
    player.swap(piece())
    player.render(SECOND + 2_000)
    player.swap(piece(), "beat")
    player.render(4 * SECOND)
    assert player.telemetry().swaps == 2
    fifths = [clock.frame(Fraction(cycles) + Fraction(number, 5)) for number in range(60)]
    found = [
        event.begin
        for loaded in (*player._scores.old, player._scores.now)
        for event in loaded.feed.sounded
    ]
    heard = sorted({frame for frame in found if frame < player.frame})
    assert heard == [frame for frame in fifths if frame < player.frame]
    assert fifths == [early.frame(Fraction(number, 5)) + far for number in range(60)]
    assert player.telemetry().late == 0


def test_the_lookahead_grows_while_the_interface_is_busy(kit, monkeypatch):
    now = [0.0]
    clock = SimpleNamespace(
        monotonic=lambda: now[0], perf_counter=time.perf_counter, sleep=time.sleep
    )
    monkeypatch.setattr("phonon.engine.player.time", clock)
    player = Player()
    player.swap(kit.streamed(pure({"level": 0.5}).fast(16), kit.click))
    out = np.zeros((240, 2), np.float32)

    def play(seconds, gap):
        """Look ahead once per `gap`; how many events were late, and how far looks go then."""
        before = player.telemetry().late
        for _ in range(round(seconds / gap)):
            player.pump()
            now[0] += gap
            for _ in range(round(gap * SECOND / len(out))):
                player._memory.play(out.ctypes.data, len(out))
        return player.telemetry().late - before, player.seconds_ahead

    assert play(2, 0.02) == (0, 0.15)
    late, target = play(0.8, 0.4)
    assert late > 0
    assert target >= 0.8
    assert play(4, 0.4)[0] == 0
    late, target = play(40, 0.02)
    assert late == 0
    assert target == pytest.approx(0.15)
