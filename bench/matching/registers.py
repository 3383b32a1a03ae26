"""Scratch registers with a labelled set in them, on SQLite and on PostgreSQL, as production opens them.

    with opened(folder, databases=("sqlite", "postgresql"), orders=("shuffled",), keep=scratch) as registers:
        answers = asking.asked(registers[0], sets.questions(folder))

A kept register is found by a digest of the set, of what is indexed of its first people, and of the migrations, so one
of another matcher is never measured for this one.
"""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg
import orjson

from bench.matching import loading
from bench.matching.sets import PROFILES, blocks, profile_identity
from registry import migrations
from registry.editions.edition import load as load_edition
from registry.matching.form import FORM
from registry.profiles.indexing import index
from tests.registers import migrated, new_register
from tests.servers import APP, PostgresServer, postgres_server

SHUFFLED, IN_FILE_ORDER = "shuffled", "file"
_CLUSTER: dict[str, str | int] = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",  # nothing here has to outlive a crash, and what is measured only reads
    "max_wal_senders": 0,
}
_LARGE = 2_000_000
"""Bytes of profiles, some 5,000 of them, that are worth starting processes for."""
_SOME = 200
"""People by whom a kept register is told from one of another matcher."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a register was filled."""

    size: int
    keys: int
    """Pairs of a key and a profile."""
    bytes: int
    """Of the tables and indexes that a search reads."""
    seconds: float
    """Of loading what had been prepared."""


@dataclass(frozen=True, slots=True)
class Register:
    """A register to be asked, and whom its numbers stand for."""

    dialect: str
    order: str
    url: str
    """As settings take it."""
    loaded: Loaded
    names: Path
    """A file that says which id of the set a register number stands for."""

    def ids(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return the ids behind register numbers."""
        wanted = orjson.dumps(list(numbers)).decode()
        database = sqlite3.connect(self.names)
        found = database.execute(
            "SELECT number, id FROM ids WHERE number IN (SELECT value FROM json_each(?))", (wanted,)
        ).fetchall()
        database.close()
        return dict(found)


@contextmanager
def opened(
    folder: Path, *, databases: Sequence[str], orders: Sequence[str] = (SHUFFLED,), keep: Path | None = None
) -> Iterator[list[Register]]:
    """Open a register of the set on each database in the first order, and on the first database in every other."""
    with ExitStack() as leaving:
        passing = Path(leaving.enter_context(tempfile.TemporaryDirectory(prefix="registry-matching-")))
        passing.chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        home = (keep.resolve() if keep else passing) / _digest(folder)
        home.mkdir(parents=True, exist_ok=True)
        server = None
        if "postgresql" in databases:
            server = leaving.enter_context(postgres_server(directory=home / "cluster", **_CLUSTER))
        wanted = [(dialect, orders[0]) for dialect in databases] + [(databases[0], order) for order in orders[1:]]
        opening = _Opening(folder, home, passing / "prepared", server)
        yield [opening.register(dialect, order) for dialect, order in wanted]


class _Opening:
    """Finds the registers of one set, or fills them from files that are prepared once."""

    def __init__(self, folder: Path, home: Path, scratch: Path, server: PostgresServer | None) -> None:
        self._folder, self._home, self._scratch, self._server = folder, home, scratch, server
        self._prepared: loading.Prepared | None = None

    def register(self, dialect: str, order: str) -> Register:
        told, names = self._home / f"{dialect}-{order}.json", self._home / f"{order}.ids"
        url = self._url(dialect, order)
        if not told.exists():
            told.write_bytes(orjson.dumps(asdict(self._fill(dialect, order, url, names))))
        return Register(dialect, order, url, Loaded(**orjson.loads(told.read_bytes())), names)

    def _url(self, dialect: str, order: str) -> str:
        if dialect == "sqlite":
            return f"sqlite:///{self._home}/{order}.db"
        if self._server is None:
            raise ValueError("a register on PostgreSQL needs a server")
        return self._server.url(order, APP).replace("+asyncpg", "")

    def _fill(self, dialect: str, order: str, url: str, names: Path) -> Loaded:
        if self._prepared is None:
            is_large = (self._folder / PROFILES).stat().st_size > _LARGE
            self._prepared = loading.prepare(self._folder, self._scratch, workers=2 if is_large else 1)
        prepared = self._prepared
        numbers = loading.numbers(prepared.size, shuffled=order == SHUFFLED)
        begun = time.perf_counter()
        if dialect == "sqlite":
            file = Path(url.removeprefix("sqlite:///"))
            file.unlink(missing_ok=True)
            asyncio.run(migrated(url))
            loading.load_sqlite(prepared, file, numbers)
            size = file.stat().st_size
        else:
            assert self._server is not None
            self._server.drop_database(order)
            asyncio.run(new_register(self._server, order))
            whole = self._server.url(order).replace("+asyncpg", "")  # TRUNCATE and VACUUM are not the application's
            asyncio.run(loading.load_postgresql(prepared, whole, numbers))
            size = asyncio.run(_size(whole))
        seconds = time.perf_counter() - begun
        _write_names(names, prepared, numbers)
        return Loaded(prepared.size, prepared.keys, size, round(seconds, 1))


def _write_names(file: Path, prepared: loading.Prepared, numbers: Sequence[int]) -> None:
    file.unlink(missing_ok=True)
    database = sqlite3.connect(file)
    database.execute("CREATE TABLE ids (number INTEGER PRIMARY KEY, id TEXT)")
    database.executemany("INSERT INTO ids VALUES (?, ?)", zip(numbers, prepared.ids(), strict=True))
    database.commit()
    database.close()


async def _size(url: str) -> int:
    connection = await asyncpg.connect(url)
    sizes = [
        await connection.fetchval("SELECT pg_total_relation_size($1::regclass)", table) for table in loading.TABLES
    ]
    await connection.close()
    return sum(sizes)


def _digest(folder: Path) -> str:
    """Return a digest of the set, of what is indexed of its first people, and of the migrations."""
    digest = sha256()
    edition = load_edition()
    some = next(blocks(folder, _SOME), [])
    made = [index(profile_identity(orjson.loads(line)), edition, loading.SEALER.blind) for line in some]
    digest.update(repr((FORM, made, (folder / PROFILES).stat().st_size)).encode())
    for step in sorted((migrations.FOLDER / "versions").glob("*.py")):
        digest.update(step.read_bytes())
    return f"{folder.name}-{digest.hexdigest()[:12]}"
