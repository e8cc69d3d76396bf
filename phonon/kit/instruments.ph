-- The built-in instruments.
synth tone freq = tri freq # adsr 0.005 0.2 0.6 0.1
