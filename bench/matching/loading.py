"""A labelled set written into a register's tables, in bulk: first prepared into files, then into each database.

    prepared = prepare(folder, scratch, workers=2)          keys in 64 buckets by their highest bits, records, names
    load(prepared, "sqlite:///register.db", numbers(prepared.size, shuffled=True))

What is written of each person is made by the same function as in production (``registry.profiles.indexing``), and
stands in the same tables; nothing but what a search reads is there. Keys come sorted, so the index grows at its end.

Register numbers are shuffled unless somebody wants the order of the file: questions are drawn from the first profiles
of a set, and where people score alike the lower number comes first.
"""

import random
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from struct import Struct

import asyncpg
import orjson

from bench.matching.sets import blocks, profile_identity
from registry.core.key_providers import FileKeys
from registry.core.sealing import KEY_BYTES, Sealer
from registry.editions.edition import load as load_edition
from registry.matching.form import FORM
from registry.models import metadata
from registry.profiles import vocabulary
from registry.profiles.headline import FOR_EVER
from registry.profiles.indexing import Indexed, index
from registry.profiles.publication import INDEX_FORM

SEALER = Sealer(FileKeys({"none": bytes(KEY_BYTES)}), bytes(KEY_BYTES))
"""Blind tokens with a key that everybody knows: these people are invented."""
CATEGORY = "convicted"
FACTS = f"vetted {CATEGORY} none H1 restricted"
"""As registry/disclosure/facts.py spells them."""
BUCKETS = 64
_PAIR = Struct(">qi")
_BLOCK = 2_000
_LINES = 10_000
_Row = tuple[int, str, str, str, str]
"""Of the match records."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A set in the form in which databases take it."""

    folder: Path
    size: int
    keys: int
    """Pairs of a key and a profile."""

    def pairs(self, numbers: "array[int]") -> Iterator[tuple[int, int]]:
        """Yield keys with register numbers, in their order."""
        for bucket in range(BUCKETS):
            content = (self.folder / f"keys{bucket:02d}").read_bytes()
            yield from sorted((key, numbers[place]) for key, place in _PAIR.iter_unpack(content))

    def records(self, numbers: "array[int]") -> Iterator[tuple[int, str, str, str, str]]:
        """Yield match records as they stand in their table."""
        with (self.folder / "records").open("rb") as lines:
            for place, line in enumerate(lines):
                yield numbers[place], orjson.loads(line), CATEGORY, FOR_EVER, FACTS

    def ids(self) -> Iterator[str]:
        """Yield the ids of the set, in the order of its file."""
        with (self.folder / "ids").open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)

    @property
    def counters(self) -> list[tuple[str, int]]:
        """Return the size of the register, and the form in which its index is written."""
        return [("profiles", self.size), (INDEX_FORM, FORM)]

    def words(self) -> list[str]:
        """Return the distinct words of names."""
        found: list[str] = orjson.loads((self.folder / "words").read_bytes())
        return found

    def names(self) -> list[tuple[int, int]]:
        """Return name tokens and how many profiles carry each."""
        found: dict[str, int] = orjson.loads((self.folder / "names").read_bytes())
        return sorted((int(token), profiles) for token, profiles in found.items())


TABLES = ("match_records", "search_keys", "name_rarity", "name_spellings", "counters")
"""What a search reads, and all that is filled here."""


def numbers(size: int, *, shuffled: bool) -> "array[int]":
    """Return the register number of each profile, by its place in the file."""
    given = array("i", range(1, size + 1))
    if shuffled:
        random.Random(11).shuffle(given)
    return given


def prepare(folder: Path, into: Path, *, workers: int = 2) -> Prepared:
    """Make keys, records and counts of a set, some 2,000 profiles a second for each worker."""
    into.mkdir(parents=True, exist_ok=True)
    names: Counter[int] = Counter()
    words: set[str] = set()
    size = keys = 0
    with ExitStack() as open_files:
        buckets = [open_files.enter_context((into / f"keys{bucket:02d}").open("wb")) for bucket in range(BUCKETS)]
        records = open_files.enter_context((into / "records").open("wb"))
        ids = open_files.enter_context((into / "ids").open("w", encoding="utf-8"))
        each = open_files.enter_context(Pool(workers)).imap if workers > 1 else map
        for people in each(_indexed, blocks(folder, _BLOCK)):
            for profile, made in people:
                for key in made.keys:
                    buckets[(key >> 58) + BUCKETS // 2].write(_PAIR.pack(key, size))
                records.write(orjson.dumps(made.record) + b"\n")  # a record may hold line ends
                ids.write(profile + "\n")
                names.update(made.tokens)
                words.update(made.words)
                keys += len(made.keys)
                size += 1
    (into / "names").write_bytes(orjson.dumps({str(token): count for token, count in names.items()}))
    (into / "words").write_bytes(orjson.dumps(sorted(words)))
    return Prepared(into, size, keys)


def _indexed(lines: list[bytes]) -> list[tuple[str, Indexed]]:
    edition = load_edition()
    people = [orjson.loads(line) for line in lines]
    return [(each["id"], index(profile_identity(each), edition, SEALER.blind)) for each in people]


def load_sqlite(prepared: Prepared, file: Path, given: "array[int]") -> None:
    """Fill the empty tables of a file; it is brought to durable settings again when a register opens it."""
    database = sqlite3.connect(file, isolation_level=None)
    database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN")
    for table, rows in _rows(prepared, given).items():
        places = ", ".join("?" * len(metadata.tables[table].columns))
        database.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 -- our own names
    database.execute("COMMIT")
    database.executescript("PRAGMA journal_mode = WAL; ANALYZE; PRAGMA optimize")
    database.close()


async def load_postgresql(prepared: Prepared, url: str, given: "array[int]") -> None:
    """COPY into the empty tables; with ``wal_level = minimal`` a table emptied in the same transaction needs no WAL."""
    connection = await asyncpg.connect(url)
    async with connection.transaction():
        for table, rows in _rows(prepared, given).items():
            await connection.execute(f"TRUNCATE {table}")
            await connection.copy_records_to_table(table, records=rows)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()


def _rows(prepared: Prepared, given: "array[int]") -> dict[str, Iterable[tuple[object, ...]]]:
    """Return the rows of every table that a search reads."""
    return {
        "match_records": _by_number(prepared.records(given), given), "search_keys": prepared.pairs(given),
        "name_rarity": prepared.names(), "name_spellings": vocabulary.rows(prepared.words()),
        "counters": prepared.counters,
    }  # fmt: skip


def _by_number(rows: Iterator[_Row], given: "array[int]") -> Iterator[_Row]:
    """Sort so many rows at a time, which spares half of the jumps in a table of the size of memory."""
    block: list[_Row] = []
    for row in rows:
        block.append(row)
        if len(block) == min(_LINES * 50, len(given)):
            yield from sorted(block)
            block.clear()
    yield from sorted(block)
