"""Makes the package of patterns callable: `phonon.pattern("bd sn")` reads a pattern."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import cast

from phonon.pattern.pattern import Pattern


class CallablePackage(ModuleType):
    """`phonon.pattern` as the public function of that name, and the package all the same.

    Python binds a package's name in its parent, so a function `phonon.pattern` would be lost as
    soon as anyone imports the package. Reading text is the session's business, three layers up:
    it is looked up when called, never imported.
    """

    def __call__(self, source: str, *, rng: str = "precise") -> Pattern:
        """The pattern of an expression, or of mini-notation as it stands: `bd sn`, `s "bd*2"`.

        `rng` is the formula of random patterns: precise, tidal or strudel. Raises PhononError.
        """
        return cast(Pattern, import_module("phonon.session").pattern(source, rng=rng))
