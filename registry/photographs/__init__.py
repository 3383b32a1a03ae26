"""Dated photographs of registered persons: read anew from their pixels, kept sealed, shown by one-time address."""
