"""Certificates: not this person."""
