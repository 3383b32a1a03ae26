"""Screening in bulk."""
