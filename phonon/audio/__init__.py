"""Where sound meets files and devices: samples, WAV files, loudness, offline rendering."""
