"""Create agreements, closures and kept policies, and what a request needs to know of clients and officers."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Flag, Id, Json, Moment
from registry.core.ids import new_id

revision = "0013_access"
down_revision = "0012_notices"
branch_labels = None
depends_on = None

SUSPENDED = (("agency", "agencies", ("code",)), ("client", "clients", ("id",)),
             ("officer", "officers", ("agency", "reference")))  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "agreements",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("purposes", Json(), nullable=False),
        sa.Column("legal_bases", Json(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.Column("distinct_subjects", sa.Integer(), server_default="50", nullable=False),
        sa.Column("hosts", Json(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.CheckConstraint("distinct_subjects > 0", name=op.f("agreements_distinct_subjects_check")),
        sa.CheckConstraint("since < until", name=op.f("agreements_time_check")),
        sa.CheckConstraint("tier IN ('hit', 'standard', 'full')", name=op.f("agreements_tier_check")),
        sa.ForeignKeyConstraint(["agency"], ["agencies.code"], name=op.f("agreements_agency_fkey")),
        sa.PrimaryKeyConstraint("code", name=op.f("agreements_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("agreements_agency_idx"), "agreements", ["agency"], unique=False)
    closures = op.create_table(
        "closures",
        sa.Column("id", Id(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=True),
        sa.CheckConstraint(
            "scope IN ('agency', 'client', 'officer', 'agreement', 'field_class')", name=op.f("closures_scope_check")
        ),
        sa.CheckConstraint("(opened_at IS NULL) = (opened_by IS NULL)", name=op.f("closures_opened_check")),
        sa.CheckConstraint("opened_by <> closed_by", name=op.f("closures_two_persons_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("closures_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "policies",
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("edition", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("policies_pkey")),
        sqlite_strict=True,
    )
    still_open = sa.text("opened_at IS NULL")
    op.create_index("closures_open_idx", "closures", ["scope", "key"], unique=True,
                    sqlite_where=still_open, postgresql_where=still_open)  # fmt: skip
    for scope, table, key in SUSPENDED:
        _carry(closures, scope, table, key)
        op.drop_column(table, "suspended_at")
    op.add_column("officers", sa.Column("clearance", sa.Text(), server_default="restricted", nullable=False))
    op.add_column("clients", sa.Column("nonces", Flag, server_default=sa.false(), nullable=False))
    op.add_column("clients", sa.Column("certificates", Json(), nullable=True))


def _suspended(table: str, key: tuple[str, ...]) -> tuple[sa.TableClause, sa.ColumnElement[str]]:
    """Return a table as it was, and what a closure calls its rows."""
    old = sa.table(table, *(sa.column(name, sa.Text()) for name in key), sa.column("suspended_at", Moment()))
    called: sa.ColumnElement[str] = old.c[key[0]]
    for name in key[1:]:
        called = called + " " + old.c[name]
    return old, called


def _carry(closures: sa.Table, scope: str, table: str, key: tuple[str, ...]) -> None:
    """Whoever was suspended stays shut out."""
    old, called = _suspended(table, key)
    suspended = sa.select(called, old.c.suspended_at).where(old.c.suspended_at.is_not(None))
    rows = [
        {"id": new_id(), "scope": scope, "key": row[0], "reason": "Suspended before closures were kept.",
         "closed_by": "command-line", "closed_at": row[1]}
        for row in op.get_bind().execute(suspended).all()
    ]  # fmt: skip
    if rows:
        op.bulk_insert(closures, rows)


def downgrade() -> None:
    op.drop_table("policies")
    op.drop_column("clients", "certificates")
    op.drop_column("clients", "nonces")
    op.drop_column("officers", "clearance")
    closed = sa.table("closures", *(sa.column(name, sa.Text()) for name in ("scope", "key")),
                      sa.column("closed_at", Moment()), sa.column("opened_at", Moment()))  # fmt: skip
    for scope, table, key in reversed(SUSPENDED):
        op.add_column(table, sa.Column("suspended_at", Moment(), nullable=True))
        old, called = _suspended(table, key)
        shut = sa.select(closed).where(closed.c.scope == scope, closed.c.opened_at.is_(None))
        for row in op.get_bind().execute(shut).all():
            op.execute(sa.update(old).where(called == row.key).values(suspended_at=row.closed_at))
    op.drop_index("closures_open_idx", table_name="closures")
    op.drop_table("closures")
    op.drop_index(op.f("agreements_agency_idx"), table_name="agreements")
    op.drop_table("agreements")
