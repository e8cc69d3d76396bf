"""The node graph: what it is, what a legal one is, and how it becomes a plan of arrays."""
