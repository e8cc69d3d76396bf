"""Requests, answers and failures as messages over a socket."""

from __future__ import annotations

import socket

import pytest

from phonon.errors import Diagnostic, PhononError
from phonon.session import remote, wire
from phonon.session.protocol import VERBS, Evaluation, Highlight, Message, SampleBank, Status, Wave


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (
            Evaluation,
            Evaluation(False, (Diagnostic("no", 1, 2, 1, 3, ("yes",)),), ("~a",), ("out",)),
        ),
        (Status, Status(recording=None, definitions={"out": "out: saw 1"})),
        (list[Highlight], [Highlight(1, 2, "out", ((3, 4), (5, 6)), "out")]),
        (list[SampleBank], [SampleBank("bd", ("a.wav",)), SampleBank("sn")]),
        (Wave, Wave(0.5, (0.25, 1.0))),
        (list[Message], [Message(1, "gone", "error")]),
        (float | None, None),
        (float | None, 0.5),
        (list[str], ["out", "o1"]),
        (None, None),
    ],
)
def test_answers_are_decoded_to_equal_values(kind, value):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, wire.encode(wire.answer(value)))
        reply = wire.decode(wire.replies_of(kind), wire.receive(theirs))
    assert reply.value == value


def test_failures_are_decoded_to_equal_diagnostics():
    found = [Diagnostic("wrong", 3, 4, 3, 6, ("right",))]
    data = wire.encode(wire.Failure(found))
    assert wire.decode(wire.replies_of(list[str]), data).diagnostics == found


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b'{"value":5}', b'{"reply":"answer"}', b'{"reply":"answer","value":5}'],
)
def test_a_reply_of_another_shape_is_refused(data):
    with pytest.raises(PhononError, match="not understood"):
        wire.decode(wire.replies_of(list[str]), data)


def test_a_request_carries_the_arguments_by_name():
    requests = wire.requests_of(VERBS.values())
    request = wire.request(VERBS["evaluate"], ("out: saw 55",), {"scope": "block"})
    named = {"text": "out: saw 55", "scope": "block", "when": "now", "name": "<file>"}
    assert wire.name_and_arguments(wire.decode(requests, wire.encode(request))) == (
        "evaluate",
        named,
    )


def test_file_names_outside_unicode_do_not_hinder_an_answer():
    banks = [SampleBank("bd", ("\udcff.wav",))]
    reply = wire.decode(wire.replies_of(list[SampleBank]), wire.encode(wire.answer(banks)))
    assert reply.value == [SampleBank("bd", ("?.wav",))]


def test_a_message_cut_short_is_none():
    ours, theirs = socket.socketpair()
    with theirs:
        ours.sendall(wire.LENGTH.pack(100) + b"half")
        ours.close()
        assert wire.receive(theirs) is None


def test_a_closed_connection_is_detected_without_a_request():
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            assert not remote._hung_up(ours)
            theirs.send(b"x")
            assert not remote._hung_up(ours)
            assert ours.recv(1) == b"x"
        assert remote._hung_up(ours)


def test_a_length_out_of_range_is_refused():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"GET ")
        with pytest.raises(PhononError, match="longer than any"):
            wire.receive(theirs)
