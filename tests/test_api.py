"""The Python API: the public names of phonon, and when they are loaded."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

import phonon


def python(code: str) -> str:
    """The output of a new interpreter."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


VALUES = "[event.value for event in phonon.pattern('bd sn').query(0, 1)]"


@pytest.mark.parametrize(
    "before",
    [
        "import phonon",
        "import phonon; import phonon.patterns",
        "import phonon.patterns; import phonon",
        "import phonon; from phonon.patterns import Pattern",
        "import phonon; phonon.pattern('bd'); import phonon.patterns",
        "import phonon; phonon.pattern; from phonon import pattern; pattern('bd')",
    ],
)
def test_pattern_is_a_function_whatever_was_imported_before(before):
    assert python(f"{before}; print({VALUES})") == "['bd', 'sn']"


def test_the_package_of_patterns_has_a_name_of_its_own():
    code = "import phonon.patterns, phonon; print(phonon.pattern is phonon.session.pattern)"
    assert python(code) == "True"


def test_importing_phonon_loads_nothing_heavy():
    code = "import sys, phonon; print({'numpy', 'numba', 'lark'} & set(sys.modules))"
    assert python(code) == "set()"


def test_events_have_exact_times():
    first, second = phonon.pattern('s "bd sn:3"').query(0, 1)
    assert (first.whole.begin, first.whole.end) == (0, Fraction(1, 2))
    assert first.part == first.whole
    assert first.value == {"s": "bd"}
    assert second.value == {"s": "sn", "n": 3}


def test_the_random_formula_can_be_chosen():
    values = [
        [event.value for event in phonon.pattern('"0*16?"', rng=rng).query(0, 1)]
        for rng in ("precise", "tidal", "strudel")
    ]
    assert values[1] != values[2]


def test_check_finds_errors_and_suggests_similar_words():
    assert phonon.check('out: s "bd*4"') == []
    (found,) = phonon.check("cps: 0.5\nout: saww 55\n")
    assert isinstance(found, phonon.Diagnostic)
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 6, 2, 10)
    assert "saw" in found.suggestions


def test_errors_carry_their_diagnostics():
    with pytest.raises(phonon.PhononError) as caught:
        phonon.pattern('s "bd [sn"')
    assert caught.value.diagnostics[0].line == 1
    with pytest.raises(phonon.PhononError) as caught:
        phonon.render("out: saww 55")
    assert "saw" in caught.value.diagnostics[0].suggestions


def test_everything_public_is_listed_and_documented():
    assert set(phonon.__all__) <= set(dir(phonon))
    for name in phonon.__all__:
        assert getattr(phonon, name).__doc__
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        phonon.nothing  # noqa: B018


def test_an_error_of_a_query_is_a_phonon_error() -> None:
    pattern = phonon.pattern('scale "<major nosuch>" "0 .. 7"')
    with pytest.raises(phonon.PhononError):
        pattern.query(0, 2)


@pytest.mark.parametrize("source", ["out: noise * 0.1", 'out: s "hh*4"', "out: dust 40"])
def test_another_seed_gives_another_noise(source: str) -> None:
    first, again, other = (phonon.render(source, cycles=1, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
