"""Records of a loaded plan: operations, streams, patches, voices in groups, events.

Addresses of other records are absolute: everything lives in arenas that are allocated before the
first block and never move. An address of signals or state is a plain number (`int`).
"""

from __future__ import annotations

from phonon.kernel.records import (
    Addresses,
    Cells,
    Record,
    Single,
    Table,
    Word32,
    cells,
    own_line,
    what_follows,
)

LANES = 16
HOUSEKEEPING = 256  # voices are updated on this grid of frames, whatever the block
PENDING_LIMIT = 64


class RowRecord(Record, size=16):
    """A value that events set and operations follow: it moves by `slope` per frame."""

    value: Single
    slope: Single = 0.0
    since: Single = 0.0  # frames since it was set


class ChannelRecord(Record):
    """The addresses of an output's left and right signal."""

    left: int
    right: int


class StripRecord(ChannelRecord):
    """A strip of the mixer: what its output plays in a block, and the gain of that."""

    target: float  # where the gain is to go
    gain: float  # where it is
    slope: float = 0.0  # per frame, in this block
    meter: int  # its number in the telemetry record


# -- events ---------------------------------------------------------------------------------------

SKIP, SET, VOICE = 0, 1, 2


class SampleRecord(Record):
    """A recorded sound: the addresses of frame 0 of its channels."""

    left: int
    right: int
    frames: int
    rate: float  # of the recording, in those of the engine


class EventRecord(Record):
    """The beginning of every event; `size` is in words and even."""

    size: int = 0
    kind: int
    frame: int


class SetEvent(EventRecord):
    """Sets an automation row at a frame."""

    kind: int = SET
    row: int
    value: float
    slope: float


class VoiceEvent(EventRecord):
    """Starts a voice, with a value for each control of its patch."""

    kind: int = VOICE
    patch: int
    seed: int
    hold: int
    cut: int
    sample: SampleRecord
    controls: Cells[float] = what_follows()


class EventRingRecord(Record):
    """A ring of events. Two threads use its positions, so each has a cache line of its own."""

    tail: int = own_line()  # written by the thread that sends events
    mask: int = own_line()  # its words, less one
    head: int = own_line()  # written by the audio thread when a block is done
    events: Cells[int] = what_follows()


# -- voices ---------------------------------------------------------------------------------------


class CallRecord(Record):
    """A kernel that a group runs; `once` per block, or for every frame."""

    kernel: int
    io: int
    once: int


class LaneRecord(Record, size=64):
    """One voice: serial number, earliest end, cut group, level, whether it fades."""

    serial: int
    until: int  # it lives at least to this frame
    cut: int
    quiet: int  # frames of silence so far
    level: float  # its peak in the last stretch
    fading: int


class PendingRecord(Record):
    """A change of a lane in this block: its voice begins, or fades if there is no event."""

    frame: int
    lane: int
    event: VoiceEvent


class SampleLanes(Record):
    """The recorded sounds of sixteen voices, as kernels read them."""

    left: Cells[int] = cells(LANES)
    right: Cells[int] = cells(LANES)
    frames: Cells[Word32] = cells(LANES)
    rate: Cells[Single] = cells(LANES)


class GroupRecord(Record):
    """Sixteen lanes: which are used, their kernels, controls, state; starts and fades to come."""

    mask: int = 0  # lanes in use
    calls: Table[CallRecord]
    controls: int
    state: int
    samples: Addresses[SampleLanes]
    pending_count: int = 0
    lanes: Cells[LaneRecord] = cells(LANES)
    pending: Cells[PendingRecord] = cells(PENDING_LIMIT)


class SharedRecord(Record):
    """A mix signal that is copied into the lanes of a patch."""

    source: int
    target: int
    how: int  # a value, a value per frame, or one that stays
    last: Single = 0.0  # its last value
    far: Single = 0.0  # how far it was from that before a swap
    eased: int = 0  # whether it goes over to another signal, while plans fade


class SeedRecord(Record):
    """A row of state that differs from voice to voice at the beginning."""

    row: int
    seed: int


class PatchRecord(Record):
    """The voices of a patch: groups at equal distances, and the state that a voice begins with."""

    first_group: GroupRecord
    group_count: int
    group_stride: int  # bytes
    shared: Table[SharedRecord]
    start: int  # words of 32 bits, one per row of state
    row_count: int
    seeds: Table[SeedRecord]
    control_count: int
    leave: int  # the state row of the fade; step and peak follow


class SumRecord(Record):
    """One side of a port: the lanes that voices add to, and the signal of their sum."""

    lanes: int
    signal: int


class SignalCopy(Record):
    """A signal of a stream, and its copy for a plan that fades out."""

    signal: int
    copy: int


class StreamRecord(Record):
    """The patches of a stream and the sums of their voices."""

    patches: Addresses[PatchRecord]
    sums: Table[SumRecord]
    copies: Table[SignalCopy]


class LineHeader(Record):
    """The header of a delay line or bank."""

    mask: int
    position: int


# -- operations -----------------------------------------------------------------------------------

RUN, ONCE, FILL, VOICES, LOOP, GUARD, STRIP, COPY, CLEAR = range(9)


class ResetRecord(Record):
    """Words of 32 bits to reset: copied from `source`, or zeros if that is 0."""

    target: int
    source: int
    count: int


class GuardRecord(Record):
    """Signals to check for values that are not numbers, and the memory to reset then."""

    signals: Table[int]
    resets: Table[ResetRecord]


class OpRecord(Record, size=32):
    """The beginning of every operation."""

    kind: int


class RunOp(OpRecord):
    """Run a kernel over the frames; of kind ONCE, for one frame."""

    kind: int = RUN
    kernel: int
    io: int


class FillOp(OpRecord):
    """Write the values of a row into a signal."""

    kind: int = FILL
    row: RowRecord
    signal: int


class VoicesOp(OpRecord):
    """Run the voices of a stream."""

    kind: int = VOICES
    stream: StreamRecord


class LoopOp(OpRecord):
    """Run the operations that follow, frame by frame; `end` is where they end."""

    kind: int = LOOP
    end: int


class GuardOp(OpRecord):
    """Silence signals that are not numbers."""

    kind: int = GUARD
    guard: GuardRecord


class StripOp(OpRecord):
    """Copy an output into two signals, where the mixer finds it."""

    kind: int = STRIP
    left: int
    right: int
    channel: ChannelRecord


class CopyOp(OpRecord):
    """Copy a signal."""

    kind: int = COPY
    source: int
    target: int


class ClearOp(OpRecord):
    """Fill a signal with zeros."""

    kind: int = CLEAR
    target: int


class GroupEntry(Record):
    """A group, and the patch that it belongs to."""

    group: GroupRecord
    patch: PatchRecord


class PlanRecord(Record):
    """A loaded plan, as compiled functions see it."""

    ops: Table[OpRecord]
    rows: Table[RowRecord]
    patches: Addresses[PatchRecord]
    groups: Table[GroupEntry]  # of all patches
    carried: Table[int]  # signals that keep their last frame
    strips: Addresses[StripRecord]  # those that it plays into, in order
