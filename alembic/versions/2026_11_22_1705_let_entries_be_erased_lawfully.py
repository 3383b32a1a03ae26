"""Let entries be erased lawfully, and partition them on PostgreSQL.

What is erased is accounted for by a row of ``log_erasures``, and without such a row the triggers refuse every change as
before: values become nothing where the row names their field, rows go where it names no field. The tables' owner
erases; the application may do nothing of it.

On PostgreSQL the table becomes the first partition of one by range of the index. Partitions stand in a schema of their
own, ``log_partitions``; ``registry migrate`` makes more of them (registry/audit/partitions.py). Foreign keys to entries
go: what refers to an entry outlives it.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from registry.core.columns import Big, Id, Json, Moment
from registry.core.errors import Conflict

revision = "0023_erasure"
down_revision = "0022_said"
branch_labels = None
depends_on = None

WIDTH = 10_000_000
STAYS = frozenset({
    "index", "at", "kind", "operation", "outcome", "code", "request_id", "policy", "program", "v",
})  # fmt: skip
"""What no erasure of a field takes away (registry/audit/erasing.py)."""
APART = frozenset({"body", "salt", "kept"})


def upgrade() -> None:
    op.create_table(
        "log_erasures",
        sa.Column("entry", Big, autoincrement=False, nullable=False),
        sa.Column("first", Big, autoincrement=False, nullable=False),
        sa.Column("last", Big, nullable=False),
        sa.Column("fields", Json(none_as_null=True), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.CheckConstraint("first <= last AND last < entry", name=op.f("log_erasures_range_check")),
        sa.PrimaryKeyConstraint("entry", "first", name=op.f("log_erasures_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("log_erasures_last_idx"), "log_erasures", ["last"], unique=False)
    op.add_column("log_entries", sa.Column("kept", Json(none_as_null=True), nullable=True))
    (_upgrade_sqlite if _is_sqlite() else _upgrade_postgresql)()
    op.create_index(op.f("log_subjects_index_idx"), "log_subjects", ["index"], unique=False)


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM log_erasures LIMIT 1")).first() is not None:
        raise Conflict(
            "Entries have been erased by law, which an older program would take for tampering.", code="LOG_ERASED",
            remedy="Keep the schema.",
        )  # fmt: skip
    op.drop_index(op.f("log_subjects_index_idx"), "log_subjects")
    (_downgrade_sqlite if _is_sqlite() else _downgrade_postgresql)()
    op.drop_table("log_erasures")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


# -- SQLite

REFUSED = "BEGIN SELECT RAISE(ABORT, 'the log is insert-only'); END"


def _upgrade_sqlite() -> None:
    _rebuild_subjects(refers=False)
    _rebuild_alarms(refers=False)
    for table in ("log_entries", "log_subjects"):
        op.execute(f"DROP TRIGGER {table}_no_delete")
    op.execute("DROP TRIGGER log_entries_no_update")
    op.execute(
        f"CREATE TRIGGER log_entries_no_update BEFORE UPDATE ON log_entries WHEN NOT ({_erases_only()}) {REFUSED}"
    )
    op.execute(f"CREATE TRIGGER log_entries_no_delete BEFORE DELETE ON log_entries WHEN NOT {_covered()} {REFUSED}")
    op.execute(
        f"CREATE TRIGGER log_subjects_no_delete BEFORE DELETE ON log_subjects "
        f"WHEN NOT {_covered()} AND NOT {_covered('records')} {REFUSED}"
    )
    for change in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER log_erasures_no_{change.lower()} BEFORE {change} ON log_erasures {REFUSED}")
    there = "SELECT 1 FROM log_erasures WHERE entry = NEW.entry AND first = NEW.first"
    op.execute(f"CREATE TRIGGER log_erasures_no_replace BEFORE INSERT ON log_erasures WHEN EXISTS ({there}) {REFUSED}")


def _covered(field: str | None = None) -> str:
    """Return whether an erasure accounts for a field of the row, or for the whole of it."""
    within = 'SELECT 1 FROM log_erasures e{} WHERE e.first <= OLD."index" AND e.last >= OLD."index" AND {}'
    found = within.format("", "e.fields IS NULL") if field is None else within.format(
        ", json_each(e.fields) f", f"f.value = '{field}'"
    )  # fmt: skip
    return f"EXISTS ({found})"


def _erases_only() -> str:
    """Return whether an update only takes away what an erasure accounts for."""
    columns = [row[1] for row in op.get_bind().exec_driver_sql("PRAGMA table_info(log_entries)")]
    rules = [f'NEW."{name}" IS OLD."{name}"' for name in columns if name in STAYS]
    rules += [
        f'(NEW."{name}" IS OLD."{name}" OR (NEW."{name}" IS NULL AND {_covered(name)}))'
        for name in columns if name not in STAYS | APART
    ]  # fmt: skip
    bare = "json_remove({}.body, '$.fields', '$.events')"
    named = (
        "(SELECT json_group_array(json_remove(value, '$.records', '$.details')) FROM json_each({}.body, '$.events'))"
    )
    rules += [f"{each.format('NEW')} IS {each.format('OLD')}" for each in (bare, named)]
    rules.append(
        "(json_extract(NEW.body, '$.fields') IS json_extract(OLD.body, '$.fields') "
        f"OR (json_type(NEW.body, '$.fields') = 'null' AND {_covered('fields')}))"
    )
    for member in ("records", "details"):
        every = f"(SELECT json_group_array(json_extract(value, '$.{member}')) FROM json_each({{}}.body, '$.events'))"  # noqa: S608  our names
        left = f"SELECT 1 FROM json_each(NEW.body, '$.events') WHERE json_type(value, '$.{member}') IS NOT 'null'"  # noqa: S608  our names
        rules.append(
            f"({every.format('NEW')} IS {every.format('OLD')} OR (NOT EXISTS ({left}) AND {_covered(member)}))"
        )
    return " AND ".join(["NEW.salt IS NULL", "NEW.kept IS NOT NULL", *rules])


def _downgrade_sqlite() -> None:
    for name in ("log_entries_no_update", "log_entries_no_delete", "log_subjects_no_delete"):
        op.execute(f"DROP TRIGGER {name}")
    op.drop_column("log_entries", "kept")
    for name, change in (("log_entries", "UPDATE"), ("log_entries", "DELETE"), ("log_subjects", "DELETE")):
        op.execute(f"CREATE TRIGGER {name}_no_{change.lower()} BEFORE {change} ON {name} {REFUSED}")
    _rebuild_subjects(refers=True)
    _rebuild_alarms(refers=True)


def _rebuild_subjects(*, refers: bool) -> None:
    """Make the table anew, with or without its foreign key: SQLite takes none away."""
    triggers = _triggers("log_subjects")
    key = [sa.ForeignKeyConstraint(["index"], ["log_entries.index"], name=op.f("log_subjects_index_fkey"))]
    op.create_table(
        "log_subjects_anew",
        sa.Column("profile", Id(), nullable=False),
        sa.Column("index", Big, autoincrement=False, nullable=False),
        *(key if refers else ()),
        sa.PrimaryKeyConstraint("profile", "index", name=op.f("log_subjects_pkey")),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    _take_place("log_subjects", triggers)


def _rebuild_alarms(*, refers: bool) -> None:
    triggers = _triggers("alarms")
    key = [sa.ForeignKeyConstraint(["entry"], ["log_entries.index"], name=op.f("alarms_entry_fkey"))]
    op.create_table(
        "alarms_anew",
        sa.Column("id", Id(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("entry", Big, nullable=False),
        sa.Column("audience", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('decoy', 'subjects')", name=op.f("alarms_kind_check")),
        *(key if refers else ()),
        sa.PrimaryKeyConstraint("id", name=op.f("alarms_pkey")),
        sqlite_strict=True,
    )
    _take_place("alarms", triggers)
    op.create_index(op.f("alarms_audience_id_idx"), "alarms", ["audience", "id"], unique=False)
    op.create_index(op.f("alarms_entry_idx"), "alarms", ["entry"], unique=False)


def _triggers(table: str) -> list[str]:
    named = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    return list(op.get_bind().execute(named, {"table": table}).scalars())


def _take_place(table: str, triggers: list[str]) -> None:
    op.execute(f"INSERT INTO {table}_anew SELECT * FROM {table}")  # noqa: S608  our names
    for trigger in triggers:
        op.execute(f"DROP TRIGGER {trigger.split()[2]}")
    op.execute(f"DROP TABLE {table}")
    op.execute(f"ALTER TABLE {table}_anew RENAME TO {table}")
    for trigger in triggers:
        op.execute(trigger)


# -- PostgreSQL

FUNCTIONS = {
    "log_is_erased(place bigint)": """RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT EXISTS (SELECT 1 FROM log_erasures WHERE first <= place AND last >= place AND fields IS NULL) $$""",
    "log_fields_erased(place bigint)": """RETURNS text[] LANGUAGE sql STABLE AS $$
        SELECT coalesce(array_agg(DISTINCT field), '{}') FROM log_erasures, json_array_elements_text(fields) AS field
         WHERE first <= place AND last >= place AND fields IS NOT NULL $$""",
    "log_erases_only(was jsonb, becomes jsonb, gone text[])": """RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT gone <> '{}' AND becomes->'salt' = 'null' AND becomes->'kept' <> 'null'
           AND was - gone - '{body,salt,kept}'::text[] = becomes - gone - '{body,salt,kept}'::text[]
           AND NOT EXISTS (SELECT 1 FROM unnest(gone) name WHERE becomes->name NOT IN ('null', was->name))
           AND (was->'body') - '{fields,events}'::text[] = (becomes->'body') - '{fields,events}'::text[]
           AND (was->'body'->'fields' = becomes->'body'->'fields'
                OR 'fields' = ANY (gone) AND becomes->'body'->'fields' = 'null')
           AND jsonb_array_length(was->'body'->'events') = jsonb_array_length(becomes->'body'->'events')
           AND NOT EXISTS (
               SELECT 1
                 FROM jsonb_array_elements(was->'body'->'events') WITH ORDINALITY AS old(event, place)
                 JOIN jsonb_array_elements(becomes->'body'->'events') WITH ORDINALITY AS new(event, place) USING (place)
                WHERE old.event - '{records,details}'::text[] <> new.event - '{records,details}'::text[]
                   OR EXISTS (
                       SELECT 1 FROM unnest('{records,details}'::text[]) name
                        WHERE old.event->name IS DISTINCT FROM new.event->name
                          AND NOT (name = ANY (gone) AND new.event->name = 'null')
                   )
           ) $$""",
    "log_is_erased_only()": """RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' AND log_is_erased(OLD.index) THEN RETURN OLD; END IF;
            IF TG_OP = 'UPDATE' AND log_erases_only(
                replace(row_to_json(OLD)::text, '\\u0000', '\\ufffd')::jsonb,  -- which jsonb does not take
                replace(row_to_json(NEW)::text, '\\u0000', '\\ufffd')::jsonb,
                ARRAY(SELECT unnest(log_fields_erased(OLD.index)) EXCEPT SELECT unnest('{STAYS}'::text[]))
            ) THEN RETURN NEW; END IF;
            RAISE EXCEPTION 'the log is insert-only';
        END $$""",
    "log_subject_is_erased_only()": """RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF log_is_erased(OLD.index) OR 'records' = ANY (log_fields_erased(OLD.index)) THEN RETURN OLD; END IF;
            RAISE EXCEPTION 'the log is insert-only';
        END $$""",
}


def _run(statement: str) -> sa.CursorResult[Any]:  # Any: columns of several types
    return op.get_bind().exec_driver_sql(statement)


def _upgrade_postgresql() -> None:
    _run("ALTER TABLE log_subjects DROP CONSTRAINT log_subjects_index_fkey")
    _run("ALTER TABLE alarms DROP CONSTRAINT alarms_entry_fkey")
    for table in ("log_entries", "log_subjects"):
        _run(f"DROP TRIGGER {table}_insert_only ON {table}")
    _partition()
    for signature, body in FUNCTIONS.items():
        _run(f"CREATE FUNCTION {signature} {body.replace('{STAYS}', '{' + ','.join(sorted(STAYS)) + '}')}")
    _run("CREATE TRIGGER log_entries_insert_only BEFORE UPDATE OR DELETE ON log_entries "
         "FOR EACH ROW EXECUTE FUNCTION log_is_erased_only()")  # fmt: skip
    _run("CREATE TRIGGER log_subjects_insert_only BEFORE DELETE ON log_subjects "
         "FOR EACH ROW EXECUTE FUNCTION log_subject_is_erased_only()")  # fmt: skip
    _refuse("log_entries", "TRUNCATE", "log_entries_no_truncate")
    _refuse("log_partitions.entries_0", "TRUNCATE", "log_entries_no_truncate")
    _refuse("log_partitions.entries_default", "TRUNCATE", "log_entries_no_truncate")
    _refuse("log_subjects", "UPDATE OR TRUNCATE", "log_subjects_no_update")
    _refuse("log_erasures", "UPDATE OR DELETE OR TRUNCATE", "log_erasures_insert_only")


def _refuse(table: str, changes: str, name: str) -> None:
    _run(f"CREATE TRIGGER {name} BEFORE {changes} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION log_is_insert_only()")


def _partition() -> None:
    """Make what stands there the first partition; its indexes become those of the whole."""
    named = _run(
        "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND tablename = 'log_entries' "
        "AND indexname <> 'log_entries_pkey' ORDER BY indexname"
    )
    indexes = [str(row[0]) for row in named]
    newest = _run('SELECT coalesce(max("index"), 0) FROM log_entries').scalar_one()
    end = (int(str(newest)) // WIDTH + 1) * WIDTH
    _run("CREATE SCHEMA log_partitions")
    _run("ALTER TABLE log_entries SET SCHEMA log_partitions")
    _run("ALTER TABLE log_partitions.log_entries RENAME TO entries_0")
    _run("CREATE TABLE log_entries (LIKE log_partitions.entries_0 INCLUDING DEFAULTS INCLUDING CONSTRAINTS) "
         'PARTITION BY RANGE ("index")')  # fmt: skip
    _run('ALTER TABLE log_entries ADD CONSTRAINT log_entries_pkey PRIMARY KEY ("index")')
    for index in indexes:
        _run(index)
    _run(f"ALTER TABLE log_entries ATTACH PARTITION log_partitions.entries_0 FOR VALUES FROM (0) TO ({end})")
    _run("CREATE TABLE log_partitions.entries_default PARTITION OF log_entries DEFAULT")


def _downgrade_postgresql() -> None:
    for name, table in (
        ("log_entries_insert_only", "log_entries"), ("log_entries_no_truncate", "log_entries"),
        ("log_entries_no_truncate", "log_partitions.entries_0"), ("log_subjects_insert_only", "log_subjects"),
        ("log_subjects_no_update", "log_subjects"),
    ):  # fmt: skip
        _run(f"DROP TRIGGER {name} ON {table}")
    named = _run(
        "SELECT part.relname AS part, whole.relname AS whole FROM pg_inherits "
        "JOIN pg_class part ON part.oid = inhrelid "
        "JOIN pg_class whole ON whole.oid = inhparent JOIN pg_index ON indexrelid = part.oid "
        "WHERE indrelid = 'log_partitions.entries_0'::regclass AND part.relname <> whole.relname"
    ).mappings().all()  # fmt: skip
    _run("ALTER TABLE log_entries DETACH PARTITION log_partitions.entries_0")
    _run("INSERT INTO log_partitions.entries_0 SELECT * FROM log_entries")
    _run("DROP TABLE log_entries")
    for row in named:
        _run(f"ALTER INDEX log_partitions.{row['part']} RENAME TO {row['whole']}")
    _run("ALTER TABLE log_partitions.entries_0 RENAME TO log_entries")
    here = _run("SELECT current_schema()").scalar_one()
    _run(f"ALTER TABLE log_partitions.log_entries SET SCHEMA {here}")
    _run("DROP SCHEMA log_partitions")
    for signature in reversed(FUNCTIONS):
        _run(f"DROP FUNCTION {signature}")
    _run("ALTER TABLE log_entries DROP COLUMN kept")
    for table in ("log_entries", "log_subjects"):
        _refuse(table, "UPDATE OR DELETE OR TRUNCATE", f"{table}_insert_only")
    _run('ALTER TABLE log_subjects ADD CONSTRAINT log_subjects_index_fkey FOREIGN KEY ("index") REFERENCES log_entries')
    _run("ALTER TABLE alarms ADD CONSTRAINT alarms_entry_fkey FOREIGN KEY (entry) REFERENCES log_entries")
