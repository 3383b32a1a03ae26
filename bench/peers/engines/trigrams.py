"""Names by the three-letter pieces they share: PostgreSQL's pg_trgm and SQLite's FTS5.

pg_trgm   GIN index, similarity at 0.25 or word similarity at 0.5 for a name that is part of one, the best 60; and of
          the people with the same birth date those with the most alike names
FTS5      trigram tokenizer, all pieces of the name joined by OR, the best 60 by BM25, and the people with the same
          birth date; alike by the share of pieces in common
"""

import asyncio
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg

from bench.peers.engines.people import CANDIDATES, Person, Question

_MAKE = """
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    DROP TABLE IF EXISTS peer_names;
    CREATE TABLE peer_names (id text NOT NULL, name text NOT NULL, born text)
"""
_INDEX = """
    CREATE INDEX ON peer_names USING gin (name gin_trgm_ops);
    CREATE INDEX ON peer_names (born);
    ANALYZE peer_names
"""
_FIND = f"""
    (SELECT id, greatest(similarity(name, $1), 0.9 * word_similarity($1, name)) AS alike FROM peer_names
      WHERE name % $1 OR $1 <% name ORDER BY alike DESC LIMIT {CANDIDATES})
    UNION ALL
    (SELECT id, greatest(similarity(name, $1), 0.9 * word_similarity($1, name)) AS alike FROM peer_names
      WHERE born = $2 ORDER BY alike DESC LIMIT {CANDIDATES // 3})
"""  # noqa: S608 -- two numbers of ours
_SETTINGS = "SET pg_trgm.similarity_threshold = 0.25; SET pg_trgm.word_similarity_threshold = 0.5"


class PgTrgm:
    """PostgreSQL with pg_trgm, over one connection."""

    def __init__(self, people: Sequence[Person], url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._connection: Any = self._loop.run_until_complete(_filled(people, url))  # Any: asyncpg ships no types

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return whose names share pieces."""
        asked = self._connection.fetch(_FIND, question.name, question.born)
        return [(row["id"], row["alike"]) for row in self._loop.run_until_complete(asked)]

    def close(self) -> None:
        """Leave the server."""
        self._loop.run_until_complete(self._connection.close())
        self._loop.close()


async def _filled(people: Sequence[Person], url: str) -> Any:
    connection = await asyncpg.connect(url)
    await connection.execute(_MAKE)
    rows = [(person.id, name, person.born) for person in people for name in person.names]
    await connection.copy_records_to_table("peer_names", records=rows)
    await connection.execute(_INDEX)
    await connection.execute(_SETTINGS)
    return connection


class Fts5:
    """SQLite's full-text search with its trigram tokenizer."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.executescript("""
            CREATE VIRTUAL TABLE peer_names USING fts5 (name, id UNINDEXED, tokenize = 'trigram');
            CREATE TABLE births (born TEXT, name TEXT, id TEXT); CREATE INDEX births_born ON births (born)
        """)
        rows = [(name, person.id) for person in people for name in person.names]
        self._database.executemany("INSERT INTO peer_names (name, id) VALUES (?, ?)", rows)
        births = [(person.born, name, person.id) for person in people for name in person.names]
        self._database.executemany("INSERT INTO births VALUES (?, ?, ?)", births)

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return whose names share pieces."""
        asked = pieces(question.name)
        match = " OR ".join(f'"{piece}"' for piece in sorted(asked) if len(piece.strip()) == 3)
        found = []
        if match:
            found = self._database.execute(
                "SELECT id, name FROM peer_names WHERE peer_names MATCH ? ORDER BY rank LIMIT ?", (match, CANDIDATES)
            ).fetchall()
        found += self._database.execute("SELECT id, name FROM births WHERE born = ?", (question.born,)).fetchall()
        return [(person, alike(asked, pieces(name))) for person, name in found]


def pieces(name: str) -> frozenset[str]:
    """Return the three-letter pieces of each word, with two blanks before it and one behind."""
    return frozenset(
        padded[at : at + 3] for word in name.split() for padded in (f"  {word} ",) for at in range(len(padded) - 2)
    )


def alike(asked: frozenset[str], held: frozenset[str]) -> float:
    """Return the share of pieces in common; of a name that is a part of the other, 0.9 of the asked ones."""
    common = len(asked & held)
    whole = common / max(len(asked | held), 1)
    return max(whole, 0.9 * common / max(len(asked), 1))
