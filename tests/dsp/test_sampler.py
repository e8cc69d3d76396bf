"""The sampler: speed, direction, parts, loops, no clicks."""

import numpy as np
import pytest

from phonon.kernel.values import Recording

RATE = 48_000
FRAMES = 4_800
WAVE = np.sin(2 * np.pi * 480 * np.arange(FRAMES) / RATE)
RAMP = np.linspace(0.25, 0.75, FRAMES)


def recording(x: np.ndarray, rate: float = 1.0) -> Recording:
    return Recording([[float(value) for value in x]], rate)


def test_at_speed_one_the_output_is_the_recording(listen) -> None:
    heard = listen("sampler", 6_000, recordings=[recording(RAMP)])
    for side in heard:
        assert side[:4_700] == pytest.approx(RAMP[:4_700], abs=1e-6)
        assert (side[FRAMES:] == 0).all()


def test_two_channels_stay_apart(listen) -> None:
    stereo = Recording([[0.25] * 900, [-0.5] * 900])
    left, right = listen("sampler", 700, recordings=[stereo])
    assert left == pytest.approx(0.25)
    assert right == pytest.approx(-0.5)
    mono = listen("_sampler_mono", 700, recordings=[stereo])[0]
    assert (mono == left).all()


@pytest.mark.parametrize(("speed", "note", "rate"), [(0.5, 0, 1), (1, -12, 1), (1, 0, 0.5)])
def test_half_speed_by_speed_note_or_recording_rate(listen, speed, note, rate) -> None:
    taken = [recording(WAVE, rate)]
    left, _ = listen("sampler", 9_000, recordings=taken, speed=float(speed), note=float(note))
    meant = np.sin(2 * np.pi * 240 * np.arange(9_000) / RATE)
    # Before the first frame there is silence, which bends the first curve.
    assert left[2:] == pytest.approx(meant[2:], abs=1e-4)


def test_negative_speed_plays_backwards(listen) -> None:
    left, _ = listen("sampler", 6_000, recordings=[recording(RAMP)], speed=-1.0)
    assert left[:4_700] == pytest.approx(RAMP[::-1][:4_700], abs=1e-6)
    assert (left[FRAMES:] == 0).all()


def test_a_part_begins_and_ends_without_a_click(listen) -> None:
    ones = [recording(np.ones(FRAMES))]
    for speed in (1.0, -1.0):
        left, _ = listen("sampler", 3_000, recordings=ones, begin=0.25, end=0.75, speed=speed)
        assert left[100:2_300] == pytest.approx(1.0)
        assert (left[2_401:] == 0).all()
        assert np.abs(np.diff(left)).max() < 0.05
        assert abs(left[0]) < 0.05


def test_begin_and_end_select_a_part(listen) -> None:
    left, _ = listen("sampler", 3_000, recordings=[recording(RAMP)], begin=0.25, end=0.75)
    assert left[100:2_300] == pytest.approx(RAMP[1_300:3_500], abs=1e-6)


def test_the_start_of_a_recording_keeps_its_attack(listen) -> None:
    left, _ = listen("sampler", 100, recordings=[recording(np.ones(FRAMES))])
    assert left[0] == pytest.approx(1.0)


@pytest.mark.parametrize("speed", [1.0, -1.0, 1.5])
def test_a_loop_keeps_its_pitch(listen, speed) -> None:
    lap = np.sin(2 * np.pi * np.arange(100) / 100)
    taken = [recording(np.concatenate([lap, lap, lap]))]
    settings = {"loop": 1.0, "begin": 1 / 3, "end": 2 / 3, "speed": speed}
    left, _ = listen("sampler", RATE, recordings=taken, **settings)
    spectrum = np.abs(np.fft.rfft(left)) / (RATE / 2)
    assert np.argmax(spectrum) == pytest.approx(480 * abs(speed), abs=1)
    assert spectrum.max() > 0.98
    assert np.sort(spectrum)[-10] < 0.01


def test_accelerate_reaches_its_speed_in_its_time(listen) -> None:
    long = [recording(np.sin(2 * np.pi * 480 * np.arange(4 * RATE) / RATE))]
    left, _ = listen("sampler", RATE, recordings=long, accelerate=1.0, sustain=1.0)
    below = np.flatnonzero((left[:-1] < 0) & (left[1:] >= 0))
    pitches = RATE / np.diff(below)
    assert pitches[:5].mean() == pytest.approx(480, rel=0.03)
    assert pitches[-20:].mean() == pytest.approx(960, rel=0.03)


def test_speed_zero_is_silence(listen) -> None:
    assert (listen("sampler", 480, recordings=[recording(RAMP)], speed=0.0) == 0).all()


def test_interpolation_adds_little_distortion(listen) -> None:
    tone = [recording(np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE))]
    left, _ = listen("sampler", 24_000, recordings=tone, speed=1.37)
    meant = np.sin(2 * np.pi * 1_370 * np.arange(24_000) / RATE)
    assert np.sqrt(np.mean((left - meant) ** 2)) < 10 ** (-55 / 20)


def test_playback_that_slows_to_a_stop_is_silent(listen) -> None:
    long = [recording(np.full(RATE, 0.5))]
    left, _ = listen("sampler", RATE, recordings=long, accelerate=-1.0, sustain=0.5)
    assert np.abs(left[: RATE // 4]).max() > 0.4
    assert not left[RATE // 2 + 1 :].any()
