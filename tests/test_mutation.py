"""The mutation run: what it draws."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def mutation():
    spec = importlib.util.spec_from_file_location(
        "mutation", Path(__file__).with_name("mutation.py")
    )
    module = sys.modules["mutation"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules["mutation"]


def test_a_seed_draws_the_same_mutants_in_every_run(mutation):
    assert mutation.drawn(7, 30) == mutation.drawn(7, 40)[:30]
    assert mutation.drawn(7, 30) != mutation.drawn(8, 30)


def test_mutants_are_drawn_from_every_package(mutation):
    packages = {path.name for path in (mutation.ROOT / "phonon").iterdir() if path.is_dir()}
    turns = [mutation.package(mutant.path) for mutant in mutation.drawn(7, 30)]
    assert {"phonon", *packages} - {"__pycache__", "grammar", "kit"} == set(turns)


def test_a_mutant_is_one_change_of_meaning(mutation):
    for mutant in mutation.drawn(3, 60):
        before = ast.dump(ast.parse((mutation.ROOT / mutant.path).read_text(encoding="utf-8")))
        assert ast.dump(ast.parse(mutant.text())) != before, mutant.diff()


def test_the_layers_are_those_of_the_package(mutation):
    known = {*mutation.LAYERS, *mutation.FRONTS, *mutation.BESIDE, *mutation.SOUNDING}
    for name in known - {"phonon"}:
        assert (mutation.ROOT / "phonon" / name).is_dir(), name
