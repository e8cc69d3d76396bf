"""The unit library, one module per musical family; `phonon.dsp.registry` finds a unit by name."""

from phonon.dsp import (  # noqa: F401  (they register their units)
    control,
    delays,
    distortion,
    dynamics,
    engine_units,
    envelopes,
    equalisers,
    filters,
    formants,
    mathematics,
    mixing,
    modulation,
    noise,
    oscillators,
    reverbs,
    sampler,
    strings,
    supers,
    tracks,
)
