"""Finding the right person: criteria in, ranked hits with reasons out."""
