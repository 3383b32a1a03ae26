"""Trusted documents: what a machine client may ask, proposed by its agency and approved by another chain of command.

Their table stands in auth/models.py: whether a document is approved is part of a client's live state, one statement.
"""
