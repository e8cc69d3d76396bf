"""Phonon: a live-coding pattern language with its own synthesis engine.

    >>> import phonon
    >>> [event.value for event in phonon.pattern("bd sn").query(0, 1)]
    ['bd', 'sn']
    >>> sound = phonon.render('out: s "bd*4"', cycles=2)
    >>> phonon.check('out: saww 55')[0].suggestions[0]
    'saw'

Everything public is here; it is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonon.errors import Diagnostic, PhononError
    from phonon.session import check, pattern, render

__version__ = "0.1.0"
__all__ = ["Diagnostic", "PhononError", "check", "pattern", "render"]

# `pattern` is both the function of the session and the package of patterns. Importing the package
# sets this module's attribute to it, sooner or later; so it is the package from the beginning,
# and the package can be called (phonon/pattern/called.py).
_HOMES = {
    "Diagnostic": ("phonon.errors", "Diagnostic"),
    "PhononError": ("phonon.errors", "PhononError"),
    "check": ("phonon.session", "check"),
    "pattern": ("phonon.pattern", ""),
    "render": ("phonon.session", "render"),
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, member = _HOMES[name]
    module = import_module(home)
    value = getattr(module, member) if member else module
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
