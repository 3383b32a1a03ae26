"""Runs migrations on the connection that ``registry.migrations`` hands over."""

from alembic import context
from sqlalchemy import text

from registry.models import metadata

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("Run migrations with: registry migrate")

if connection.dialect.name == "postgresql":
    # A migration that can't get its lock at once must not make every query behind it wait.
    connection.execute(text("SET LOCAL lock_timeout = '2s'"))
    connection.execute(text("SET LOCAL statement_timeout = '0'"))
    connection.execute(text("SET LOCAL registry.reach = 'keeper'"))  # the owner of a secured table sees no row either

context.configure(connection=connection, target_metadata=metadata, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
