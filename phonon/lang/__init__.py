"""From text to a score: grammar, syntax tree, mini-notation, lowering, look-up."""
