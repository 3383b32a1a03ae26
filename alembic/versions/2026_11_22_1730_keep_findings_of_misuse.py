"""Keep findings of misuse: runs over the log, findings with their steps, and facts from outside, all insert-only."""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment

revision = "0028_misuse"
down_revision = "0027_seen"
branch_labels = None
depends_on = None

TABLES = {
    "misuse_runs": ("size",),
    "misuse_findings": ("id", "key"),
    "misuse_steps": ("finding", "number"),
    "misuse_facts": ("id",),
    "reason_demands": ("request_id",),
    "reason_statements": ("request_id",),
}  # fmt: skip
"""What no second row has: on SQLite INSERT OR REPLACE would remove the first without asking a trigger on DELETE."""


def upgrade() -> None:
    op.create_table(
        "misuse_runs",
        sa.Column("size", Big, autoincrement=False, nullable=False),
        sa.Column("first", Big, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("edge", Json(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("accesses", Big, nullable=False),
        sa.Column("paid", Big, nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.CheckConstraint("first <= size", name=op.f("misuse_runs_range_check")),
        sa.PrimaryKeyConstraint("size", name=op.f("misuse_runs_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("misuse_runs_at_idx"), "misuse_runs", ["at"], unique=False)
    _create_findings()
    _create_steps()
    _create_facts()
    _create_reasons()
    _forbid_changes()


def _create_findings() -> None:
    op.create_table(
        "misuse_findings",
        sa.Column("id", Id(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("run", Big, nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("entries", Json(), nullable=False),
        sa.Column("entry_count", sa.Integer(), nullable=False),
        sa.Column("numbers", Json(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.CheckConstraint("score BETWEEN 0 AND 1000", name=op.f("misuse_findings_score_check")),
        sa.ForeignKeyConstraint(["run"], ["misuse_runs.size"], name=op.f("misuse_findings_run_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("misuse_findings_pkey")),
        sa.UniqueConstraint("key", name=op.f("misuse_findings_key_key")),
        sqlite_strict=True,
    )
    for columns in (["rule", "id"], ["officer", "id"], ["run"]):
        op.create_index(op.f(f"misuse_findings_{'_'.join(columns)}_idx"), "misuse_findings", columns, unique=False)


def _create_steps() -> None:
    op.create_table(
        "misuse_steps",
        sa.Column("finding", Id(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("by", Id(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("acts_for", Json(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('assigned', 'assessed', 'closed')", name=op.f("misuse_steps_state_check")),
        sa.CheckConstraint(
            "verdict IN ('misuse', 'lawful', 'mistake', 'undecided')", name=op.f("misuse_steps_verdict_check")
        ),
        sa.CheckConstraint("(state = 'assigned') = (verdict IS NULL)", name=op.f("misuse_steps_judged_check")),
        sa.CheckConstraint("(verdict IS NULL) = (words IS NULL)", name=op.f("misuse_steps_words_check")),
        sa.ForeignKeyConstraint(["finding"], ["misuse_findings.id"], name=op.f("misuse_steps_finding_fkey")),
        sa.PrimaryKeyConstraint("finding", "number", name=op.f("misuse_steps_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )


def _create_facts() -> None:
    op.create_table(
        "misuse_facts",
        sa.Column("id", Id(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=True),
        sa.Column("case_reference", sa.Text(), nullable=False),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=True),
        sa.Column("person", Json(), nullable=True),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("added_by", Id(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.CheckConstraint("until IS NULL OR since < until", name=op.f("misuse_facts_time_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("misuse_facts_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("misuse_facts_file_idx"), "misuse_facts", ["file"], unique=False)
    op.create_index(op.f("misuse_facts_since_idx"), "misuse_facts", ["since"], unique=False)


def _create_reasons() -> None:
    op.create_table(
        "reason_demands",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("reason_demands_officer_fkey")),
        sa.PrimaryKeyConstraint("request_id", name=op.f("reason_demands_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("reason_demands_officer_due_at_idx"), "reason_demands", ["officer", "due_at"], unique=False)
    op.create_table(
        "reason_statements",
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("stated_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["reason_demands.request_id"], name=op.f("reason_statements_request_id_fkey")
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("reason_statements_pkey")),
        sqlite_strict=True,
    )
    op.create_index(
        op.f("reason_statements_officer_digest_idx"), "reason_statements", ["officer", "digest"], unique=False
    )


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, unique in TABLES.items():
            for change in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                    "BEGIN SELECT RAISE(ABORT, 'findings are insert-only'); END"
                )
            is_one = " AND " if table == "misuse_steps" else " OR "
            same = is_one.join(f"{name} = NEW.{name}" for name in unique)
            op.execute(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  our own names
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) "
                "BEGIN SELECT RAISE(ABORT, 'findings are insert-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION findings_are_insert_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'findings are insert-only'; END$$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION findings_are_insert_only()"
        )


def downgrade() -> None:
    for table in reversed((*TABLES,)):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION findings_are_insert_only()")
