"""Findings of misuse: what the rules have found in the log, and what two people say of it."""
