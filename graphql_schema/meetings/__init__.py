"""Whom an officer has met over a person, in GraphQL."""
