"""What a program costs: the parts add up to the render loop."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import pytest

from phonon.session import compile_source
from phonon.session.costs import costs

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.ph"))
CHOSEN = EXAMPLES if "PHONON_FIGURES" in os.environ else EXAMPLES[2:8:3]


@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: path.stem)
def test_the_parts_add_up_to_the_loop_within_a_tenth(path):
    score, _ = compile_source(path.read_text())
    assert score is not None
    apart: list[float] = []
    while not apart or abs(apart[-1]) > 0.1:  # both are work on a machine that has other work
        assert len(apart) < 10, apart
        found = costs(score, Fraction(4))
        assert sum(found.units.values()) == pytest.approx(found.seconds)
        assert sum(found.owners.values()) == pytest.approx(found.seconds)
        assert set(score.outputs) <= set(found.owners)
        apart.append(found.seconds / found.loop_seconds - 1)


def test_a_unit_that_works_ten_times_as_often_costs_more():
    def cost(count: int) -> float:
        chain = " ".join(["# fold 2"] * count)
        score, _ = compile_source(f"out: saw 55 {chain} * 0.01")
        assert score is not None
        units = costs(score, Fraction(4)).units
        return next(seconds for name, seconds in units.items() if name == "fold")

    assert cost(20) > 2 * cost(2)
