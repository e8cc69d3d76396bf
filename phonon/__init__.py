"""Phonon: a live-coding pattern language with its own synthesis engine."""
