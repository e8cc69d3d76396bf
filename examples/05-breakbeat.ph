-- Breakbeat: a break of one bar, cut into eighths and put together anew every cycle.
bpm: 168

~bar: s "bd ~ bd ~ sn:3 ~ ~ sn:4 ~ sn:4 bd bd sn:3 ~ ~ sn:4"
~ride: s "hh*8" # n "2 0" # gain "1 0.5"
~cuts: "<[0 1 2 3 4 5 6 7] [0 1 2 3 0 0 6 7] [0 1 4 3 4 5 2 2*2] [0 6 2 6 4 5 [6 6] 3]>"

o1: lastOf 8 (ply 2) $ bite 8 ~cuts $ ~bar # gain 1.1 # speed "<1 1 1 1.12>"
o2: chunk 4 (# speed 2) $ bite 8 ~cuts $ ~ride # pan 0.62
o3: mask "<t t t f>" $ s "~ ~ ~ ~ sn:1(3,8) ~ ~ ~" # gain 0.9 # pan 0.35 # reverb 0.7 :mix 0.4
o4: struct "t(3,8,<0 2>)" $ s "bass" # note "<e1 e1 g1 d1>" # cutoff 160 # octave 1 # gain 0.9
o5: slow 2 $ s "pad" # note "<e4'min9 g3'maj7>" # cutoff 900 # gain 0.45 # chorus
