"""Decoding of what terminals send."""

from __future__ import annotations

import pytest
from prompt_toolkit.keys import Keys

from phonon.editor.decoder import ALT, SHIFT_ENTER, Decoder


def keys_of(*pieces: str, flush: bool = True) -> list[tuple[str, str]]:
    found = []
    decoder = Decoder(lambda press: found.append((press.key, press.data)))
    for piece in pieces:
        decoder.feed(piece)
    if flush:
        decoder.flush()
    return found


@pytest.mark.parametrize(
    "sent",
    ["\x1b\r", "\x1b[13;5u", "\x1b[13;3u", "\x1b[27;5;13~", "\x1b[27;3;13~", "\x1b[13;133u"],
)
def test_alt_enter_and_ctrl_enter_are_one_key(sent):
    assert keys_of(sent) == [(ALT["Enter"], sent)] or keys_of(sent) == [(ALT["Enter"], "")]


@pytest.mark.parametrize("sent", ["\x1b.", "\x1b[46;5u", "\x1b[46;3u", "\x1b[27;5;46~"])
def test_alt_dot_and_ctrl_dot_are_one_key(sent):
    assert [key for key, _ in keys_of(sent)] == [ALT["."]]


@pytest.mark.parametrize("digit", list("0123456789"))
def test_alt_and_ctrl_digits_are_one_key(digit):
    for sent in (f"\x1b{digit}", f"\x1b[{ord(digit)};5u", f"\x1b[27;3;{ord(digit)}~"):
        assert [key for key, _ in keys_of(sent)] == [ALT[digit]]


def test_shift_enter_is_a_key_where_it_is_sent():
    assert [key for key, _ in keys_of("\x1b[13;2u")] == [SHIFT_ENTER]
    assert [key for key, _ in keys_of("\x1b[27;2;13~")] == [SHIFT_ENTER]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1b[99;5u", Keys.ControlC),
        ("\x1b[27u", Keys.Escape),
        ("\x1b[101;5u", Keys.ControlE),
        ("\x1b[115;5u", Keys.ControlS),
        ("\x1b[9;2u", Keys.BackTab),
        ("\x1b[127u", Keys.ControlH),
        ("\x1b[27;5;120~", Keys.ControlX),
        ("\x1b[13u", Keys.ControlM),
        ("\x1b[A", Keys.Up),
        ("\x1bOP", Keys.F1),
    ],
)
def test_keys_sent_as_code_points_are_those_of_a_plain_terminal(sent, key):
    assert [found for found, _ in keys_of(sent)] == [key]


def test_characters_sent_as_code_points_are_typed():
    assert keys_of("\x1b[97u") == [("a", "a")]
    assert keys_of("\x1b[97;2u") == [("A", "A")]
    assert keys_of("\x1b[246u") == [("ö", "ö")]


@pytest.mark.parametrize("sent", ["\x1b[57358u", "\x1b[120;3u", "\x1b[27;7;120~", "\x1b[5;5u"])
def test_unknown_combinations_type_nothing(sent):
    assert keys_of(sent) == []


def test_esc_alone_is_esc_and_unknown_alt_keys_are_two_keys():
    assert keys_of("\x1b", flush=False) == []
    assert [key for key, _ in keys_of("\x1b")] == [Keys.Escape]
    assert [key for key, _ in keys_of("\x1bj")] == [Keys.Escape, "j"]


@pytest.mark.parametrize("cut", range(1, 8))
def test_a_key_may_arrive_in_pieces(cut):
    sent = "\x1b[13;5ux"
    assert [key for key, _ in keys_of(sent[:cut], sent[cut:])] == [ALT["Enter"], "x"]


@pytest.mark.parametrize("cut", range(3, 5))
def test_answers_of_the_terminal_become_no_keys(cut):
    answers, found = [], []
    decoder = Decoder(lambda press: found.append(press.key), answers.append)
    sent = "\x1b[?1u"
    decoder.feed("a" + sent[:cut])
    decoder.feed(sent[cut:] + "b")
    assert found == ["a", "b"]
    assert answers == ["\x1b[?1u"]


def test_pasted_text_is_pasted_whole():
    assert keys_of("\x1b[200~x\x1b1\x1b.y\x1b[201~") == [(Keys.BracketedPaste, "x\x1b1\x1b.y")]
