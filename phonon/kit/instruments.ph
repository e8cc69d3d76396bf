-- The built-in instruments. Their controls have the names of the field: `attack decay sustain
-- release` shape the note, `cutoff resonance` its filter. A note at velocity 1 peaks near -12 dBFS.

-- What plays where a stream names no sound: a plucked tone, soft at the edges.
synth tone freq attack=0.003 decay=0.5 sustain=0.25 release=0.2
  = tri freq * 0.65 + square freq * 0.3
  # lpf (xline (freq * 3 + 1500) (freq * 1.5 + 450) 0.4) 1
  # adsr attack decay sustain release * 0.31

-- Stacks and shapes of one oscillator. `detune` 1 spreads them over a whole tone.
synth supersaw freq detune=0.3 voices=7 attack=0.005 decay=0.2 sustain=0.8 release=0.15
  cutoff=8000 resonance=0.7
  = supersaw freq detune voices # stereo (supersaw freq detune voices)
  # lpf cutoff resonance # adsr attack decay sustain release * 0.23
synth superpwm freq rate=0.6 depth=0.7 attack=0.005 decay=0.2 sustain=0.8 release=0.15
  cutoff=5000 resonance=0.7
  = superpwm freq rate depth
  # lpf cutoff resonance # adsr attack decay sustain release * 0.21
synth supersquare freq detune=0.25 duty=0.5 attack=0.005 decay=0.2 sustain=0.8 release=0.15
  cutoff=5000 resonance=0.7
  = supersquare freq detune duty
  # lpf cutoff resonance # adsr attack decay sustain release * 0.18
synth superchip freq rate=6 depth=0.004 attack=0.001 decay=0.12 sustain=0.6 release=0.05
  = superchip freq rate depth # adsr attack decay sustain release * 0.26
synth superfm freq ratio=2 index=2.5 attack=0.002 decay=0.6 sustain=0.4 release=0.2
  = superfm freq ratio (xline index (index * 0.2) decay) # adsr attack decay sustain release * 0.295
synth fm freq ratio=1 index=1.5 attack=0.01 decay=0.2 sustain=0.8 release=0.15
  = superfm freq ratio index # adsr attack decay sustain release * 0.295

-- Strings that are plucked, struck, bowed.
synth pluck freq damping=0.35 attack=0.001 release=0.25
  = pluck freq damping # asr attack release * (freq * 0.00043 + 0.43)
synth piano freq velocity index=1.6 attack=0.001 decay=4 sustain=0 release=0.25
  = superfm freq 2 (xline (velocity * index * 300 / (freq + 120)) 0.15 2) * 0.6
  + superfm (freq * 2.003) 1 (xline (velocity * index * 200 / (freq + 120)) 0.05 1) * 0.3
  + (noise # bpf (freq * 2 + 500) 1 # perc 0 0.03 4) * 0.3
  # adsr attack (decay / (freq * 0.002 + 0.5)) sustain release * 0.33
synth strings freq detune=0.35 voices=5 attack=0.25 decay=0.3 sustain=0.85 release=0.5
  cutoff=3600 resonance=0.7
  = supersaw freq detune voices # stereo (supersaw freq detune voices)
  # lpf cutoff resonance # adsr attack decay sustain release * 0.22

-- Keys and bells of few sines.
synth organ freq bright=0.5 attack=0.006 release=0.06
  = organ freq bright # asr attack release * 0.465
synth epiano freq velocity ratio=14 index=0.45 attack=0.002 decay=2.2 sustain=0.1 release=0.25
  = superfm freq 1 (xline (velocity * 0.9) 0.25 decay) * 0.75
  + superfm freq ratio (xline (velocity * index) 0.001 0.35) * 0.25
  # adsr attack decay sustain release * 0.295
synth bell freq velocity ratio=3.5 index=2 attack=0.001 decay=3.5 sustain=0 release=1.5
  = superfm freq ratio (xline (velocity * index) 0.05 (decay * 0.7)) * 0.7
  + superfm (freq * 2.01) ratio (xline (velocity * index * 0.5) 0.01 (decay * 0.4)) * 0.25
  # adsr attack decay sustain release * 0.31

-- Low and leading voices; `sweep` is how far above `cutoff` a note begins.
synth bass freq cutoff=500 resonance=1.4 sweep=5 attack=0.003 decay=0.25 sustain=0.6 release=0.08
  = saw freq * 0.45 + sine freq * 0.55
  # lpf (xline (cutoff * sweep) cutoff decay) resonance
  # hpf 20 0.7 # adsr attack decay sustain release * 0.33
synth acid freq velocity cutoff=300 resonance=0.75 sweep=9 attack=0.002 decay=0.22 sustain=0.3
  release=0.05
  = saw freq * 0.9 # moog (xline (velocity * cutoff * sweep) cutoff decay) resonance
  # hpf 20 0.7 # adsr attack decay sustain release * 0.9
synth lead freq rate=5.5 depth=0.004 cutoff=4000 resonance=1.5 attack=0.01 decay=0.2 sustain=0.75
  release=0.12
  = superchip freq rate depth * 0.5 + saw (freq * 0.998) * 0.5
  # lpf cutoff resonance # adsr attack decay sustain release * 0.24

-- What breathes.
synth pad freq detune=0.25 voices=5 cutoff=1600 resonance=0.9 rate=0.13 depth=0.35 attack=0.6
  decay=0.5 sustain=0.8 release=1.2
  = supersaw freq detune voices # stereo (supersaw freq detune voices)
  # lpf ((sine rate * depth + 1) * cutoff) resonance # adsr attack decay sustain release * 0.235
synth brass freq velocity detune=0.003 attack=0.05 decay=0.3 sustain=0.75 release=0.12
  = saw freq * 0.5 + saw (freq * detune + freq) * 0.5
  # lpf (xline (freq * 1.2 + 150) ((freq * 4 + 1400) * velocity) 0.09) 0.9
  # adsr attack decay sustain release * 0.34
synth flute freq rate=5 depth=0.005 breath=0.12 attack=0.06 decay=0.2 sustain=0.85 release=0.12
  = tri (sine rate * depth * freq + freq) * 0.8 + (noise # bpf (freq * 2) 3) * breath
  # lpf (freq * 3) 0.7 # adsr attack decay sustain release * 0.415
