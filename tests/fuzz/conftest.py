"""What the fuzz tests share: the mutations, as a module beside them."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def mutate() -> ModuleType:
    """The module mutate.py."""
    spec = importlib.util.spec_from_file_location("mutate", Path(__file__).with_name("mutate.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
