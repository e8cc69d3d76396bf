"""Parses option values; each function raises the sentence that argparse shows."""

from __future__ import annotations

from argparse import ArgumentTypeError
from fractions import Fraction

MOST_CYCLES = 100_000
LONGEST_SECONDS = 86_400


def position(text: str) -> Fraction:
    """Parse a cycle position: `2`, `0.5`, `1/3`, `-1`."""
    number = _fraction(text, "a number of cycles")
    if abs(number) > 10 * MOST_CYCLES:
        raise ArgumentTypeError(f"{text} is too far away; {10 * MOST_CYCLES} cycles are the most")
    return number


def cycles(text: str) -> Fraction:
    """Parse a positive number of cycles."""
    number = _fraction(text, "a number of cycles")
    if number <= 0:
        raise ArgumentTypeError(f"expected more than 0 cycles, not {text}")
    if number > MOST_CYCLES:
        raise ArgumentTypeError(f"{text} cycles are too many; {MOST_CYCLES} are the most")
    return number


def seconds(text: str) -> Fraction:
    """Parse a positive number of seconds."""
    number = _fraction(text, "a number of seconds")
    if not 0 < number <= LONGEST_SECONDS:
        raise ArgumentTypeError(f"expected 0 to {LONGEST_SECONDS} seconds, not {text}")
    return number


def tail(text: str) -> Fraction | None:
    """Parse seconds after the end, or `auto` (None) for as long as it sounds."""
    if text == "auto":
        return None
    number = _fraction(text, "a number of seconds or auto")
    if not 0 <= number <= LONGEST_SECONDS:
        raise ArgumentTypeError(f"expected 0 to {LONGEST_SECONDS} seconds, not {text}")
    return number


def tempo(text: str) -> Fraction:
    """Parse cycles per second."""
    number = _fraction(text, "a number of cycles per second")
    if not Fraction(1, 1000) <= number <= 1000:
        raise ArgumentTypeError(f"expected 0.001 to 1000 cycles per second, not {text}")
    return number


def rate(text: str) -> int:
    """Parse a sample rate in Hz."""
    number = _fraction(text, "a sample rate in Hz")
    if number.denominator != 1 or not 8_000 <= number <= 192_000:
        raise ArgumentTypeError(f"expected a whole rate from 8000 to 192000 Hz, not {text}")
    return int(number)


def seed(text: str) -> int:
    """Parse a seed."""
    number = _fraction(text, "a whole number")
    if number.denominator != 1 or not 0 <= number < 2**32:
        raise ArgumentTypeError(f"expected a whole number from 0 to {2**32 - 1}, not {text}")
    return int(number)


def voices(text: str) -> int:
    """Parse the number of simultaneous voices."""
    number = _fraction(text, "a number of voices")
    if number.denominator != 1 or not 1 <= number <= 4_096:
        raise ArgumentTypeError(f"expected 1 to 4096 voices, not {text}")
    return int(number)


def _fraction(text: str, expected: str) -> Fraction:
    wrong = ArgumentTypeError(f"expected {expected}, not {text[:40]}")
    if len(text) > 40 or "e" in text.lower():  # 1e999999999 would have a billion digits
        raise wrong
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise wrong from None
