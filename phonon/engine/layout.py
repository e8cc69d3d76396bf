"""Where the engine keeps what changes: words of 64 bits, counted from a structure's address.

Everything lives in arenas that are allocated before the first block; structures point to each
other by absolute address.
"""

from __future__ import annotations

LANES = 16
HOUSEKEEPING = 256  # voices are looked after on this grid of frames, whatever the block

# The engine
TIME = 0  # the first frame of the next block
BLOCK = 1  # frames per block
FIFO = 2  # one block, interleaved
FIFO_LEFT = 3  # frames of it not yet taken
PROGRAM = 4
RING = 5
SINCE = 6  # the frame from which on its program plays: voices before that were another one's
VOICE_LIMIT = 7
SERIAL = 8  # voices are numbered as they start
MIX = 9  # the sum of the outputs before the limiter: left, then right
STEMS = 10  # where stems and mix are copied to, or 0: channels of STEMS_ROW frames
STEMS_ROW = 11
STEMS_FRAME = 12  # the next frame there
RING_READ = 13  # how far the current block has read
TIMES = 15  # the table of a profile, or 0; see `profile`
UNHEARD = 14  # voices that are sent up to this place of the ring do not sound
VOICES = 48  # sounding, not yet fading out
MOST_VOICES = 49
STARTED = 50
STOLEN = 51
LATE = 52  # events that came after their frame
DROPPED = 53  # voices that found no room in the list of their group
FAULTS = 54  # voices and signals that were not numbers
FADE_STEP = 56  # these are floats: what a fading voice loses per frame
LIMITER_CEILING = 57
LIMITER_RELEASE = 58
LIMITER_GAIN = 59
LIMITER_LOWEST = 60
LATEST = 61  # frames that the latest of the late events came too late (a word)
ENGINE_WORDS = 256  # what plays live has the rest: see `desk`, `swap` and `telemetry`

# A ring of events. Its positions have cache lines of their own: two threads meet there.
RING_TAIL = 0  # written by who sends events
RING_MASK = 8  # its words, less one
RING_HEAD = 16  # written by who plays them, when a block is done
RING_DATA = 32

# A program
OPS = 0
OPS_END = 1
ROWS = 2
PATCHES = 3
ALL_GROUPS = 4  # (group, patch) of all patches
ALL_GROUPS_END = 5
CARRIED = 6  # addresses of the signals that keep their last frame
CARRIED_END = 7
STRIPS = 8  # addresses of the mixer's strips that it plays into, in order
STRIPS_END = 9
PROGRAM_WORDS = 16

# An operation: its kind and three words
OP_WORDS = 4
RUN = 0  # kernel, io
ONCE = 1  # kernel, io
FILL = 2  # row, signal
VOICES_OP = 3  # stream
LOOP = 4  # where the operations of the loop end
GUARD = 5  # guard
STRIP = 7  # left, right, two addresses of signals: an output that plays live
COPY = 8  # from, to: signals
CLEAR = 9  # signal

# A row: value, slope, frames since it was set, nothing (floats)
ROW_FLOATS = 4

# A stream's voices
STREAM_PATCHES = 0
STREAM_PATCHES_END = 1
STREAM_SUMS = 2  # (sum in lanes, signal)
STREAM_SUMS_END = 3
STREAM_COPIES = 4  # (signal, where another program finds it)
STREAM_COPIES_END = 5
STREAM_WORDS = 8

# A guard: signals, and what begins anew: (to, from or 0, floats)
GUARD_SIGNALS = 0
GUARD_SIGNALS_END = 1
GUARD_RESETS = 2
GUARD_RESETS_END = 3
GUARD_WORDS = 4

# A patch
GROUPS = 0
GROUP_COUNT = 1
GROUP_STRIDE = 2  # bytes
SHARED = 3  # signals of the mix that its voices hear, as below
SHARED_END = 4
START = 5  # words of 32 bits, one per row of state
ROW_COUNT = 6
SEEDS = 7  # (row, seed)
SEEDS_END = 8
CONTROL_COUNT = 9
LEAVE = 10  # the state row of the fade; step and peak follow
PATCH_WORDS = 16

# A signal that voices share
SHARED_FROM = 0
SHARED_TO = 1
SHARED_HOW = 2  # a value, a value per frame, or one that stays
SHARED_LAST = 3  # two floats: its last value, and how far it was from that before a swap
SHARED_EASED = 4  # whether it goes over to another signal, while programs fade
SHARED_WORDS = 5

# A group of sixteen voices; its lanes and what is going to happen to them follow
MASK = 0  # lanes in use
CALLS = 1  # (kernel, io, once)
CALLS_END = 2
CONTROLS = 3
STATE = 4
SAMPLES = 5
SAMPLES_END = 6
PENDING_COUNT = 7
LANE_WORDS = 8
LANE_SERIAL = 16
LANE_UNTIL = 17  # it lives at least to this frame
LANE_CUT = 18
LANE_QUIET = 19  # frames of silence so far
LANE_LEVEL = 20  # its peak in the last stretch (a float)
LANE_FADING = 21
PENDING = 16 + LANES * LANE_WORDS  # (frame in the block, lane, event or 0 to fade)
PENDING_WORDS = 3
PENDING_LIMIT = 64
GROUP_WORDS = PENDING + PENDING_LIMIT * PENDING_WORDS

# An event: size in words (even), kind, frame, and more by kind
SKIP = 0
SET = 1  # row, value, slope
VOICE = 2  # patch, seed, hold, cut, sample, controls
EVENT_KIND = 1
EVENT_FRAME = 2
EVENT_ROW = 3
EVENT_VALUE = 4
EVENT_SLOPE = 5
EVENT_PATCH = 3
EVENT_SEED = 4
EVENT_HOLD = 5
EVENT_CUT = 6
EVENT_SAMPLE = 7  # 0, or where it is described: left, right, frames, rate
EVENT_CONTROLS = 8  # floats, one per control of the patch
