"""Modules are imported by import statements, which import-linter reads."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import phonon
from phonon.dsp.registry import units

PACKAGE = Path(phonon.__file__).parent

# The compiling process is sent the name of the module whose function it has to compile.
LOADERS = {"kernel/worker.py"}


def importers_by_name(source: str) -> Iterator[str]:
    """Every name in the text through which a module can be imported by a string."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.alias(name=name):
                if name in {"import_module", "__import__", "runpy", "pkgutil", "exec_module"}:
                    yield name


@pytest.mark.parametrize(
    "source",
    [
        "from importlib import import_module",
        "import importlib\nimportlib.import_module('phonon.session')",
        "__import__('phonon.session')",
        "from importlib import import_module as load",
    ],
)
def test_an_import_by_name_is_recognised(source: str) -> None:
    assert list(importers_by_name(source))


def test_only_the_compiling_process_imports_modules_by_name() -> None:
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if any(importers_by_name(path.read_text(encoding="utf-8")))
    }
    assert found == LOADERS


def test_the_unit_library_imports_every_module_that_defines_units() -> None:
    families = {
        path.stem
        for path in (PACKAGE / "dsp").glob("*.py")
        if "\n@unit(" in path.read_text(encoding="utf-8")
    }
    assert families == {unit.family for unit in units().values()}
