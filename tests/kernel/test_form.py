"""Declarations: what is read from a signature, and what is refused with its place."""

import pytest

from phonon.errors import PhononError
from phonon.kernel.form import (
    audio,
    bank,
    bits,
    choice,
    hz,
    memory,
    number,
    read,
    seconds,
    seed,
    state,
    states,
)
from phonon.kernel.io_layout import capacity, kernel_layout, reach
from phonon.kernel.library import KernelKey, load
from phonon.kernel.maths import to_phase, write
from phonon.kernel.oracle import run


def stereo(
    left: audio, right: audio, side_left: audio = 0, side_right: audio = 0, gain: number(0, 1) = 1
):
    return left * gain + side_left, right * gain + side_right


def test_left_and_right_make_one_stereo_input():
    form = read(stereo)
    assert [signal.name for signal in form.inputs] == ["left", "side_left"]
    assert form.pairs == (True, True, False)
    assert form.slots == ("left", "right", "side_left", "side_right", "gain")
    assert form.outputs == 2
    assert form.stateless


def kept(
    freq: hz(20, 200),
    kind: choice("soft", "hard") = "hard",
    time: seconds(0, 2) = 0.5,
    *,
    n: bits(seed),
    s: state(1.0),
    many: states(3),
    line: memory(2.0, by="time"),
):
    write(line, freq + kind + time + s + many[0])
    return s


def test_a_signature_declares_kinds_ranges_and_defaults():
    freq, kind, time = read(kept).parameters
    assert (freq.kind, freq.low, freq.high, freq.default) == ("hz", 20, 200, None)
    assert (kind.words, kind.default) == (("soft", "hard"), 1.0)
    assert (time.kind, time.default) == ("seconds", 0.5)


def test_the_layout_numbers_state_rows_and_io_slots():
    form = read(kept)
    where = kernel_layout(form)
    assert where.rows == 6
    assert where.seeded == (0,)
    assert where.words[1] == 0x3F800000
    assert [slot.name for slot in where.lines] == ["line"]
    assert (where.state, where.lines[0].io, where.env, where.size) == (4, 5, 6, 7)
    assert where.start(1) != where.start(2)


def test_a_delay_line_is_as_long_as_its_constant_time_needs():
    (line,) = kernel_layout(read(kept)).lines
    assert reach(capacity(line, 48_000)) >= 96_000
    assert 4_800 <= reach(capacity(line, 48_000, {"time": 0.1})) < 9_600


def test_values_outside_the_range_are_clamped():
    def unit(x: number(-1, 1) = 0):
        return x

    assert run(read(unit), {"x": [-3.0, 0.5, 9.0]}, 3).tolist() == [[-1.0, 0.5, 1.0]]


def no_annotation(x):
    return x


def late_audio(gain: number(0, 1), x: audio):
    return x * gain


def bad_default(gain: number(0, 1) = 2):
    return gain


def bad_word(kind: choice("a", "b") = "c"):
    return kind


def bad_state(x: audio, *, s: number(0, 1)):
    return x + s


def bad_bound(x: audio, *, line: memory(1.0, by="time")):
    write(line, x)
    return x


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_annotation, "needs an annotation"),
        (late_audio, "must stand before the parameters"),
        (bad_default, "above its range"),
        (bad_word, "is not one of a b"),
        (bad_state, "must be state, bits, memory"),
        (bad_bound, "none of its parameters"),
    ],
)
def test_a_wrong_signature_is_refused_with_its_place(function, message):
    with pytest.raises(TypeError, match=message) as error:
        read(function)
    assert f"test_form.py:{function.__code__.co_firstlineno}" in str(error.value)


def branches(x: audio):
    if x > 0:
        x = -x
    return x


def calls(x: audio):
    return print(x)


def mixes(x: audio, *, p: bits):
    return x + p


def keeps(x: audio, *, p: bits):
    p = x  # noqa: F841 — a state, so it is used
    return x


def indexes(x: audio, *, s: states(4)):
    return s[4] + x


def loops(x: audio):
    for i in range(x):
        x += i
    return x


def condition(x: audio):
    return 1 if x else 0


def returns_bits(x: audio):
    return to_phase(x)


def early(x: audio):  # noqa: RET503 — that is the mistake
    return x
    x = 1


def nothing(x: audio):
    return y + x  # noqa: F821


def listed(x: audio):
    return [x for _ in range(3)]


def vector(x: audio, *, b: bank((0.1, 0.2))):
    write(b, x)
    return b


@pytest.mark.parametrize(
    ("function", "line", "message"),
    [
        (branches, 1, "must be written `a if c else b`"),
        (calls, 1, "neither in the vocabulary"),
        (mixes, 1, "cannot mix bits with floats|do not go with"),
        (keeps, 2, "p keeps bits"),
        (indexes, 1, "constant within 4 items"),
        (loops, 1, "whole numbers known while compiling"),
        (condition, 1, "is no comparison"),
        (returns_bits, 1, "returns floats"),
        (early, 1, "must be the last line"),
        (nothing, 1, "`y` has no value here"),
        (listed, 1, "not part of the form"),
        (vector, 2, "returns floats"),
    ],
)
def test_a_body_outside_the_form_is_refused_with_its_line(function, line, message):
    form = read(function)
    with pytest.raises(PhononError, match=message) as error:
        load([KernelKey(form, 1, "a" * len(form.slots))])
    assert f"test_form.py:{function.__code__.co_firstlineno + line}" in str(error.value)


def test_units_with_banks_cannot_be_compiled_for_voices():
    form = read(vector)
    with pytest.raises(PhononError, match="not on voices"):
        load([KernelKey(form, 16, "a")])
