-- House: four to the floor, a shaker with swing, organ stabs that echo, a bass between the kicks.
bpm: 122

~chords: "<c4'min7 c4'min7 af3'maj7 g3'min7>"

o1: s "bd*4" # gain 1.5
o2: s "~ cp ~ cp" # n "<0 0 0 2>" # gain 1.3 # reverb 0.4 :mix 0.2
o3: swingBy (1/6) 8 $ s "hh*16" # n 4 # gain "0.8 0.4 1 0.5" # pan 0.35
o4: mask "<f t t t>" $ s "[~ oh]*4" # decay 0.25 # pan 0.62
o5: s "organ(5,16,3)" # note ~chords # legato 0.5 # gain 0.45 # pan "<0.25 0.75>"
  # hpf 200 # pingpong 0.369 0.5 :mix 0.4
o6: struct "[~ t]!3 [t t]" $ s "bass" # note "<c2 c2 af1 g1>" # octave "0 0 1 0" # legato 0.7
  # gain 1.1
o7: mask "<f f f f t t t t>" $ s "piano(3,8,2)" # note (fast 2 "<g5 ef5 bf4 c5>") # gain 1
  # pan 0.7 # delay 0.369 0.4 :mix 0.3
