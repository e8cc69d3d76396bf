"""Where a playing engine keeps what an offline one has no use for: words, as in `layout`."""

from __future__ import annotations

# The engine, on from `layout`
SWAP = 64  # the address of the swap that is to be carried out, or 0
SWAP_DONE = 65  # number of the last one that was
SWAP_MISSED = 66  # number of the last one that came too late
CALLING = 67  # whether a call goes on
SWAP_FRAME = 68  # when the last one was carried out
SWAPS = 69
FADE = 70  # the fade that goes on, or 0
FADE_FROM = 71  # its first frame
FADE_FRAMES = 72  # how long fades are
GHOSTS = 73  # four of them
GHOST_COUNT = 4
ALL_STRIPS = 80  # addresses of the mixer's strips
STRIP_COUNT = 81
REQUESTS = 82  # the address of three counters: hush, panic, unhush
SEEN = 83  # as far as they have been seen, three of them
HUSHED = 86
SENT = 87  # the frame up to which all events have been sent
RECORD = 88  # where telemetry goes
HUSH_GAIN = 89  # these are floats
HUSH_STEP = 90  # per frame
MASTER = 91  # where it is to go
MASTER_GAIN = 92  # where it is
STRIP_STEP = 93  # per frame
RATE = 94
WHOLE_RATE = 95  # the same as a word
CLOCK = 96  # the address of clock_gettime, or 0
CLOCK_WALL = 97
CLOCK_THREAD = 98
MOMENT = 99  # the address of two words, for the time
BEGUN = 100  # nanoseconds: when the last call began
GAP = 101  # the longest time between two calls of late
GAP_AGE = 102  # in calls
STALL = 103  # test hook: the next call takes so many nanoseconds longer
CHUNK = 104  # frames of the last call
BUCKET = 105  # the number of the current bucket
BUCKET_FRAMES = 106  # frames in it
PEAK_BUCKET = 107
PEAK_FRAMES = 108
BUCKETS = 112  # (busy, frames, busy thread) in eight stretches of time
PEAKS = 140  # the worst load in eight longer ones (floats)
MEASURED = 148  # as far as the reader's request for new extremes has been seen
THREAD = 150  # nanoseconds of the thread, when the last call began
UNTOLD = 151  # blocks that have been counted, and of which the backend may still tell one by one
UNTOLD_AGE = 152  # in calls
ENDED = 153  # nanoseconds of the thread, when the last call ended; 0 where they do not count
BETWEEN = 154  # those that the thread worked between the last call and this one

# A strip of the mixer
STRIP_LEFT = 0  # what its output plays, a block
STRIP_RIGHT = 1
STRIP_TARGET = 2  # floats: where its gain is to go
STRIP_GAIN = 3  # where it is
STRIP_SLOPE = 4  # per frame, in this block
STRIP_METER = 5  # its place in the telemetry record
STRIP_WORDS = 8

# A swap
SWAP_AT = 0  # the frame
SWAP_PROGRAM = 1
SWAP_RING = 2
SWAP_NUMBER = 3
SWAP_UNHUSH = 4
SWAP_ROWS = 5  # (from, to): rows
SWAP_ROWS_END = 6
SWAP_FADE = 7
SWAP_WORDS = 8

# A fade from one program to another: the old one plays on beside the new one
FADE_OPS = 0
FADE_OPS_END = 1
FADE_SHARED = 2  # what both change: (place, words of 32 bits, shadow)
FADE_SHARED_END = 3
FADE_LINES = 4  # (header, 0, data, floats per frame, room): what both write into
FADE_LINES_END = 5
FADE_STRIPS = 6  # (strip, old signals, how the new comes, how the old goes, whether it is gone)
FADE_STRIPS_END = 7
FADE_CARRIED = 8
FADE_CARRIED_END = 9
FADE_GHOST = 10
FADE_FRESH = 11  # (header, data, floats per frame): what only the new one writes into
FADE_FRESH_END = 12
FADE_EASED = 13  # (shared signal, the same before, its patch): what voices hear of the mix
FADE_EASED_END = 14
FADE_WORDS = 16
AT_ONCE, IN = 0, 1  # how the new comes
NEVER, OUT, RINGS = 0, 1, 2  # how the old goes: it was not there; it fades; it rings on

# A ghost: what is left of a program until it is silent
GHOST_OPS = 0
GHOST_OPS_END = 1
GHOST_STRIPS = 2  # (strip, its signals)
GHOST_STRIPS_END = 3
GHOST_CARRIED = 4
GHOST_CARRIED_END = 5
GHOST_QUIET = 6  # frames of silence so far
GHOST_UNTIL = 7  # it is over at this frame
GHOST_WORDS = 8
