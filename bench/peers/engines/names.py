"""What the engines are called. Imports nothing, so that both environments can read it."""

NAMES = ("pg_trgm+logic-v2", "pg_trgm", "rapidfuzz", "fts5", "tantivy")
ON_POSTGRESQL = frozenset({"pg_trgm+logic-v2", "pg_trgm"})
