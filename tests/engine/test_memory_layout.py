"""The engine's records: Python writes them in arenas and rings, and finds them again by name."""

import pytest

from phonon.engine import live_layout, memory_layout, plan_layout
from phonon.engine.arena import ALIGNMENT, Arena
from phonon.engine.event_ring import EventRing
from phonon.engine.events import SetRow, StartVoice
from phonon.engine.loaded_plan import load_operations
from phonon.engine.plan_layout import (
    CLEAR,
    LOOP,
    SET,
    SKIP,
    VOICE,
    ChannelRecord,
    ClearOp,
    EventRecord,
    GroupRecord,
    GuardRecord,
    LoopOp,
    OpRecord,
    ResetRecord,
    RowRecord,
    SampleRecord,
    SetEvent,
    StripOp,
    StripRecord,
    SumRecord,
    VoiceEvent,
)
from phonon.graph.ops import Fill, Loop, Place
from phonon.kernel.records import WORD, is_record, size_of


@pytest.fixture
def arena():
    return Arena()


def records():
    for module in (plan_layout, live_layout, memory_layout):
        for name, value in vars(module).items():
            if is_record(value) and value.__module__ == module.__name__:
                yield pytest.param(value, id=name)


@pytest.mark.parametrize("record", list(records()))
def test_the_fields_of_a_record_lie_apart_and_within_it(record):
    end = 0
    for field in record.fields.values():
        assert field.offset >= end
        end = field.offset + field.kind.size
    assert end <= size_of(record)
    assert size_of(record) % WORD == 0


@pytest.mark.parametrize("operation", OpRecord.__subclasses__())
def test_all_operations_are_as_large_as_a_row_of_their_table(operation):
    assert size_of(operation) == size_of(OpRecord)


def test_a_lane_number_fits_below_the_address_of_a_group():
    assert ALIGNMENT >= plan_layout.LANES
    assert len(GroupRecord.at(0).lanes) == plan_layout.LANES


def test_a_table_holds_the_records_it_was_made_of(arena):
    made = [SumRecord(lanes=n, signal=10 * n) for n in range(5)]
    table = arena.table(SumRecord, made)
    assert [(row.lanes, row.signal) for row in table] == [(n, 10 * n) for n in range(5)]
    assert (len(table), table[3].signal) == (5, 30)
    assert list(arena.table(int, [3, 1, 2])) == [3, 1, 2]
    assert list(arena.table(SumRecord, [])) == []


def test_a_table_of_addresses_leads_to_records_of_the_arena(arena):
    kept = [arena.put(ChannelRecord(left=n, right=-n)) for n in range(3)]
    table = arena.addresses(ChannelRecord, kept)
    assert [channel.address for channel in table] == [channel.address for channel in kept]
    kept[1].left = 77
    assert table[1].left == 77


def test_a_pointer_to_a_record_outside_the_arena_is_refused(arena):
    loose = ChannelRecord(left=1, right=2)
    with pytest.raises(TypeError, match="nowhere to stay"):
        arena.addresses(ChannelRecord, [loose])
    with pytest.raises(TypeError, match="nowhere to stay"):
        StripOp(left=1, right=2, channel=loose)
    assert StripOp(left=1, right=2, channel=arena.put(loose)).channel.right == 2


def test_a_table_refuses_records_of_another_type(arena):
    with pytest.raises(TypeError, match="RowRecord"):
        arena.table(RowRecord, [SumRecord(lanes=1, signal=2)])
    record = GuardRecord(signals=arena.table(int, [1]), resets=arena.table(ResetRecord, ()))
    with pytest.raises(TypeError, match="table"):
        record.resets = record.signals


def test_a_strip_can_be_read_as_its_channel(arena):
    strip = arena.put(StripRecord(left=5, right=6, target=0.5, gain=0.25, meter=1))
    assert StripOp(left=1, right=2, channel=strip).channel.right == 6


# -- events ---------------------------------------------------------------------------------------


def sent(ring, count):
    """The first events of a ring, as a reader goes from one to the next."""
    address = ring.record.events.address
    for _ in range(count):
        event = EventRecord.at(address)
        yield event
        address += WORD * event.size


def test_events_are_read_as_they_were_sent(arena):
    sample = arena.put(SampleRecord(left=1, right=2, frames=3, rate=1.0))
    ring = EventRing(arena, lambda address, value: None)
    assert ring.send(SetRow(100, 7, 0.5, -0.25).packed())
    assert ring.send(StartVoice(200, 3, 11, 4_800, 2, sample, [440.0, 0.5, 1.0]).packed())
    first, second = sent(ring, 2)
    change, voice = SetEvent.at(first), VoiceEvent.at(second)
    assert (first.kind, first.frame, second.kind, second.frame) == (SET, 100, VOICE, 200)
    assert (change.row, change.value, change.slope) == (7, 0.5, -0.25)
    assert (voice.patch, voice.seed, voice.hold, voice.cut) == (3, 11, 4_800, 2)
    assert voice.sample.address == sample.address
    assert [voice.controls[n] for n in range(3)] == [440.0, 0.5, 1.0]
    assert all(event.size % 2 == 0 for event in (first, second))


def test_an_event_that_would_wrap_is_sent_after_a_skip(arena):
    published = []
    ring = EventRing(arena, lambda address, value: published.append((address, value)), 16)
    event = SetRow(1, 2, 3.0).packed()
    size = len(event) // WORD
    assert ring.send(event)
    assert ring.send(event)
    assert not ring.send(event)  # four words are left at the end, and nothing has been read
    ring.record.head = size
    assert ring.send(event)
    ring.publish()
    skip = list(sent(ring, 3))[-1]
    assert (skip.kind, skip.size) == (SKIP, 16 - 2 * size)
    assert published == [(ring.record.place("tail"), 16 + size)]


# -- operations -----------------------------------------------------------------------------------


def test_a_loop_operation_has_the_address_after_its_body(arena):
    place = Place("buffer", 0)
    fills = [Fill(number, place) for number in range(4)]
    ops = [fills[0], Loop(fills[1:3]), fills[3]]
    table = load_operations(arena, ops, lambda op: [ClearOp(target=op.row)])
    assert [op.kind for op in table] == [CLEAR, LOOP, CLEAR, CLEAR, CLEAR]
    assert LoopOp.at(table[1]).end == table[4].address
    assert [ClearOp.at(op).target for op in table if op.kind == CLEAR] == [0, 1, 2, 3]
