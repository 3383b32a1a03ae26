"""Profiles and proposals."""
