"""Make leaves of the log's entries, and room for what the notary signs.

Entries that stand there get a salt and a leaf in the order of their indexes, as if they were numbered now: nobody has
vouched for them earlier, so their leaves name no earlier moment. Their own moments are committed to as they stand. This
writes each of them once more, some thousands a second, and nobody can be entered meanwhile.

A log that has been signed does not go back: with other salts it would be another one, and the notary would refuse it.
"""

from secrets import token_bytes

import sqlalchemy as sa
from alembic import op

from registry.audit import commitments
from registry.core.clock import now
from registry.core.columns import Big, Id, Json, Moment
from registry.core.errors import Conflict

revision = "0021_tree"
down_revision = "0020_certificates"
branch_labels = None
depends_on = None

CHUNK = 1000
ENTRIES = sa.table(
    "log_entries",
    sa.column("index", Big), sa.column("at", Moment()), sa.column("officer", Id()), sa.column("body", Json()),
    *(sa.column(name, sa.Text()) for name in (
        "kind", "operation", "outcome", "code", "request_id", "client", "agency", "officer_reference", "purpose",
        "case_reference", "legal_basis", "token_id", "source", "document",
    )),
    sa.column("salt", sa.LargeBinary()),
)  # fmt: skip
LEAVES = sa.table(
    "log_leaves", sa.column("index", Big), sa.column("at", Moment()), sa.column("commitment", sa.LargeBinary())
)


def upgrade() -> None:
    op.add_column("log_entries", sa.Column("salt", sa.LargeBinary(), nullable=True))
    op.add_column("log_entries", sa.Column("v", sa.Integer(), server_default=sa.text("1"), nullable=False))
    op.create_table(
        "log_leaves",
        sa.Column("index", Big, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("commitment", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("length(commitment) = 32", name=op.f("log_leaves_commitment_check")),
        sa.PrimaryKeyConstraint("index", name=op.f("log_leaves_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "log_heads",
        sa.Column("size", Big, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", Moment(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint("length(root) = 32", name=op.f("log_heads_root_check")),
        sa.PrimaryKeyConstraint("size", name=op.f("log_heads_pkey")),
        sqlite_strict=True,
    )
    _let_salts_be_written()
    _make_leaves()
    _close_entries_again()
    _refuse_changes("log_leaves", "index")
    _refuse_changes("log_heads", "size")


def _make_leaves() -> None:
    connection, moment, last = op.get_bind(), commitments.sequenced(now()), -1
    chunk = sa.select(ENTRIES).where(ENTRIES.c["index"] > sa.bindparam("last")).order_by("index").limit(CHUNK)
    salted = ENTRIES.update().where(ENTRIES.c["index"] == sa.bindparam("place")).values(salt=sa.bindparam("its_salt"))
    while rows := connection.execute(chunk, {"last": last}).mappings().all():
        salts = [token_bytes(commitments.SALT_LENGTH) for _ in rows]
        connection.execute(salted, [
            {"place": row["index"], "its_salt": salt} for row, salt in zip(rows, salts, strict=True)
        ])  # fmt: skip
        connection.execute(LEAVES.insert(), [
            {"index": row["index"], "at": moment, "commitment": commitments.commitment(dict(row, v=1), salt)}
            for row, salt in zip(rows, salts, strict=True)
        ])  # fmt: skip
        last = rows[-1]["index"]


def _let_salts_be_written() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER log_entries_no_update")
    else:
        op.execute("ALTER TABLE log_entries DISABLE TRIGGER log_entries_insert_only")


def _close_entries_again() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_refusing("log_entries", "UPDATE"))
    else:
        op.execute("ALTER TABLE log_entries ENABLE TRIGGER log_entries_insert_only")


def _refuse_changes(table: str, key: str) -> None:
    """As 0002 does it for entries: what stands in the table stands."""
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(_refusing(table, change))
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  our names
            f'WHEN EXISTS (SELECT 1 FROM {table} WHERE "{key}" = NEW."{key}") '
            "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()"
        )


def _refusing(table: str, change: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
        "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"
    )


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM log_heads LIMIT 1")).first() is not None:
        raise Conflict(
            "The log has been signed, and would become another one.", code="LOG_SIGNED",
            remedy="Keep the schema: an older program does not write leaves.",
        )  # fmt: skip
    op.drop_table("log_heads")
    op.drop_table("log_leaves")
    op.drop_column("log_entries", "v")
    op.drop_column("log_entries", "salt")
