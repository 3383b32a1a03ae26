"""Measurements: the table of ratios (``make bench``), the matcher on a labelled set, the server killed under load."""
