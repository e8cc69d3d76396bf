"""Records for changing plans while they sound (swap, fade, tail), for requests and telemetry."""

from __future__ import annotations

from phonon.engine.plan_layout import (
    ChannelRecord,
    EventRingRecord,
    LineHeader,
    OpRecord,
    PatchRecord,
    PlanRecord,
    RowRecord,
    SharedRecord,
    StripRecord,
)
from phonon.kernel.records import Cells, Record, Single, Table, cells

METERS = 65  # the master's and those of all strips
SCOPE = 2048  # frames

AT_ONCE, IN = 0, 1  # how the new plan's output comes
NEVER, OUT, RINGS = 0, 1, 2  # how the old one's goes: it was not there; it fades; it rings on


class SharedState(Record):
    """State that the old and the new plan both run on during a fade: `count` words of 32 bits.

    `shadow` is the old plan's copy.
    """

    state: int
    count: int
    shadow: int


class SharedLine(Record):
    """A delay line that both plans write into; `room` keeps what is overwritten in a block."""

    header: LineHeader
    data: int
    width: int  # floats per frame
    room: int


class FreshLine(Record):
    """A delay line that only the new plan writes into."""

    header: LineHeader
    data: int
    width: int  # floats per frame


class FadeStrip(Record):
    """An output that the fade changes: how the new one comes, how the old one goes."""

    strip: StripRecord
    channel: ChannelRecord  # the old one's signals
    comes: int
    goes: int
    gone: int  # whether there is no new one


class EasedSignal(Record):
    """A mix signal that changes at a swap while voices read it: it glides instead of jumping."""

    shared: SharedRecord
    before: SharedRecord
    patch: PatchRecord


class TailStrip(Record):
    """An output that rings on: its strip, and its signals."""

    strip: StripRecord
    channel: ChannelRecord


class TailRecord(Record):
    """A ringing tail: the rest of an old plan, which plays until it is silent."""

    ops: Table[OpRecord]
    strips: Table[TailStrip]
    carried: Table[int]
    quiet: int = 0  # frames of silence so far
    until: int = 0  # it is over at this frame


class FadeRecord(Record):
    """A fade from one plan to another: the old one plays on beside the new one."""

    ops: Table[OpRecord]
    shared: Table[SharedState]
    lines: Table[SharedLine]
    fresh: Table[FreshLine]
    eased: Table[EasedSignal]
    strips: Table[FadeStrip]
    carried: Table[int]
    tail: TailRecord


class SwapRow(Record):
    """A row of the old plan whose value goes on in the new one."""

    source: RowRecord
    target: RowRecord


class SwapRecord(Record):
    """A swap: the engine switches to another plan at `frame`."""

    frame: int
    plan: PlanRecord
    ring: EventRingRecord
    number: int
    unhush: int
    rows: Table[SwapRow]
    fade: FadeRecord


class RequestsRecord(Record):
    """Counters of the requests: hush, panic, unhush. Another process may count them up."""

    counts: Cells[int] = cells(3)


# -- telemetry ------------------------------------------------------------------------------------


class MeterRecord(Record, size=64):
    """Levels of an output, left and right."""

    peak: Cells[float] = cells(2)  # of the time since the last request
    mean: Cells[float] = cells(2)  # of squares, over 300 ms
    clipped: int


class TelemetryRecord(Record):
    """Figures that the engine measures of itself, for readers in any thread or process.

    A load is busy time / period; what the thread does between two calls, for the sound server, is
    part of it.
    """

    magic: int
    sequence: int  # odd while the engine writes
    frame: int
    calls: int
    load: float  # average of half a second
    load_peak: float  # the worst call of two seconds
    load_thread: float  # the average as the thread's own clock has it
    underruns: int  # periods that were missed before the backend said so
    silence: int  # their nanoseconds
    underrun_frame: int  # the last one's frame, or -1
    least_lead: int  # frames by which events were sent ahead, at least, since the last request
    late: int  # events that came after their frame
    latest: int  # frames by which the latest of them came late
    voices: int
    most_voices: int
    started: int
    stolen: int
    dropped: int
    faults: int
    swaps: int
    swap_frame: int
    hushed: int
    limiter: float  # the least gain so far
    chunk: int
    wanted: int  # a reader counts up; peaks and the least lead then begin anew
    scope_at: int
    anchor_sequence: int  # odd while the planning thread writes
    anchor: int  # the frame in which the music was at `cycle`, at `cps`
    cycle: float
    cps: float
    meters: Cells[MeterRecord] = cells(METERS)
    scope: Cells[Single] = cells(SCOPE)
