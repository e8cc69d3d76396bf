-- Journey: everything follows tracks of eight cycles: a rise, a turn, a way home.
bpm: 118

~open: track [0 250, 4 2200 exp, 6 4000, 8 250 cubic] :loop 8
~swell: track [0 0.15, 5 0.6 lin, 6 0.6 step, 8 0.15 -3] :loop 8
~rate: track [0 2, 4 6, 6 12 exp, 8 2] :loop 8

o1: mask "<t t t t t t f t>" $ s "bd*4" # gain 1.4
o2: s "hh*16" # gain (track [0 0, 4 0.8, 6 1, 6 0 step, 7 0.5 step] :loop 8) # pan 0.6
o3: s "supersaw*8" # note "c3 ef3 g3 bf3 c4 bf3 g3 ef3" |+ note "<0 0 -4 -2>" # legato 0.8
  # cutoff ~open # resonance 2 # gain 0.8 # delay 0.381 0.4 :mix 0.3
o4: noise # hpf 2000 # tremolo ~rate 0.9 # pan (sine 0.2 * 0.4 + 0.5) * ~swell * 0.3
o5: s "bass*4" # note "<c2 c2 af1 bf1>" # cutoff (~open * 0.25 + 150) # gain 0.9
