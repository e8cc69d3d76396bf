-- Polymeter: voices of 3, 4, 5 and 7 steps at one pace; they meet again after 420.
bpm: 110

o1: s "{bd ~ ~ bd ~, rim ~ ~ rim ~ ~ rim}%8" # gain 1.1
o2: s "{hh hh hh:2 hh oh}%16" # gain "{0.9 0.5 0.7}%16" # pan 0.62
o3: note "{c3 ef3 g3, f4 ~ bf3 ~ d4 ~ g4}%8" # s "superpwm" # legato 0.6 # gain 0.55
  # pan "{0.2 0.8}%8" # cutoff "{600 1200 2400 4000}%8" # delay 0.2045 0.35 :mix 0.25
o4: note "{c2 c2 ~ g2 ~}%4" # s "bass" # gain 0.9
o5: note "{g4 ~ ~ ~ c5 ~ ~ ef5 ~ ~ ~}%8" # s "fm" # ratio "{1 2 3.5}%8" # gain 0.45 # pan 0.4
  # reverb 0.8 :mix 0.4
