"""The engine: events become voices, voices become sound."""

from phonon.engine.engine import Engine
from phonon.engine.stats import Stats

__all__ = ["Engine", "Stats"]
