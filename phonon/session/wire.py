"""Messages between a session and the engine's process: JSON, each with its length before it.

A request has the verb's name in `call` and its arguments by name; a reply holds the verb's answer
or the diagnostics of what failed. Both are checked against the verb's declaration when they are
read, whoever sent them.
"""

from __future__ import annotations

import contextlib
import inspect
import json
import socket
import struct
import typing
from collections.abc import Iterable
from functools import cache
from typing import Any, TypeVar

import msgspec

from phonon.errors import Diagnostic, PhononError
from phonon.session.verbs import Verb

LENGTH = struct.Struct(">I")
MOST = 64 << 20  # bytes of one message

_Message = TypeVar("_Message")


class Ping(msgspec.Struct, tag_field="call", tag="ping", forbid_unknown_fields=True):
    """Requests the number of the engine's process."""


class Quit(msgspec.Struct, tag_field="call", tag="quit", forbid_unknown_fields=True):
    """Requests the engine's end."""


class Failure(msgspec.Struct, tag_field="reply", tag="failure"):
    """A reply: the verb was refused, or failed."""

    diagnostics: list[Diagnostic]


def request(verb: Verb, arguments: tuple[Any, ...], options: dict[str, Any]) -> msgspec.Struct:
    """The request for a verb with the arguments of a call."""
    return _request_type(verb)(**_signature(verb).bind(*arguments, **options).arguments)


def answer(value: Any) -> dict[str, Any]:
    """The reply that holds a verb's answer."""
    return {"reply": "answer", "value": value}


def name_and_arguments(request: msgspec.Struct) -> tuple[str, dict[str, Any]]:
    """The verb that a request asks for, and its arguments."""
    found = {name: getattr(request, name) for name in request.__struct_fields__}
    return str(request.__struct_config__.tag), found


def requests_of(verbs: Iterable[Verb]) -> msgspec.json.Decoder[Any]:
    """A decoder of requests for some verbs, and of Ping and Quit."""
    return msgspec.json.Decoder(typing.Union[Ping, Quit, *map(_request_type, verbs)])


@cache
def replies_of(kind: Any) -> msgspec.json.Decoder[Any]:
    """A decoder of replies with answers of a type."""
    value = msgspec.defstruct("Answer", [("value", kind)], tag_field="reply", tag="answer")
    return msgspec.json.Decoder(value | Failure)


def encode(message: Any) -> bytes:
    """A message as bytes; characters that are none in Unicode (of file names) become `?`."""
    with contextlib.suppress(UnicodeEncodeError):
        return msgspec.json.encode(message)
    plain = msgspec.to_builtins(message)
    return json.dumps(plain, ensure_ascii=False).encode(errors="replace")


def decode(decoder: msgspec.json.Decoder[_Message], data: bytes) -> _Message:
    """A message from its bytes. Raises PhononError."""
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        raise PhononError(f"a message is not understood: {error}") from None


def send(connection: socket.socket, data: bytes) -> None:
    """Send one message."""
    connection.sendall(LENGTH.pack(len(data)) + data)


def receive(connection: socket.socket) -> bytes | None:
    """The next message, or None where the other side has hung up. Raises PhononError."""
    head = _exactly(connection, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    if length > MOST:
        raise PhononError(f"a message of {length >> 20} MiB is longer than any of ours")
    return _exactly(connection, length)


@cache
def _signature(verb: Verb) -> inspect.Signature:
    """The parameters of a verb, without `self`."""
    signature = inspect.signature(verb.method)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


@cache
def _request_type(verb: Verb) -> type[msgspec.Struct]:
    kinds = typing.get_type_hints(verb.method)
    fields = [
        (
            name,
            kinds[name],
            msgspec.NODEFAULT if parameter.default is parameter.empty else parameter.default,
        )
        for name, parameter in _signature(verb).parameters.items()
    ]
    return msgspec.defstruct(
        verb.name,
        fields,
        kw_only=True,
        tag_field="call",
        tag=verb.name,
        forbid_unknown_fields=True,  # a misspelt option must not become its default
    )


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
