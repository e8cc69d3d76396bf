"""Patterns: exact time, events, and the functions that build and transform patterns."""

from phonon.patterns import (  # noqa: F401  (they register transforms)
    arithmetic,
    conditions,
    euclid,
    factories,
    harmony,
    layers,
    matching,
    sampling,
    timing,
    zooming,
)
from phonon.patterns.chance import (
    choose_by,
    choose_cycles_seeded,
    degrade_by,
    degrade_seeded,
    undegrade_by,
)
from phonon.patterns.chords import CHORDS, chord_notes
from phonon.patterns.event import Context, Event, Raw, TimeSpan
from phonon.patterns.joins import (
    bind_join,
    inner_bind,
    inner_join,
    outer_join,
    reset_join,
    restart_join,
    squeeze_bind,
    squeeze_join,
)
from phonon.patterns.notes import SCALES, note_number
from phonon.patterns.operators import OPERATORS, aligned, operate
from phonon.patterns.pattern import NOTHING, Pattern, pure, silence
from phonon.patterns.registry import Transform, TransformParameter, find, transform, transforms
from phonon.patterns.rhythm import (
    bjorklund,
    euclid_group,
    euclid_pattern,
    mask,
    struct,
)
from phonon.patterns.rng import formula, with_rng
from phonon.patterns.sequence import (
    fast_from_list,
    fastcat,
    from_list,
    polymeter,
    range_pattern,
    repeat_cycles,
    slowcat,
    stack,
    timecat,
)
from phonon.patterns.signals import cosine, isaw, perlin, rand, saw, signal, sine, square, tri
from phonon.patterns.time import CYCLE, cycles, exact, ticks

__all__ = [
    "CHORDS",
    "CYCLE",
    "NOTHING",
    "OPERATORS",
    "SCALES",
    "Context",
    "Event",
    "Pattern",
    "Raw",
    "TimeSpan",
    "Transform",
    "TransformParameter",
    "aligned",
    "bind_join",
    "bjorklund",
    "choose_by",
    "choose_cycles_seeded",
    "chord_notes",
    "cosine",
    "cycles",
    "degrade_by",
    "degrade_seeded",
    "euclid_group",
    "euclid_pattern",
    "exact",
    "fast_from_list",
    "fastcat",
    "find",
    "formula",
    "from_list",
    "inner_bind",
    "inner_join",
    "isaw",
    "mask",
    "note_number",
    "operate",
    "outer_join",
    "perlin",
    "polymeter",
    "pure",
    "rand",
    "range_pattern",
    "repeat_cycles",
    "reset_join",
    "restart_join",
    "saw",
    "signal",
    "silence",
    "sine",
    "slowcat",
    "square",
    "squeeze_bind",
    "squeeze_join",
    "stack",
    "struct",
    "ticks",
    "timecat",
    "transform",
    "transforms",
    "tri",
    "undegrade_by",
    "with_rng",
]
