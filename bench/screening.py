"""How many people a second a list is checked at, in this process, in two, and on a Ray cluster with two workers.

    python -m bench.screening --profiles 20000 --people 20000 --engines inline processes ray

The list is synthetic: 99 people of a hundred are not on the register. Start-up is told apart from the pace after it,
because a list of ten million starts once.
"""

import argparse
import asyncio
import csv
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor
from bench.register import DIALECTS, Register, opened
from registry.bulk import files
from registry.core import config
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.demo.cast import BY_NAME
from registry.disclosure.vocabulary import Attribution, Purpose
from registry.editions.edition import Edition, load as load_edition
from registry.screening import columns
from registry.screening.checking import Conditions
from registry.screening.engines import Engine, checking
from registry.screening.people import Layout
from registry.screening.running import cut
from registry.synthetic.queries import STRANGERS_FROM
from registry.synthetic.register import person

T = TypeVar("T")
HEADINGS = ("PNR", "Surname", "Given names", "DOB", "Sex", "Nationality", "Passport no")
KNOWN = 100
"""One person of so many is on the register."""


@dataclass(frozen=True, slots=True)
class Paced:
    """How one engine did."""

    engine: str
    people: int
    hits: int
    started: float
    """Seconds until the first chunk was back."""
    seconds: float

    @property
    def pace(self) -> float:
        """People a second, from beginning to end."""
        return self.people / self.seconds


def passengers(count: int, register_size: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of a list as an airline writes them: everybody has a birth date, most have a passport."""
    for at in range(count):
        known = at % KNOWN == 0
        each = person(1 + at * 7 % register_size) if known else person(STRANGERS_FROM + at)
        words = each["names"][0]["full"].replace(",", "").split()
        born = each["dob"]["value"] or ""
        if len(born) != 10 and not known:
            born = f"{1950 + at % 50}-{1 + at % 12:02d}-{1 + at % 28:02d}"
        passport = next((one["value"] for one in each["identifiers"] if one["type"] == "passport"), "")
        yield (f"PNR {at}", words[-1], " ".join(words[:-1]), born, each["sex"][0].upper(), each["nationalities"][0],
               passport)  # fmt: skip


def written(path: Path, count: int, register_size: int) -> Path:
    """Write such a list."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(HEADINGS)
        table.writerows(passengers(count, register_size))
    return path


def _read(settings: Settings, work: Callable[[Connection], T]) -> T:
    async def use() -> T:
        database = open_database(settings)
        try:
            return await database.read(work)
        finally:
            await database.close()

    return asyncio.run(use())


def _actor(connection: Connection) -> Actor:
    vetter = BY_NAME["vetter"]
    officer = directory.officer(connection, vetter.agency, vetter.officer)
    return Actor(client=vetter.client, agency=vetter.agency, token_id="bench", officer=officer,  # noqa: S106  no secret
                 purpose=Purpose.CRIMINAL_INVESTIGATION, case_reference=vetter.case_reference,
                 legal_basis=vetter.legal_basis, country="KE", attribution=Attribution.STATED)  # fmt: skip


def _conditions(register: Register, source: files.Source, edition: Edition, people: int) -> Conditions:
    settings = config.load(register.environment)
    actor = _read(settings, _actor)
    headings = source.headings or []
    layout = Layout(source.kind, len(headings), columns.targets(headings, edition))
    return Conditions(layout, settings, actor, "possible", people)


def paced(register: Register, path: Path, people: int, engine: Engine, processes: int) -> Paced:
    """Check a list, and return how fast."""
    source = files.opened(path)
    conditions = _conditions(register, source, load_edition(), people)
    begun, first, hits = time.perf_counter(), 0.0, 0
    with checking(engine, conditions, processes=processes) as check:
        for screened in check(cut(source.rows(), first=0)):
            first = first or time.perf_counter() - begun
            hits += len(screened.found)
    return Paced(f"{engine.value} {processes}", people, hits, first, time.perf_counter() - begun)


def measured(
    register: Register, people: int, engines: Sequence[Engine] = tuple(Engine), *, processes: int = 2
) -> Iterator[str]:
    """Yield a line for each engine that checks a list of so many people against a register."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder) / "list.csv", people, register.loaded.profiles)
        for engine in engines:
            found = paced(register, path, people, engine, 1 if engine is Engine.INLINE else processes)
            yield (
                f"{register.dialect:<11} {register.loaded.profiles:>9,} profiles  {found.engine:<12} "
                f"{found.people:>9,} people {found.pace:>8,.0f} a second, first chunk after {found.started:.1f} s, "
                f"{found.hits:,} hits"
            )


def main() -> None:
    """Measure what the arguments say, and print a table."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    asked.add_argument("--profiles", type=int, default=20_000)
    asked.add_argument("--people", type=int, default=20_000)
    asked.add_argument("--processes", type=int, default=2)
    asked.add_argument("--keep", type=Path)
    asked.add_argument("--databases", nargs="+", default=list(DIALECTS), choices=DIALECTS)
    asked.add_argument("--engines", nargs="+", default=[each.value for each in Engine])
    given = asked.parse_args()
    for dialect in given.databases:
        with opened(dialect, given.profiles, given.keep) as register:
            for line in measured(register, given.people, tuple(map(Engine, given.engines)), processes=given.processes):
                print(line, flush=True)


if __name__ == "__main__":
    main()
