"""Limits the number of events that mini-notation may ask for, before patterns are built.

What stands after `*`, `/`, `%` and in `( , , )` must be numbers whoever reads the string, so it is
checked here, too. Counts are upper bounds: what is refused is absurd by orders of magnitude.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from phonon.errors import Fault
from phonon.lang import mini_syntax as mini
from phonon.lang.limits import EVENTS, MINI_DEPTH, SPEED, STEPS
from phonon.lang.mini_syntax import Mini, children
from phonon.lang.numerals import numeral

NOTES = 32  # of a chord that does not say how many, and of a range between note names


def check(tree: Mini) -> None:
    """Raise a Fault at the part that asks for too much, or that is no number where one must be."""
    level: list[Mini] = [tree]
    for _ in range(MINI_DEPTH):
        level = [child for node in level for child in children(node)]
        if not level:
            break
    else:
        raise Fault(f"this is nested more than {MINI_DEPTH} levels deep", level[0].span)
    _events(tree)


def _events(node: Mini) -> int:
    """An upper bound of the events per cycle of a node, counting rests."""
    count = _counted(node)
    if count > EVENTS:
        shown = f"{count:,}" if count < 10**15 else "countless"
        raise Fault(f"this asks for {shown} events per cycle; {EVENTS:,} are the most", node.span)
    return count


def _counted(node: Mini) -> int:  # noqa: C901 (one case for each kind of node)
    match node:
        case mini.Word() | mini.Rest() | mini.Silence():
            return 1
        case mini.Sequence():
            return sum(_events(step.body) for step in node.steps) if node.steps else 1
        case mini.Stack():
            return sum(_events(part) for part in node.parts)
        case mini.Choice():
            return max(_events(part) for part in node.parts)
        case mini.Polymeter():
            return _polymeter(node)
        case mini.Alternation():
            return sum(_turn(voice) for voice in node.voices)
        case mini.Speed():
            return _speed(node)
        case mini.Repeat():
            return _events(node.body) * max(1, node.count)
        case mini.Euclid():
            return _euclid(node)
        case mini.Degrade():
            return _events(node.body)
        case mini.Tail():
            return _events(node.body) + _events(node.tail)
        case mini.Range():
            return _range(node) * _events(node.first) * _events(node.last)
        case mini.Chord():
            return _chord(node)


def _polymeter(node: mini.Polymeter) -> int:
    weights = [sum((step.weight for step in voice.steps), Fraction()) for voice in node.voices]
    steps = [weights[0]] if node.steps is None else [abs(n) for n in _numbers(node.steps)]
    most = max(steps, default=Fraction())
    return sum(
        _events(voice) * max(1, ceil(most / weight))
        for voice, weight in zip(node.voices, weights, strict=True)
        if weight
    )


def _turn(voice: mini.Sequence) -> int:
    if not voice.steps:
        return 1
    shortest = min(step.weight for step in voice.steps)
    return max(_events(step.body) for step in voice.steps) * max(1, ceil(1 / shortest))


def _speed(node: mini.Speed) -> int:
    factors = [abs(number) for number in _numbers(node.factor) if number]
    if node.operator == "/":
        factors = [1 / factor for factor in factors]
    most = max(factors, default=Fraction(1))
    return _events(node.body) * max(1, ceil(most)) * _width(node.factor) + _pieces(node.factor)


def _euclid(node: mini.Euclid) -> int:
    pulses, steps = _whole(node.pulses), _whole(node.steps)
    if node.rotation is not None:
        _whole(node.rotation)
    longest = max(steps, default=0)
    if longest > STEPS:
        raise Fault(f"a rhythm may have at most {STEPS:,} steps", node.steps.span)
    most = longest if any(count < 0 for count in pulses) else min(max(pulses, default=0), longest)
    parts = [node.pulses, node.steps, *([node.rotation] if node.rotation is not None else [])]
    return _events(node.body) * max(1, most) + sum(map(_pieces, parts))


def _range(node: mini.Range) -> int:
    """An upper bound of the numbers in a range, whose ends may be numbers or notes."""
    ends = [_word(found) for side in (node.first, node.last) for found in _words(side)]
    known = [end for end in ends if end is not None]
    count = int(max(known) - min(known)) + 1 if known and len(known) == len(ends) else NOTES
    if count > STEPS:
        raise Fault(f"a range may have at most {STEPS:,} numbers", node.span)
    return count


def _chord(node: mini.Chord) -> int:
    notes = NOTES
    _words(node.root)
    for part in node.parts:
        for found in _words(part):
            if found.text.isdecimal() and (len(found.text) > 4 or int(found.text) > STEPS):
                raise Fault(f"a chord may have at most {STEPS:,} notes", found.span)
            notes = max(notes, int(found.text) if found.text.isdecimal() else 0)
    return _events(node.root) * notes + sum(map(_events, node.parts))


def _pieces(node: Mini) -> int:
    """The number of parts into which a patterned number divides the cycle."""
    return 0 if isinstance(node, mini.Word) else _events(node)


def _numbers(node: Mini) -> list[Fraction]:
    """The numbers of a part where only numbers are allowed; raises a Fault at others."""
    found = []
    for item in _words(node):
        value = numeral(item.text, item.span, bare_letters=False)
        if value is None:
            raise Fault(f"a number is expected here, not `{item.text}`", item.span)
        number = Fraction(value)
        if abs(number) > SPEED or 0 < abs(number) < Fraction(1, SPEED):
            raise Fault(f"`{item.text}` is out of range: 1/{SPEED} to {SPEED}", item.span)
        found.append(number)
    return found


def _whole(node: Mini) -> list[int]:
    numbers = _numbers(node)
    for number, item in zip(numbers, _words(node), strict=True):
        if number.denominator != 1:
            raise Fault(f"a whole number is expected here, not `{item.text}`", item.span)
    return [int(number) for number in numbers]


def _word(node: mini.Word) -> int | Fraction | None:
    return numeral(node.text, node.span, bare_letters=False)


def _words(node: Mini) -> list[mini.Word]:
    """The words that give a node its values, without those of speeds and rhythms."""
    match node:
        case mini.Word():
            return [node]
        case mini.Speed() | mini.Euclid():
            return _words(node.body)
        case mini.Polymeter():
            return [found for voice in node.voices for found in _words(voice)]
        case mini.Tail() | mini.Chord():
            raise Fault("a single number or note is expected here", node.span)
        case _:
            return [found for child in children(node) for found in _words(child)]


def _width(node: Mini) -> int:
    """The largest number of simultaneous values of a node."""
    match node:
        case mini.Stack():
            return sum(_width(part) for part in node.parts)
        case mini.Polymeter() | mini.Alternation():
            return sum(_width(voice) for voice in node.voices)
        case _:
            return max((_width(child) for child in children(node)), default=1)
