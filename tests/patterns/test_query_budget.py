"""The work of one query is limited, for each thread by itself."""

import threading

import pytest

from phonon.errors import Fault
from phonon.patterns import pure
from phonon.patterns.query_budget import BUDGET, MOST, limited_query


def test_a_query_that_builds_too_many_patterns_is_refused():
    with pytest.raises(Fault, match="too much work"), limited_query():
        for _ in range(MOST + 1):
            pure(0).fast(2)
    pure(0)  # and outside of a query there is no limit


def test_nested_queries_share_the_budget_of_the_outermost():
    with limited_query():
        pure(0)
        with limited_query():
            assert BUDGET.left <= MOST - 1
        assert BUDGET.left <= MOST - 1


def test_work_in_one_thread_is_not_counted_in_another():
    with limited_query():
        before = BUDGET.left
        found = []

        def work():
            with limited_query():
                for _ in range(1_000):
                    pure(0)
                found.append(BUDGET.left)

        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert BUDGET.left == before
        assert found[0] <= MOST - 1_000
