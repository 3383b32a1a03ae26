"""Misuse by those who may ask: rules over the log, what explains a hit, and findings that two people close."""
