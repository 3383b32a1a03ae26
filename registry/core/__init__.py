"""The ground floor: configuration, database, errors, clock, ids. No word of the domain."""
