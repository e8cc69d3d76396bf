"""What crosses the socket: messages of JSON with their length before them, and plain values."""

from __future__ import annotations

import dataclasses
import json
import socket
import struct
import types
import typing
from collections.abc import Sequence
from typing import Any

from phonon.errors import Diagnostic, PhononError

LENGTH = struct.Struct(">I")
MOST = 64 << 20  # bytes of one message


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
    message = json.loads(data)
    if not isinstance(message, dict):
        raise PhononError("a message of the engine cannot be read")
    return message


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {field.name: plain(getattr(value, field.name)) for field in fields}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def revived(kind: Any, data: Any) -> Any:
    """A value of a type from what JSON made of it."""
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        known = {key: revived(hints[key], item) for key, item in data.items() if key in hints}
        return kind(**known)
    if origin in {typing.Union, types.UnionType}:
        if data is None:
            return None
        (other,) = (item for item in inner if item is not type(None))
        return revived(other, data)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(revived(inner[0], item) for item in data)
        return tuple(revived(item, value) for item, value in zip(inner, data, strict=True))
    if origin in {list, Sequence}:
        return [revived(inner[0], item) for item in data]
    if origin is dict:
        return {key: revived(inner[1], item) for key, item in data.items()}
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
