-- Bells: six of them, made by frequency modulation, change places as ringers do.
bpm: 84

synth tower freq velocity ratio=1.4 index=5 =
  (fm freq (freq * ratio) (xline (velocity * index) 0.1 2.5) * 0.6
    + fm (freq * 2.005) (freq * 3.01) (xline (velocity * 2) 0.01 0.9) * 0.2)
  # adsr 0.001 4 0 2 * 0.5

~order: "<[5 4 3 2 1 0] [4 5 2 3 0 1] [4 2 5 0 3 1] [2 4 0 5 1 3] [2 0 4 1 5 3] [0 2 1 4 3 5]>"

o1: note (scale "major" ~order) # s "tower" # pan (range 0.15 0.85 saw) # velocity "1 0.7 0.8"
  # plate 0.03 4 :mix 0.3
o2: note "<c2 c2 f2 g2 a2 g2>" # s "tower" # ratio 1.19 # index 3 # plate 0.03 5 :mix 0.4
o3: slow 2 $ note "<c3'major f3'major a3'min>" # s "strings" # cutoff 1200 # gain 0.5
  # reverb 0.8 :mix 0.4
