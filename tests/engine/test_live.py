"""A live player renders what the offline renderer does, whatever is swapped meanwhile."""

import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from phonon.engine import Renderer
from phonon.engine.player import Player
from phonon.lang.compiler import compile_program
from phonon.lang.splitter import split
from phonon.patterns import fastcat, pure, slowcat

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.ph"))
SECOND = 48_000


def compiled(text):
    score, diagnostics = compile_program(text)
    assert not any(found.severity == "error" for found in diagnostics), diagnostics
    return score


def offline(text, frames):
    return Renderer(compiled(text), end=frames).render(frames)


def player_of(text, **options):
    player = Player(**options)
    player.swap(compiled(text))
    return player


def largest_step(sound):
    return float(np.abs(np.diff(sound, axis=0)).max())


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_swaps_to_the_same_program_change_nothing(path):
    """A comment, statements in another order, at once or in time: not one bit."""
    text = path.read_text()
    frames = 6 * SECOND
    chance = random.Random(path.stem)
    player = player_of(text)
    statements = [chunk.text for chunk in split(text)]
    swaps, parts, done = [], [], 0
    while done < frames:
        count = min(chance.randrange(1, 20_000), frames - done)
        parts.append(player.render(count))
        done += count
        chance.shuffle(statements)
        again = "-- changed\n" + "\n\n".join(statements)
        swaps.append(player.swap(compiled(again), chance.choice(["now", "now", "beat", "cycle"])))
    assert np.array_equal(np.concatenate(parts), offline(text, frames))
    carried_out = sum(swap.frame is not None for swap in swaps)
    told = player.telemetry()
    assert carried_out >= 8
    assert told.swaps >= 1 + carried_out  # and whenever room is made for a new kind of voice
    assert told.late == 0
    assert player.take_problem() is None


def test_a_changed_cutoff_clicks_nowhere():
    text = "o1: saw 110 # lpf {} 2 # delay 0.11 0.6 * 0.4 + (saw 110 * 0.1)\no2: sine 220 * 0.2"
    player = player_of(text.format(600))
    steady = largest_step(player.render(SECOND))
    for cutoff in (700, 300, 900, 650):
        player.swap(compiled(text.format(cutoff)))
        after = player.render(SECOND // 2)
        steady = max(steady, largest_step(after[SECOND // 4 :]))
        assert largest_step(after) <= 1.2 * steady


def test_a_phase_goes_on_when_its_level_changes():
    player = player_of("o1: sine 220 * 0.5")
    player.render(10_001)
    player.swap(compiled("o1: sine 220 * 0.25"))
    sound = player.render(SECOND)[:, 0].astype(float)
    times = np.arange(10_001, 10_001 + SECOND)
    wanted = 0.25 * np.sin(2 * np.pi * 220 * times / SECOND)
    assert np.abs(sound - wanted)[2_000:].max() < 2e-3


def test_an_echo_rings_on_after_its_output_is_removed():
    player = player_of('o1: s "cp" # gain 0.8 # delay 0.25 0.7 :mix 0.6\no2: sine 100 * 0.001')
    player.render(SECOND // 10)
    player.swap(compiled("o2: sine 100 * 0.001"))
    tail = player.render(2 * SECOND)[:, 0]
    loud = [float(np.abs(tail[at : at + 4_800]).max()) for at in range(0, 2 * SECOND, 4_800)]
    assert max(loud[4:12]) > 0.02  # its echoes come after the swap
    assert largest_step(tail) < 1.2


def test_a_removed_drone_fades():
    player = player_of("o1: saw 110 * 0.3\no2: sine 50 * 0.01")
    steady = largest_step(player.render(SECOND))
    player.swap(compiled("o2: sine 50 * 0.01"))
    sound = player.render(SECOND)
    assert largest_step(sound) <= 1.2 * steady
    assert np.abs(sound[2_000:]).max() < 0.011


def test_sounding_voices_finish_when_their_pattern_changes():
    player = player_of('o1: s "tone" # note "c4" # legato 1 # gain 0.5\ncps: 0.5')
    steady = largest_step(player.render(SECOND))
    player.swap(compiled('o1: s "~ ~ ~ bd" # gain 0.5 # lpf 900\ncps: 0.5'))
    sound = player.render(SECOND // 4)
    assert largest_step(sound) <= 1.2 * steady
    assert np.abs(sound[-2_000:]).max() > 0.01


def short_of(kit):
    def short(value, moment):
        return replace(kit.click(value, moment), gate=0.01, hold=0.01)

    return short


def onsets(sound):
    loud = np.abs(sound[:, 0]) > 1e-6
    return np.flatnonzero(loud[1:] & ~loud[:-1]) + 1


def test_two_hundred_swaps_move_no_onset(kit):
    """One part is edited all the time; the other one's onsets stay, to the frame."""
    frames = 40 * SECOND
    pattern = fastcat([pure({"level": 0.5})] * 5)

    def piece(number):
        made = kit.streamed(pattern, short_of(kit), cps=pure(Fraction(13, 24)))
        made.outputs["o2"] = kit.node("mul", kit.node("sine", 100 + number), 0.0)
        return made

    wanted = onsets(piece(0).engine(frames).render(frames))
    player = Player()
    player.swap(piece(0))
    chance = random.Random(5)
    parts, done, swaps = [], 0, []
    while done < frames:
        count = min(chance.randrange(2_000, 12_000), frames - done)
        parts.append(player.render(count))
        done += count
        swaps.append(player.swap(piece(done), chance.choice(["now", "now", "beat"])))
    assert sum(swap.frame is not None for swap in swaps) >= 200
    assert np.array_equal(onsets(np.concatenate(parts)), wanted)


def counted(kit, cps):
    pattern = fastcat([pure({"level": 0.5})] * 4)

    return kit.streamed(pattern, short_of(kit), cps=cps)


def test_a_change_of_tempo_begins_where_the_music_is(kit):
    player = Player()
    player.swap(counted(kit, pure(0.5)))
    first = player.render(3 * SECOND)
    before = player.cycle
    player.tempo(1.0)
    assert player.cycle == before
    found = onsets(np.concatenate([first, player.render(3 * SECOND)]))
    wanted = [*range(24_000, 3 * SECOND, 24_000), *range(3 * SECOND, 6 * SECOND, 12_000)]
    assert found.tolist() == wanted  # and one at frame 0
    assert player.cycle == pytest.approx(before + 3)


def test_patterned_tempo_loses_and_doubles_nothing(kit):
    cps = slowcat([pure(0.5), pure(0.7), pure(Fraction(1, 3)), pure(1.1)])
    frames = 60 * SECOND
    wanted = onsets(counted(kit, cps).engine(frames).render(frames))
    player = Player()
    player.swap(counted(kit, cps))
    parts = []
    for _ in range(30):
        parts.append(player.render(2 * SECOND - 17))
        player.swap(counted(kit, cps))
    parts.append(player.render(frames - sum(map(len, parts))))
    assert np.array_equal(onsets(np.concatenate(parts)), wanted)


def test_a_nudge_moves_the_phase(kit):
    player = Player()
    player.swap(counted(kit, pure(0.5)))
    player.render(SECOND + 6_000)
    player.nudge(1 / 16)
    found = onsets(player.render(2 * SECOND)) + SECOND + 6_000
    assert np.diff(found).tolist() == [24_000] * (len(found) - 1)
    assert found[0] == 3 * 24_000 - 6_000


def test_onsets_are_exact_after_hours(kit):
    """At frame 10**9 (six hours) an onset is where exact arithmetic says."""
    player = Player()
    player.swap(counted(kit, pure(Fraction(13, 24))))
    player.render(SECOND)
    jump = (10**9 - SECOND) // 256 * 256
    player._memory.engine.time += jump
    player.swap(counted(kit, pure(Fraction(13, 24))))
    begin = player.frame
    found = onsets(player.render(4 * SECOND)) + SECOND + jump
    step = Fraction(24, 13) * SECOND / 4
    numbers = range(int(begin / step), int((begin + 4 * SECOND) / step) + 2)
    wanted = [int(number * step + Fraction(1, 2)) for number in numbers]
    assert set(found.tolist()) <= set(wanted)
    assert len(found) >= 8


def test_hush_fades_in_twenty_milliseconds_and_the_clock_runs_on():
    player = player_of("o1: saw 110 * 0.4")
    steady = largest_step(player.render(SECOND))
    before = player.frame
    player.hush()
    sound = player.render(4_800)
    assert largest_step(sound) <= 1.2 * steady
    assert np.abs(sound[:700]).max() > 0.1
    assert not sound[960 + 64 :].any()
    assert player.frame == before + 4_800
    assert player.telemetry().hushed
    player.unhush()
    assert np.abs(player.render(4_800)).max() > 0.3
    player.hush()
    player.render(4_800)
    player.swap(compiled("o1: saw 110 * 0.4"))
    assert np.abs(player.render(4_800)).max() > 0.3


def test_panic_ends_voices_and_tails():
    text = 'o1: s "tone*4" # note "c3" # delay 0.3 0.9 :mix 0.5'
    player = player_of(text)
    player.render(3 * SECOND)
    assert player.telemetry().voices
    player.panic()
    sound = player.render(SECOND // 4)
    assert not sound.any()
    assert player._memory.engine.voices <= 1  # what has begun since is hushed
    player.swap(compiled("o2: sine 50 * 0.001"))
    assert np.abs(player.render(SECOND // 10)).max() < 0.3  # of echoes nothing is left


def test_mute_and_solo_ramp_and_survive_swaps():
    text = "o1: saw 110 * 0.3\no2: sine 220 * 0.2"
    player = player_of(text)
    steady = largest_step(player.render(SECOND))
    for act, names in (("mute", ["o1"]), ("mute", []), ("solo", ["o2"]), ("solo", [])):
        getattr(player, act)(names)
        assert largest_step(player.render(4_800)) <= 1.2 * steady
    player.mute(["o1"])
    player.render(4_800)
    player.swap(compiled(text))
    assert np.abs(player.render(4_800)).max() == pytest.approx(0.2, abs=2e-3)
    player.solo(["o1"])  # mute beats solo
    player.render(4_800)
    assert not player.render(4_800).any()


def test_master_gain_moves_without_a_click():
    player = player_of("o1: sine 110 * 0.3")
    steady = largest_step(player.render(SECOND))
    player.master(0.5)
    sound = player.render(SECOND)
    assert largest_step(sound) <= 1.2 * steady
    assert np.abs(sound[-4_800:]).max() == pytest.approx(0.15, rel=0.05)


def test_literals_are_highlighted_while_their_voices_sound():
    text = 'o1: s "bd sn"\ncps: 1'
    player = player_of(text)
    player.render(4_800)
    lit = player.sounding(2_000)
    assert (*lit[0][:2], lit[0][3]) == (0, 24_000, "o1")
    words = [text[span.begin : span.end] for _, _, spans, _ in lit for span in spans]
    assert words[0] == "bd"
    player.render(24_000)
    words = {text[s.begin : s.end] for _, _, spans, _ in player.sounding(26_000) for s in spans}
    assert "sn" in words


def test_the_block_size_changes_no_sample():
    text = EXAMPLES[1].read_text()
    sounds = []
    for step in (64, 100, 4_096):
        player = player_of(text)
        sounds.append(np.concatenate([player.render(step) for _ in range(40_960 // step)]))
    shortest = min(map(len, sounds))
    assert all(np.array_equal(sound[:shortest], sounds[0][:shortest]) for sound in sounds)
