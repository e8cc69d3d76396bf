"""A session that does nothing but remember what it was asked for, made from the declaration."""

from __future__ import annotations

import dataclasses
import typing

from phonon.session.protocol import ForwardingSession

PLAIN = {bool: True, int: 0, float: 0.0, str: "", tuple: ()}


class StubSession(ForwardingSession):
    """Every verb is noted in `calls` and answered with the emptiest value of its type."""

    def __init__(self):
        self.calls = []

    def call(self, asked, arguments, options):
        self.calls.append((asked.name, *arguments, *options.values()))
        return empty(asked.answer)

    def close(self):
        self.calls.append(("close",))


def empty(kind):
    """None where that will do, a list or tuple of nothing, a dataclass of its defaults."""
    if kind is type(None) or type(None) in typing.get_args(kind):
        return None
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        required = [
            field.name
            for field in dataclasses.fields(kind)
            if field.default is field.default_factory is dataclasses.MISSING
        ]
        return kind(**{name: empty(hints[name]) for name in required})
    return PLAIN.get(typing.get_origin(kind) or kind, [])
