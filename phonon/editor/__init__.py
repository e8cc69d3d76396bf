"""A modal text editor in the terminal, which plays what it edits through a session."""
