"""Builds voices from events: sound, effects, level, pan, length, ports."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import inf, isfinite

from phonon.dsp.registry import units
from phonon.errors import Fault
from phonon.graph.node import (
    Const,
    Control,
    Input,
    Node,
    SharedSignal,
    Stream,
)
from phonon.graph.voice import PLACE, EventTiming, SampleData, Voice
from phonon.score.controls import ENVELOPE, SENDS, controls, effect_of_control, voice_effects
from phonon.score.event_warnings import HIGHEST_NOTE, EventWarnings
from phonon.score.instrument import MIDDLE_C, Instrument

LONGEST_HOLD = 600.0  # seconds
ROUTE = "@route"  # the hidden control with the ports of an event's routed effects
DEFAULT_INSTRUMENT = "tone"  # of streams that name none


@dataclass(slots=True)
class VoiceBuilder:
    """Turns events into voices, with a cache of the graphs of patches."""

    instruments: Mapping[str, Instrument]
    warnings: EventWarnings = field(default_factory=EventWarnings)
    _graphs: dict[Hashable, Input] = field(default_factory=dict)

    def voice(
        self, stream: Stream, value: Mapping[str, object], timing: EventTiming
    ) -> Voice | None:
        """The voice of one event, or None if nothing of its name exists."""
        name = str(value.get("s", DEFAULT_INSTRUMENT))
        numbers = {key: number(_meant(key, item)) for key, item in value.items()}
        instrument = self.instruments.get(name) if _own(self.instruments, name) else None
        sample = None
        if instrument is None and timing.samples is not None:
            sample = timing.samples.find(name, int(numbers.get("n") or 0))
        if instrument is None and sample is None:
            instrument = self._instrument(name, timing)
        if instrument is not None:
            voice = self.played(instrument, value, _known(numbers), timing)
        elif sample is not None:
            voice = self.sampled(name, sample, value, _known(numbers), timing)
        else:
            return None
        self.warnings.voice_started(
            stream.name, name, voice.patch, voice.graph, value, timing.spans
        )
        return voice

    def _instrument(self, name: str, timing: EventTiming) -> Instrument | None:
        """The instrument of that name; if there is none, None and a warning."""
        reason = ""
        try:
            return self.instruments[name]
        except Fault as fault:
            reason = fault.message
        except KeyError:
            pass
        self.warnings.unknown_sound(name, timing.spans, reason)
        return None

    def _note(self, numbers: Mapping[str, float], default: float, timing: EventTiming) -> float:
        """The note of an event, with its octave."""
        note = numbers.get("note", default) + 12 * numbers.get("octave", 0.0)
        if abs(note) > HIGHEST_NOTE:
            control = next((name for name in ("octave", "note") if name in numbers), "n")
            self.warnings.clipped_value(control, numbers[control], timing.spans)
        return min(max(note, -HIGHEST_NOTE), HIGHEST_NOTE)

    # -- samples --------------------------------------------------------------------------------

    def sampled(
        self,
        name: str,
        sample: SampleData,
        value: Mapping[str, object],
        numbers: dict[str, float],
        timing: EventTiming,
    ) -> Voice:
        """A voice that plays a sample."""
        seconds = sample.frames / timing.sample_rate
        speed = numbers.get("speed", 1.0)
        numbers["note"] = self._note(numbers, 0.0, timing)
        unit = value.get("unit", "r")
        if unit == "c":
            speed *= seconds * timing.cps
        elif unit == "s":
            speed = seconds / speed if speed else 0.0
        numbers["speed"] = speed
        begin, end = numbers.get("begin", 0.0), numbers.get("end", 1.0)
        rate = abs(speed) * 2 ** (numbers["note"] / 12)
        rate *= min(1.0, abs(1 + numbers.get("accelerate", 0.0)) or 1.0)
        length = abs(end - begin) * seconds
        numbers["seconds"] = hold = min(length / rate, LONGEST_HOLD) if rate > 0 else 0.0
        gate = inf
        if "legato" in numbers or numbers.get("loop"):
            gate = timing.seconds * numbers.get("legato", 1.0)
            hold = gate if numbers.get("loop") else min(hold, gate)
        stereo = len(sample.channels) > 1
        return self._voice(
            ("sample", stereo),
            _sampler(stereo),
            value,
            numbers,
            gate,
            hold,
            sample,
            cut=_cut(numbers, name),
            envelope=gate < inf,
        )

    # -- instruments ----------------------------------------------------------------------------

    def played(
        self,
        instrument: Instrument,
        value: Mapping[str, object],
        numbers: dict[str, float],
        timing: EventTiming,
    ) -> Voice:
        """A voice of a synth, a bus or a built-in instrument."""
        n = numbers.get("n", 0.0)
        note = self._note(numbers, 0.0 if instrument.variants else n, timing)
        numbers.setdefault("freq", MIDDLE_C * 2 ** (note / 12))
        numbers["note"] = note
        # Instruments without pitch are transposed like samples, by `speed` too.
        numbers["transpose"] = 2 ** (note / 12) * (abs(numbers.get("speed", 1.0)) or 1.0)
        gate = timing.seconds * numbers.get("legato", 1.0)
        cut = _cut(numbers, instrument.name)
        cut = instrument.choke if cut is None else cut
        return self._voice(
            instrument.name,
            instrument.graph,
            value,
            numbers,
            gate,
            gate,
            None,
            cut,
            envelope="gate" not in instrument.controls
            or (instrument.rings and "legato" in numbers),
            own=instrument.controls,
            defaults=instrument.settings(n),
        )

    def _voice(
        self,
        name: Hashable,
        graph: Input,
        value: Mapping[str, object],
        numbers: dict[str, float],
        gate: float,
        hold: float,
        sample: SampleData | None,
        cut: Hashable | None,
        envelope: bool,
        own: frozenset[str] = frozenset(),
        defaults: Mapping[str, float] | None = None,
    ) -> Voice:
        signals = {key: item for key, item in value.items() if isinstance(item, SharedSignal)}
        effects = tuple(dict.fromkeys(_effects(value, own)))
        if envelope and "adsr" not in effects:
            effects = (*effects, "adsr")
        modulated = tuple((key, item.name) for key, item in signals.items())
        patch = (name, effects, modulated)
        built = self._graphs.get(patch)
        if built is None:
            built = self._graphs[patch] = _chained(_modulated(graph, signals), effects, signals)
        level = numbers.get("gain", 1.0) * numbers.get("velocity", 1.0)
        if "gain" in signals:
            level = numbers.get("velocity", 1.0)
        settings = {**(defaults or {}), **numbers, "level": level}
        return Voice(patch, built, settings, sample, gate, hold, cut, _ports(value, numbers))


def _meant(key: str, item: object) -> object:
    """The number of a word that an effect takes (`vowel "a"`); other values as they are."""
    effect = effect_of_control().get(key) if isinstance(item, str) else None
    if effect is None:
        return item
    words = voice_effects()[effect].words(key)
    return words.index(item) if item in words else item


def number(item: object) -> float | None:
    """`item` as a finite number, or None."""
    try:
        value = float(item)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return None
    return value if isfinite(value) else None


def _known(numbers: Mapping[str, float | None]) -> dict[str, float]:
    return {key: item for key, item in numbers.items() if item is not None}


def _own(instruments: Mapping[str, Instrument], name: str) -> bool:
    """Whether the program itself defines a name, which then hides a sample bank."""
    own = getattr(instruments, "own", None)
    return name in instruments if own is None else name in own


def _cut(numbers: Mapping[str, float], name: str) -> Hashable | None:
    """The cut group; a negative number cuts only voices of the same name."""
    group = int(numbers.get("cut", 0))
    if not group:
        return None
    return ("cut", group) if group > 0 else ("cut", group, name)


def _effects(value: Mapping[str, object], own: frozenset[str]) -> Iterator[str]:
    """The voice effects of an event, in the order in which its controls were set."""
    known, effects = effect_of_control(), voice_effects()
    for key in value:
        if key in known and key not in own:
            name = known[key]
            if key == effects[name].primary or key in ENVELOPE:
                yield name


@cache
def _sampler(stereo: bool) -> Input:
    unit = units()["sampler" if stereo else "_sampler_mono"]
    keys = ("seconds" if p.name == "sustain" else p.name for p in unit.parameters)
    defaults = (float(parameter.default or 0.0) for parameter in unit.parameters)
    return Node(unit.name, tuple(map(Control, keys, defaults)))


def _modulated(graph: Input, signals: Mapping[str, SharedSignal]) -> Input:
    """The graph of a voice with controls replaced by the signals that modulate them."""
    if not signals:
        return graph
    done: dict[int, Input] = {}

    def changed(item: Input) -> Input:
        if isinstance(item, Control):
            return signals.get(item.name, item)
        if not isinstance(item, Node):
            return item
        if id(item) not in done:
            done[id(item)] = replace(item, inputs=tuple(map(changed, item.inputs)))
        return done[id(item)]

    return changed(graph)


def _chained(graph: Input, effects: tuple[str, ...], signals: Mapping[str, SharedSignal]) -> Input:
    """The graph of a voice with its effects, level and pan."""

    def setting(key: str, default: float) -> Input:
        return signals.get(key) or Control(key, default)

    for name in effects:
        effect = voice_effects()[name]
        inputs: list[Input] = [graph]
        inputs += (
            Control("gate", 1.0) if extra.name == "gate" else Const(extra.default or 0.0)
            for extra in effect.unit.inputs[1:]
        )
        for key, parameter in zip(effect.keys, effect.unit.parameters, strict=True):
            spec = controls().get(key)
            default = parameter.default if spec is None or spec.default is None else spec.default
            inputs.append(setting(key, float(default or 0.0)))
        graph = Node(name, tuple(inputs))
    if "gain" in signals:
        graph = Node("mul", (graph, setting("gain", 1.0)))
    return Node(PLACE, (graph, Control("level", 1.0), setting("pan", 0.5)))


def _ports(
    value: Mapping[str, object], numbers: Mapping[str, float]
) -> tuple[tuple[str, str], ...]:
    """The ports of a voice: the stream's mix or a routed effect, and the sends."""
    route = value.get(ROUTE)
    main = "+".join(sorted(set(route))) if isinstance(route, tuple) else "main"
    sends = tuple((name, name) for name in SENDS if numbers.get(name))
    return ((main, ""), *sends)
