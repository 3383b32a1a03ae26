"""The statements of finding: who shares a key with the person sought, and what is known of the best."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.errors import Unavailable
from registry.matching.form import FIRST, FORM


@dataclass(frozen=True, slots=True)
class Postings:
    """What the register answers to keys and names."""

    by_key: dict[int, Sequence[int]]
    """Register numbers of the profiles that carry a key, for keys that at most ``cap`` carry."""
    overfull: tuple[int, ...]
    """Keys that more profiles carry: they tell nobody apart, so their numbers stay in the database."""
    rarity: dict[int, int]
    """How many profiles carry a name."""
    register_size: int
    form: int = FIRST
    """In which the index was written."""


_POSTGRESQL = sa.text("""
    SELECT wanted.key, CASE WHEN cardinality(found.numbers) <= :cap THEN found.numbers END, NULL::bigint
      FROM unnest(CAST(:keys AS bigint[])) AS wanted(key),
           LATERAL (SELECT ARRAY(SELECT number FROM search_keys WHERE key = wanted.key LIMIT :most) OFFSET 0)
           AS found(numbers)
     WHERE found.numbers <> '{}'
    UNION ALL SELECT token, NULL, profiles FROM name_rarity WHERE token = ANY(CAST(:tokens AS bigint[]))
    UNION ALL SELECT NULL, NULL, CASE name WHEN 'index_form' THEN -value ELSE value END
                FROM counters WHERE name IN ('profiles', 'index_form')
""")

"""OFFSET 0 keeps the planner from reading each list once for every place where it is named. The form of the index comes
back below nought, to tell it from the register's size."""

_SQLITE = sa.text("""
    SELECT wanted.value, (SELECT iif(count(*) <= :cap, json_group_array(number), NULL)
                            FROM (SELECT number FROM search_keys WHERE key = wanted.value LIMIT :most)),
           NULL
      FROM json_each(:keys) AS wanted
    UNION ALL SELECT token, NULL, profiles FROM name_rarity WHERE token IN (SELECT value FROM json_each(:tokens))
    UNION ALL SELECT NULL, NULL, CASE name WHEN 'index_form' THEN -value ELSE value END
                FROM counters WHERE name IN ('profiles', 'index_form')
""")


def postings(connection: Connection, keys: Sequence[int], tokens: Sequence[int], cap: int) -> Postings:
    """Return who carries each key, how rare each name is, and the register's size, in one statement.

    Raises Unavailable (INDEX_OUTDATED) where a program of another form wrote the index: people would be missed.
    """
    found = _postings(connection, {"keys": list(keys), "tokens": list(tokens), "cap": cap, "most": cap + 1})
    if found.register_size and found.form != FORM:
        raise Unavailable("The search index was written by another version of this program.", code="INDEX_OUTDATED",
                          remedy="Let the node's operator run: registry index rebuild.")  # fmt: skip
    return found


def crowds(connection: Connection, keys: Sequence[int], most: int) -> dict[int, Sequence[int]]:
    """Return so many of those who carry each key, also where there are more."""
    return _postings(connection, {"keys": list(keys), "tokens": [], "cap": most, "most": most}).by_key


def _postings(connection: Connection, wanted: dict[str, Any]) -> Postings:
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        wanted |= {name: orjson.dumps(wanted[name]).decode() for name in ("keys", "tokens")}
    by_key: dict[int, Sequence[int]] = {}
    overfull: list[int] = []
    rarity: dict[int, int] = {}
    size, form = 0, FIRST
    for key, numbers, profiles in connection.execute(_SQLITE if is_sqlite else _POSTGRESQL, wanted).all():
        if numbers is not None:
            by_key[key] = orjson.loads(numbers) if is_sqlite else numbers
        elif key is None and profiles < 0:
            form = -profiles
        elif key is None:
            size = profiles
        elif profiles is None:
            overfull.append(key)
        else:
            rarity[key] = profiles
    return Postings(by_key, tuple(overfull), rarity, size, form)


_RECORDS_POSTGRESQL = sa.text("""
    SELECT number, record, facts FROM match_records
     WHERE number = ANY(CAST(:numbers AS bigint[])) AND until > :today
""")
_RECORDS_SQLITE = sa.text("""
    SELECT number, record, facts FROM match_records
     WHERE number IN (SELECT value FROM json_each(:numbers)) AND until > :today
""")


def records(connection: Connection, numbers: Sequence[int], today: date) -> list[tuple[int, str, str]]:
    """Return the match records of these profiles with what disclosure needs to know of each, but for those expired.

    Whom the asker may not know of is among them: they are dropped when all are ranked, so that it takes as long.
    """
    if not numbers:
        return []
    is_sqlite = connection.dialect.name == "sqlite"
    listed = orjson.dumps(list(numbers)).decode() if is_sqlite else list(numbers)
    found = connection.execute(
        _RECORDS_SQLITE if is_sqlite else _RECORDS_POSTGRESQL, {"numbers": listed, "today": today.isoformat()}
    )
    return [(number, record, facts) for number, record, facts in found]
