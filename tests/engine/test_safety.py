"""NaN and infinity are silenced, peaks limited; the audio thread allocates nothing."""

import ctypes
import shutil
import subprocess
from math import inf, nan

import numpy as np
import pytest

from phonon.errors import PhononError
from phonon.graph.node import Bus, Control, Held, Mix, Stream
from phonon.graph.voice import Voice
from phonon.kernel import library
from phonon.patterns import fastcat, pure


def test_a_voice_that_is_not_a_number_is_silenced_without_the_others(kit):
    def play(value, moment):
        graph = kit.node("mul", Control("level", 1.0), Control("gate", 0.0))
        return Voice("x", graph, value, gate=1.0, hold=1.0)

    pattern = fastcat([pure({"level": 0.25}), pure({"level": nan}), pure({"level": inf})])
    engine = kit.streamed(pattern, play).engine(96_000)
    sound = engine.render(96_000)
    assert np.isfinite(sound).all()
    assert engine.stats.faults == 2
    assert np.all(sound[:48_000] == 0.25)


def test_a_feedback_loop_that_overflows_is_silenced_and_reset(kit):
    blow = Held(fastcat([pure(0.5), pure(1e30), pure(0.25)]))
    buses = {"a": kit.node("mul", kit.node("add", blow, Bus("a")), 0.5)}
    engine = kit.Piece({"o1": Bus("a"), "o2": kit.node("mul", kit.node("saw", 50), 0.1)}, buses)
    engine = engine.engine(96_000, stems=True)
    _, outputs = engine.render_outputs(96_000)
    assert all(np.isfinite(output).all() for output in outputs.values())
    assert engine.stats.faults > 0
    assert outputs["o1"][31_000, 0] == pytest.approx(0.5)
    assert not outputs["o1"][32_100:63_900].any()
    assert outputs["o1"][-1, 0] == pytest.approx(0.25)
    alone = kit.Piece({"o2": kit.node("mul", kit.node("saw", 50), 0.1)})
    assert np.array_equal(outputs["o2"], alone.render(96_000))


def test_below_its_ceiling_the_limiter_changes_nothing(kit):
    sound = kit.Piece({"o1": kit.node("mul", kit.node("saw", 50), 0.5)})
    out, mix, _ = sound.engine(48_000, stems=True).render_parts(48_000)
    assert np.array_equal(out, mix)


def test_the_limiter_is_never_exceeded(kit):
    loud = Held(fastcat([pure(0.5), pure(40.0), pure(1.5), pure(0.2)]))
    engine = kit.Piece({"o1": kit.node("mul", kit.node("saw", 50), loud)}).engine(96_000)
    sound = engine.render(96_000)
    assert np.abs(sound).max() <= np.float32(10 ** (-0.1 / 20))
    assert engine.stats.reduction_db > 30


def test_the_limiter_releases_with_a_time_of_50_milliseconds(kit):
    loud = kit.Piece({"o1": Held(fastcat([pure(4.0), pure(0.5)]))}).engine(96_000, stems=True)
    out, mix, _ = loud.render_parts(96_000)
    after = np.argmax(mix[:, 0] < 1)
    taken = 1 - out[after:, 0] / mix[after:, 0]
    assert taken[0] == pytest.approx(1 - 10 ** (-0.1 / 20) / 4, abs=1e-3)
    for seconds in (0.025, 0.05, 0.1, 0.2):
        expected = taken[0] * np.exp(-seconds / 0.05)
        assert taken[round(seconds * 48_000)] == pytest.approx(expected, rel=0.01)
    assert np.array_equal(out[after + 24_000 :], mix[after + 24_000 :])


def test_huge_programs_are_refused_by_name(kit):
    with pytest.raises(PhononError, match="no unit"):
        kit.Piece({"o1": kit.node("no_such_unit")}).engine(64)
    with pytest.raises(PhononError, match="MiB"):
        from phonon.engine.arena import Arena

        Arena(1 << 20).take(1 << 21, "echo")


FIGURES = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks")


class MallInfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (*FIGURES, "fordblks", "keepcost")]


def test_ten_thousand_blocks_allocate_nothing(kit):
    """The heap's figures before and after, around calls of the compiled function alone."""
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        pytest.skip("the C library does not count allocations")
    mallinfo.restype = MallInfo
    stream = Stream("o1", fastcat([pure({"freq": 100.0 * n, "level": 0.1}) for n in range(1, 9)]))
    buses = {"a": kit.node("add", Mix(stream), kit.node("mul", Bus("a"), 0.3))}
    engine = kit.Piece({"o1": Bus("a")}, buses, kit.tone).engine(64 * 10_000)
    engine.render(640)
    out = np.zeros((64 * 10_000, 2), np.float32)
    play, address = engine.memory._play, engine.memory.address
    play(0, out.ctypes.data, 64, 0, 0, address)
    before = mallinfo()
    play(0, out.ctypes.data, 64 * 10_000, 0, 0, address)
    after = mallinfo()
    assert [getattr(before, name) for name in FIGURES] == [getattr(after, name) for name in FIGURES]


def test_compiled_code_calls_nothing_that_could_wait_or_allocate(kit, tmp_path):
    reader = shutil.which("nm")
    if reader is None:
        pytest.skip("nm is not installed")
    engine = kit.streamed(pure({"freq": 100.0})).engine(64)
    code = tmp_path / "code.o"
    for item in engine.loaded_plan.kernels:
        code.write_bytes(library.object_cache().get(library.item_key(item)))
        found = subprocess.run([reader, "-u", code], capture_output=True, text=True, check=True)
        assert set(found.stdout.split()) - {"U"} <= {"memset", "memcpy", "memmove"}
