"""The engine: events become voices, voices become sound."""
