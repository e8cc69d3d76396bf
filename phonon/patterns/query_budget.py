"""How much work one question to a pattern may be, so that none takes for ever."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from phonon.errors import Fault

MOST = 90_000  # patterns made; a second or two
CYCLE_COST = 4  # a cycle of a pattern inside another's, in made patterns


class QueryBudget:
    """What is left of the work that may be done; without end where nobody set a limit."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left: float = inf


BUDGET = QueryBudget()


def too_much() -> Fault:
    """The error of a question that is too much work."""
    return Fault("this is too much work for one cycle: fewer repetitions inside each other will do")


@contextmanager
def limited() -> Iterator[None]:
    """Whoever comes first sets the limit; what is done inside counts towards it."""
    mine = BUDGET.left == inf
    if mine:
        BUDGET.left = MOST
    try:
        yield
    finally:
        if mine:
            BUDGET.left = inf
