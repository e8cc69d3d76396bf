"""The engine's own record: clock, plan, mixer, limiter, counters.

`plan_layout` has the records of a loaded plan, `live_layout` those of swaps and telemetry.
"""

from __future__ import annotations

from phonon.engine.live_layout import (
    METERS,
    FadeRecord,
    RequestsRecord,
    SwapRecord,
    TailRecord,
    TelemetryRecord,
)
from phonon.engine.plan_layout import EventRingRecord, PlanRecord, StripRecord
from phonon.kernel.records import AddressCells, Cells, Record, cells, what_follows

MOST_STRIPS = METERS - 1
TAILS = 4  # that may ring at once
STRETCHES = 8  # of which average and worst loads are made


class LoadStretch(Record):
    """A stretch of time: nanoseconds of work, frames, nanoseconds of the thread."""

    busy: int
    frames: int
    thread: int


class TimeSlot(Record):
    """The time that a part of a block has taken, and how often it ran."""

    nanoseconds: int
    calls: int


class TimesRecord(Record):
    """The times of a profile, part by part; see `stopwatch`."""

    last: int  # nanoseconds: the last look at the clock
    counters: int  # one per group: in how many blocks it sounded
    slots: Cells[TimeSlot] = what_follows()


class EngineRecord(Record):
    """The state of an engine."""

    time: int  # the first frame of the next block
    block: int  # frames per block
    fifo: int  # one block, interleaved
    fifo_left: int  # frames of it not yet taken
    plan: PlanRecord
    ring: EventRingRecord
    ring_read: int  # how far the current block has read
    since: int  # the frame from which on its plan plays: voices before that were another one's
    unheard: int  # voices that are sent up to this place of the ring do not sound
    voice_limit: int
    serial: int  # voices are numbered as they start
    mix: int  # the sum of the outputs before the limiter: left, then right
    stems: int  # where stems and mix are copied to, or 0: channels of `stems_row` frames
    stems_row: int
    stems_frame: int  # the next frame there
    times: TimesRecord  # of a profile, or none

    voices: int  # sounding, not yet fading out
    most_voices: int
    started: int
    stolen: int
    late: int  # events that came after their frame
    latest: int  # frames that the latest of them came too late
    dropped: int  # voices that found no room in the list of their group
    faults: int  # voices and signals that were not numbers

    fade_step: float  # what a fading voice loses per frame
    limiter_ceiling: float
    limiter_release: float
    limiter_gain: float
    limiter_lowest: float

    swap: SwapRecord  # the one that is to be carried out, or none
    swap_done: int  # number of the last one that was
    swap_missed: int  # number of the last one that came too late
    swap_frame: int  # when the last one was carried out
    swaps: int
    fade: FadeRecord  # the one that goes on, or none
    fade_from: int  # its first frame
    fade_frames: int  # how long fades are
    tails: AddressCells[TailRecord] = cells(TAILS)
    sent: int  # the frame up to which all events have been sent

    strips: AddressCells[StripRecord] = cells(MOST_STRIPS)
    strip_count: int
    strip_step: float  # the most that a gain moves per frame
    master: float  # where the master's gain is to go
    master_gain: float  # where it is
    requests: RequestsRecord
    seen: Cells[int] = cells(3)  # requests, as far as they have been seen
    hushed: int
    hush_gain: float
    hush_step: float  # per frame

    telemetry: TelemetryRecord
    metered: int  # whether levels and the scope are wanted
    measured: int  # as far as the reader's request for new extremes has been seen
    rate: float
    whole_rate: int  # the same as a word
    clock: int  # the address of clock_gettime, or 0
    clock_wall: int
    clock_thread: int
    moment: Cells[int] = cells(2)  # seconds and nanoseconds, as the clock writes them
    calling: int  # whether a call goes on
    begun: int  # nanoseconds: when the last call began
    thread: int  # nanoseconds of the thread, when the last call began
    ended: int  # nanoseconds of the thread, when the last call ended; 0 where they do not count
    between: int  # those that the thread worked between the last call and this one
    chunk: int  # frames of the last call
    gap: int  # the longest time between two calls of late
    gap_age: int  # in calls
    untold: int  # blocks that have been counted, and of which the backend may still tell
    untold_age: int  # in calls
    stall: int  # test hook: the next call takes so many nanoseconds longer
    stretch: int  # the number of the current stretch of time
    stretch_frames: int  # frames in it
    stretches: Cells[LoadStretch] = cells(STRETCHES)
    peak_stretch: int
    peak_frames: int
    peaks: Cells[float] = cells(STRETCHES)  # the worst loads of longer stretches
