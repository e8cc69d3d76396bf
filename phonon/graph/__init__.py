"""The signal graph: its nodes, the check of its rules, and its compilation to a plan."""
