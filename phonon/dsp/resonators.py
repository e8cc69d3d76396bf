"""Filters that ring: comb, all-pass, the formants of a voice."""

from phonon.dsp.filters import svf, warp
from phonon.dsp.registry import unit
from phonon.kernel.form import DT, SR, audio, choice, hz, memory, number, seconds, state, states
from phonon.kernel.maths import db_to_amp, tap_cubic, tap_linear, write
