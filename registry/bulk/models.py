"""The tables of imports: how far each file has come, what was entered of it, and how its columns are read.

No table holds a file's name or a value of its rows: names of files are often names of people.
"""

import sqlalchemy as sa

from registry.core.columns import Id, Json, Moment
from registry.core.db import metadata

imports = sa.Table(
    "imports",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("file_digest", sa.Text, nullable=False),
    sa.Column("mapping_digest", sa.Text, nullable=False),
    sa.Column("edition", sa.Text, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("ready", sa.Integer, nullable=False),
    sa.Column("needs_fixing", sa.Integer, nullable=False),
    sa.Column("duplicates", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("verdicts", sa.LargeBinary, nullable=False),
    sa.Column("checked_by", Id, nullable=False),
    sa.Column("checked_at", Moment, nullable=False),
    sa.Column("begun_by", Id),
    sa.Column("begun_at", Moment),
    sa.Column("rows_done", sa.Integer, nullable=False),
    sa.Column("entered", sa.Integer, nullable=False),
    sa.Column("finished_at", Moment),
    sa.CheckConstraint("rows_done <= rows AND entered <= rows_done", name="progress"),
    sa.CheckConstraint("(begun_by IS NULL) = (begun_at IS NULL)", name="begun"),
    sa.UniqueConstraint("agency", "file_digest"),
    sqlite_strict=True,
)
"""One row a file and agency, made by the dry run. ``verdicts`` is a byte a row of the file, packed (verdicts.py);
``rows_done`` moves in the transaction that enters the rows, so it is never ahead of them nor behind."""

import_batches = sa.Table(
    "import_batches",
    metadata,
    sa.Column("import_id", Id, sa.ForeignKey("imports.id"), primary_key=True),
    sa.Column("first_row", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("digests", sa.LargeBinary, nullable=False),
    sqlite_strict=True,
)
"""Keyed digests of the rows that were entered, eight bytes each, so that a file that is mended and brought again
does not enter them twice. Without the index key of the node they say nothing."""

import_mappings = sa.Table(
    "import_mappings",
    metadata,
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("fingerprint", sa.Text, primary_key=True),
    sa.Column("mapping", Json, nullable=False),
    sa.Column("remembered_by", Id, nullable=False),
    sa.Column("remembered_at", Moment, nullable=False),
    sqlite_strict=True,
)
"""How an agency's files with these headings are read; ``fingerprint`` is the headings' digest."""
