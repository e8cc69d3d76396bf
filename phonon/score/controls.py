"""The controls of events: names, aliases, defaults, sends, and the effects that they set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from phonon.dsp.registry import Unit, units


@dataclass(frozen=True, slots=True)
class ControlSpec:
    """A control that `#` sets; `kind` is how words of its pattern are read.

    If there are `words`, its value is one of them, or the number of one.
    """

    name: str
    kind: str = "number"
    default: float | None = None
    doc: str = ""
    aliases: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Send:
    """An effect that all events of a stream share: each is sent into it as loud as it says.

    The control `level` switches the send on and names it. `unit` is the effect, heard without its
    dry input; `settings` are the controls of its other parameters, by parameter: the latest event
    sets them. Parameters without a control keep the unit's default.
    """

    level: ControlSpec
    unit: str
    settings: Mapping[str, ControlSpec]

    @property
    def name(self) -> str:
        """The control of its level."""
        return self.level.name

    @property
    def controls(self) -> tuple[ControlSpec, ...]:
        """Its controls, the level first."""
        return (self.level, *self.settings.values())


_SENDS = (
    Send(
        ControlSpec("delay", doc="send level into the output's delay, 0 to 1"),
        "delay",
        {
            "time": ControlSpec(
                "delaytime",
                default=0.25,
                doc="seconds of the output's delay",
                aliases=("delayt",),
            ),
            "feedback": ControlSpec(
                "delayfeedback",
                default=0.5,
                doc="feedback of the output's delay, 0 to 1",
                aliases=("delayfb",),
            ),
        },
    ),
    Send(
        ControlSpec("room", doc="send level into the output's reverb, 0 to 1"),
        "reverb",
        {
            "room": ControlSpec(
                "size",
                default=0.7,
                doc="room size of the output's reverb, 0 to 1",
                aliases=("sz", "roomsize"),
            ),
        },
    ),
)
SENDS = {send.name: send for send in _SENDS}
SEND_OF = {spec.name: send.name for send in _SENDS for spec in send.controls}


def _controls() -> Iterator[ControlSpec]:
    def row(  # type: ignore[no-untyped-def]
        name: str,
        doc: str,
        *aliases: str,
        kind: str = "number",
        default: float | None = None,
        words: tuple[str, ...] = (),
    ):
        return ControlSpec(name, kind, default, doc, aliases, words)

    yield row(
        "s", "what sounds: a synth, a bus, a sample bank or an instrument", "sound", kind="sound"
    )
    yield row("n", "which file of a bank, or the note of an instrument", kind="n")
    yield row("note", "semitones from c4 (261.63 Hz), or a note name", "up", kind="note")
    yield row("octave", "octaves added to the note", default=0.0)
    yield row("freq", "pitch in Hz, instead of note", kind="hz")
    yield row("velocity", "how hard, 0 to 1; scales the amplitude", default=1.0)
    yield row("gain", "linear amplitude", "amp", default=1.0)
    yield row("pan", "0 left, 0.5 middle, 1 right; constant power", default=0.5)
    yield row("speed", "playback speed of a sample; negative plays backwards", default=1.0)
    yield row("accelerate", "change of a sample's speed over its length", default=0.0)
    units = "what speed counts: r (rate), c (cycles), s (seconds)"
    yield row("unit", units, kind="word", words=("r", "c", "s"))
    yield row("begin", "where in the sample to begin, 0 to 1", default=0.0)
    yield row("end", "where in the sample to end, 0 to 1", default=1.0)
    yield row("loop", "1 plays a sample over and over while its event lasts", default=0.0)
    yield row("cut", "voices of one cut group silence each other", kind="number")
    yield row("legato", "length of the voice in lengths of its event", "clip", "dur")
    yield row("attack", "seconds to full level", "att", default=0.005)
    yield row("decay", "seconds from full level to sustain", "dec", default=0.1)
    yield row("sustain", "level while the voice is held, 0 to 1", "sus", default=1.0)
    yield row("release", "seconds to silence after the end", "rel", default=0.05)
    yield row("cutoff", "low-pass cutoff in Hz", "lpf", "ctf", "lp", kind="hz")
    yield row("resonance", "low-pass resonance", "lpq")
    yield row("hcutoff", "high-pass cutoff in Hz", "hpf", "hp", kind="hz")
    yield row("hresonance", "high-pass resonance", "hpq")
    yield row("bandf", "band-pass centre in Hz", "bpf", "bp", kind="hz")
    yield row("bandq", "band-pass resonance", "bpq")
    for send in SENDS.values():
        yield from send.controls


# The unit parameters that have names of their own among the controls; every other voice effect
# is set by its own name (`ring`), its further parameters by `ring.depth`.
CLASSIC = {
    ("lpf", "cutoff"): "cutoff",
    ("lpf", "q"): "resonance",
    ("hpf", "cutoff"): "hcutoff",
    ("hpf", "q"): "hresonance",
    ("bpf", "cutoff"): "bandf",
    ("bpf", "q"): "bandq",
    ("adsr", "attack"): "attack",
    ("adsr", "decay"): "decay",
    ("adsr", "sustain"): "sustain",
    ("adsr", "release"): "release",
}
# An envelope is on as soon as one of its times is given; other effects need their first parameter.
ENVELOPE = ("attack", "decay", "sustain", "release")
EVERY_VOICE = ("gain", "pan")  # units that are part of every voice anyway


@cache
def controls() -> dict[str, ControlSpec]:
    """All controls by canonical name, without those that user synths add."""
    return {spec.name: spec for spec in _controls()}


@cache
def aliases() -> dict[str, str]:
    """Canonical names by name and alias."""
    found: dict[str, str] = {}
    for spec in controls().values():
        for name in (spec.name, *spec.aliases):
            found[name] = spec.name
    return found


def find(name: str) -> ControlSpec | None:
    """The control called `name`, or None."""
    canonical = aliases().get(name)
    return controls()[canonical] if canonical else None


@dataclass(frozen=True, slots=True)
class VoiceEffect:
    """A unit that acts in each voice, and the controls that set its parameters."""

    unit: Unit
    keys: tuple[str, ...]

    @property
    def primary(self) -> str:
        """The control whose presence in an event switches the effect on."""
        return self.keys[0] if self.keys else self.unit.name

    def words(self, key: str) -> tuple[str, ...]:
        """The words that a control of this effect takes, in the order of their numbers."""
        return self.unit.parameters[self.keys.index(key)].words


@cache
def voice_effects() -> dict[str, VoiceEffect]:
    """Every unit with an audio input that is applied per voice, by name."""
    found: dict[str, VoiceEffect] = {}
    for unit in units().values():
        if unit.scope != "voice" or not unit.is_effect or unit.hidden:
            continue
        keys = []
        for index, parameter in enumerate(unit.parameters):
            classic = CLASSIC.get((unit.name, parameter.name))
            plain = unit.name if index == 0 else f"{unit.name}.{parameter.name}"
            keys.append(classic or plain)
        found[unit.name] = VoiceEffect(unit, tuple(keys))
    return found


@cache
def effect_of_control() -> dict[str, str]:
    """The effect unit that each control switches on or sets, by control."""
    effects = [effect for effect in voice_effects().items() if effect[0] not in EVERY_VOICE]
    return {key: name for name, effect in effects for key in effect.keys}
