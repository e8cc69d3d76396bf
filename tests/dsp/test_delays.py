"""Delays: time, level and side of echoes, gliding, bounded feedback."""

import numpy as np
import pytest

RATE = 48_000
CLICK = np.zeros(RATE)
CLICK[0] = 1.0
SILENCE = np.zeros(RATE)
HUM = np.sin(2 * np.pi * 220 * np.arange(RATE) / RATE)


def echoes(side: np.ndarray) -> dict[int, float]:
    """The frames that are not silent, with their levels."""
    places = np.flatnonzero(np.abs(side) > 1e-4)
    return {int(place): float(side[place]) for place in places}


@pytest.mark.parametrize("time", [0.0625, 0.1, 0.125, 0.375])
def test_an_echo_is_exact_to_the_frame(listen, time) -> None:
    left, right = listen(
        "delay", RATE, left=CLICK, right=SILENCE, time=time, feedback=0.5, mix=0.25
    )
    frames = round(time * RATE)
    repeats = range(1, (RATE - 1) // frames + 1)
    meant = {0: 0.75} | {k * frames: 0.25 * 0.5 ** (k - 1) for k in repeats}
    assert echoes(left) == pytest.approx({k: v for k, v in meant.items() if v > 1e-4}, rel=1e-4)
    assert not echoes(right)


def test_a_delay_between_frames_shifts_the_phase(listen) -> None:
    time = 100.5 / RATE
    left, _ = listen("delay", RATE, left=HUM, right=HUM, time=time, feedback=0.0, mix=1.0)
    meant = np.sin(2 * np.pi * 220 * (np.arange(RATE) - 100.5) / RATE)
    assert left[1_000:] == pytest.approx(meant[1_000:], abs=1e-4)


def test_a_new_delay_time_glides_without_a_click(listen) -> None:
    time = np.where(np.arange(RATE) < RATE // 2, 0.1, 0.12)
    left, _ = listen("delay", RATE, left=HUM, right=HUM, time=time, feedback=0.0, mix=1.0)
    assert np.abs(np.diff(left[6_000:])).max() < 3 * np.abs(np.diff(HUM)).max()
    late = np.sin(2 * np.pi * 220 * (np.arange(RATE) - 0.12 * RATE) / RATE)
    assert left[-4_800:] == pytest.approx(late[-4_800:], abs=0.01)


def test_ping_pong_alternates_left_and_right(listen) -> None:
    left, right = listen(
        "pingpong", RATE, left=CLICK, right=CLICK, time=0.1, feedback=0.5, width=1.0, mix=1.0
    )
    assert echoes(left) == pytest.approx({4_800 * k: 0.5 ** (k - 1) for k in (1, 3, 5, 7, 9)})
    assert echoes(right) == pytest.approx({4_800 * k: 0.5 ** (k - 1) for k in (2, 4, 6, 8)})


def test_ping_pong_without_width_stays_in_the_middle(listen) -> None:
    left, right = listen("pingpong", RATE, left=CLICK, right=SILENCE, width=0.0, mix=1.0)
    assert left == pytest.approx(right)
    assert np.abs(left).max() == pytest.approx(0.25)


def test_multitap_alternates_its_taps_between_the_sides(listen) -> None:
    left, right = listen(
        "multitap", RATE, left=CLICK, right=CLICK, time=0.1, taps=4.0, feedback=0.0, mix=1.0
    )
    assert echoes(left) == pytest.approx({4_800: 1.0, 14_400: 0.64}, rel=1e-5)
    assert echoes(right) == pytest.approx({9_600: 0.8, 19_200: 0.512}, rel=1e-5)


def test_tape_echoes_get_duller_with_each_repeat(listen) -> None:
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 2_400)
    burst = np.concatenate([noise, np.zeros(RATE - 2_400)])
    steady = {"wow_depth": 0.0, "flut_depth": 0.0, "time": 0.1, "feedback": 0.9, "mix": 1.0}
    left, _ = listen("tapedelay", RATE, left=burst, right=burst, **steady)
    repeats = [left[4_800 * k :][:2_400] for k in (1, 3, 5)]
    centres = []
    for repeat in repeats:
        power = np.abs(np.fft.rfft(repeat)) ** 2
        centres.append((power * np.arange(len(power))).sum() / power.sum())
    assert centres[0] > 1.3 * centres[1] > 1.3 * centres[2]


def test_tape_feedback_above_one_stays_bounded(listen) -> None:
    left, _ = listen("tapedelay", RATE, left=HUM, right=HUM, time=0.01, feedback=1.2)
    assert 0.1 < np.abs(left[-4_800:]).max() < 8


def test_the_largest_feedback_stays_bounded(listen) -> None:
    for name in ("delay", "pingpong"):
        heard = listen(name, RATE, left=HUM, right=HUM, time=0.005, feedback=0.99)
        assert np.abs(heard).max() < 120
