"""Reading the log: pages by what an auditor asks for, each with bounded work.

    found = page(connection, LogFilter.where(officer=officer), before=4711, limit=20)
    found.rows               at most 20 entries, newest first
    found.has_next           whether there may be more, and
    found.looked_until       that all has been looked at down to here: the next page goes on before it

A page looks at ``MOST_LOOKED_AT`` entries at most, so a filter that hardly anything meets is answered in time too,
with an empty page that says how far it has come. Entries are looked up by the most telling part of the filter that has
an index (``LOOKED_UP_BY``); what else it asks is asked of those. Places in the log and the moments of leaves go the
same way, so a time is a range of places, which halving finds without an index.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from unicodedata import normalize

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, subjects
from registry.core.columns import Moment
from registry.oversight.filters import FIELDS, LogFilter, Term, Word

MOST_LOOKED_AT = 10_000
"""Entries that lie side by side, for one page."""
MOST_LOOKED_UP = 1_000
"""Entries that an index leads to, which lie anywhere; and entries that are looked into for words."""
_CHUNKS = (100, 300, 600)
"""How many are fetched at once: a page is often full after the first."""

_index = entries.c["index"]
_COLUMNS = {each.name: entries.c[each.column] for each in FIELDS if each.name != "profile"}
_REFUSED = sa.text("outcome <> 'allowed'")
"""As the index says it: PostgreSQL compares no parameter with a condition of an index."""


class _Lookup(NamedTuple):
    """An index that leads to entries: by a column, then by their places."""

    name: str
    column: sa.ColumnElement[Any]
    place: sa.ColumnElement[int]
    only: Callable[[Any], bool] = lambda _value: True
    """Which values it knows."""
    condition: Callable[[sa.ColumnElement[Any]], sa.ColumnElement[bool] | sa.TextClause] = lambda column: column.is_not(
        None
    )


LOOKED_UP_BY = (
    _Lookup("profile", subjects.c.profile, subjects.c["index"]),
    _Lookup("case", entries.c.case_reference, _index),
    _Lookup("officer", entries.c.officer, _index),
    _Lookup("outcome", entries.c.outcome, _index, lambda value: value != "allowed", lambda _column: _REFUSED),
    _Lookup("agency", entries.c.agency, _index),
    _Lookup("purpose", entries.c.purpose, _index),
)
"""The most telling first. Each index costs every entry that is written: the rest is asked of entries one by one."""

Row = Mapping[Any, Any]
Texts = Callable[[Row], Iterable[str]]
"""What of an entry words are looked for in."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of entries as they stand in the table."""

    rows: Sequence[sa.RowMapping]
    has_next: bool
    """Whether there may be more: not that there are."""
    looked_until: int | None
    """The last place that has been looked at; none where nothing is left."""


def plain_texts(row: Row) -> Iterator[str]:
    """Yield what an entry says of whoever asked, and of what happened: nothing of a person sought or seen."""
    yield from (str(row[each.column]) for each in FIELDS if each.name != "profile" and row[each.column] is not None)
    yield from (event["name"] for event in row["body"]["events"])


def page(
    connection: Connection, chosen: LogFilter, *, before: int | None = None, after: int | None = None, limit: int,
    oldest_first: bool = False, texts: Texts = plain_texts,
) -> Found:  # fmt: skip
    """Return entries before one place and after another, newest first."""
    low, high = _range(connection, chosen, before, after)
    found: list[sa.RowMapping] = []
    last = None
    looked = _candidates(connection, chosen, low, high, oldest_first=oldest_first)
    conditions = [holds(term) for term in chosen.terms if term is not looked.term]
    for part in looked.parts:
        last = part.last
        statement = sa.select(entries).where(part.condition, *conditions).order_by(_ordered(_index, oldest_first))
        if not chosen.words:
            statement = statement.limit(limit + 1 - len(found))
        rows = connection.execute(statement).mappings()
        found += [row for row in rows if _says(row, chosen.words, texts)]
        if len(found) > limit:
            return Found(found[:limit], has_next=True, looked_until=found[limit - 1]["index"])
    return Found(found, has_next=looked.has_more, looked_until=last if looked.has_more else None)


def entry(connection: Connection, index: int) -> sa.RowMapping | None:
    """Return one entry."""
    return connection.execute(sa.select(entries).where(_index == index)).mappings().one_or_none()


def _ordered(column: sa.ColumnElement[Any], oldest_first: bool) -> sa.ColumnElement[Any]:
    return column.asc() if oldest_first else column.desc()


# --- which places

_HALVING = """(
    WITH RECURSIVE halves (low, high) AS (
        SELECT CAST(0 AS bigint), (SELECT coalesce(max("index") + 1, 0) FROM log_leaves)
         UNION ALL
        SELECT CASE WHEN (SELECT at FROM log_leaves WHERE "index" = (low + high) / 2) < :{moment}
                    THEN (low + high) / 2 + 1 ELSE low END,
               CASE WHEN (SELECT at FROM log_leaves WHERE "index" = (low + high) / 2) < :{moment}
                    THEN high ELSE (low + high) / 2 END
          FROM halves WHERE low < high
    ) SELECT max(low) FROM halves
)"""
"""The first place whose leaf is no earlier than a moment: leaves never go back, so some twenty steps find it."""
_RANGE = sa.text(
    f"SELECT {_HALVING.format(moment='since')} AS low, {_HALVING.format(moment='until')} AS high, "  # noqa: S608  ours
    '(SELECT coalesce(max("index") + 1, 0) FROM log_entries) AS past'
).bindparams(sa.bindparam("since", type_=Moment()), sa.bindparam("until", type_=Moment()))


def _range(connection: Connection, chosen: LogFilter, before: int | None, after: int | None) -> tuple[int, int]:
    """Return the places that a page may look at: from the first to before the second."""
    low, high, past = places(connection, chosen.since, chosen.until)
    low = low if after is None else max(low, after + 1)
    high = min(high, past)
    return low, high if before is None else min(high, before)


def places(connection: Connection, since: datetime | None, until: datetime | None) -> tuple[int, int, int]:
    """Return where a time begins and ends in the log, and the log's end."""
    found = connection.execute(_RANGE, {"since": since, "until": until}).one()
    return found.low if since else 0, found.high if until else found.past, found.past


# --- who is looked at


class _Part(NamedTuple):
    """Entries that are fetched by one statement."""

    condition: sa.ColumnElement[bool]
    last: int


class _Looked(NamedTuple):
    """All that a page looks at."""

    term: Term | None
    """What has been looked up already."""
    parts: Iterator[_Part]
    has_more: bool


def _candidates(connection: Connection, chosen: LogFilter, low: int, high: int, *, oldest_first: bool) -> _Looked:
    for lookup in LOOKED_UP_BY:
        term = chosen.of(lookup.name)
        if term is not None and all(map(lookup.only, term.values)):
            every = [_looked_up(lookup, value, low, high, oldest_first=oldest_first) for value in term.values]
            either = sa.union_all(*every).subquery()
            statement = sa.select(either.c.place).distinct().order_by(_ordered(either.c.place, oldest_first))
            found = connection.execute(statement.limit(MOST_LOOKED_UP)).scalars().all()
            return _Looked(term, _listed(found), len(found) == MOST_LOOKED_UP)
    most = MOST_LOOKED_UP if chosen.words else MOST_LOOKED_AT
    first, past = (low, min(high, low + most)) if oldest_first else (max(low, high - most), high)
    sizes = _CHUNKS if chosen.words else (most,)
    parts = _side_by_side(first, past, sizes, oldest_first=oldest_first)
    return _Looked(None, parts, first < past and (past < high if oldest_first else low < first))


def _looked_up(lookup: _Lookup, value: Any, low: int, high: int, *, oldest_first: bool) -> sa.Select[Any]:
    """Return the statement of some places, which the index alone answers.

    Rows are compared and ordered by both columns, though one is known: so no other index than this one fits, whatever
    the planner thinks of how many entries there are.
    """
    both = sa.tuple_(lookup.column, lookup.place)
    kind = lookup.column.type
    found = (
        sa.select(lookup.place.label("place"))
        .where(lookup.condition(lookup.column), lookup.place >= low, lookup.place < high)
        .where(both >= sa.tuple_(sa.literal(value, kind), sa.literal(low)))
        .where(both < sa.tuple_(sa.literal(value, kind), sa.literal(high)))
        .order_by(_ordered(lookup.column, oldest_first), _ordered(lookup.place, oldest_first))
        .limit(MOST_LOOKED_UP)
    )
    return sa.select(found.subquery().c.place)


def _listed(found: Sequence[int]) -> Iterator[_Part]:
    at = 0
    for size in _CHUNKS:
        if chunk := found[at : at + size]:
            yield _Part(_index.in_(chunk), chunk[-1])
        at += size


def _side_by_side(first: int, past: int, sizes: Sequence[int], *, oldest_first: bool) -> Iterator[_Part]:
    for size in sizes:
        if first >= past:
            return
        if oldest_first:
            until = min(past, first + size)
            yield _Part(sa.and_(_index >= first, _index < until), until - 1)
            first = until
        else:
            since = max(first, past - size)
            yield _Part(sa.and_(_index >= since, _index < past), since)
            past = since


# --- what is asked of them


def column(name: str) -> sa.ColumnElement[Any]:
    """Return the column of the log that a name of the filter stands for."""
    return _COLUMNS[name]


def holds(term: Term) -> sa.ColumnElement[bool]:
    """Return whether an entry says what a part of a filter asks."""
    if term.name == "profile":
        about = sa.exists().where(subjects.c["index"] == _index, subjects.c.profile.in_(term.values))
        return ~about if term.is_not else about
    column = _COLUMNS[term.name]
    said: sa.ColumnElement[bool] = column.in_(term.values)
    if term.name == "action":
        said = sa.or_(said, *(_is_among(column, value) for value in term.values))
    return sa.or_(column.is_(None), ~said) if term.is_not else said


def _is_among(column: sa.ColumnElement[Any], value: str) -> sa.ColumnElement[bool]:
    """Return whether an operation of several fields has this one: LIKE would not mind case on SQLite alone."""
    every = sa.literal(",").concat(column).concat(",")
    return sa.func.replace(every, f",{value},", "") != every


def _says(row: Row, words: Sequence[Word], texts: Texts) -> bool:
    if not words:
        return True
    said = folded("\n".join(texts(row)))
    return all((folded(word.text) in said) is not word.is_not for word in words)


def folded(text: str) -> str:
    """Return a text as words are compared: no matter the case, nor how a letter with a mark is spelt."""
    if text.isascii():  # nearly all that an entry says
        return text.lower()
    return normalize("NFC", normalize("NFC", text).casefold())
