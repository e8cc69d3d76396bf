-- Garden: nothing is written down but a scale; chance walks about in it, always the same way.
bpm: 96

~walk: segment 8 (range 0 10 perlin) + "<0 2 4 1>"

o1: degradeBy 0.25 $ note (scale "dorian" (floor ~walk)) # s "pluck" # pan rand # gain 1
  # reverb 0.8 0.3 :mix 0.35
o2: struct "t(<3 5>,8,2)" $ note (scale "dorian" (segment 8 (irand 7))) # s "epiano" # octave -1
  # gain 0.9 # pan 0.35 # delay 0.469 0.5 :mix 0.3
o3: slow 2 $ note (scale "dorian" (segment 3 (irand 5) + 7)) # s "flute" # gain 0.3 # pan 0.65
  # reverb 0.9 0.4 :mix 0.5
o4: note (scale "dorian" "<0 0 3 -2>") # s "bass" # octave -2 # legato 0.9 # gain 1.1
o5: sometimesBy 0.4 (ply 2) $ s "rim? hh? rim? hh?" # n (irand 5) # gain 0.7 # pan rand
