"""Complete the register: records in sealed columns, standings, pairs, recalls, photographs, delegations.

The record's columns become three, one of them sealed with a data key of the record's own, which a migration can't make.
So a register that holds records is not migrated: it is exported by the program that made it, and imported anew.
"""

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Flag, Id, Json, Moment
from registry.core.errors import Conflict

revision = "0004_complete_register"
down_revision = "0003_register"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _refuse_records()
    for table in ("match_records", "profiles", "revisions"):
        op.drop_table(table)
    op.create_table(
        "delegations",
        sa.Column("officer", Id(), nullable=False),
        sa.Column("delegate", Id(), nullable=False),
        sa.Column("since", Moment(), nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["delegate"], ["officers.id"], name=op.f("delegations_delegate_fkey")),
        sa.ForeignKeyConstraint(["officer"], ["officers.id"], name=op.f("delegations_officer_fkey")),
        sa.PrimaryKeyConstraint("officer", "delegate", "since", name=op.f("delegations_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("delegations_delegate_until_idx"), "delegations", ["delegate", "until"], unique=False)
    op.create_table(
        "photographs",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("uploaded_by", Id(), nullable=False),
        sa.Column("uploaded_at", Moment(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("photographs_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("photographs_key_id_idx"), "photographs", ["key_id"], unique=False)
    op.create_index(
        op.f("photographs_profile_uploaded_at_idx"), "photographs", ["profile", "uploaded_at"], unique=False
    )
    op.create_table(
        "photograph_tickets",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("photograph", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=True),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("client", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("officer", Id(), nullable=False),
        sa.Column("officer_reference", sa.Text(), nullable=False),
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("case_reference", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind = 'get') = (profile IS NOT NULL)", name=op.f("photograph_tickets_profile_check")),
        sa.CheckConstraint("kind IN ('put', 'get')", name=op.f("photograph_tickets_kind_check")),
        sa.PrimaryKeyConstraint("digest", name=op.f("photograph_tickets_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("photograph_tickets_expires_at_idx"), "photograph_tickets", ["expires_at"], unique=False)
    op.create_table(
        "revisions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("base", Id(), nullable=True),
        sa.Column("other", Id(), nullable=True),
        sa.Column("other_base", Id(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_for", Json(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("contested", Flag, nullable=False),
        sa.Column("part_of", Id(), nullable=True),
        sa.Column("identity", Json(), nullable=False),
        sa.Column("details", Json(), nullable=False),
        sa.Column("sealed", Json(), nullable=False),
        sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name=op.f("revisions_version_check")),
        sa.CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name=op.f("revisions_decided_check")),
        sa.CheckConstraint("decided_by <> proposed_by OR state = 'withdrawn'", name=op.f("revisions_four_eyes_check")),
        sa.CheckConstraint(
            "state IN ('pending', 'approved', 'in_part', 'returned', 'rejected', 'withdrawn')",
            name=op.f("revisions_state_check"),
        ),
        sa.ForeignKeyConstraint(["base"], ["revisions.id"], name=op.f("revisions_base_fkey")),
        sa.ForeignKeyConstraint(["other_base"], ["revisions.id"], name=op.f("revisions_other_base_fkey")),
        sa.ForeignKeyConstraint(["part_of"], ["revisions.id"], name=op.f("revisions_part_of_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("revisions_pkey")),
        sa.UniqueConstraint("profile", "version", name=op.f("revisions_profile_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("revisions_state_id_idx"), "revisions", ["state", "id"], unique=False)
    op.create_table(
        "record_keys",
        sa.Column("profile", Id(), nullable=False),
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("profile", name=op.f("record_keys_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("record_keys_key_id_idx"), "record_keys", ["key_id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("current", Id(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=True),
        sa.Column("verify_on", sa.Text(), nullable=True),
        sa.Column("review_on", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Text(), nullable=True),
        sa.Column("merged_into", Id(), nullable=True),
        sa.Column("removed_at", Moment(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=True),
        sa.Column("erased_at", Moment(), nullable=True),
        sa.Column("blocking_keys", sa.LargeBinary(), nullable=False),
        sa.Column("name_tokens", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["current"], ["revisions.id"], name=op.f("profiles_current_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("profiles_pkey")),
        sa.UniqueConstraint("number", name=op.f("profiles_number_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("profiles_expires_on_number_idx"), "profiles", ["expires_on", "number"], unique=False)
    op.create_index(
        op.f("profiles_owner_verify_on_number_idx"), "profiles", ["owner", "verify_on", "number"], unique=False
    )
    op.create_index(
        "profiles_removed_at_idx",
        "profiles",
        ["removed_at"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NOT NULL"),
        postgresql_where=sa.text("removed_at IS NOT NULL"),
    )
    op.create_index(op.f("profiles_review_on_number_idx"), "profiles", ["review_on", "number"], unique=False)
    op.create_table(
        "match_records",
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("until", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("match_records_pkey")),
        sqlite_strict=True,
    )
    op.create_table(
        "decided_pairs",
        sa.Column("one", Id(), nullable=False),
        sa.Column("two", Id(), nullable=False),
        sa.Column("same", Flag, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", Id(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("one", "two", name=op.f("decided_pairs_pkey")),
        sqlite_strict=True,
    )
    op.create_index(op.f("decided_pairs_two_idx"), "decided_pairs", ["two"], unique=False)
    op.create_table(
        "recalls",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("revision", Id(), nullable=False),
        sa.Column("order_number", sa.Text(), nullable=True),
        sa.Column("last_disclosed_at", Moment(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("acknowledged_at", Moment(), nullable=True),
        sa.CheckConstraint("kind IN ('withdrawn', 'corrected')", name=op.f("recalls_kind_check")),
        sa.ForeignKeyConstraint(["revision"], ["revisions.id"], name=op.f("recalls_revision_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recalls_pkey")),
        sa.UniqueConstraint("revision", "profile", "agency", "kind", name=op.f("recalls_revision_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("recalls_acknowledged_at_id_idx"), "recalls", ["acknowledged_at", "id"], unique=False)


def downgrade() -> None:
    _refuse_records()
    for table in ("recalls", "decided_pairs", "match_records", "profiles", "record_keys", "revisions",
                  "photograph_tickets", "photographs", "delegations"):  # fmt: skip
        op.drop_table(table)
    op.create_table(
        "revisions",
        sa.Column("id", Id(), nullable=False),
        sa.Column("profile", Id(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("base", Id(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposed_by", Id(), nullable=False),
        sa.Column("proposed_agency", sa.Text(), nullable=False),
        sa.Column("proposed_chain", sa.Text(), nullable=False),
        sa.Column("proposed_at", Moment(), nullable=False),
        sa.Column("decided_by", Id(), nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("legal_basis", Json(), nullable=False),
        sa.Column("names", Json(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("sex", sa.Text(), nullable=False),
        sa.Column("nationalities", Json(), nullable=False),
        sa.Column("identifiers", Json(), nullable=False),
        sa.Column("phones", Json(), nullable=False),
        sa.Column("emails", Json(), nullable=False),
        sa.Column("handles", Json(), nullable=False),
        sa.Column("county", sa.Text(), nullable=True),
        sa.Column("convictions", Json(), nullable=False),
        sa.CheckConstraint("(state = 'approved') = (version IS NOT NULL)", name=op.f("revisions_version_check")),
        sa.CheckConstraint("(state = 'pending') = (decided_by IS NULL)", name=op.f("revisions_decided_check")),
        sa.CheckConstraint("state IN ('pending', 'approved', 'rejected')", name=op.f("revisions_state_check")),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("revisions_four_eyes_check")),
        sa.ForeignKeyConstraint(["base"], ["revisions.id"], name=op.f("revisions_base_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("revisions_pkey")),
        sa.UniqueConstraint("profile", "version", name=op.f("revisions_profile_key")),
        sqlite_strict=True,
    )
    op.create_index(op.f("revisions_state_id_idx"), "revisions", ["state", "id"], unique=False)
    op.create_table(
        "profiles",
        sa.Column("id", Id(), nullable=False),
        sa.Column("number", Big, nullable=False),
        sa.Column("current", Id(), nullable=False),
        sa.Column("blocking_keys", sa.LargeBinary(), nullable=False),
        sa.Column("name_tokens", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["current"], ["revisions.id"], name=op.f("profiles_current_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("profiles_pkey")),
        sa.UniqueConstraint("number", name=op.f("profiles_number_key")),
        sqlite_strict=True,
    )
    op.create_table(
        "match_records",
        sa.Column("number", Big, autoincrement=False, nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("match_records_pkey")),
        sqlite_strict=True,
    )


def _refuse_records() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM revisions LIMIT 1")).first() is not None:
        raise Conflict(
            "The register holds records, which a migration can't seal or open.", code="REGISTER_NOT_EMPTY",
            remedy="Export them with the program that made them, and import them into an empty database.",
        )  # fmt: skip
