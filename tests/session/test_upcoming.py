"""The events of the next cycles, as the running program will play them."""

from __future__ import annotations

import pytest

from phonon.errors import PhononError
from phonon.session.protocol import UpcomingEvent
from phonon.session.upcoming import MOST_EVENTS


def test_without_a_program_nothing_is_upcoming(session):
    assert session.upcoming(0, 1) == []


def test_events_come_in_order_with_their_output_and_controls(session):
    session.evaluate('o1: s "bd sn"\n~lead: note "<c4 e4>" # s "saw" # pan sine\nout: ~lead')
    assert session.upcoming(1, 2) == [
        UpcomingEvent(1.0, 1.5, "o1", {"s": "bd"}),
        UpcomingEvent(1.0, 2.0, "out", {"note": 4, "s": "saw", "pan": 0.5}),
        UpcomingEvent(1.5, 2.0, "o1", {"s": "sn"}),
    ]


def test_a_control_that_follows_a_signal_has_no_value(session):
    session.evaluate('~lfo: sine 2\no1: s "saw" # lpf (~lfo * 100 + 500)')
    (event,) = session.upcoming(0, 1)
    assert event.controls["s"] == "saw"
    assert None in event.controls.values()


def test_a_number_beyond_all_floats_has_no_value(session):
    assert session.evaluate('o1: s "bd" # n (1e300*1e300)').ok
    (event,) = session.upcoming(0, 1)
    assert event.controls["s"] == "bd"
    assert event.controls["n"] is None


def test_upcoming_lists_only_events_that_start_in_the_span(session):
    session.evaluate('o1: s "bd sn"')
    assert [event.begin for event in session.upcoming(0.25, 1.25)] == [0.5, 1.0]


def test_an_evaluation_changes_what_is_upcoming(session):
    session.evaluate('o1: s "bd"')
    session.evaluate('o1: s "hh"', scope="block")
    assert [event.controls["s"] for event in session.upcoming(3, 4)] == ["hh"]


def test_a_stream_is_left_out_of_the_cycle_in_which_it_fails(session):
    session.evaluate('o1: s "bd"\no2: fast "<1 5000000>" $ s "hh"')
    assert [event.output for event in session.upcoming(0, 1)] == ["o1", "o2"]
    assert [event.output for event in session.upcoming(1, 2)] == ["o1"]


def test_upcoming_is_limited_in_cycles_and_events(session):
    session.evaluate("\n".join(f'o{n}: s "hh*1024"' for n in range(1, 7)))
    assert len(session.upcoming(0, 1)) == MOST_EVENTS
    for begin, end in [(0, 17), (0, float("inf")), (float("nan"), 1)]:
        with pytest.raises(PhononError, match="at a time"):
            session.upcoming(begin, end)


def test_upcoming_events_cross_the_socket(start):
    session = start()
    session.evaluate('~lfo: sine 2\no1: s "bd:3" # gain 0.5 # lpf (~lfo * 100 + 500)')
    (event,) = session.upcoming(2, 3)
    assert (event.begin, event.end, event.output) == (2.0, 3.0, "o1")
    assert event.controls["s"] == "bd"
    assert event.controls["gain"] == 0.5
