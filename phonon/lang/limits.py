"""Limits on the size of programs and strings."""

from __future__ import annotations

from typing import Final

SOURCE_LENGTH: Final = 250_000
"""Characters of a program."""

STATEMENTS: Final = 2_000
"""Statements of a program."""

STATEMENT_LENGTH: Final = 50_000
"""Characters of one statement: parsing a statement takes about 0.5 ms per 100 characters."""

BRACKETS: Final = 64
"""Brackets inside brackets, in a program and in a string each."""

DEPTH: Final = 150
"""Levels of a syntax tree, so that whoever walks one by recursion has room for it."""

MINI_DEPTH: Final = 80
"""Levels of brackets and modifiers in a string; each becomes a pattern inside a pattern."""

EVENTS: Final = 10_000
"""Events per cycle that one string may ask for; a cycle of so many takes about 0.1 s to query."""

STEPS: Final = 4_096
"""Steps of a Euclidean rhythm, numbers of a range, notes of a chord."""

SPEED: Final = 1_000_000
"""Largest factor, weight or count in mini-notation, and the inverse of the smallest."""

DIGITS: Final = 40
"""Digits of a number; 40 are exact to 1e-40, below any clock."""

EXPONENT: Final = 300
"""Largest exponent of a number, up or down: what fits a floating-point number."""
