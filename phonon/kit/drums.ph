-- The built-in drums. Placeholder voices are replaced as the library grows.
synth bd n=0 = sine 50 # perc 0.001 0.3
synth hh n=0 = noise # hpf 8000 # perc 0.001 0.08
