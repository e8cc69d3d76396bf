-- Tour: every kind of thing that there is, in one piece; each line is a place to begin.
bpm: 112

-- A function, an instrument; buses that hold an effect, a transform, a pattern, a signal.
fn duo f d = saw (f - d) * 0.5 + saw (f + d) * 0.5
synth glass freq velocity index=3 =
  fm freq (freq * 3.01) (xline (velocity * index) 0.05 0.6) # adsr 0.002 0.8 0.1 0.4 * 0.35
~space: delay 0.4018 0.45 :mix 0.3 # reverb 0.8 0.4 :mix 0.25
~feel: every 4 (0.25 <~) . sometimesBy 0.2 (ply 2)
~roots: "<65.4 65.4 51.9 58.3>"
~breath: sine 0.07 * 0.5 + 0.5

-- Mini-notation, Euclid, polymeter, chance, swing.
o1: s "bd(<3 5>,8), ~ sn ~ <sn sn:3>, {rim ~ ~ cb:3 ~}%8" # gain 0.8
o2: s "[hh*2? hh]*4, ~ ~ ~ oh:1" $ swingBy (1/6) 4 # n "<0 1 3>" # pan perlin # gain 0.6

-- Scales, copies that come later, both sides; arpeggios; a voice with a filter of its own.
o3: ~feel $ jux rev $ off 0.125 (|+ note 7) $ note (scale "minor" "0 2 <4 6> [7 9]") # s "glass"
  # gain 0.35
o4: note (arp "updown" "<c4'min7 af3'maj7>") # s "tone" # lpf "<800 1600 3200>" 3 # gain 0.6 # pan 0.3

-- A bus that plays as an instrument, moved by a signal, sent into a room.
~pad: duo freq 0.8 # lpf (~breath * 900 + 500) 1.5
o5: slow 2 $ s "~pad" # note "<c3'min7 af2'maj7>" # attack 0.5 # release 0.8 # gain 0.07 # room 0.3

-- Oscillators that follow a pattern, a track that opens their filter, an echo that feeds itself.
~sub: square (lag 0.05 ~roots) * 0.35 # moog (track [0 120, 6 900 exp, 8 120] :loop 8) 0.5
~wave: ~sub + (~wave # delay 0.1339 0 1 * 0.3)
o6: ~wave # duck (s "bd(<3 5>,8)") 0.6 # eq3 -3 -2 -6 # width 0.8

-- Sound cut up, crushed, and put into the space from above.
o7: degrade $ ply "<1 2 4>" $ s "cp*2" # hpf 900 # crush 5 # pan "0.2 0.8" # gain 0.7 # ~space
