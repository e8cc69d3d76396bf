"""Garbage is collected at the moments that the schedule chooses, and at no other."""

import gc
import weakref

import pytest

from phonon.session import gc_schedule
from phonon.session.gc_schedule import YOUNG, GarbageSchedule


class Circle:
    def __init__(self):
        self.itself = self


@pytest.fixture(params=[False, True], ids=["old", "young-too"])
def schedule(request):
    with GarbageSchedule(young=request.param) as found:
        yield found


@pytest.fixture
def young():
    with GarbageSchedule(young=True) as found:
        yield found


def old_circle():
    """An unreachable object that young collections do not look at any more."""
    circle = Circle()
    gc.collect(1)
    return weakref.ref(circle)


def new_objects():
    return [[number] for number in range(2 * YOUNG)]


def test_a_request_collects_once(schedule):
    watched = old_circle()
    assert not schedule.collect_if_due()
    assert watched() is not None
    schedule.request()
    assert schedule.collect_if_due()
    assert watched() is None
    assert not schedule.collect_if_due()


def test_python_does_not_collect_old_objects(schedule):
    watched = old_circle()
    for _ in range(30):
        gc.collect(1)
    kept = [[number] for number in range(100_000)]
    assert len(kept) == 100_000
    assert watched() is not None


def test_python_collects_young_objects_where_it_may():
    with GarbageSchedule():
        watched = weakref.ref(Circle())
        kept = new_objects()
        assert kept
        assert watched() is None


def test_young_objects_wait_for_the_schedule(young):
    watched = weakref.ref(Circle())
    kept = new_objects()
    assert kept
    assert watched() is not None
    assert not young.collect_if_due()
    assert watched() is None


def test_a_few_young_objects_are_not_worth_a_collection(young):
    gc.collect(0)
    watched = weakref.ref(Circle())
    assert not young.collect_if_due()
    assert watched() is not None


def test_everything_is_collected_once_in_an_interval(schedule, monkeypatch):
    watched = old_circle()
    moment = gc_schedule.time.monotonic() + gc_schedule.INTERVAL + 1
    monkeypatch.setattr(gc_schedule.time, "monotonic", lambda: moment)
    assert schedule.collect_if_due()
    assert watched() is None
    assert not schedule.collect_if_due()


@pytest.mark.parametrize("young", [False, True])
def test_afterwards_python_collects_as_before(young):
    before = gc.get_threshold()
    schedule = GarbageSchedule(young=young)
    schedule.begin()
    assert gc.get_threshold() != before
    assert gc.isenabled() != young
    schedule.end()
    assert gc.get_threshold() == before
    assert gc.isenabled()
