"""Offline rendering: exact lengths, stems, levels, tails, and files that are whole or not there."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import pytest
import soundfile

from phonon.audio import offline
from phonon.audio.offline import Take, render_array, render_file, stem_path
from phonon.engine.stats import Stats
from phonon.errors import PhononError
from phonon.patterns import pure, slowcat
from phonon.score import Score


@dataclass
class ToneRenderer:
    """Stands in for the renderer: output k is a sine of k × 100 Hz that rings out after the end."""

    score: Score
    sample_rate: int
    end: int
    options: dict = field(default_factory=dict)
    stats: Stats = field(default_factory=lambda: Stats(1, 1, 0, 3, 9, 1, 0, 0, 2, 0.5))
    frame: int = 0

    def render_outputs(self, frames):
        time = np.arange(self.frame, self.frame + frames)
        self.frame += frames
        decay = np.exp(-np.maximum(time - self.end, 0) / (0.1 * self.sample_rate))
        outputs = {
            name: np.repeat(
                (0.25 * decay * np.sin(2 * np.pi * 100 * k * time / self.sample_rate))
                .astype(np.float32)[:, np.newaxis], 2, axis=1,
            )
            for k, name in enumerate(self.score.outputs, 1)
        }  # fmt: skip
        return sum(outputs.values(), np.zeros((frames, 2), np.float32)), outputs


@pytest.fixture(autouse=True)
def renderer(monkeypatch):
    def make(score, *, sample_rate, end, **options):
        return ToneRenderer(score, sample_rate, end, options)

    monkeypatch.setattr("phonon.engine.Renderer", make, raising=False)


@pytest.fixture
def score():
    return Score(pure(Fraction(1, 2)), outputs={"o1": None, "o2": None})


def test_the_length_is_exact_at_any_tempo(score):
    for cps, cycles, rate in [("0.5", 4, 48_000), ("0.7", 3, 44_100), ("13/24", "7/3", 48_000)]:
        score.cps = pure(Fraction(cps))
        take = Take(cycles=Fraction(cycles), rate=rate)
        expected = round(Fraction(cycles) / Fraction(cps) * rate)
        assert render_array(score, take).shape == (expected, 2)


def test_the_length_follows_a_patterned_tempo(score):
    score.cps = slowcat([pure(Fraction(1)), pure(Fraction(1, 2))])
    assert len(render_array(score, Take(cycles=Fraction(3)))) == (1 + 2 + 1) * 48_000
    assert len(render_array(score, Take(begin=Fraction(1), cycles=Fraction(1)))) == 2 * 48_000


def test_a_take_lasts_its_seconds_or_four_cycles(score):
    assert len(render_array(score, Take(seconds=Fraction("0.1234")))) == 5_923
    assert len(render_array(score, Take())) == 8 * 48_000


def test_a_tail_is_added_to_the_end(score):
    one = Fraction(1)
    assert len(render_array(score, Take(seconds=one, tail=Fraction(1, 2)))) == 72_000
    sound = render_array(score, Take(seconds=one, tail=None))
    assert 1.5 * 48_000 < len(sound) < 3 * 48_000
    assert np.abs(sound[-4_800:]).max() < 1e-4


def test_a_tail_that_never_falls_silent_ends_after_the_longest_tail(score, monkeypatch):
    monkeypatch.setattr(offline, "QUIET", 0.0)
    monkeypatch.setattr(offline, "LONGEST_TAIL", 2)
    assert len(render_array(score, Take(seconds=Fraction(1), tail=None))) == 3 * 48_000


def test_a_file_holds_what_the_array_holds(score, tmp_path):
    take = Take(seconds=Fraction(1, 3))
    report = render_file(score, tmp_path / "a.wav", take, bits="32f")
    sound, rate = soundfile.read(tmp_path / "a.wav", dtype="float32")
    assert rate == 48_000
    assert np.array_equal(sound, render_array(score, take))
    assert report.frames == 16_000
    assert report.paths == [tmp_path / "a.wav"]


def test_stems_sum_to_the_mix_and_are_named_after_their_outputs(score, tmp_path):
    render_file(score, tmp_path / "a.wav", Take(seconds=Fraction(1)), bits="32f", stems=True)
    mix, one, two = (
        soundfile.read(tmp_path / name, dtype="float32")[0]
        for name in ("a.wav", "a.o1.wav", "a.o2.wav")
    )
    assert np.abs(one).max() > 0.2
    assert np.max(np.abs(one + two - mix)) < 1e-6


def test_stem_names_keep_the_folder_and_the_suffix():
    assert str(stem_path("takes/song.v2.wav", "o1")) == "takes/song.v2.o1.wav"
    assert str(stem_path("song", "o1")) == "song.o1.wav"


def test_normalizing_brings_the_true_peak_to_minus_1_db(score, tmp_path):
    take = Take(seconds=Fraction(1))
    path = tmp_path / "a.wav"
    report = render_file(score, path, take, normalize=True, measure=True, stems=True)
    assert offline.db(report.true_peak) == pytest.approx(-1, abs=0.01)
    stem = soundfile.read(tmp_path / "a.o1.wav")[0]
    assert np.abs(stem).max() > 0.3  # raised with the mix
    meter = offline.LoudnessMeter(48_000)
    meter.feed(render_array(score, take, normalize=True))
    assert offline.db(meter.true_peak) == pytest.approx(-1, abs=0.01)


def test_silence_is_not_normalized(score, tmp_path):
    score.outputs = {}
    take = Take(seconds=Fraction(1, 10))
    done = render_file(score, tmp_path / "a.wav", take, normalize=True, measure=True)
    assert (done.peak, done.true_peak, done.lufs) == (0, 0, -np.inf)
    assert not soundfile.read(tmp_path / "a.wav")[0].any()


def test_the_stats_of_a_render_match_its_file(score, tmp_path):
    done = render_file(score, tmp_path / "a.wav", Take(seconds=Fraction(2)), measure=True)
    figures = done.stats()
    sound = soundfile.read(tmp_path / "a.wav")[0]
    assert figures["peak"] == pytest.approx(np.abs(sound).max(), abs=1e-6)
    assert figures["rms"] == pytest.approx(np.sqrt(np.mean(sound**2)), abs=1e-6)
    assert figures["true_peak"] >= figures["peak"]
    assert -30 < figures["lufs"] < -5
    assert (figures["voices"], figures["stolen"], figures["faults"]) == (3, 1, 2)
    assert "no number 2 times" in done.warnings[0].message
    assert figures["seconds"] == 2
    assert figures["real_time_factor"] > 0


def test_progress_counts_frames_to_the_end(score, tmp_path):
    seen = []
    render_file(
        score, tmp_path / "a.wav", Take(seconds=Fraction(1)),
        progress=lambda label, done, total: seen.append((label, done, total)),
    )  # fmt: skip
    assert seen[-1] == ("rendering", 48_000, 48_000)
    assert [done for _, done, _ in seen] == sorted(done for _, done, _ in seen)


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, RuntimeError])
def test_an_interrupted_render_leaves_no_file_of_any_kind(score, tmp_path, error):
    def stop(label, done, total):
        if done > total / 2:
            raise error

    with pytest.raises(error):
        render_file(score, tmp_path / "a.wav", Take(seconds=Fraction(1)), stems=True, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_stem_that_cannot_be_written_leaves_no_mix(score, tmp_path):
    (tmp_path / "a.o2.wav").mkdir()
    with pytest.raises(PhononError, match=r"a\.o2\.wav: it is not a file"):
        render_file(score, tmp_path / "a.wav", Take(seconds=Fraction(1)), stems=True)
    assert [path.name for path in tmp_path.iterdir()] == ["a.o2.wav"]


def test_a_render_too_long_for_its_format_is_refused_at_once(score, tmp_path):
    with pytest.raises(PhononError, match="more than the 4 GiB"):
        render_file(score, tmp_path / "a.wav", Take(seconds=Fraction(80_000)), bits="32f")
    with pytest.raises(PhononError, match="at most 23 minutes"):
        render_array(score, Take(seconds=Fraction(1_500)))
