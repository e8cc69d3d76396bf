"""What crosses the socket: messages of JSON with their length before them, and plain values."""

from __future__ import annotations

import dataclasses
import json
import socket
import struct
import types
import typing
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from phonon.errors import Diagnostic, PhononError

LENGTH = struct.Struct(">I")
MOST = 64 << 20  # bytes of one message

_AS_THEY_ARE = frozenset({int, float, str, bool, type(None)})


def send(connection: socket.socket, message: dict[str, Any]) -> None:
    """Send one message."""
    data = json.dumps(message, separators=(",", ":")).encode()
    connection.sendall(LENGTH.pack(len(data)) + data)


def receive(connection: socket.socket) -> dict[str, Any] | None:
    """The next message, or None where the other side has gone."""
    head = _exactly(connection, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MOST:
        raise PhononError(f"a message of {length >> 20} MiB is none of ours")
    data = _exactly(connection, length)
    if data is None:
        return None
    try:
        message = json.loads(data)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise PhononError("a message of the engine cannot be read")
    return message


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    kind: Any = type(value)
    if kind in _AS_THEY_ARE:
        return value
    if (names := _names(kind)) is not None:
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def revived(kind: Any, data: Any) -> Any:
    """A value of a type from what JSON made of it."""
    return _reviver(kind)(data)


@cache
def _names(kind: Any) -> tuple[str, ...] | None:
    """The fields of a dataclass; None where it is none."""
    if not dataclasses.is_dataclass(kind):
        return None
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _reviver(kind: Any) -> Callable[[Any], Any]:
    """What brings a type back; it is looked at once, for annotations are slow to read."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        return _reviver_of_fields(kind)
    if origin in {typing.Union, types.UnionType}:
        if all(_is_plain(item) for item in inner):
            return _itself
        (other,) = (item for item in inner if item is not type(None))
        of_other = _reviver(other)
        return lambda data: None if data is None else of_other(data)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            each = _reviver(inner[0])
            return lambda data: tuple([each(item) for item in data])
        if all(_is_plain(item) for item in inner):
            return tuple
        places = [_reviver(item) for item in inner]
        return lambda data: tuple(revive(item) for revive, item in zip(places, data, strict=True))
    if origin in {list, Sequence}:
        each = _reviver(inner[0])
        return lambda data: [each(item) for item in data]
    if origin is dict:
        each = _reviver(inner[1])
        return lambda data: {key: each(item) for key, item in data.items()}
    return _itself


def _reviver_of_fields(kind: type) -> Callable[[Any], Any]:
    hints = typing.get_type_hints(kind)
    known = {name: _reviver(hints[name]) for name in _names(kind) or ()}

    def revive(data: dict[str, Any]) -> Any:
        return kind(**{key: known[key](item) for key, item in data.items() if key in known})

    return revive


def _is_plain(kind: Any) -> bool:
    return _reviver(kind) is _itself


def _itself(data: Any) -> Any:
    return data


def failure(error: PhononError) -> dict[str, Any]:
    """An error as a reply."""
    return {"error": plain(error.diagnostics)}


def failed(reply: dict[str, Any]) -> PhononError | None:
    """The error that a reply holds, if it does."""
    if "error" not in reply:
        return None
    return PhononError(revived(list[Diagnostic], reply["error"]))


def _exactly(connection: socket.socket, count: int) -> bytes | None:
    parts = []
    while count:
        try:
            part = connection.recv(min(count, 1 << 20))
        except (ConnectionError, TimeoutError):
            return None
        if not part:
            return None
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
