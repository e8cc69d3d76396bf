"""The unit library, by musical family; `phonon.dsp.registry` finds a unit by name."""
