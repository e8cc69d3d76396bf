"""Warnings from events: unknown sounds, controls that nothing reads, values out of range."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from phonon.errors import Diagnostic, Span, nearest
from phonon.graph.node import Control, Input, Node, SharedSignal
from phonon.score.controls import (
    ENVELOPE,
    SEND_OF,
    SENDS,
    aliases,
    effect_of_control,
    voice_effects,
)

Spans = tuple[Span, ...]

ALWAYS = frozenset({"s", "n", "gain", "velocity", "pan", "legato", "cut", *SENDS, *ENVELOPE})
PITCHES = ("freq", "note", "transpose")
# The names under which a voice graph reads a control.
READ_AS = {
    "note": PITCHES,
    "octave": PITCHES,
    "freq": ("freq", "note"),
    "speed": ("speed", "transpose"),
    "unit": ("seconds",),
}
OF_SAMPLES = ("begin", "end", "speed", "accelerate", "loop", "unit")
HIGHEST_NOTE = 240.0  # semitones from c4: twenty octaves


@dataclass(slots=True)
class EventWarnings:
    """Collects warnings while events become voices, each once."""

    _unknown: dict[str, tuple[str, Spans]] = field(default_factory=dict)
    _clipped: dict[str, tuple[float, Spans]] = field(default_factory=dict)
    _given: dict[tuple[str, str], tuple[str, Spans]] = field(default_factory=dict)
    _read: set[tuple[str, str]] = field(default_factory=set)
    _seen: set[Hashable] = field(default_factory=set)

    def unknown_sound(self, name: str, spans: Spans, reason: str = "") -> None:
        """Note that no sound is called `name`; `reason` says why, if that is known."""
        self._unknown.setdefault(name, (reason, spans))

    def clipped_value(self, control: str, value: float, spans: Spans) -> None:
        """Note that a value was out of range and was clipped."""
        self._clipped.setdefault(control, (value, spans))

    def voice_started(
        self,
        stream: str,
        name: str,
        patch: Hashable,
        graph: Input,
        value: Mapping[str, object],
        spans: Spans,
    ) -> None:
        """Note that an event of `stream` with the controls `value` plays `name` with `graph`."""
        key = stream, patch, tuple(value)
        if key in self._seen:
            return
        self._seen.add(key)
        reads = _reads(graph)
        for control in value:
            if control.startswith("@") or control in ALWAYS:
                continue
            words: Iterable[object] = READ_AS.get(control, (control,))
            item = value[control]
            if isinstance(item, SharedSignal):
                words = [(item.name,)]
            if SEND_OF.get(control) in value or not reads.isdisjoint(words):
                self._read.add((stream, control))
            else:
                self._given.setdefault((stream, control), (name, spans))

    def diagnostics(self, source: str, sounds: Iterable[str]) -> list[Diagnostic]:
        """The warnings with their places in `source`; `sounds` are the known names."""
        names = list(sounds)
        found = [
            Diagnostic.at(
                source,
                _written(source, spans, name),
                reason or f"nothing sounds that is called {name}",
                () if reason else nearest(name, names),
                "warning",
            )
            for name, (reason, spans) in self._unknown.items()
            if reason or name not in names  # a bank with unreadable files has its own error
        ]
        for controls, message, spans in (*self._unread(), *self._out_of_range()):
            place = _set(source, spans, controls)
            found.append(Diagnostic.at(source, place, message, (), "warning"))
        return sorted(found, key=lambda diagnostic: (diagnostic.line, diagnostic.column))

    def _unread(self) -> Iterator[tuple[list[str], str, Spans]]:
        """The controls that no voice of their stream reads, each once."""
        done: set[str] = set()
        samples: dict[str, tuple[list[str], Spans]] = {}
        for (stream, control), (name, spans) in self._given.items():
            if (stream, control) in self._read or control in done:
                continue
            done.add(control)
            if control in OF_SAMPLES:
                samples.setdefault(name, ([], spans))[0].append(control)
            else:
                yield [control], _why(control, name), spans
        for name, (controls, spans) in samples.items():
            these = " and ".join(controls)
            verb = "do" if len(controls) > 1 else "does"
            message = f"{these} {verb} nothing here: for samples only, and {name} is an instrument"
            yield controls, message, spans

    def _out_of_range(self) -> Iterator[tuple[list[str], str, Spans]]:
        for control, (size, spans) in self._clipped.items():
            yield [control], f"{control} {size:g} is beyond all hearing", spans


def _reads(graph: Input) -> set[object]:
    """The controls that a voice graph reads, and the names of its shared signals as tuples."""
    found: set[object] = set()
    seen: set[int] = set()
    waiting = [graph]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Control):
            found.add(item.name)
        elif isinstance(item, SharedSignal):
            found.add((item.name,))
        elif isinstance(item, Node) and id(item) not in seen:
            seen.add(id(item))
            waiting.extend(item.inputs)
    return found


def _why(control: str, name: str) -> str:
    """The message for a control that changes nothing."""
    effect = voice_effects().get(effect_of_control().get(control, ""))
    if effect is not None and control != effect.primary:
        return f"{control} does nothing without {effect.primary}: # {effect.primary} 800"
    if control in SEND_OF:
        send = SEND_OF[control]
        return f"{control} does nothing without {send}: # {send} 0.5"
    if control in ("note", "octave", "freq"):
        return f"{control} does nothing here: {name} has no pitch"
    return f"{control} does nothing here: {name} has no such control"


def _written(source: str, spans: Spans, name: str) -> Span:
    """The span that is written as the name of a sound."""
    for span in spans:
        if name.startswith(source[span.begin : span.end].strip() or " "):
            return span
    return spans[0] if spans else Span(0, 0)


def _set(source: str, spans: Spans, controls: Iterable[str]) -> Span:
    """The place where one of `controls` is written, nearest before any of `spans`."""
    wanted = set(controls)
    words = wanted | {alias for alias, meant in aliases().items() if meant in wanted}
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(words)))})(?!\w)")
    places = [found.span() for found in pattern.finditer(source)]
    pairs: Iterator[tuple[int, tuple[int, int]]] = (
        (span.begin - place[1], place)
        for span in spans
        for place in places
        if place[1] <= span.begin
    )
    nearest_place = min(pairs, default=None)
    if nearest_place is not None:
        return Span(*nearest_place[1])
    return spans[0] if spans else Span(0, 0)
