"""The language: parses programs and compiles them to scores."""
