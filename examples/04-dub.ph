-- Dub: a heavy bass, a chord on the offbeat, and an echo of tape that is played like an instrument.
bpm: 140 8

~skank: s "~ organ ~ organ ~ organ ~ organ" # note "<d4'min d4'min c4'major a3'min>"
  # legato 0.35 # hpf 400 # gain 0.9 # pan "0.3 0.3 0.7 0.7"
~shot: sometimesBy 0.3 (# speed 1.5) $ s "~ ~ ~ ~ rim ~ ~ <~ sn:2>" # gain 1.2

o1: s "bd:1 ~ ~ ~ bd:1 ~ ~ ~" # gain 1.5
o2: s "~ ~ ~ ~ sn ~ ~ ~" # gain 1.4 # plate 0.01 1.5 :mix 0.25
o3: s "hh*8" # n "0 2 0 4" # gain "1 0.5" # pan 0.62
o4: struct "t ~ [~ t] t ~ t ~ <t [t t]>" $ s "bass" # note "<d2 d2 c2 a1>"
  # cutoff 220 # sweep 3 # gain 1.1
o5: ~skank # tapedelay 0.643 0.7 :sat 0.6 :mix (sine 0.05 * 0.2 + 0.35) # width 1.5
o6: ~shot # pingpong 0.3214 0.72 # hpf 300 # plate 0.02 3 :mix 0.4
