-- First light: a beat, hats that breathe, a bass of our own and plucked chords in a room.
bpm: 124

synth bass freq cutoff=500 = saw freq * 0.5 # lpf cutoff 3 # adsr 0.005 0.15 0.5 0.1

o1: s "bd*4, ~ cp" # gain 1.3
o2: s "hh*8" # gain (range 0.4 1 sine) # pan 0.6
o3: s "bass*8" # note "<c2 c2 ef2 bf1>" # cutoff "<500 900 1400>" # gain 0.5
o4: jux rev $ s "pluck(3,8)" # note "<c4'min7 ef4'maj7>" # gain 0.5 # reverb 0.6
