"""Switches plans while they sound: the swap itself, the fade after it, ringing tails, hush."""

from __future__ import annotations

from phonon.engine.live_layout import FadeRecord, SwapRecord, TailRecord
from phonon.engine.master import begin_anew
from phonon.engine.memory_layout import TAILS, EngineRecord
from phonon.engine.mixer import mix_tail
from phonon.engine.plan_layout import GUARD, GroupRecord, GuardOp, PatchRecord
from phonon.engine.render_loop import carry, run_all
from phonon.kernel.native import (
    acquire,
    address_of,
    bits,
    float32,
    floats,
    native,
    release,
)

QUIET_ENOUGH = 0.5  # seconds of silence after which a tail is over


@native
def take_swap(engine: EngineRecord, position: int) -> int:
    """Carry out the swap if it is due at `position` of the block; returns the frame to stop at."""
    block = engine.block
    swap = acquire(engine.swap)
    if not swap:
        return block
    frame = swap.frame - engine.time
    if frame >= block:
        return block
    if frame > position:
        return frame
    if frame < position or engine.fade:
        release(engine.swap, SwapRecord.at(0))  # before the next one may come
        release(engine.swap_missed, swap.number)
        return block
    carry_out(engine, swap)
    release(engine.swap, SwapRecord.at(0))
    release(engine.swap_done, swap.number)
    return block


@native
def carry_out(engine: EngineRecord, swap: SwapRecord) -> None:
    """Switch to the new plan at this frame."""
    for row in swap.rows:
        row.target.value = row.source.value
        row.target.slope = row.source.slope
        row.target.since = row.source.since
    if swap.fade:
        begin_fade(swap.fade)
        engine.fade_from = swap.frame
    engine.fade = swap.fade
    engine.plan = swap.plan
    engine.ring = swap.ring
    engine.ring_read = 0
    engine.unheard = 0
    engine.since = swap.frame
    engine.swap_frame = swap.frame
    engine.swaps += 1
    if swap.unhush:
        engine.hushed = 0


@native
def begin_fade(fade: FadeRecord) -> None:
    """Copy the state that both plans change, so that the old plan can go on beside the new one."""
    for both in fade.shared:
        source = bits(both.state)
        target = bits(both.shadow)
        for index in range(both.count):
            target[index] = source[index]
    for heard in fade.eased:
        heard.shared.last = heard.before.last
        heard.shared.eased = sounds(heard.patch)


@native
def sounds(patch: PatchRecord) -> int:
    """Whether any voice of a patch sounds."""
    address = address_of(patch.first_group)
    for _ in range(patch.group_count):
        if GroupRecord.at(address).mask:
            return 1
        address += patch.group_stride
    return 0


@native
def exchange(fade: FadeRecord) -> None:
    """Exchange the state that both plans change: the new plan's for the old plan's, or back."""
    for both in fade.shared:
        live = bits(both.state)
        shadow = bits(both.shadow)
        for index in range(both.count):
            kept = live[index]
            live[index] = shadow[index]
            shadow[index] = kept


@native
def spare_lines(fade: FadeRecord, count: int) -> None:
    """Save the frames of delay lines that the new plan is about to overwrite."""
    for line in fade.lines:
        mask = line.header.mask
        place = line.header.position
        room = floats(line.room)
        data = floats(line.data)
        for frame in range(count):
            row = line.width * ((place + frame) & mask)
            for lane in range(line.width):
                room[line.width * frame + lane] = data[row + lane]


@native
def exchange_lines(fade: FadeRecord, count: int) -> None:
    """Exchange what the new plan has just written for the saved frames."""
    for line in fade.lines:
        mask = line.header.mask
        place = line.header.position - count
        room = floats(line.room)
        data = floats(line.data)
        for frame in range(count):
            row = line.width * ((place + frame) & mask)
            for lane in range(line.width):
                kept = room[line.width * frame + lane]
                room[line.width * frame + lane] = data[row + lane]
                data[row + lane] = kept


@native
def blend_lines(engine: EngineRecord, fade: FadeRecord, begin: int, end: int) -> None:
    """Crossfade delay lines from the frames of the old plan to those of the new one."""
    first = engine.time + begin - engine.fade_from
    step = 1.0 / engine.fade_frames
    for line in fade.lines:
        mask = line.header.mask
        place = line.header.position - (end - begin)
        room = floats(line.room)
        data = floats(line.data)
        for frame in range(end - begin):
            way = min((first + frame) * step, 1.0)
            part = float32(way * way * (3.0 - 2.0 * way))
            row = line.width * ((place + frame) & mask)
            for lane in range(line.width):
                old = data[row + lane]
                data[row + lane] = old + (room[line.width * frame + lane] - old) * part


@native
def fade_lines_in(engine: EngineRecord, fade: FadeRecord, begin: int, end: int) -> None:
    """Fade the input of new delay lines in; a sound that begins abruptly there would come back."""
    first = engine.time + begin - engine.fade_from
    step = 1.0 / engine.fade_frames
    for line in fade.fresh:
        mask = line.header.mask
        place = line.header.position - (end - begin)
        data = floats(line.data)
        for frame in range(end - begin):
            way = min((first + frame) * step, 1.0)
            part = float32(way * way * (3.0 - 2.0 * way))
            row = line.width * ((place + frame) & mask)
            for lane in range(line.width):
                data[row + lane] = data[row + lane] * part


@native
def run_fade(engine: EngineRecord, begin: int, end: int) -> None:
    """Run the old plan over frames that the new one has just been run over."""
    fade = engine.fade
    fade_lines_in(engine, fade, begin, end)
    exchange_lines(fade, end - begin)
    exchange(fade)
    run_all(engine, fade.ops.begin, fade.ops.end, begin, end)
    exchange(fade)
    blend_lines(engine, fade, begin, end)


@native
def end_fade(engine: EngineRecord) -> None:
    """At the end of a block: end the fade if it is over; outputs that ring on become a tail."""
    fade = engine.fade
    carry(fade.carried, engine.block)
    if engine.time + engine.block - engine.fade_from < engine.fade_frames:
        return
    if fade.tail:
        place = 0
        for number in range(TAILS):
            if not engine.tails[number]:
                place = number
        engine.tails[place] = fade.tail
    release(engine.fade, FadeRecord.at(0))


@native
def run_tails(engine: EngineRecord, begin: int, end: int) -> None:
    """Run the ringing tails of old plans."""
    for number in range(TAILS):
        tail = engine.tails[number]
        if tail:
            run_all(engine, tail.ops.begin, tail.ops.end, begin, end)


@native
def mix_tails(engine: EngineRecord) -> None:
    """Add ringing tails to the mix; end those that are silent."""
    for number in range(TAILS):
        tail = engine.tails[number]
        if tail:
            carry(tail.carried, engine.block)
            heard = mix_tail(engine, tail)
            tail.quiet = 0 if heard else tail.quiet + engine.block
            over = tail.quiet > QUIET_ENOUGH * engine.rate
            if over or engine.time + engine.block >= tail.until:
                release(engine.tails[number], TailRecord.at(0))


@native
def silence(engine: EngineRecord) -> None:
    """Silence everything: voices, tails, delay lines, and events that are on their way."""
    for entry in engine.plan.groups:
        entry.group.mask = 0
        entry.group.pending_count = 0
    engine.voices = 0
    for op in engine.plan.ops:
        if op.kind == GUARD:
            begin_anew(GuardOp.at(op).guard)
    engine.unheard = acquire(engine.ring.tail)
    release(engine.fade, FadeRecord.at(0))
    for number in range(TAILS):
        release(engine.tails[number], TailRecord.at(0))
    engine.hush_gain = 0.0


@native
def listen(engine: EngineRecord) -> None:
    """Carry out the requests since the last block: hush, panic, unhush."""
    for number in range(3):
        count = acquire(engine.requests.counts[number])
        if count != engine.seen[number]:
            engine.seen[number] = count
            engine.hushed = 1 if number < 2 else 0
            if number == 1:
                silence(engine)
