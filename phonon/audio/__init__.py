"""Devices and sound files: playback, samples, WAV files, loudness, offline rendering."""
