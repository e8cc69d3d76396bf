"""Keeps samples in memory between zeros, so that interpolation may read past their ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from phonon.engine.arena import Arena
from phonon.engine.plan_layout import SampleRecord
from phonon.graph.voice import SampleData
from phonon.kernel.io_layout import SAMPLE_GUARD


class SampleMemory:
    """Puts recorded sounds into memory, once each, and keeps them there."""

    def __init__(self) -> None:
        self._arena = Arena()
        self._known: dict[int, tuple[SampleData, SampleRecord]] = {}
        self._kept: list[NDArray[np.float32]] = []
        self._silent = self._described((np.zeros(0, np.float32),))

    def describe(self, sample: SampleData | None) -> SampleRecord:
        """The record of a recorded sound; None gives a silent one."""
        if sample is None:
            return self._silent
        if id(sample) not in self._known:
            self._known[id(sample)] = sample, self._described(sample.channels)
        return self._known[id(sample)][1]

    def _described(self, channels: tuple[NDArray[np.float32], ...]) -> SampleRecord:
        planes = [
            np.pad(channel.astype(np.float32, copy=False), SAMPLE_GUARD) for channel in channels
        ]
        first, last = (
            plane.ctypes.data + 4 * SAMPLE_GUARD
            for plane in (planes[0], planes[min(1, len(planes) - 1)])
        )
        self._kept += planes
        rate = 1.0  # it is at the engine's rate already
        record = SampleRecord(left=first, right=last, frames=len(channels[0]), rate=rate)
        return self._arena.put(record, "a description of a sample")
