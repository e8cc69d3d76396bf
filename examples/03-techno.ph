-- Techno: a driven kick and its rumble in a hall, machines that drift, a filter that opens slowly.
bpm: 134

~kick: s "bd:3*4"
~rumble: s "bd:4*16" # gain "0 0.5 0.8 0.6" # lpf 120 # reverb 0.8 0.9 :mix 0.6

o1: ~kick
o2: ~rumble # duck ~kick 1 0.002 0.12 * 0.8
o3: s "hh*16" # n "<0 1 0 3>" # gain "0.5 0.3 1 0.4" # pan (range 0.3 0.7 perlin)
o4: every 4 (ply "1 1 1 2") $ s "~ ~ ~ cp:1 ~ ~ rim ~" # gain 0.8 # reverb 0.7 :mix 0.3
o5: degradeBy 0.2 $ s "acid*16" # note "c2 c2 c3 c2 ef2 c2 c2 bf1"
  # cutoff (sine 0.03 * 500 + 700) # resonance 0.85 # sweep 3 # gain 1.6 # pan "0.3 0.7"
  # pingpong 0.336 0.45 :mix 0.35
o6: mask "<f f t t>" $ s "cy:1*8" # gain "0.3 0.5" # pan 0.7
