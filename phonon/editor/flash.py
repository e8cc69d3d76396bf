"""The flash of a region that has just been evaluated."""

from __future__ import annotations

import time

from phonon.editor.statements import Region

FLASH = 0.3  # seconds


class Flash:
    """Lights a region of the text for a moment, in another colour where it failed."""

    def __init__(self) -> None:
        self.seconds = FLASH
        self.failed = False
        self._region: Region | None = None
        self._until = 0.0

    def begin(self, region: Region, *, failed: bool = False) -> None:
        """Light a region from now on."""
        self._region, self.failed = region, failed
        self._until = time.monotonic() + self.seconds

    def region(self) -> Region | None:
        """The region that is lit now."""
        if self._region is not None and time.monotonic() >= self._until:
            self._region = None
        return self._region
