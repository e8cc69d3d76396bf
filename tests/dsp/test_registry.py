"""The registry of units."""

from pathlib import Path

import phonon.dsp
from phonon.dsp.registry import units


def test_the_library_imports_every_module_that_defines_units() -> None:
    defining = {
        path.stem
        for path in Path(phonon.dsp.__file__).parent.glob("*.py")
        if "\n@unit(" in path.read_text(encoding="utf-8")
    }
    assert defining == {unit.family for unit in units().values()}
