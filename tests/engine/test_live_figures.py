"""Telemetry of a player: loads, levels, underruns, and what a swap costs."""

import ctypes
import os
import statistics
import threading
import time
from math import hypot, sqrt

import numpy as np
import pytest

from phonon.engine import telemetry
from phonon.engine.live_layout import SwapRecord, TelemetryRecord
from phonon.engine.memory_layout import MOST_STRIPS, EngineRecord
from phonon.engine.player import Player
from phonon.engine.swap import carry_out
from phonon.kernel import library
from phonon.kernel.native import native
from phonon.lang.compiler import compile_program
from phonon.patterns import pure

SECOND = 48_000
UNDERFLOW = 4
SECOND_NS = 1_000_000_000
Callback = ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 6)
Clock = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)


quiet = pytest.mark.skipif(
    "PHONON_FIGURES" not in os.environ,
    reason="a figure of time: set PHONON_FIGURES on a quiet core",
)


def compiled(text):
    return compile_program(text)[0]


def player_of(text):
    player = Player()
    player.swap(compiled(text))
    return player


class Backend:
    """What calls a player as a device does."""

    def __init__(self, player, frames=256):
        self.call, self.user, self.frames = Callback(player.callback), player.user, frames
        self.period = frames / player.sample_rate
        self.out = np.zeros((frames, 2), np.float32)

    def play(self, flags=0):
        self.call(0, self.out.ctypes.data, self.frames, 0, flags, self.user)


class Timed(Backend):
    """Calls in time, and says so if a call came too late; time passes as we say."""

    def __init__(self, player, frames=256):
        super().__init__(player, frames)
        self.now = SECOND_NS
        self.slept = 0
        self.between = 0  # nanoseconds that the thread works between two calls
        self.missed = 0
        self.told = []
        self.clock = Clock(self.tell)  # it has to live as long as the player does
        player._memory.engine.clock = ctypes.cast(self.clock, ctypes.c_void_p).value

    def tell(self, kind, place):
        self.now += 1_000  # a look takes a microsecond
        moment = (ctypes.c_int64 * 2).from_address(place)
        asleep = self.slept if kind == time.CLOCK_THREAD_CPUTIME_ID else 0
        moment[0], moment[1] = divmod(self.now - asleep, SECOND_NS)

    def run(self, calls, block_by_block=False):
        period = round(self.period * SECOND_NS)
        due, flags = self.now, []
        for _ in range(calls):
            self.play(UNDERFLOW if flags else 0)
            flags = flags[1:]
            self.now += self.between
            due += period
            if self.now > due:  # the blocks that were due in the meantime were silent
                blocks = (self.now - due) // period + 1
                self.missed += blocks
                flags = [True] * (blocks if block_by_block else 1)
                due += blocks * period
            self.slept += due - self.now
            self.now = due


@pytest.mark.parametrize("block_by_block", [False, True])
@pytest.mark.parametrize("blocks", [1, 3, 10])
def test_a_stall_counts_the_blocks_that_were_missed(blocks, block_by_block):
    player = player_of("o1: sine 100 * 0.1")
    backend = Timed(player)
    backend.run(20)
    assert player.telemetry().underruns == backend.missed == 0
    player._memory.engine.stall = int((blocks + 0.5) * backend.period * SECOND_NS)
    backend.run(50, block_by_block)
    assert backend.missed == blocks
    found = player.telemetry()
    assert found.underruns == blocks
    assert found.silence / SECOND_NS == pytest.approx(blocks * backend.period, rel=1e-6)
    assert found.underrun_frame > 0
    backend.play(UNDERFLOW)  # another one, of which no gap is to be seen
    assert player.telemetry().underruns == blocks + 1


@quiet
def test_the_load_is_the_time_of_the_audio_thread():
    player = player_of("\n".join(f"o{n}: saw {50 * n} # moog 800 0.5 * 0.02" for n in range(1, 17)))
    player.render(SECOND)
    backend = Backend(player)
    clocks = []

    def work():
        begun = time.thread_time()
        for _ in range(200):
            backend.play()
        clocks.append(time.thread_time() - begun)

    for _ in range(5):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        found = player.telemetry()
        mine = clocks[-1] / (200 * backend.period)
        if abs(found.load_thread / mine - 1) < 0.1 and found.load < 1.1 * found.load_thread:
            break
    assert found.load_thread == pytest.approx(mine, rel=0.1)
    assert found.load == pytest.approx(found.load_thread, rel=0.1)


def test_time_between_two_callbacks_is_part_of_the_load():
    player = player_of("o1: sine 100 * 0.1")
    backend = Timed(player)
    backend.between = round(0.25 * backend.period * SECOND_NS)
    backend.run(200)
    found = player.telemetry()
    for load in (found.load, found.load_thread, found.load_peak):
        assert load == pytest.approx(0.25, rel=0.02)


def test_the_peak_is_the_worst_block_of_two_seconds():
    player = player_of("o1: sine 100 * 0.1")
    backend = Timed(player)
    backend.run(400)
    assert player.telemetry().load_peak < 0.1
    player._memory.engine.stall = int(0.8 * backend.period * SECOND_NS)
    backend.run(1)
    assert player.telemetry().load_peak == pytest.approx(0.8, rel=0.01)
    backend.run(int(1.5 * SECOND / backend.frames))
    assert player.telemetry().load_peak == pytest.approx(0.8, rel=0.01)
    backend.run(int(0.8 * SECOND / backend.frames))
    assert player.telemetry().load_peak < 0.1


def test_the_peaks_are_those_of_the_samples_between_two_readings():
    player = player_of("o1: noise * 0.5 # stereo (pink * 0.5)")
    player.render(SECOND)
    player.telemetry()
    for _ in range(40):  # the peak is now in one, now in another of the four sums of the meter
        sound = player.render(640)
        peaks = telemetry.peaks(player.telemetry().meters[0])
        assert peaks == tuple(map(float, np.abs(sound).max(axis=0)))


def test_levels_are_those_of_the_outputs():
    player = player_of("o1: sine 100 * 0.5\no2: sine 1000 * 0.25")
    player.render(2 * SECOND)
    player.telemetry()
    player.render(SECOND // 2)
    found = player.telemetry()
    meters = player.meters(found, player.outputs)
    peaks = [max(telemetry.peaks(meter)) for meter in meters]
    rms = [hypot(*telemetry.levels(meter)) / sqrt(2) for meter in meters]
    assert peaks == pytest.approx([0.5, 0.25], rel=0.01)
    assert rms == pytest.approx([0.3535, 0.1768], rel=0.05)
    assert max(telemetry.peaks(found.meters[0])) == pytest.approx(0.75, rel=0.02)
    assert not found.meters[0].clipped
    player.swap(compiled("o1: sine 100 * 0.5 # pan 0\no2: sine 1000 * 0.25 # pan 1"))
    player.render(8 * SECOND)  # until the RMS has forgotten what was in the middle
    player.telemetry()
    player.render(SECOND // 2)
    found = player.telemetry()
    quiet = pytest.approx(0, abs=1e-4)
    meters = player.meters(found, player.outputs)
    (left, silent), (muffled, right) = (telemetry.peaks(meter) for meter in meters)
    assert (silent, muffled) == (quiet, quiet)
    assert telemetry.levels(meters[0]) == (pytest.approx(left / 2**0.5, rel=0.02), quiet)
    assert telemetry.levels(meters[1]) == (quiet, pytest.approx(right / 2**0.5, rel=0.02))
    assert telemetry.peaks(found.meters[0]) == pytest.approx((left, right), rel=0.02)
    sound = player.render(4_096)
    assert np.allclose(player.scope(), sound[-2048:].mean(axis=1), atol=1e-6)


def test_late_events_are_counted_and_played_at_once(kit):
    player = Player()
    pattern = pure({"level": 0.5}).fast(8)
    player.swap(kit.streamed(pattern, kit.click))
    player.render(SECOND // 2)
    backend = Backend(player)
    for _ in range(SECOND // backend.frames):  # nobody looks ahead for a second
        backend.play()
    player.pump()
    player.render(960)
    found = player.telemetry()
    assert found.late >= 3
    assert found.latest > 0.5 * SECOND
    assert found.least_lead < 0


def test_telemetry_can_be_placed_in_any_memory():
    buffer = bytearray(telemetry.BYTES)
    player = Player(record=buffer)
    player.swap(compiled("o1: sine 100 * 0.5"))
    player.render(SECOND)
    found = telemetry.read(TelemetryRecord.within(buffer))
    assert found.frame == SECOND
    assert found.swaps == 1
    assert found.cps == pytest.approx(0.5)
    assert found.cycle == pytest.approx(0.5 * found.anchor / SECOND)
    assert max(telemetry.peaks(found.meters[1])) == pytest.approx(0.5, rel=0.01)


@quiet
def test_a_hundred_nodes_are_built_in_twenty_milliseconds():
    def text(cutoff):
        return "\n".join(
            f"o{n}: saw {50 * n} # lpf {cutoff} 1 # hpf 40 0.7 # moog 4000 0.1"
            " # delay 0.1 0.2 :mix 0.3 * 0.04"
            for n in range(1, 17)
        )

    player = player_of(text(500))
    player.render(4_800)
    assert len(player._scores.now.loaded_plan.plan.runs()) >= 100
    times = []
    for number in range(12):
        score = compiled(text(500 + number))
        begun = time.thread_time()
        player.swap(score)
        times.append(1_000 * (time.thread_time() - begun))
        player.render(4_800)
    nodes = len(player._scores.now.loaded_plan.plan.runs())
    print(f"{nodes} nodes are built in {statistics.median(times):.1f} ms")
    assert statistics.median(times) <= 20


@native("void(i64, i64)")
def alone(engine: EngineRecord, swap: SwapRecord) -> None:
    """Carry a swap out, and nothing else."""
    carry_out(engine, swap)


@quiet
def test_a_swap_takes_less_than_a_hundred_microseconds():
    def text(cutoff):
        return "\n".join(
            f"o{n}: saw {50 * n} # lpf {cutoff} 1 # reverb 0.5 # delay 0.1 0.2 :mix 0.3 * 0.04"
            for n in range(1, 17)
        )

    player = player_of(text(500))
    player.render(4_800)
    player.swap(compiled(text(600)))
    assert player._scores.next.swap_plan.fade
    call = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_int64)(library.load({alone})[alone])
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        call(player.user, player._scores.next.record.address)
        times.append(time.perf_counter() - begun)
    print(f"a swap takes {1e6 * statistics.median(times):.1f} us of the audio thread")
    assert statistics.median(times) <= 100e-6


FIGURES = ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks")


class MallInfo(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (*FIGURES, "fordblks", "keepcost")]


def test_the_callback_allocates_nothing_even_in_a_swap():
    mallinfo = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if mallinfo is None:
        pytest.skip("the C library does not count allocations")
    mallinfo.restype = MallInfo
    player = player_of('o1: s "tone*8" # reverb 0.4\no2: saw 50 * 0.1')
    player.render(SECOND)
    backend = Backend(player)
    call = [0, backend.out.ctypes.data, backend.frames, 0, 0, backend.user]
    changed = []
    for number in range(1, 11):  # a thread that another test has left may be about something
        player.swap(compiled(f'o1: s "tone*8" # lpf {number}00 # reverb 0.5\no3: saw 50 * 0.1'))
        player.pump()
        before = mallinfo()
        for _ in range(20):
            backend.call(*call)
        after = mallinfo()
        assert player._memory.engine.swaps == 1 + number
        changed.append([name for name in FIGURES if getattr(before, name) != getattr(after, name)])
        if not changed[-1]:
            break
        player.render(SECOND // 10)
    assert changed[-1] == [], changed


def test_the_record_has_room_for_every_strip():
    assert len(TelemetryRecord.at(0).meters) == MOST_STRIPS + 1  # and the master
    assert telemetry.BYTES < 1 << 15
