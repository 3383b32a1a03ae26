"""Secure rows on PostgreSQL: owner, releasable to, sealed.

A connection sees the rows of persons that its settings let it reach (registry/core/reach.py):

    keeper      all of them: what the node does by itself
    home        own ones; others' that are not secret; those at rest only for keeping them, and for the person
    partner     those released to its country, and not secret
    nothing     none

What belongs to a record is seen with it. A proposal and a first version, which is written before its record is
registered, are seen for keeping by what they say of their own clearance. The owner of the tables is
held to it as well (FORCE), so migrations set themselves as keeper (alembic/env.py). Each setting stands in a query of
its own, which PostgreSQL asks once for a statement and not for each row. The index of search has no policies: what is
secret has to be weighed like the rest, or the time of an answer would tell of it.
"""

from alembic import op

revision = "0018_row_security"
down_revision = "0017a_handling"
branch_labels = None
depends_on = None


def _setting(name: str) -> str:
    return f"(SELECT current_setting('registry.{name}', true))"


REACH, AGENCY, COUNTRY, PURPOSE = (_setting(name) for name in ("reach", "agency", "country", "purpose"))
SHOWN = "IN ('open', 'restricted')"
"""Clearances that others than the owner may know of. One that is added later is closed until a migration opens it."""
AT_REST = "('sealed', 'expired', 'retired', 'removed')"
KEEPING = f"{PURPOSE} IN ('register_maintenance', 'subject_request')"


def _proposed(column: str) -> str:
    """Return whether a record that is proposed, or a change of one, may be seen."""
    return f"{REACH} = 'home' AND {KEEPING} AND EXISTS (SELECT 1 FROM revisions r WHERE r.profile = {column})"  # noqa: S608  our names


def _registered(column: str) -> str:
    """Return whether the record that something belongs to may be seen."""
    return f"{REACH} IN ('home', 'partner') AND EXISTS (SELECT 1 FROM profiles p WHERE p.id = {column})"  # noqa: S608  as above


POLICIES = {
    "profiles": f"""CASE {REACH}
        WHEN 'keeper' THEN true
        WHEN 'home' THEN (owner = {AGENCY} OR clearance {SHOWN}) AND (standing NOT IN {AT_REST} OR {KEEPING})
        WHEN 'partner' THEN standing = 'shareable' AND clearance {SHOWN}
            AND {COUNTRY} = ANY (string_to_array(releasable_to, ' '))
        ELSE false END""",
    "revisions": f"""{REACH} = 'keeper' OR {_registered("revisions.profile")}
        OR {REACH} = 'home' AND {KEEPING} AND coalesce(version, 1) = 1
            AND (proposed_agency = {AGENCY} OR coalesce(details->'handling'->>'clearance', 'restricted') {SHOWN})""",
    "record_keys": f"""{REACH} = 'keeper' OR {_registered("record_keys.profile")}
        OR {_proposed("record_keys.profile")}""",
    "photographs": f"""{REACH} = 'keeper' OR {REACH} = 'home' AND profile IS NULL AND (agency = {AGENCY} OR {KEEPING})
        OR {_registered("photographs.profile")} OR {_proposed("photographs.profile")}""",
}  # fmt: skip
WRITTEN = f"{REACH} IN ('keeper', 'home')"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, seen in POLICIES.items():
        op.execute(f"CREATE POLICY reach ON {table} USING ({seen}) WITH CHECK ({WRITTEN})")
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in POLICIES:
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        op.execute(f"DROP POLICY reach ON {table}")
