"""A node with a synthetic register, to try everything on: ``make demo``."""
