-- The built-in drums, after the circuits of analogue drum machines. `n` chooses one of five
-- variants of each. `tune` (Hz), `decay` (seconds) and what else stands in its first lines change
-- it further; `note` and `speed` transpose it, as they do a sample.

-- Bass drum: a sine that falls from `punch` times its pitch, the click of the beater, and an
-- overdriven output. 0 round, 1 deep and long, 2 short and dry, 3 driven hard, 4 soft.
synth bd transpose tune=[51, 45, 57, 48, 62] decay=[0.38, 1.1, 0.18, 0.5, 0.27]
  punch=[5, 2.5, 8, 7, 2] click=[0.25, 0.06, 0.6, 0.4, 0.02] drive=[1.6, 1.4, 1.8, 6, 1.4]
  = (sine (xline (tune * punch * transpose) (tune * transpose) 0.07)
      # perc 0.001 (decay / transpose) 3)
  + (noise # lpf 3500 1 # perc 0 0.012 3) * click
  # hpf 20 0.7 # distort drive 1 * 0.35

-- Snare drum: two modes of the skin, and the rattle of the wires. 0 full, 1 tight and short,
-- 2 high and dry, 3 long and bright, 4 a brush.
synth sn transpose tune=[186, 172, 262, 168, 150] decay=[0.24, 0.13, 0.09, 0.42, 0.3]
  skin=[0.7, 1, 0.8, 0.5, 0.1] wires=[0.55, 0.4, 0.5, 0.75, 0.55]
  tone=[1800, 2600, 3800, 1200, 700]
  = (sine (xline (tune * 1.7 * transpose) (tune * transpose) 0.03)
      # perc 0.0005 (decay * 0.7 / transpose) 5) * skin
  + (sine (tune * 1.78 * transpose) # perc 0.0005 (decay * 0.4 / transpose) 5) * (skin * 0.5)
  + (noise # hpf (tone * transpose) 0.8 # perc 0.0005 (decay / transpose) 4) * wires
  # distort 1.6 1 * 0.38

-- Closed hi-hat: squares whose pitches do not fit, multiplied, above a high-pass filter.
-- 0 clear, 1 tight, 2 loose, 3 dark, 4 thin and noisy.
synth hh transpose tune=[540, 610, 540, 331, 870] decay=[0.09, 0.04, 0.17, 0.12, 0.06]
  tone=[7500, 8200, 6800, 4200, 10500] air=[0.3, 0.2, 0.4, 0.3, 1.2]
  = (square (tune * transpose) * square (tune * 1.4827 * transpose)
      * square (tune * 1.9341 * transpose) + noise * air)
  # hpf (tone * transpose) 1 # distort 2.5 1 # perc 0.0005 (decay / transpose) 4 * 0.36

-- Open hi-hat, which a closed one silences. 0 clear, 1 short, 2 long, 3 dark, 4 noisy.
synth oh transpose tune=[540, 610, 520, 331, 870] decay=[0.55, 0.3, 1, 0.7, 0.45]
  tone=[7000, 8000, 6500, 4000, 9500] air=[0.3, 0.2, 0.4, 0.3, 1.2]
  = (square (tune * transpose) * square (tune * 1.4827 * transpose)
      * square (tune * 1.9341 * transpose) + noise * air)
  # hpf (tone * transpose) 1 # distort 2.5 1 # perc 0.0005 (decay / transpose) 4 * 0.33

-- Clap: noise in a band, struck three times within 30 ms, and its `tail` in the room. 0 classic,
-- 1 small and dry, 2 large, 3 high, 4 low.
synth cp transpose tune=[1150, 1350, 950, 2100, 620] decay=[0.22, 0.07, 0.6, 0.16, 0.26]
  tail=[0.55, 0.3, 0.7, 0.5, 0.6]
  = (noise # bpf (tune * transpose) 1.4 # perc 0 0.011 2 :gate (square 92) # perc 0 0.033 0.01)
  + (noise # bpf (tune * transpose) 1.4 # perc 0.028 (decay / transpose) 5) * tail
  # distort 3 1 * 0.55

-- Rim shot: two short modes of wood and metal, driven. 0 rim, 1 side stick, 2 clave, 3 block,
-- 4 click.
synth rim transpose tune=[455, 390, 1250, 640, 1700] decay=[0.04, 0.06, 0.07, 0.09, 0.016]
  ratio=[3.66, 2.4, 2.01, 1.52, 1.7]
  = (sine (tune * transpose) + sine (tune * ratio * transpose) + noise * 0.2
      # perc 0.0005 (decay / transpose) 5)
  # distort 3 1 * 0.36

-- Toms, low, middle and high: a sine that falls a little, and the breath of the skin. 0 round,
-- 1 long, 2 short and hard, 3 electronic with a deep fall, 4 driven.
synth lt transpose tune=[82, 74, 92, 70, 80] decay=[0.5, 0.9, 0.26, 0.6, 0.5]
  punch=[1.5, 1.3, 2, 4, 1.6] skin=[0.1, 0.06, 0.3, 0, 0.2] drive=[1.5, 1.4, 1.6, 1.5, 5]
  = (sine (xline (tune * punch * transpose) (tune * transpose) 0.12)
      # perc 0.001 (decay / transpose) 4)
  + (noise # lpf 1500 1 # perc 0.001 0.07 4) * skin
  # hpf 20 0.7 # distort drive 1 * 0.36
synth mt transpose tune=[123, 110, 138, 104, 120] decay=[0.42, 0.75, 0.22, 0.5, 0.42]
  punch=[1.5, 1.3, 2, 4, 1.6] skin=[0.1, 0.06, 0.3, 0, 0.2] drive=[1.5, 1.4, 1.6, 1.5, 5]
  = (sine (xline (tune * punch * transpose) (tune * transpose) 0.12)
      # perc 0.001 (decay / transpose) 4)
  + (noise # lpf 2000 1 # perc 0.001 0.06 4) * skin
  # hpf 20 0.7 # distort drive 1 * 0.36
synth ht transpose tune=[176, 158, 197, 149, 172] decay=[0.34, 0.6, 0.18, 0.42, 0.34]
  punch=[1.5, 1.3, 2, 4, 1.6] skin=[0.1, 0.06, 0.3, 0, 0.2] drive=[1.5, 1.4, 1.6, 1.5, 5]
  = (sine (xline (tune * punch * transpose) (tune * transpose) 0.12)
      # perc 0.001 (decay / transpose) 4)
  + (noise # lpf 2600 1 # perc 0.001 0.05 4) * skin
  # hpf 20 0.7 # distort drive 1 * 0.36

-- Cymbal: as the hats, lower and longer. 0 crash, 1 ride, 2 splash, 3 dark, 4 sizzling.
synth cy transpose tune=[409, 677, 523, 307, 431] decay=[2.2, 1.3, 0.8, 3, 2.6]
  tone=[4500, 6200, 5400, 2600, 8000] air=[0.7, 0.15, 0.8, 0.5, 1.5]
  = (square (tune * transpose) * square (tune * 1.3412 * transpose)
      * square (tune * 1.7919 * transpose) + noise * air)
  # hpf (tone * transpose) 0.8 # distort 2 1 # perc 0.001 (decay / transpose) 6 * 0.35

-- Cowbell: two squares nearly a fifth apart, in a band. 0 classic, 1 high, 2 low, 3 short, 4 long.
synth cb transpose tune=[540, 719, 387, 587, 540] decay=[0.32, 0.28, 0.42, 0.1, 0.9]
  tone=[2640, 3400, 1900, 3000, 1700]
  = (square (tune * transpose) + square (tune * 1.4818 * transpose)
      # bpf (tone * transpose) 1.3 # perc 0.001 (decay / transpose) 6)
  # distort 1.6 1 * 0.36
