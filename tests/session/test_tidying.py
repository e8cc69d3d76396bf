"""Garbage is collected when something was replaced, and not in between."""

import gc
import weakref

import pytest

from phonon.session import tidying
from phonon.session.tidying import Tidying


class Circle:
    def __init__(self):
        self.itself = self


@pytest.fixture
def tidy():
    with Tidying() as found:
        yield found


def old_circle():
    """Something in a circle that young collections do not look at any more."""
    circle = Circle()
    gc.collect(1)
    return weakref.ref(circle), circle


def test_what_was_replaced_is_collected_at_the_next_look(tidy):
    watched, circle = old_circle()
    del circle
    assert not tidy.look()
    assert watched() is not None
    tidy.soon()
    assert tidy.look()
    assert watched() is None
    assert not tidy.look()


def test_python_itself_leaves_what_is_old_alone(tidy):
    watched, circle = old_circle()
    del circle
    for _ in range(30):
        gc.collect(1)
    kept = [[number] for number in range(100_000)]
    assert len(kept) == 100_000
    assert watched() is not None


def test_without_replacements_it_is_collected_now_and_then(tidy, monkeypatch):
    watched, circle = old_circle()
    del circle
    moment = tidying.time.monotonic() + tidying.SELDOM + 1
    monkeypatch.setattr(tidying.time, "monotonic", lambda: moment)
    assert tidy.look()
    assert watched() is None
    assert not tidy.look()


def test_afterwards_python_collects_as_before():
    before = gc.get_threshold()
    tidy = Tidying()
    tidy.begin()
    assert gc.get_threshold() != before
    tidy.end()
    assert gc.get_threshold() == before
