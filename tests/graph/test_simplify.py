"""Simplification of arithmetic in graphs."""

import pytest

from phonon.graph.simplify import simplified


@pytest.mark.parametrize(
    ("unit", "constants", "result"),
    [
        ("add", [1.0, 2.0], 3.0),
        ("div", [1.0, 4.0], 0.25),
        ("div", [1.0, 0.0], None),
        ("mul", [1e300, 1e300], None),
        ("mul", [None, 1.0], 0),
        ("mul", [1.0, None], 1),
        ("add", [0.0, None], 1),
        ("sub", [None, 0.0], 0),
        ("sub", [0.0, None], None),
        ("mul", [None, 0.0], None),
        ("saw", [1.0], None),
        ("add", [None, None], None),
    ],
)
def test_constants_fold_and_neutral_elements_vanish(unit, constants, result):
    found = simplified(unit, constants)
    assert found == result
    assert type(found) is type(result)
