"""Between a record and what is stored of it: three JSON columns, one of them sealed. Inverse of each other (tested).

    identity    names, birth date, sex, nationalities, county, category: what a list of hits shows
    details     the other groups that are not sealed
    sealed      {"phones": "base64 of the sealed JSON", …}: each group an envelope of its own

Members that have their default are left out, so the canonical form of a record is short, and one.
"""

import hashlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol
from uuid import UUID

import orjson

from registry.core.sealing import Sealer, WrappedKey
from registry.profiles.forms import Group, Member, members
from registry.profiles.kinds import AsIs, Kind
from registry.profiles.parts import Name, NamePart, Source
from registry.profiles.record import GROUPS, Record

TABLE = "revisions"
"""What an envelope's associated data names."""
COLUMNS = ("identity", "details", "sealed")
DOCUMENTS = "documents"
"""A field beside the groups of the sealed column: what the proposal itself rests on."""
Json = dict[str, Any]


class Key(Protocol):
    """The record's data key."""

    def seal(self, content: bytes, *, table: str, field: str) -> bytes:
        """Seal one group."""

    def open(self, envelope: bytes, *, table: str, field: str) -> bytes:
        """Open it."""


# -- a record as JSON, and back


def shown(record: Record) -> Json:
    """Return the record in the format of import and export."""
    told: Json = {}
    for name, show, default in _GROUPS_SHOWN:
        value = getattr(record, name)
        if value is not default and value != default:
            told[name] = value if show is None else show(value)
    return told


def canonical(record: Record) -> bytes:
    """Return the one spelling of a record (JSON with sorted members, RFC 8785 for what a record can hold)."""
    return orjson.dumps(shown(record), option=orjson.OPT_SORT_KEYS)


def digest(record: Record) -> str:
    """Return the SHA-256 of a record's canonical form."""
    return hashlib.sha256(canonical(record)).hexdigest()


_Show = Callable[[Any], Any] | None
"""How a value is shown; None for one that is JSON already."""


def _group_shower(group: Group) -> _Show:
    if group.part is not None:
        return (lambda parts: [part_shown(each) for each in parts]) if group.many else part_shown
    assert group.kind is not None
    return _value_shower(group.kind, many=group.many)


def _value_shower(kind: Kind, *, many: bool) -> _Show:
    if isinstance(kind, AsIs):
        return list if many else None
    show = kind.show
    return (lambda values: [show(each) for each in values]) if many else show


def part_shown(part: Any) -> Json:
    """Return one part as JSON."""
    told = {}
    for name, show, default, required in _showers(type(part)):
        value = getattr(part, name)
        if required or (value is not default and value != default):
            told[name] = value if show is None else show(value)
    return told


_SHOWERS: dict[type, tuple[tuple[str, _Show, Any, bool], ...]] = {}


def _showers(part: type) -> tuple[tuple[str, _Show, Any, bool], ...]:
    return _SHOWERS.get(part) or _SHOWERS.setdefault(
        part, tuple((each.name, _shower(each), each.default, each.required) for each in members(part))
    )


def _shower(member: Member) -> _Show:
    if member.part is NamePart:
        return lambda parts: {each.kind: each.text for each in parts}
    assert member.kind is not None
    return _value_shower(member.kind, many=member.many)


_GROUPS_SHOWN = tuple((name, _group_shower(group), group.default) for name, group in GROUPS.items())


def revived(group: Group, value: Any) -> Any:
    """Return a group's value from its JSON."""
    if group.part is not None:
        part = group.part
        return tuple([part_revived(part, each) for each in value]) if group.many else part_revived(part, value)
    assert group.kind is not None
    revive = group.kind.revive
    return tuple([revive(each) for each in value]) if group.many else revive(value)


def part_revived(part: type, value: Mapping[str, Any]) -> Any:
    """Return one part from its JSON."""
    read = _READERS.get(part) or _READERS.setdefault(part, {each.name: _reader(part, each) for each in members(part)})
    return part(**{name: read[name](each) for name, each in value.items()})


_READERS: dict[type, dict[str, Callable[[Any], Any]]] = {}


def _reader(part: type, member: Member) -> Callable[[Any], Any]:
    if part is Name and member.part is NamePart:
        return lambda parts: tuple([NamePart(*each) for each in parts.items()])
    assert member.kind is not None
    revive = member.kind.revive
    return (lambda values: tuple([revive(each) for each in values])) if member.many else revive


# -- a record as a row, and back


def columns(record: Record, key: Key) -> dict[str, Json]:
    """Return the record's column values, sealed with its key."""
    return stored(shown(record), key)


def stored(values: Json, key: Key) -> dict[str, Json]:
    """Return the column values of a record as ``shown`` gives it, sealed with its key."""
    columns: dict[str, Json] = {name: {} for name in COLUMNS}
    for name, value in values.items():
        column = GROUPS[name].column
        columns[column][name] = sealed(value, name, key) if column == "sealed" else value
    return columns


def sealed(value: Any, field: str, key: Key) -> str:
    """Seal one group's JSON."""
    return b64encode(key.seal(orjson.dumps(value), table=TABLE, field=field)).decode()


def documents_sealed(documents: Collection[Source], key: Key) -> dict[str, str]:
    """Return the documents that a proposal rests on as they stand beside its record's sealed groups."""
    return {DOCUMENTS: sealed([part_shown(each) for each in documents], DOCUMENTS, key)} if documents else {}


def documents(row: Mapping[Any, Any], key: Callable[[], Key]) -> tuple[Source, ...]:
    """Return the documents that a proposal rests on."""
    stored = row["sealed"].get(DOCUMENTS)
    if stored is None:
        return ()
    shown_values = orjson.loads(key().open(b64decode(stored), table=TABLE, field=DOCUMENTS))
    return tuple(part_revived(Source, each) for each in shown_values)


def needed(groups: Collection[str]) -> tuple[str, ...]:
    """Return the columns that hold these groups."""
    held = {GROUPS[name].column for name in groups}
    return tuple(column for column in COLUMNS if column in held)


def read(row: Mapping[Any, Any], wanted: Collection[str], key: Callable[[], Key]) -> dict[str, Any]:
    """Read the wanted groups of a row; what is not wanted is not opened. ``key`` is asked for when it is needed."""
    values: dict[str, Any] = {}
    opened: Key | None = None
    for name in wanted:
        group = GROUPS[name]
        stored = row[group.column].get(name)
        if stored is None:
            values[name] = group.default
            continue
        if group.column == "sealed":
            opened = opened or key()
            stored = orjson.loads(opened.open(b64decode(stored), table=TABLE, field=name))
        values[name] = revived(group, stored)
    return values


def key_of(sealer: Sealer, profile: UUID, row: Mapping[Any, Any]) -> Callable[[], Key]:
    """Return how to open the data key that a row carries."""
    return lambda: sealer.open_key(profile, WrappedKey(row["key_id"], row["content"]))


def record(row: Mapping[Any, Any], key: Callable[[], Key]) -> Record:
    """Return the record that a row holds; inverse of ``columns``."""
    return Record(**read(row, GROUPS, key))
