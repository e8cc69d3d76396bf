"""Swaps do not click: tails ring on, phases go on, onsets stay whole."""

import numpy as np
import pytest

from phonon.dsp.registry import units
from phonon.engine import Renderer
from phonon.engine.player import Player
from phonon.kernel.io_layout import kernel_layout
from phonon.lang.compiler import compile_program
from phonon.patterns import pure, stack

SECOND = 48_000
BEGIN = SECOND + 12_345  # of a swap
CLICK = -90.0  # dB of full scale above 15 kHz, where low tones have nothing

TONE = "synth tone freq = sine freq # adsr 0.05 0.1 1 0.3 * 0.3\n"
PLAYED = TONE + 'o1: s "tone" # freq 100'
MODULATED = '~pad: sine freq * ~m # adsr 0.05 0.1 1 0.3\no1: s "~pad" # freq 100\n'
OTHER = "o2: sine 60 * 0.1"

EDITS = {
    "a level": ("o1: sine 100 * 0.5", "o1: sine 100 * -0.25"),
    "a frequency": ("o1: sine 100 * 0.5", "o1: sine 130 * 0.5"),
    "a cutoff": ("o1: sine 100 # lpf 300 4 * 0.2", "o1: sine 100 # lpf 110 4 * 0.2"),
    "a side": ("o1: sine 100 * 0.3 # pan 0.2", "o1: sine 100 * 0.3 # pan 0.8"),
    "a held value": ('o1: sine 100 * "0.4"', 'o1: sine 100 * "0.1"'),
    "a curve": ("o1: sine 100 * (range 0.2 0.5 sine)", "o1: sine 100 * (range 0.1 0.3 sine)"),
    "a track": (
        "o1: sine 100 * (track [0 0.2, 2 0.5] :loop 2)",
        "o1: sine 100 * (track [0 0.4, 2 0.1] :loop 2)",
    ),
    "a term": ("o1: sine 100 * 0.3 + sine 60 * 0.2", "o1: sine 60 * 0.2"),
    "an output more": (OTHER, f"o1: sine 100 * 0.3\n{OTHER}"),
    "an output less": (f"o1: sine 100 # reverb 0.8 * 0.3\n{OTHER}", OTHER),
    "a voice output less": (f"{PLAYED} # reverb 0.8\n{OTHER}", f"{TONE}{OTHER}"),
    "another name of a bus": (
        "~a: sine 100 * 0.5\no1: ~a # reverb 0.5",
        "~b: sine 100 * 0.5\no1: ~b # reverb 0.5",
    ),
    "a circle": (
        "~a: sine 100 * 0.2 + ~b * 0.3\n~b: ~a # delay 0.1 0.3\no1: ~b",
        "~a: sine 100 * 0.2 + ~b * 0.5\n~b: ~a # delay 0.12 0.3\no1: ~b",
    ),
    "a note": (PLAYED, f'{TONE}o1: s "tone" # freq 130'),
    "an instrument": (PLAYED, f'{TONE.replace("tone", "other")}o1: s "other" # freq 100'),
    "an effect of voices": (PLAYED, f"{PLAYED} # lpf 300"),
    "no pattern any more": (PLAYED, "o1: sine 100 * 0.3"),
    "a stream elsewhere": (f"{PLAYED}\n{OTHER}", f'{TONE}o2: s "tone" # freq 100'),
    "a modulation of voices": (
        f"{MODULATED}~m: sine 0.3 * 0.1 + 0.5",
        f"{MODULATED}~m: sine 0.3 * 0.1 + 0.2",
    ),
    "a side of voices": (
        f"{PLAYED} # pan (sine 0.5 * 0.1 + 0.2)",
        f"{PLAYED} # pan (sine 0.5 * 0.1 + 0.8)",
    ),
}


def compiled(text):
    score, diagnostics = compile_program(text)
    assert not any(found.severity == "error" for found in diagnostics), diagnostics
    return score


def treble(sound):
    """The loudest that a sound is above 15 kHz, in dB of full scale."""
    places = np.arange(-128, 129)
    high = -2 * 15 / 48 * np.sinc(2 * 15 / 48 * places)
    high[128] += 1
    high *= np.blackman(257)
    sides = [np.convolve(side, high, "valid") for side in sound.T.astype(float)]
    return 20 * np.log10(np.abs(sides).max() + 1e-9)


def bend(sound):
    """The largest second difference."""
    return float(np.abs(np.diff(sound.astype(float), 2, axis=0)).max())


def offline(text, seconds=2):
    return Renderer(compiled(text), end=seconds * SECOND).render(seconds * SECOND)


def changed(*texts, when="now", step=0, player=None, begin=BEGIN):
    """What is heard of changes from one text to the next, a little before the first of them on."""
    player = player or Player()
    player.swap(compiled(texts[0]))
    player.render(begin - 512)
    parts = [player.render(512)]
    swaps = []
    for text in texts[1:]:
        swaps.append(player.swap(compiled(text), when))
        if step:
            parts.append(player.render(step))
    parts.append(player.render(SECOND // 2))
    return np.concatenate(parts), [swap for swap in swaps if swap.frame is not None], player


def check(sound, *texts):
    steady = [offline(text)[SECOND:] for text in texts]
    assert treble(sound) < max(CLICK, *(treble(part) + 3 for part in steady))
    assert bend(sound) < 1.6 * max(map(bend, steady))


@pytest.mark.parametrize("name", EDITS)
def test_a_change_clicks_nowhere(name):
    old, new = EDITS[name]
    sound, swaps, _ = changed(old, new)
    assert len(swaps) == 1
    check(sound, old, new)


def lined():
    """The units with delay lines that a signal goes through."""
    found = {unit.name: unit for unit in units().values() if unit.inputs}
    return sorted(
        name
        for name, unit in found.items()
        if any(slot.kept.kind in ("memory", "bank") for slot in kernel_layout(unit).lines)
    )


@pytest.mark.parametrize("name", lined())
def test_an_effect_comes_and_goes_without_a_click(name):
    """Its lines are empty at first: the sound must not begin in them as with a switch."""
    dry, wet = "o1: sine 100 * 0.3", f"o1: sine 100 * 0.3 # {name}"
    for old, new in ((dry, wet), (wet, dry)):
        sound, _, _ = changed(old, new)
        if name == "flanger":  # its echo of 0.7 ms comes back within a block: not by and by
            assert treble(sound) < -35
        else:
            check(sound, old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reverb 0.8 0.3", "reverb 0.5 0.6"),
        ("delay 0.25 0.5 :mix 0.5", "delay 0.3 0.7 :mix 0.5"),
        ("plate 0.02 3", "plate 0.01 2"),
        ("comb 440 0.8", "comb 330 0.7"),
    ],
)
def test_a_changed_effect_keeps_its_tail(old, new):
    """What was put into its lines is heard on, and both programs do not disturb one another."""
    texts = [f"{PLAYED} * 1 # {effect}" for effect in (old, new)]
    sound, _, _ = changed(*texts, begin=2 * SECOND - 4_801)
    steady = [offline(text, 3)[SECOND:] for text in texts]
    assert treble(sound) < max(CLICK, *(treble(part) + 3 for part in steady))
    level = [float(np.sqrt(np.mean(part[:, 0] ** 2))) for part in (sound[:512], sound[992:1504])]
    assert level[1] > 0.3 * level[0]


def test_a_swap_during_a_fade_does_not_click():
    """Three within a block, then one more every two milliseconds: the latest wins, in its turn."""
    texts = [f"o1: sine {freq} # lpf {8 * freq} 2 * 0.3" for freq in (100, 130, 90, 110)]
    sound, swaps, player = changed(*texts)
    assert len(swaps) == 1
    check(sound, texts[0], texts[-1])
    sound, swaps, player = changed(*texts, step=96)
    assert 1 <= len(swaps) < 3
    assert player.telemetry().swaps == 1 + len(swaps)
    check(sound, *texts)
    crossings = np.diff(np.signbit(player.render(SECOND)[:, 0])).sum()
    assert crossings == pytest.approx(2 * 110, abs=1)


def test_a_swap_while_hushed_fades_in():
    text = "o1: sine 100 * {}"
    player = Player()
    player.swap(compiled(text.format(0.5)))
    player.render(BEGIN)
    player.hush()
    player.render(480)  # not yet silent
    player.swap(compiled(text.format(0.3)))
    sound = player.render(SECOND // 2)
    player.hush()
    sound = np.concatenate([sound, player.render(4_800)])
    player.swap(compiled(text.format(0.4)))
    sound = np.concatenate([sound, player.render(SECOND // 2)])
    assert treble(sound) < -80  # the fade of a hush is a straight line
    assert np.abs(sound[-4_800:]).max() == pytest.approx(0.4, abs=0.01)


def test_an_onset_at_the_swap_sounds_once_and_whole(kit):
    """A swap at a cycle, with an onset of the old and of the new on it: only the new one's."""
    for other in (0.5, 0.25):
        player = Player()
        player.swap(kit.streamed(pure({"level": 0.5}), kit.click))
        sound = [player.render(SECOND)]
        piece = kit.streamed(pure({"level": other}), kit.click)
        piece.outputs["o2"] = kit.node("mul", kit.node("sine", 50.0), 0.0)
        player.swap(piece, "cycle")
        sound = np.concatenate([*sound, player.render(2 * SECOND)])[:, 0]
        assert set(np.unique(sound[: 2 * SECOND])) == {np.float32(0.5)}
        assert set(np.unique(sound[2 * SECOND :])) == {np.float32(other)}


def test_new_outputs_begin_at_once_beside_ringing_tails(kit):
    """The onset at the border of a stream that has not sounded is not faded in."""
    quiet = kit.streamed(pure({"level": 0.25}), kit.click)
    player = Player()
    player.swap(quiet)
    player.render(SECOND)
    other = kit.streamed(stack([pure({"level": 0.5})]), kit.click)
    other.outputs["o1"] = type(other.outputs["o1"])(
        type(other.outputs["o1"].stream)("~other", other.outputs["o1"].stream.pattern)
    )
    player.swap(other, "cycle")
    sound = player.render(2 * SECOND)[SECOND:, 0]
    assert sound[0] == pytest.approx(0.5, abs=1e-6)
    assert sound[SECOND // 2] == pytest.approx(0.5, abs=1e-6)
