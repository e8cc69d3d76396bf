-- First light: a beat, hats that breathe, a bass of our own and plucked chords in a room.
bpm: 124

synth bass freq cutoff=500 = saw freq * 0.6 # lpf cutoff 3 # adsr 0.005 0.15 0.5 0.1

o1: s "bd*4, ~ cp"
o2: s "hh*8" # gain (range 0.15 0.45 sine) # pan 0.6
o3: s "bass*8" # note "<c2 c2 ef2 bf1>" # cutoff "<500 900 1400>" # gain 0.5
o4: every 4 rev $ s "pluck(3,8)" # note "<c4'min7 ef4'maj7>" # gain 0.3 # reverb 0.6
