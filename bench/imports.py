"""How fast a file comes in: the real command on a PostgreSQL of its own, beside a raw COPY of the same rows.

python -m bench.imports --profiles 1000000        prints rows/s and the peak memory of all processes together
python -m bench.imports --profiles 2000 --format csv

The file is made of the synthetic register in a folder that goes away. What counts are the ratios within one run.
"""

import argparse
import asyncio
import csv
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from bench.node import _family, _proportional, busy_ticks, processor_ticks
from bench.register import CLUSTER, DATABASE
from registry.core import config
from registry.core.engines import open_database
from registry.core.telemetry import configure_logging
from registry.demo import stage
from registry.demo.cast import BY_NAME, OWNER, Player
from registry.synthetic.register import people
from tests.registers import new_register
from tests.servers import PostgresServer, postgres_server

PART = 10_000
TABLES = ("revisions", "record_keys")
"""Where an imported row goes; the log and the import's own progress are small beside them."""


@dataclass(slots=True)
class Watch:
    """The peak memory of a process and all that it started, and of the database's, in megabytes."""

    own: float = 0.0
    server: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def look(self, process: int, server: int) -> None:
        """Look again and again until told to end."""
        while not self._done.wait(0.5):
            self.own = max(self.own, _megabytes(process))
            self.server = max(self.server, _megabytes(server))

    def end(self) -> None:
        """Look no more."""
        self._done.set()


def _megabytes(process: int) -> float:
    return sum(_proportional(each) for each in _family(process)) / 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One command as it went."""

    what: str
    rows: int
    seconds: float
    watch: Watch
    own: float
    """Processor seconds of the command and its processes."""
    server: float
    """The same of the database's."""
    others: float
    """The share of the machine's processors that everything else took."""

    @property
    def rate(self) -> float:
        """Rows a second."""
        return self.rows / self.seconds

    @property
    def alone(self) -> float:
        """Rows a second that the processor times allow where nothing else runs on two cores."""
        return 2 * self.rows / (self.own + self.server)

    def line(self) -> str:
        """Return the run for people."""
        return (
            f"{self.what:8} {self.rows:>9} rows {self.seconds:8.1f} s {self.rate:7.0f} rows/s; processor time a row "
            f"{self.own / self.rows * 1e6:.0f} + {self.server / self.rows * 1e6:.0f} us (two cores: {self.alone:.0f} "
            f"rows/s); others {self.others:.0%}; peak memory {self.watch.own:.0f} MB, server {self.watch.server:.0f} MB"
        )


def main() -> None:
    options = _options()
    load = os.getloadavg()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, load average {load[0]:.1f} before", flush=True)
    for line in measured(options.profiles, options.format):
        print(line, flush=True)


def measured(profiles: int, form: str) -> Iterator[str]:
    """Yield the lines of one measurement."""
    with tempfile.TemporaryDirectory(prefix="registry-imports-") as passing:
        folder = Path(passing)
        folder.chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        file = folder / f"old.{form}"
        _write(file, profiles)
        yield f"== registry import, {file.name}: {file.stat().st_size / 1e6:.0f} MB, {profiles} rows"
        with _register(folder) as (server, environment):
            runs = [
                _command(server, environment, "dry run", [file, "--dry-run"], profiles),
                _command(server, environment, "import", [file, "--ready-only", "--with-duplicates"], profiles),
            ]
            yield from (each.line() for each in runs)
            seconds, entered, size = asyncio.run(_copied(server.url(DATABASE).replace("+asyncpg", "")))
            bare = entered / seconds
            told = f"{bare:7.0f} rows/s of the same rows, {size / 1e6:.0f} MB"
            yield f"raw COPY {entered:>9} rows {seconds:8.1f} s {told}"
            yield f"import / raw COPY: {runs[1].rate / bare:.2f}   import / dry run: {runs[1].rate / runs[0].rate:.2f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench.imports", description=__doc__.partition("\n")[0])
    parser.add_argument("--profiles", type=int, default=20_000)
    parser.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    return parser.parse_args()


# -- the file


def _write(file: Path, count: int) -> None:
    """Write the synthetic register; as a table only what one row can hold."""
    made = _lines if file.suffix == ".jsonl" else _rows
    parts = [(start, min(PART, count - start)) for start in range(0, count, PART)]
    with ProcessPoolExecutor(os.cpu_count()) as pool, file.open("wb") as out:
        if file.suffix == ".csv":
            out.write((",".join(HEADINGS) + "\n").encode())
        for content in pool.map(made, *zip(*parts, strict=True)):
            out.write(content)


def _lines(start: int, count: int) -> bytes:
    return b"".join(orjson.dumps(each) + b"\n" for each in people(count=count, start=start, record_owner=OWNER))


HEADINGS = ("Full name", "DOB", "Sex", "County", "National ID", "Phone", "Offence", "Court", "Case No", "Convicted on",
            "Sentence", "legal_basis.code", "legal_basis.article")  # fmt: skip


def _rows(start: int, count: int) -> bytes:
    class Lines(list[str]):
        write = list[str].append

    lines = Lines()
    writer = csv.writer(lines)
    for each in people(count=count, start=start, record_owner=OWNER):
        one: Mapping[str, Any] = each["convictions"][0] if each["convictions"] else {}  # Any: JSON
        basis = each["legal_basis"]
        national = [every["value"] for every in each["identifiers"] if every["type"] == "national_id"]
        phones = [every if isinstance(every, str) else every["number"] for every in each["phones"]]
        writer.writerow([
            each["names"][0]["full"], each["dob"]["value"], each["sex"], each["county"], *(national[:1] or [""]),
            *(phones[:1] or [""]), *(one.get(name, "") for name in ("offence", "court", "case_number", "convicted_on",
                                                                     "sentence")), basis["code"], basis["article"],
        ])  # fmt: skip
    return "".join(lines).encode()


# -- the register and the command


@contextmanager
def _register(folder: Path) -> Iterator[tuple[PostgresServer, dict[str, str]]]:
    """An empty register with the cast of the demonstration, and the environment of a command on it."""
    with postgres_server(directory=folder / "cluster", **CLUSTER) as server:
        url = asyncio.run(new_register(server, DATABASE))
        stage.write_keys(folder, port=1, database_url=url)
        asyncio.run(_prepared(folder))
        yield server, os.environ | {"REGISTRY_SETTINGS": str(folder / "settings.toml")}


async def _prepared(folder: Path) -> None:
    configure_logging("warning")
    database = open_database(config.load({}, folder / "settings.toml"))
    await database.write(lambda connection: stage.enrol(connection, folder, port=1))
    await database.close()


def _behalf(player: Player) -> list[str]:
    return ["--agency", player.agency, "--officer", player.officer, "--case", player.case_reference,
            "--legal-basis", player.legal_basis]  # fmt: skip


def _command(
    server: PostgresServer, environment: dict[str, str], what: str, arguments: list[object], rows: int
) -> Run:  # fmt: skip
    """Run ``registry import``, and watch its memory and the server's."""
    command = [sys.executable, "-c", "from registry.cli.main import main; main()", "import", *map(str, arguments)]
    assert server._postmaster is not None  # noqa: SLF001  whose memory and time are told
    postmaster, watch = server._postmaster.pid, Watch()  # noqa: SLF001
    begun, busy, served = time.perf_counter(), busy_ticks(), _served(postmaster)
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        process = subprocess.Popen([*command, *_behalf(BY_NAME["registrar"])], env=environment, stdout=said,
                                   stderr=complained)  # fmt: skip
        looking = threading.Thread(target=watch.look, args=(process.pid, postmaster))
        looking.start()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - begun
        watch.end()
        looking.join()
        said.seek(0)
        complained.seek(0)
        last, problem = said.read().strip().rpartition("\n")[2], complained.read()[-2000:]
    if process.returncode not in (0, 2) or (what == "import" and process.returncode):
        raise RuntimeError(f"{what} ended with {process.returncode}: {last} {problem}")
    print(f"  {what}: {last}", file=sys.stderr, flush=True)
    found = re.match(r"([\d,]+) rows are entered", last)
    own, spent = used.ru_utime + used.ru_stime, (_served(postmaster) - served) / _TICK
    others = ((busy_ticks() - busy) / _TICK - own - spent) / seconds / (os.cpu_count() or 1)
    return Run(what, int(found[1].replace(",", "")) if found else rows, seconds, watch, own, spent, max(others, 0.0))


_TICK = os.sysconf("SC_CLK_TCK")


def _served(postmaster: int) -> int:
    """Return the processor time of the server's processes, also of those that have ended, in ticks."""
    fields = Path(f"/proc/{postmaster}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return processor_ticks(postmaster) + int(fields[13]) + int(fields[14])


async def _copied(url: str) -> tuple[float, int, int]:
    """Copy what was entered into tables like the ones it stands in; return seconds, rows and bytes."""
    connection = await asyncpg.connect(url)
    seconds, rows, size = 0.0, 0, 0
    try:
        for table in TABLES:
            await connection.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
            with tempfile.TemporaryFile() as content:
                await connection.copy_from_table(table, output=content, format="binary")
                size += content.tell()
                content.seek(0)
                begun = time.perf_counter()
                await connection.copy_to_table(f"bare_{table}", source=content, format="binary")
                seconds += time.perf_counter() - begun
            rows = max(rows, await connection.fetchval(f"SELECT count(*) FROM {table}"))  # noqa: S608  our names
    finally:
        await connection.close()
    return seconds, rows, size


if __name__ == "__main__":
    main()
