"""Widen what an entry says: the second version, six fields more, each committed to.

Entries that stand there keep the first version and its word. A log that has been signed does not go back: its newer
entries would say less than their leaves commit to. One that has not is committed to anew, as the first version.
"""

import sqlalchemy as sa
from alembic import op

from registry.audit import commitments
from registry.core.columns import Big, Id, Json, Moment
from registry.core.errors import Conflict

revision = "0022_said"
down_revision = "0021_tree"
branch_labels = None
depends_on = None

MORE = ("country", "on_behalf_of", "attribution", "justification", "policy", "program")
OF_TICKETS = ("country", "attribution")
"""What an entry says of who asked, also where a ticket is all that comes back."""
CHUNK = 1000
ENTRIES = sa.table(
    "log_entries",
    sa.column("index", Big), sa.column("at", Moment()), sa.column("officer", Id()), sa.column("body", Json()),
    *(sa.column(name, sa.Text()) for name in (
        "kind", "operation", "outcome", "code", "request_id", "client", "agency", "officer_reference", "purpose",
        "case_reference", "legal_basis", "token_id", "source", "document",
    )),
    sa.column("salt", sa.LargeBinary()), sa.column("v", sa.Integer()),
)  # fmt: skip
LEAVES = sa.table("log_leaves", sa.column("index", Big), sa.column("commitment", sa.LargeBinary()))


def upgrade() -> None:
    for name in MORE:
        op.add_column("log_entries", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("log_leaves", sa.Column("v", sa.Integer(), server_default=sa.text("1"), nullable=False))
    for name in OF_TICKETS:
        op.add_column("photograph_tickets", sa.Column(name, sa.Text(), nullable=True))


def downgrade() -> None:
    newer = ENTRIES.c.v > 1
    signed = sa.select(sa.column("size")).select_from(sa.table("log_heads")).exists()
    found = sa.select(sa.literal(1)).where(newer, sa.or_(signed, ENTRIES.c.salt.is_(None))).limit(1)
    if op.get_bind().execute(found).first() is not None:
        raise Conflict(
            "The log has been signed, and would become another one.", code="LOG_SIGNED",
            remedy="Keep the schema: an older program does not know what the newer entries say.",
        )  # fmt: skip
    for name in reversed(OF_TICKETS):
        op.drop_column("photograph_tickets", name)
    _open("log_entries", "log_leaves")
    _commit_anew()
    for name in reversed(MORE):
        op.drop_column("log_entries", name)
    op.drop_column("log_leaves", "v")
    _close("log_entries", "log_leaves")


def _commit_anew() -> None:
    connection, last = op.get_bind(), -1
    chunk = (
        sa.select(ENTRIES).where(ENTRIES.c.v > 1, ENTRIES.c["index"] > sa.bindparam("last")).order_by("index")
        .limit(CHUNK)
    )  # fmt: skip
    older = ENTRIES.update().where(ENTRIES.c["index"] == sa.bindparam("place")).values(v=1)
    other = LEAVES.update().where(LEAVES.c["index"] == sa.bindparam("place")).values(commitment=sa.bindparam("its"))
    while rows := connection.execute(chunk, {"last": last}).mappings().all():
        connection.execute(other, [
            {"place": row["index"], "its": commitments.commitment(dict(row, v=1), row["salt"])} for row in rows
        ])  # fmt: skip
        connection.execute(older, [{"place": row["index"]} for row in rows])
        last = rows[-1]["index"]


def _open(*tables: str) -> None:
    for table in tables:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_no_update")
        else:
            op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_insert_only")


def _close(*tables: str) -> None:
    for table in tables:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
            )
        else:
            op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_insert_only")
