"""An entry as JSON, and back: every column of ``log_entries`` by its name. Pure but for the table's columns.

    told({"index": 4711, "at": datetime(…), "officer": UUID(…), "salt": b"…", "body": {…}, …})
    {"index": 4711, "at": "2026-11-22T12:00:00.000001+00:00", "officer": "0197…", "salt": "5f0d…", "body": {…}, …}

A column that a later program has is nothing in what an earlier one wrote; one that this program does not know is
refused, because nobody could vouch for it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from registry.audit.models import entries
from registry.core.columns import Id, Moment


class _Kind(NamedTuple):
    """How values of a type are told, and read again."""

    tell: Callable[[Any], Any]  # Any: a column's value, JSON
    read: Callable[[Any], Any]


_AS_IT_IS = _Kind(lambda value: value, lambda value: value)
_KINDS: Mapping[type[sa.types.TypeEngine[Any]], _Kind] = {
    Moment: _Kind(lambda value: value.isoformat(), datetime.fromisoformat),
    Id: _Kind(str, UUID),
    sa.LargeBinary: _Kind(lambda value: bytes(value).hex(), bytes.fromhex),
}
_COLUMNS = {str(column.name): _KINDS.get(type(column.type), _AS_IT_IS) for column in entries.c}


def told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as JSON."""
    return {
        name: kind.tell(value) if (value := entry[name]) is not None else None
        for name, kind in _COLUMNS.items()
    }  # fmt: skip


def read(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entry as the database would. Raises ValueError, TypeError or KeyError for what ``told`` never said."""
    if not row.keys() <= _COLUMNS.keys():
        raise ValueError("a column that this program does not know")
    return {
        name: kind.read(value) if (value := row.get(name)) is not None else None
        for name, kind in _COLUMNS.items()
    }  # fmt: skip
