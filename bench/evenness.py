"""Can hit, no hit and silent be told apart by the time or the size of an answer? Welch's t, through a real server.

    python -m bench.evenness                      2,000 pairs of each two, about seven minutes
    python -m bench.evenness --pairs 100          to see whether it works
    python -m bench.evenness --uneven             without the steps: what they are for
    python -m bench.evenness --database postgresql --asker home

A partner's officer asks for people who are in the register and may go abroad (hit), for people whom nobody has entered
(no hit), and for people whose record is silent to everybody but its owner. With ``--asker home`` an investigator of the
country asks, whose answers wait for no step and are not filled up: a hit is longer, and what must not be told apart is
no hit and silent. Questions come in random order from some
connections at once, each of them one after the other. The bar is |t| < 4.5, as in tests for leakage of side channels
(Goodwill, Jun, Jaffe, Rohatgi: A testing methodology for side-channel resistance validation, NIST 2011).
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations
from math import inf, sqrt
from pathlib import Path
from time import perf_counter
from uuid import UUID

import httpx
import orjson
import sqlalchemy as sa
import uvloop
from sqlalchemy import Connection as DatabaseConnection

from auth import tokens
from auth.details import Details
from auth.keys import load_signing_key
from auth.models import agreements
from auth.tokens import Claims
from bench.node import START_SECONDS
from bench.register import DIALECTS, UNSPENT, bare, free_port
from bench.wire import Connection, request
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.profiles.models import match_records, profiles
from tests import abroad, factories
from tests.holder import JKT, headers
from tests.nodes import settings_for

PAIRS, PEOPLE, CONNECTIONS, BAR = 2_000, 100, 8, 4.5
KINDS = ("hit", "no hit", "silent")
FIND = (
    "query ($name: String!) { search(criteria: {name: $name}, first: 5) "
    "{ edges { node { score profile { id names { full } birthDate } } } } }"
)
LIFE, TOKEN_SECONDS = timedelta(seconds=300), 200.0
SERVE = "from registry.cli.main import main; main(['serve'])"
SYLLABLES = ("Ba", "Che", "Di", "Fo", "Gu", "Ka", "Lo", "Mu", "Ne", "Pi", "Ro", "Su", "Ta", "Vu", "Wa", "Zo")


@dataclass(frozen=True, slots=True)
class Seen:
    """What an observer sees of an answer."""

    kind: str
    name: str
    has_found: bool
    seconds: float
    bytes: int

    @property
    def is_as_meant(self) -> bool:
        """Whether the answer is what its kind says: a name may happen to be like somebody else's."""
        return self.has_found == (self.kind == "hit")


def welch(one: Sequence[float], other: Sequence[float]) -> float:
    """Return Welch's t of two samples: 0 when neither varies and both are alike."""
    difference = statistics.fmean(one) - statistics.fmean(other)
    error = sqrt(statistics.variance(one) / len(one) + statistics.variance(other) / len(other))
    return difference / error if error else (inf if difference else 0.0)


def names(dice: random.Random) -> dict[str, list[str]]:
    """Return names by what is to come of them: alike in length and making, and each like no other."""
    found = set[str]()
    while len(found) < len(KINDS) * PEOPLE:
        found.add(" ".join("".join(dice.sample(SYLLABLES, 3)).capitalize() for _ in range(2)))
    listed = sorted(found)
    dice.shuffle(listed)
    return {kind: listed[place * PEOPLE : (place + 1) * PEOPLE] for place, kind in enumerate(KINDS)}


def _settle(connection: DatabaseConnection, named: Mapping[str, list[str]]) -> None:
    factories.enrol_cast(connection)
    abroad.enrolled(connection, subjects=10**9)
    connection.execute(agreements.update().values(until=datetime(2100, 1, 1, tzinfo=UTC)))
    abroad.released(connection, (factories.named(each, birth_date="1980") for each in named["hit"]))
    silent = (factories.named(each, birth_date="1980") for each in named["silent"])
    _hide(connection, abroad.released(connection, silent))


def _hide(connection: DatabaseConnection, chosen: Sequence[UUID]) -> None:
    """Make records covert, as search and disclosure read it: by their use cases officers of that clearance would."""
    connection.execute(profiles.update().where(profiles.c.id.in_(chosen)).values(clearance="covert"))
    hidden = sa.select(profiles.c.number).where(profiles.c.id.in_(chosen))
    facts = sa.func.replace(match_records.c.facts, " restricted ", " covert ")
    connection.execute(match_records.update().where(match_records.c.number.in_(hidden)).values(facts=facts))


@contextmanager
def serving(settings: Settings, port: int, **limits: int) -> Iterator[None]:
    """Serve a register as a process of its own."""
    file = Path(settings.signing_key_file).parent / "settings.toml"
    fields = ("database_url", "public_url", "signing_key_file", "cursor_key_file", "sealing_key_file", "index_key_file")
    file.write_text("".join(f'{name} = "{getattr(settings, name)}"\n' for name in fields) + f"listen_port = {port}\n")
    environment = os.environ | UNSPENT | {"REGISTRY_SETTINGS": str(file), "REGISTRY_LOG_LEVEL": "error"}
    environment |= {f"REGISTRY_LIMIT_{name.upper()}": str(value) for name, value in limits.items()}
    process = subprocess.Popen([sys.executable, "-c", SERVE], env=environment)
    try:
        _wait(f"{settings.public_url}/readyz", process)
        yield
    finally:
        process.terminate()
        process.wait(60)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(url, timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError("the server did not start")


def _who() -> Mapping[str, tuple[str, Details]]:
    home = factories.actor(role=Role.INVESTIGATOR)
    assert home.officer is not None
    case = (Purpose.CRIMINAL_INVESTIGATION, "CR 12/2026", abroad.BASIS)
    return {
        "partner": (abroad.CLIENT, Details(*case, abroad.OFFICER, abroad.AGREEMENT)),
        "home": (home.client, Details(*case, home.officer.reference)),
    }


_WHO = _who()
ASKERS = tuple(_WHO)


class Asker:
    """The officer who asks, with a token of their own."""

    def __init__(self, settings: Settings, asker: str) -> None:
        self._key = load_signing_key(settings.signing_key_file)
        self._settings = settings
        self._asker = asker
        self._token, self._until = "", 0.0

    def token(self) -> str:
        """Return a token that is good for a while."""
        if time.monotonic() > self._until:
            at = now()
            client, details = _WHO[self._asker]
            claims = Claims(client, str(new_id()), at, at + LIFE, details, JKT, attribution=Attribution.GRANTED)
            url = self._settings.public_url
            self._token = tokens.issue(claims, self._key, issuer=url, audience=tokens.audience(self._settings))
            self._until = time.monotonic() + TOKEN_SECONDS
        return self._token

    def request(self, name: str) -> bytes:
        """Return a question with a proof of its own."""
        shown = headers(self.token(), at=now(), url=f"{self._settings.public_url}/graphql")
        return request("/graphql", orjson.dumps({"query": FIND, "variables": {"name": name}}), shown)


async def _asked(asker: Asker, port: int, waiting: list[tuple[str, str]], seen: list[Seen]) -> None:
    """Ask what waits, one after the other over one connection."""
    connection = await Connection.open("127.0.0.1", port)
    while waiting:
        kind, name = waiting.pop()
        content = asker.request(name)
        answered: asyncio.Future[tuple[int, bytes, bytes]] = asyncio.get_running_loop().create_future()
        begun = perf_counter()
        connection.send(content, lambda *answer, told=answered: told.set_result(answer))
        status, head, body = await answered
        seconds = perf_counter() - begun
        if status != 200:
            raise RuntimeError(f"a question was answered with status {status}: {body[:200]!r}")
        has_found = bool(orjson.loads(body)["data"]["search"]["edges"])
        seen.append(Seen(kind, name, has_found, seconds, len(head) + len(body)))
    connection.close()


async def _observed(asker: Asker, port: int, named: Mapping[str, list[str]], pairs: int) -> list[Seen]:
    dice = random.Random(2)

    async def observed(waiting: list[tuple[str, str]]) -> list[Seen]:
        seen: list[Seen] = []
        dice.shuffle(waiting)
        await asyncio.gather(*(_asked(asker, port, waiting, seen) for _ in range(CONNECTIONS)))
        return seen

    tried = await observed([(kind, name) for kind in KINDS for name in named[kind]])
    good = {kind: [each.name for each in tried if each.kind == kind and each.is_as_meant] for kind in KINDS}
    seen = await observed([(kind, dice.choice(good[kind])) for kind in KINDS for _ in range(pairs)])
    if not all(each.is_as_meant for each in seen):
        raise RuntimeError("somebody was found once and not again")
    return seen


async def _settled(settings: Settings, named: Mapping[str, list[str]]) -> None:
    database = open_database(settings)
    await database.keeper.write(lambda connection: _settle(connection, named))
    await database.close()


def lines(seen: Sequence[Seen]) -> Iterator[str]:
    """Yield what was seen of each kind, and the t of each two."""
    of = {kind: [each for each in seen if each.kind == kind] for kind in KINDS}
    for kind, found in of.items():
        times = sorted(each.seconds * 1000 for each in found)
        sizes = sorted({each.bytes for each in found})
        yield (f"  {kind:7} {len(found):,} answers, median {statistics.median(times):.2f} ms, "
               f"p99 {times[int(0.99 * len(times))]:.2f} ms, sizes {sizes[0]:,} to {sizes[-1]:,} bytes")  # fmt: skip
    for one, other in combinations(KINDS, 2):
        by_time = welch([each.seconds for each in of[one]], [each.seconds for each in of[other]])
        by_size = welch([each.bytes for each in of[one]], [each.bytes for each in of[other]])
        verdict = "within" if max(abs(by_time), abs(by_size)) < BAR else "BEYOND"
        yield f"  {one} / {other}: |t| {abs(by_time):.2f} by time, {abs(by_size):.2f} by size ({verdict} {BAR})"


def measured(
    pairs: int = PAIRS, *, even: bool = True, dialect: str = "sqlite", asker: str = "partner"
) -> Iterator[str]:
    """Ask, and yield what was seen."""
    with tempfile.TemporaryDirectory(prefix="registry-evenness-") as passing, bare(dialect, Path(passing)) as url:
        port = free_port()
        settings = settings_for(url, Path(passing) / "keys", public_url=f"http://127.0.0.1:{port}")
        named = names(random.Random(1))
        asyncio.run(_settled(settings, named))
        steps = {} if even else {"even_milliseconds": 1, "even_bytes": 1, "even_bytes_per_point": 1}
        with serving(settings, port, **steps):
            yield from lines(uvloop.run(_observed(Asker(settings, asker), port, named, pairs)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    parser.add_argument("--uneven", action="store_true", help="with steps so small that they are none")
    parser.add_argument("--database", choices=DIALECTS, default="sqlite")
    parser.add_argument("--asker", choices=ASKERS, default="partner")
    options = parser.parse_args()
    for line in measured(options.pairs, even=not options.uneven, dialect=options.database, asker=options.asker):
        print(line, flush=True)


if __name__ == "__main__":
    main()
