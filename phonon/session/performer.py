"""The engine's player as a session has it: made for a rate, told what time is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phonon.audio.background import BackgroundSamples

if TYPE_CHECKING:
    from collections.abc import Callable

    from phonon.engine.player import Player


def make_player(
    rate: int,
    voices: int,
    samples: BackgroundSamples,
    seed: int | None,
    *,
    patient: bool,
    progress: Callable[[str, float, float], None] | None,
) -> Player:
    """A player; a patient one belongs to a clock that stands still while nobody looks."""
    from phonon.engine.player import Player

    return Player(
        sample_rate=rate,
        voices=voices,
        samples=samples,
        seed=seed,
        wait_for_kernels=patient,
        progress=progress,
    )
