"""Compiles per-sample functions to kernels, and the engine's functions; numba enters here only.

In the order of reading:

    form           reads a unit's signature (its annotations) into a `Form`
    maths          the vocabulary of units, with its plain Python meaning; `values` has the types
    oracle         runs a unit per sample in plain Python: the meaning kernels are tested against
    io_layout      the memory that a unit's kernel expects: io slots, state rows, line sizes
    unit_compiler  turns a unit's syntax tree into instructions (`unit_words`, `polynomials`,
                   `lines`, `ops`); `body` is the function around them
    records        declares the memory that engine functions and Python share
    native         marks the engine's own functions; engine_compiler writes them as LLVM
                   (`engine_words`, `engine_fields`)
    library        load(items) -> addresses, from the `object_cache` or newly compiled
    compiler       the processes that compile (`worker`, `build`, where numba is)
    harness        runs a compiled kernel on arrays, beside its oracle: tests and benchmarks

The kernel of a unit
--------------------
`void kernel(i64* io, i64 off, i64 n)` computes frames off … off + n − 1. It exists for width W = 1
(scalars, for mixes) and W = 16 (one voice per lane), and for every combination of input rates;
`KernelKey(unit, width, rates)` names it, with one letter per slot of `form.slots`: "a" audio, "k"
control rate. `io` is a row of 64-bit addresses, in this order:

    outputs   f32[frames][W] each; frame i is written at address + i * W * 4
    inputs    in the order of form.slots (a stereo pair is two). Rate "a": f32[frames][W], read at
              address + i * W * 4. Rate "k": one row f32[W], the same for all n frames
    state     u32[layout.rows][W]: one block for everything the unit keeps in registers (floats,
              bits and positions bit for bit). Restarting a lane = writing its column with
              layout.words (rows in layout.seeded get a number of the voice's own instead)
    lines     memories, banks, tables and samples in the order of declaration (below)
    env       f32[2]: sample rate, 1 / sample rate

A unit without state rows has no state slot missing: the slot is always there (0 is allowed where
layout.rows is 0). Frames are absolute: the engine passes block buffers with off within the block.
W = 16 addresses are 64-byte aligned, W = 1 addresses 4-byte aligned. An output buffer may be the
same as an input buffer (not merely overlap it). A kernel cannot raise, allocate or call anything
but libm. Parameters are clamped to their declared range by the kernel, NaN becomes the low end.

Blocks behind the line slots (all begin 64-byte aligned):

    memory    64-byte header { i64 mask, i64 position }, then f32[capacity][W], capacity = mask + 1
              a power of two (layout.capacity). The kernel advances position. Lanes need no
              clearing: an age row in the state makes older values read as 0
    bank      64-byte header { i64 mask, i64 position }, then u32 lengths[n] in frames, padded to
              a multiple of 64 bytes, then f32[capacity][n]; cleared when made
    table     64-byte header { i64 length }, then f32[length]; length ≥ 1, the same for all lanes
    sample    rows per lane: i64 left[W], i64 right[W] (addresses of frame 0 of each channel's
              plane, equal for mono), u32 frames[W], f32 rate[W] (recording's rate / engine's).
              Planes have 4 zero frames before frame 0 and 4 behind the last. An idle lane points
              at such a plane with 0 frames: `io_layout.SILENT_FRAMES` zeros, address of frame 4

Engine functions
----------------
`@native("void(i64, i64)")` records a function of the engine; `library.load([function])` gives its
address like a kernel's. `native` says what such a function may consist of.
"""
