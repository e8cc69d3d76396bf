"""A budget for the work of one query, so that no pattern takes for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf

from phonon.errors import Fault

MOST = 90_000  # patterns built; a second or two
CYCLE_COST = 4  # of querying one cycle of an inner pattern, in built patterns


class QueryBudget(threading.local):
    """The work that is left, in built patterns; infinite outside of `limited_query`.

    Each thread has its own: what is queried for a view must not count against what plays.
    """

    left: float = inf


BUDGET = QueryBudget()


def too_much() -> Fault:
    """The error of a query that exceeds the budget."""
    return Fault("this is too much work for one cycle: fewer repetitions inside each other will do")


@contextmanager
def limited_query() -> Iterator[None]:
    """Give the queries inside one budget; nested uses count towards the outermost."""
    mine = BUDGET.left == inf
    if mine:
        BUDGET.left = MOST
    try:
        yield
    finally:
        if mine:
            BUDGET.left = inf
