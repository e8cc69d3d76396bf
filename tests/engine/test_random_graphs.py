"""Random graphs sound the same frame by frame and block by block."""

import random

import numpy as np
import pytest

from phonon.graph.node import Bus, Const, Curve, Held
from phonon.patterns import fastcat, pure
from phonon.patterns.signals import cyclic

FRAMES = 1_000


def grown(rng, kit, depth, buses):
    """A random graph that does not grow louder than it begins."""
    if depth == 0 or rng.random() < 0.1:
        return rng.choice(
            [
                kit.node("sine", rng.uniform(20, 4_000)),
                kit.node("saw", rng.uniform(20, 400)),
                Const(rng.uniform(-0.5, 0.5)),
                Held(fastcat([pure(rng.uniform(-0.5, 0.5)) for _ in range(96)])),
                Curve(cyclic(lambda x: 0.4 * x)),
                *[Bus(name) for name in buses],
            ]
        )

    def below():
        return grown(rng, kit, depth - 1, buses)

    unit = rng.choice(["add", "mul", "lpf", "onepole", "pan", "width", "left", "sub", "stereo"])
    if unit in ("add", "sub"):
        return kit.node("mul", kit.node(unit, below(), below()), 0.45)
    if unit == "mul":
        return kit.node(unit, below(), below())
    if unit == "lpf":
        return kit.node(unit, below(), kit.node("add", kit.node("mul", below(), 300), 900), 0.7)
    if unit == "onepole":
        return kit.node(unit, below(), 700)
    if unit == "pan":
        return kit.node("mul", kit.node(unit, below(), rng.random()), 0.7)
    if unit == "width":
        return kit.node("mul", kit.node(unit, below(), 1.2), 0.4)
    if unit == "stereo":
        return kit.node(unit, kit.node("left", below()), kit.node("left", below()))
    return kit.node(unit, below())


def piece(kit, seed):
    rng = random.Random(seed)
    names = [f"b{number}" for number in range(rng.randint(0, 4))]
    buses = {name: kit.node("mul", grown(rng, kit, 3, names), 0.4) for name in names}
    outputs = {f"o{n}": kit.node("mul", grown(rng, kit, 4, names), 0.2) for n in range(1, 4)}
    return kit.Piece(outputs, buses)


@pytest.mark.parametrize("seed", range(40))
def test_rendering_by_blocks_equals_rendering_by_frames(kit, seed):
    whole = piece(kit, seed).render(FRAMES)
    single = piece(kit, seed).render(FRAMES, block=1)
    assert np.isfinite(whole).all()
    assert np.abs(whole - single).max() < 1e-5
