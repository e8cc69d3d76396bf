-- Drone: slow chords of detuned saws under a moving filter, wind, and a bell now and then.
cps: 0.125

~low: supersaw "<[55,82.5] [49,73.5] [41.25,82.5] [55,65.25]>" 0.35
~high: saw "<[110,164.8] [98,146.8] [82.4,123.5] [110,130.8]>"
~filter: sine 0.031 * 500 + sine 0.087 * 220 + 1000
~wind: pink # bpf (sine 0.043 * 500 + 800) 3 * (sine 0.11 * 0.5 + 0.6)

o1: (~high * 0.25 + ~low * 0.3) # moog ~filter 0.3 # chorus 0.3 0.7 :mix 0.5 # plate 0.03 6 :mix 0.4
o2: ~wind # pan (sine 0.07 * 0.4 + 0.5)
o3: degradeBy 0.4 $ s "bell*4" # note (scale "minorPentatonic" "<0 4> [7 ~] <9 12> ~") # octave 1
  # gain 0.7 # pan rand # pingpong 0.75 0.6 # plate 0.05 7 :mix 0.6
