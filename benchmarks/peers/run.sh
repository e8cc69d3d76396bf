#!/bin/bash
# Phonon within the comparison suite: copy this folder to SUITE/phonon, then run phonon/run.sh.
# PYTHON is a Python that has phonon (python3); REPS as for the other engines. Phonon's sampler is
# cubic only, so w2lin and w2cub are the same program.
cd "$(dirname "$0")/.." || exit 1
R=${REPS:-5} PY=${PYTHON:-python3} TEXTS=out/phonon
"$PY" phonon/programs.py . $TEXTS || exit 1
ph() { # label program seconds
  python3 common/measure.py phonon_b64 "$1" "$3" "$R" out/ph.wav -- \
    "$PY" -m phonon render "$TEXTS/$2.ph" out/ph.wav --seconds "$3" --bits 32f \
    --voices 2048 --samples $TEXTS/bank
}
ph w0 w0 0.1
for n in 1 16 64 256 1024; do ph "w1_$n" "w1_$n" 10; done
for n in 16 64 256; do ph "w2lin_$n" "w2_$n" 10; ph "w2cub_$n" "w2_$n" 10; done
ph w3 w3 60
ph w4 w4 60
