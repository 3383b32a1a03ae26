"""A register to be measured: filled the way every register is, kept for the next run if a folder is given.

    with opened("postgresql", 1_000_000, keep=Path("var/bench")) as register:
        register.url, register.folder, register.loaded.rate

Each lies in a folder of its own, such as ``sqlite-1000000``: keys, settings, client files, ``registry.db`` or
``cluster``, and ``loaded.json``, without which the folder is made anew.
"""

import asyncio
import shutil
import socket
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import asyncpg
import orjson

from registry import migrations
from registry.audit.quotas import QUOTAS
from registry.core import config
from registry.core.engines import open_database
from registry.core.key_providers import FileKeys
from registry.core.sealing import KEY_BYTES, Sealer
from registry.core.telemetry import configure_logging
from registry.demo import stage
from registry.demo.cast import OWNER
from registry.editions.edition import load as load_edition
from registry.profiles import intake
from registry.profiles.indexing import indexed
from registry.profiles.rows import canonical
from registry.synthetic.register import people
from tests.registers import migrated, new_register
from tests.servers import APP, PostgresServer, postgres_server

DIALECTS = ("postgresql", "sqlite")
DATABASE = "register"

_UNKEYED = Sealer(FileKeys({"none": bytes(KEY_BYTES)}), bytes(KEY_BYTES))
"""Makes the blind indexes by which two forms are compared; a register has keys of its own."""
CLUSTER: dict[str, str | int] = {
    "shared_buffers": "2GB",
    "effective_cache_size": "8GB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "maintenance_work_mem": "512MB",
    "autovacuum_vacuum_cost_delay": "2ms",
}
"""What differs from PostgreSQL's defaults: an ordinary machine's memory. Durability is never switched off."""
UNSPENT = dict.fromkeys((f"REGISTRY_LIMIT_{quota.name.upper()}" for quota in QUOTAS), "1000000000")
"""Budgets of one officer, who asks here as a thousand would: counted like everybody's, but never spent."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How a register was filled."""

    profiles: int
    seconds: float
    form: str
    """What was written, see ``_form``."""

    @property
    def rate(self) -> float:
        """Profiles proposed, vetted and indexed a second."""
        return self.profiles / self.seconds if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Register:
    """A filled register and where it lies."""

    dialect: str
    folder: Path
    url: str
    """As settings take it."""
    port: int
    """Where its node is to listen: the client files name it."""
    loaded: Loaded
    server: PostgresServer | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of a node on this register."""
        return {
            "REGISTRY_SETTINGS": str(self.folder / "settings.toml"),
            "REGISTRY_DATABASE_URL": self.url,
            "REGISTRY_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "REGISTRY_LISTEN_PORT": str(self.port),
            "REGISTRY_NOTARY_BESIDE": "false",
            "REGISTRY_UNSIGNED_SECONDS": "0",  # no notary takes part in what is measured
            "REGISTRY_MISUSE_REASON_EVERY": "0",  # nobody is there who could state a reason
            **UNSPENT,
        }


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def bare(dialect: str, folder: Path) -> Iterator[str]:
    """Yield the address of a register that holds every table and nobody."""
    if dialect == "sqlite":
        url = f"sqlite:///{folder}/register.db"
        asyncio.run(migrated(url))
        yield url
        return
    with postgres_server() as server:
        yield asyncio.run(new_register(server, "bare"))


@contextmanager
def opened(dialect: str, profiles: int, keep: Path | None = None) -> Iterator[Register]:
    """Open a register of that size, filling it first where none is kept."""
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as passing:
        Path(passing).chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        home = keep.resolve() if keep else Path(passing)
        folder = home / f"{dialect}-{profiles}"
        known = _known(folder)
        if known is None and folder.exists():
            print(
                f"{folder.name} was filled by another schema or matcher: filling it anew", file=sys.stderr, flush=True
            )
            shutil.rmtree(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if dialect == "sqlite":
            yield _filled(dialect, folder, f"sqlite:///{folder}/registry.db", profiles, known, None)
            return
        with postgres_server(directory=folder / "cluster", **CLUSTER) as server:
            if known is None:
                asyncio.run(new_register(server, DATABASE))
            url = server.url(DATABASE, APP).replace("+asyncpg", "")
            yield _filled(dialect, folder, url, profiles, known, server)


def _known(folder: Path) -> Loaded | None:
    """Return how the folder was filled; None unless it was, by this schema and this matcher."""
    try:
        loaded = Loaded(**orjson.loads((folder / "loaded.json").read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    return loaded if loaded.form == _form() else None


def _form() -> str:
    """Return a digest of the migrations, and of what is stored and indexed of some people: both decide a fill."""
    edition = load_edition()
    some = [intake.record(each, edition, owner=OWNER) for each in people(count=50, record_owner=OWNER)]
    written = [(canonical(each), indexed(each, edition, _UNKEYED.blind)) for each in some]
    steps = [step.read_text(encoding="utf-8") for step in sorted((migrations.FOLDER / "versions").glob("*.py"))]
    return sha256(repr((steps, written)).encode()).hexdigest()


def _filled(
    dialect: str, folder: Path, url: str, profiles: int, known: Loaded | None, server: PostgresServer | None
) -> Register:
    port = free_port()
    if known is None:
        known = asyncio.run(_fill(folder, url, profiles, port))
        asyncio.run(_settled(server.url(DATABASE).replace("+asyncpg", "") if server else url))
        (folder / "loaded.json").write_bytes(orjson.dumps(asdict(known)))
    for file in folder.glob("*.toml"):
        lines = file.read_text(encoding="utf-8").splitlines()
        moved = [f'url = "http://127.0.0.1:{port}"' if line.startswith("url = ") else line for line in lines]
        file.write_text("\n".join(moved) + "\n", encoding="utf-8")
    return Register(dialect, folder, url, port, known, server)


async def _fill(folder: Path, url: str, profiles: int, port: int) -> Loaded:
    configure_logging("warning")
    stage.write_keys(folder, port=port, database_url=url)
    settings = config.load({}, folder / "settings.toml")
    database = open_database(settings).keeper
    begun = time.perf_counter()
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if done % 50_000 < count:
            rate = done / (time.perf_counter() - begun)
            print(f"  {done} of {profiles} profiles, {rate:.0f} a second", file=sys.stderr, flush=True)

    await stage.set_up(database, settings, folder, profiles, advance, port=port)
    seconds = time.perf_counter() - begun
    await database.close()
    return Loaded(profiles, round(seconds, 1), _form())


async def _settled(url: str) -> None:
    """Do what a database does by itself within the first hours: clean up and count. On PostgreSQL the superuser's."""
    if url.startswith("sqlite:///"):
        file = sqlite3.connect(url.removeprefix("sqlite:///"))
        file.executescript("PRAGMA wal_checkpoint(TRUNCATE); ANALYZE; PRAGMA optimize;")
        file.close()
        return
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    await connection.close()
