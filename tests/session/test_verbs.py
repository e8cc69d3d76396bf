"""A verb is declared once: proxies, the server and the tests' stub follow from the declaration."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pytest

from phonon.session.local import LocalSession
from phonon.session.protocol import VERBS, Evaluation, Session, Status
from phonon.session.remote import RemoteSession
from phonon.session.verbs import forward, verb, verbs
from tests.session.stub import StubSession


class Declared(ABC):
    @verb(route="slow", saves=True)
    def bark(self, loud: int, *, often: bool = False) -> str:
        """Makes a sound."""
        raise NotImplementedError

    @abstractmethod
    def close(self):
        """No verb."""


class Remote(Declared):
    def call(self, asked, arguments, options):
        return asked.name, asked.route, arguments, options

    def close(self): ...


def test_verbs_are_the_declared_methods():
    assert list(verbs(Declared)) == ["bark"]
    found = verbs(Declared)["bark"]
    assert (found.route, found.saves, found.replaces, found.answer) == ("slow", True, False, str)


def test_a_class_without_a_verb_cannot_be_made():
    with pytest.raises(TypeError, match="bark"):
        Remote()


def test_forwarded_verbs_arrive_with_their_arguments():
    made = forward(Declared)(type("Made", (Remote,), {}))()
    assert made.bark(3, often=True) == ("bark", "slow", (3,), {"often": True})
    assert made.bark.__doc__ == "Makes a sound."


@pytest.mark.parametrize("kind", [LocalSession, RemoteSession, StubSession])
def test_sessions_have_every_verb(kind):
    assert issubclass(kind, Session)
    assert not kind.__abstractmethods__
    assert set(VERBS) <= set(dir(kind))


def test_remote_sessions_carry_out_themselves_what_goes_through_memory():
    own = set(vars(RemoteSession))
    assert {name for name, verb in VERBS.items() if verb.route == "memory"} <= own


def test_the_stub_answers_with_the_declared_types():
    stub = StubSession()
    assert stub.evaluate("out: saw 55", scope="block") == Evaluation(True)
    assert stub.status() == Status()
    assert stub.outputs() == []
    assert stub.tap() is None
    assert stub.describe("bd").seconds == 0
    assert stub.calls[0] == ("evaluate", "out: saw 55", "block")
