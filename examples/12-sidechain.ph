-- Side chain: a mix of buses; the kick pushes the pads aside, and a compressor holds the drums.
bpm: 120

~kick: s "bd*4" # gain 1.4
~drums: s "~ cp, hh*8, ~ ~ ~ [~ rim:2]" # gain "0.9 0.7" # pan "0.6 0.35"
~pads: s "supersaw" # note "<c3'min9 af2'maj7 ef3'maj7 bf2'major>" # attack 0.1 # gain 0.5
  # cutoff (sine 0.06 * 800 + 1500)
~line: s "lead(5,8)" # note "<[g4 c5 ef5] [g4 c5 d5] [bf4 ef5] [f4 bf4 d5]>" # legato 0.5 # pan 0.6
~room: ~line * 0.6 + ~drums * 0.3 # plate 0.02 2.5 :mix 1

o1: ~kick
o2: ~drums # comp -24 3 0.002 0.1 3
o3: ~pads # comp -32 6 0.005 0.18 :sidechain ~kick * 1.4
o4: ~line # pingpong 0.375 0.4 * 0.7 # duck ~kick 0.6
o5: ~room # duck ~kick 0.8 :release 0.25 * 0.8
o6: s "bass(3,8)" # note "<c2 af1 ef2 bf1>" # duck ~kick 0.7 :release 0.15
