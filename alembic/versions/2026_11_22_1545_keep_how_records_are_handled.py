"""Keep beside each record how it is handled: where it may go, onward use, clearance; and let alerts be told.

Disclosure asks it of each record, and tells owners when somebody meets one that must not be known of.
"""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0017a_handling"
down_revision = "0017_budgets"
branch_labels = None
depends_on = None

BATCH = 1_000
TOPICS = "'screening', 'decision', 'watch'"


def upgrade() -> None:
    op.add_column("profiles", sa.Column("releasable_to", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("profiles", sa.Column("onward", sa.Text(), server_default="H1", nullable=False))
    op.add_column("profiles", sa.Column("clearance", sa.Text(), server_default="restricted", nullable=False))
    op.add_column("match_records", sa.Column("facts", sa.Text(), server_default=sa.text("''"), nullable=False))
    _carry_handling()
    _carry_facts()
    _tell_of(f"{TOPICS}, 'alert'")


def _tell_of(topics: str) -> None:
    """Write the table of notices anew, with other topics: SQLite alters no check."""
    old = sa.table("notices", *(sa.column(name) for name in ("number", "topic", "audience")),
                   sa.column("at", Moment()), sa.column("subject", Id()), sa.column("profile", Id()),
                   sa.column("details", Json()))  # fmt: skip
    kept = [dict(row) for row in op.get_bind().execute(sa.select(old)).mappings() if f"'{row['topic']}'" in topics]
    op.drop_table("notices")
    anew = op.create_table(
        "notices",
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("subject", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("details", Json(), nullable=False),
        sa.CheckConstraint(f"topic IN ({topics})", name=op.f("notices_topic_check")),
        sa.PrimaryKeyConstraint("number", name=op.f("notices_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("notices_topic_audience_number_idx"), "notices", ["topic", "audience", "number"], unique=False)
    op.create_index(op.f("notices_at_idx"), "notices", ["at"], unique=False)
    if kept:
        op.bulk_insert(anew, kept)


def _carry_handling() -> None:
    """Write what each current version says of its handling."""
    profiles = sa.table("profiles", sa.column("number", sa.BigInteger()), sa.column("current", Id()),
                        *(sa.column(name, sa.Text()) for name in ("releasable_to", "onward", "clearance")))  # fmt: skip
    revisions = sa.table("revisions", sa.column("id", Id()), sa.column("details", Json()))
    connection, last = op.get_bind(), 0
    current = sa.select(profiles.c.number, revisions.c.details).join(revisions, revisions.c.id == profiles.c.current)
    while rows := connection.execute(
        current.where(profiles.c.number > last).order_by(profiles.c.number).limit(BATCH)
    ).all():  # fmt: skip
        for number, details in rows:
            if told := details.get("handling"):
                kept = {name: told[name] for name in ("onward", "clearance") if name in told}
                kept["releasable_to"] = " ".join(sorted(told.get("releasable_to", ())))
                connection.execute(profiles.update().where(profiles.c.number == number).values(kept))
        last = rows[-1].number


def _carry_facts() -> None:
    """Write them beside what search compares, as registry/disclosure/facts.py spells them."""
    op.execute(
        "UPDATE match_records SET facts = (SELECT standing || ' ' || category || ' ' || owner || ' ' || onward || ' ' "
        "|| clearance || CASE releasable_to WHEN '' THEN '' ELSE ' ' || releasable_to END FROM profiles "
        "WHERE profiles.number = match_records.number)"
    )


def downgrade() -> None:
    _tell_of(TOPICS)
    op.drop_column("match_records", "facts")
    for name in ("clearance", "onward", "releasable_to"):
        op.drop_column("profiles", name)
