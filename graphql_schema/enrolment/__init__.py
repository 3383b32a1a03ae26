"""Administration in GraphQL."""
