"""Which outputs a program's own commands leave audible."""

from __future__ import annotations

import pytest

from phonon.graph.node import Const
from phonon.patterns import pure
from phonon.score import Score

OUTPUTS = {name: Const(0.0) for name in ("o1", "o2", "o3")}


@pytest.mark.parametrize(
    ("commands", "audible"),
    [
        ([], "o1 o2 o3"),
        ([("mute", ("o1",))], "o2 o3"),
        ([("mute", ("o1", "o2"))], "o3"),
        ([("mute", ())], ""),
        ([("hush", ())], ""),
        ([("panic", ())], ""),
        ([("hush", ()), ("unhush", ())], "o1 o2 o3"),
        ([("hush", ()), ("unmute", ("o2",))], "o2"),
        ([("mute", ("o1",)), ("unmute", ("o1",))], "o1 o2 o3"),
        ([("unmute", ("o1",)), ("mute", ("o1",))], "o2 o3"),
        ([("solo", ("o2",))], "o2"),
        ([("solo", ("o2",)), ("solo", ("o3",))], "o2 o3"),
        ([("solo", ("o2", "o3")), ("unsolo", ("o3",))], "o2"),
        ([("solo", ("o2",)), ("unsolo", ())], "o1 o2 o3"),
        ([("solo", ("o2",)), ("mute", ("o2",))], ""),
        ([("solo", ("o9",))], ""),
    ],
)
def test_commands_of_a_program_decide_which_outputs_are_heard(commands: list, audible: str) -> None:
    score = Score(pure(1), outputs=OUTPUTS, commands=commands)
    assert list(score.heard) == audible.split()


def test_a_score_keeps_one_voice_builder() -> None:
    score = Score(pure(1))
    assert score.voice_builder is score.voice_builder
