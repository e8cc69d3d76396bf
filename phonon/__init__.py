"""Phonon: a live-coding pattern language with its own synthesis engine.

    >>> import phonon
    >>> [event.value for event in phonon.pattern("bd sn").query(0, 1)]
    ['bd', 'sn']
    >>> sound = phonon.render('out: s "bd*4"', cycles=2)
    >>> phonon.check('out: saww 55')[0].suggestions[0]
    'saw'

Everything public is here; each name is imported when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phonon.errors import Diagnostic, PhononError
    from phonon.session import check, pattern, render

__version__ = "0.1.0"
__all__ = ["Diagnostic", "PhononError", "check", "pattern", "render"]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in {"Diagnostic", "PhononError"}:
        from phonon import errors

        return getattr(errors, name)
    from phonon import session

    return getattr(session, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
