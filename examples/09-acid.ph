-- Acid: one synth, one bar of notes, and two hands on the filter.
bpm: 130

synth silver freq velocity cutoff=400 res=0.8 snap=4 =
  (saw freq * 0.6 + square (freq * 0.5) * 0.4)
  # moog (xline (cutoff * snap * velocity) cutoff 0.18) res
  # hpf 25 # adsr 0.002 0.2 0.3 0.04

~line: note "c2 c2 c3 c2 [ef2 f2] c2 bf1 c3"
~hand: sine 0.05 * 350 + 550

o1: s "bd*4" # gain 1.5
o2: s "[~ oh:1]*4, ~ cp ~ cp" # gain 0.9 # pan 0.6
o3: every "<4 3>" (0.25 <~) $ s "silver*8" # ~line # cutoff ~hand # res "0.75 0.95"
  # velocity "1 0.6 0.8 0.6 1 0.5 0.9 0.7" # gain 0.7 # distort 4 0.5 # pan "0.4 0.6"
o4: off 0.125 (|+ note 12) $ s "silver(5,16)" # note "<c3 c3 ef3 g2>" # cutoff 300 # snap 9
  # gain 0.9 # pan "0.2 0.8" # pingpong 0.3462 0.5 :mix 0.4
