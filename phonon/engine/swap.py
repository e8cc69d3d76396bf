"""From one program to another while it sounds: the moment itself, the fade after it, ghosts."""

from __future__ import annotations

from phonon.engine.desk import mix_ghost
from phonon.engine.layout import (
    ALL_GROUPS,
    ALL_GROUPS_END,
    BLOCK,
    GROUP_COUNT,
    GROUP_STRIDE,
    GROUPS,
    GUARD,
    GUARD_RESETS,
    GUARD_RESETS_END,
    MASK,
    OP_WORDS,
    OPS,
    OPS_END,
    PENDING_COUNT,
    PROGRAM,
    RING,
    RING_READ,
    RING_TAIL,
    SHARED_EASED,
    SHARED_LAST,
    SINCE,
    TIME,
    UNHEARD,
    VOICES,
)
from phonon.engine.liveout import (
    FADE,
    FADE_CARRIED,
    FADE_CARRIED_END,
    FADE_EASED,
    FADE_EASED_END,
    FADE_FRAMES,
    FADE_FRESH,
    FADE_FRESH_END,
    FADE_FROM,
    FADE_GHOST,
    FADE_LINES,
    FADE_LINES_END,
    FADE_OPS,
    FADE_OPS_END,
    FADE_SHARED,
    FADE_SHARED_END,
    GHOST_CARRIED,
    GHOST_CARRIED_END,
    GHOST_COUNT,
    GHOST_OPS,
    GHOST_OPS_END,
    GHOST_QUIET,
    GHOST_UNTIL,
    GHOSTS,
    HUSH_GAIN,
    HUSHED,
    RATE,
    REQUESTS,
    SEEN,
    SWAP,
    SWAP_AT,
    SWAP_DONE,
    SWAP_FADE,
    SWAP_FRAME,
    SWAP_MISSED,
    SWAP_NUMBER,
    SWAP_PROGRAM,
    SWAP_RING,
    SWAP_ROWS,
    SWAP_ROWS_END,
    SWAP_UNHUSH,
    SWAPS,
)
from phonon.engine.render import carry, run_all
from phonon.kernel.machine import acquire, bits, doubles, float32, floats, machine, release, words

QUIET_ENOUGH = 0.5  # seconds of silence after which a ghost is over


@machine
def take_swap(engine: int, position: int) -> int:
    """Carry out the swap if it is due at `position` of the block; returns how far to go."""
    e = words(engine)
    block: int = e[BLOCK]
    swap = acquire(words(engine)[SWAP])
    if swap == 0:
        return block
    s = words(swap)
    frame: int = s[SWAP_AT] - e[TIME]
    if frame >= block:
        return block
    if frame > position:
        return frame
    if frame < position or e[FADE]:
        release(words(engine)[SWAP], 0)  # before the next one may come
        release(words(engine)[SWAP_MISSED], s[SWAP_NUMBER])
        return block
    carry_out(engine, swap)
    release(words(engine)[SWAP], 0)
    release(words(engine)[SWAP_DONE], s[SWAP_NUMBER])
    return block


@machine
def carry_out(engine: int, swap: int) -> None:
    """The next frame is the new program's."""
    e = words(engine)
    s = words(swap)
    entry = s[SWAP_ROWS]
    while entry < s[SWAP_ROWS_END]:
        source = words(words(entry)[0])
        target = words(words(entry)[1])
        target[0] = source[0]  # value and slope
        target[1] = source[1]  # frames since
        entry += 16
    fade = s[SWAP_FADE]
    if fade:
        begin_fade(fade)
        e[FADE_FROM] = s[SWAP_AT]
    e[FADE] = fade
    e[PROGRAM] = s[SWAP_PROGRAM]
    e[RING] = s[SWAP_RING]
    e[RING_READ] = 0
    e[UNHEARD] = 0
    e[SINCE] = s[SWAP_AT]
    e[SWAP_FRAME] = s[SWAP_AT]
    e[SWAPS] += 1
    if s[SWAP_UNHUSH]:
        e[HUSHED] = 0


@machine
def begin_fade(fade: int) -> None:
    """The old program goes on from a copy of what both of them change."""
    f = words(fade)
    entry = f[FADE_SHARED]
    while entry < f[FADE_SHARED_END]:
        source = bits(words(entry)[0])
        target = bits(words(entry)[2])
        for index in range(words(entry)[1]):
            target[index] = source[index]
        entry += 24
    entry = f[FADE_EASED]
    while entry < f[FADE_EASED_END]:
        shared = words(entry)[0]
        floats(shared + 8 * SHARED_LAST)[0] = floats(words(entry)[1] + 8 * SHARED_LAST)[0]
        words(shared)[SHARED_EASED] = sounds(words(entry)[2])
        entry += 24


@machine
def sounds(patch: int) -> int:
    """Whether any voice of a patch does."""
    group = words(patch)[GROUPS]
    for _ in range(words(patch)[GROUP_COUNT]):
        if words(group)[MASK]:
            return 1
        group += words(patch)[GROUP_STRIDE]
    return 0


@machine
def exchange(fade: int) -> None:
    """What both programs change, of the one for what is the other's."""
    f = words(fade)
    entry = f[FADE_SHARED]
    while entry < f[FADE_SHARED_END]:
        live = bits(words(entry)[0])
        shadow = bits(words(entry)[2])
        for index in range(words(entry)[1]):
            kept = live[index]
            live[index] = shadow[index]
            shadow[index] = kept
        entry += 24


@machine
def spare_lines(fade: int, count: int) -> None:
    """Before the new program runs, keep what delay lines hold where it is going to write."""
    f = words(fade)
    entry = f[FADE_LINES]
    while entry < f[FADE_LINES_END]:
        line = words(entry)
        mask = words(line[0])[0]
        place = words(line[0])[1]
        room = floats(line[4])
        data = floats(line[2])
        for frame in range(count):
            row = line[3] * ((place + frame) & mask)
            for lane in range(line[3]):
                room[line[3] * frame + lane] = data[row + lane]
        entry += 40


@machine
def exchange_lines(fade: int, count: int) -> None:
    """Put aside what the new program has just written, for the old one finds what there was."""
    f = words(fade)
    entry = f[FADE_LINES]
    while entry < f[FADE_LINES_END]:
        line = words(entry)
        mask = words(line[0])[0]
        place = words(line[0])[1] - count
        room = floats(line[4])
        data = floats(line[2])
        for frame in range(count):
            row = line[3] * ((place + frame) & mask)
            for lane in range(line[3]):
                kept = room[line[3] * frame + lane]
                room[line[3] * frame + lane] = data[row + lane]
                data[row + lane] = kept
        entry += 40


@machine
def blend_lines(engine: int, fade: int, begin: int, end: int) -> None:
    """Let delay lines hold what fades from what the old program writes to what the new one does."""
    e = words(engine)
    f = words(fade)
    first = e[TIME] + begin - e[FADE_FROM]
    step = 1.0 / e[FADE_FRAMES]
    entry = f[FADE_LINES]
    while entry < f[FADE_LINES_END]:
        line = words(entry)
        mask = words(line[0])[0]
        place = words(line[0])[1] - (end - begin)
        room = floats(line[4])
        data = floats(line[2])
        for frame in range(end - begin):
            way = min((first + frame) * step, 1.0)
            part = float32(way * way * (3.0 - 2.0 * way))
            row = line[3] * ((place + frame) & mask)
            for lane in range(line[3]):
                old = data[row + lane]
                data[row + lane] = old + (room[line[3] * frame + lane] - old) * part
        entry += 40


@machine
def fade_lines_in(engine: int, fade: int, begin: int, end: int) -> None:
    """What sounds already comes into new delay lines by and by, or its beginning would return."""
    e = words(engine)
    f = words(fade)
    first = e[TIME] + begin - e[FADE_FROM]
    step = 1.0 / e[FADE_FRAMES]
    entry = f[FADE_FRESH]
    while entry < f[FADE_FRESH_END]:
        line = words(entry)
        mask = words(line[0])[0]
        place = words(line[0])[1] - (end - begin)
        data = floats(line[1])
        for frame in range(end - begin):
            way = min((first + frame) * step, 1.0)
            part = float32(way * way * (3.0 - 2.0 * way))
            row = line[2] * ((place + frame) & mask)
            for lane in range(line[2]):
                data[row + lane] = data[row + lane] * part
        entry += 24


@machine
def run_fade(engine: int, begin: int, end: int) -> None:
    """The old program beside the new one, which has just been run over the same frames."""
    fade = words(engine)[FADE]
    f = words(fade)
    fade_lines_in(engine, fade, begin, end)
    exchange_lines(fade, end - begin)
    exchange(fade)
    run_all(engine, f[FADE_OPS], f[FADE_OPS_END], begin, end)
    exchange(fade)
    blend_lines(engine, fade, begin, end)


@machine
def end_fade(engine: int) -> None:
    """At the end of a block: the fade goes on, or what rings on becomes a ghost."""
    e = words(engine)
    f = words(e[FADE])
    carry(f[FADE_CARRIED], f[FADE_CARRIED_END], e[BLOCK])
    if e[TIME] + e[BLOCK] - e[FADE_FROM] < e[FADE_FRAMES]:
        return
    if f[FADE_GHOST]:
        place = GHOSTS
        for number in range(GHOST_COUNT):
            if e[GHOSTS + number] == 0:
                place = GHOSTS + number
        e[place] = f[FADE_GHOST]
    release(words(engine)[FADE], 0)


@machine
def run_ghosts(engine: int, begin: int, end: int) -> None:
    """What is left of programs."""
    e = words(engine)
    for number in range(GHOST_COUNT):
        ghost = e[GHOSTS + number]
        if ghost:
            run_all(engine, words(ghost)[GHOST_OPS], words(ghost)[GHOST_OPS_END], begin, end)


@machine
def mix_ghosts(engine: int) -> None:
    """Add ghosts to the mix; let go of those that are silent."""
    e = words(engine)
    for number in range(GHOST_COUNT):
        ghost = e[GHOSTS + number]
        if ghost:
            g = words(ghost)
            carry(g[GHOST_CARRIED], g[GHOST_CARRIED_END], e[BLOCK])
            heard = mix_ghost(engine, ghost)
            g[GHOST_QUIET] = 0 if heard else g[GHOST_QUIET] + e[BLOCK]
            over = g[GHOST_QUIET] > QUIET_ENOUGH * doubles(engine)[RATE]
            if over or e[TIME] + e[BLOCK] >= g[GHOST_UNTIL]:
                release(words(engine)[GHOSTS + number], 0)


@machine
def silence(engine: int) -> None:
    """Voices, tails and what is on its way: all of it ends here."""
    e = words(engine)
    program = words(e[PROGRAM])
    entry = program[ALL_GROUPS]
    while entry < program[ALL_GROUPS_END]:
        group = words(words(entry)[0])
        group[MASK] = 0
        group[PENDING_COUNT] = 0
        entry += 16
    e[VOICES] = 0
    op = program[OPS]
    while op < program[OPS_END]:
        if words(op)[0] == GUARD:
            begin_anew(words(op)[1])
        op += 8 * OP_WORDS
    e[UNHEARD] = acquire(words(e[RING])[RING_TAIL])
    release(words(engine)[FADE], 0)
    for number in range(GHOST_COUNT):
        release(words(engine)[GHOSTS + number], 0)
    doubles(engine)[HUSH_GAIN] = 0.0


@machine
def begin_anew(guard: int) -> None:
    """Everything that a guard watches over as it was at its beginning."""
    entry = words(guard)[GUARD_RESETS]
    while entry < words(guard)[GUARD_RESETS_END]:
        reset = words(entry)
        target = bits(reset[0])
        source = bits(reset[1])
        for index in range(reset[2]):
            target[index] = source[index] if reset[1] else 0
        entry += 24


@machine
def listen(engine: int) -> None:
    """Do what was asked for since the last block: hush, panic, unhush."""
    e = words(engine)
    for number in range(3):
        count = acquire(words(e[REQUESTS])[number])
        if count != e[SEEN + number]:
            e[SEEN + number] = count
            e[HUSHED] = 1 if number < 2 else 0
            if number == 1:
                silence(engine)
