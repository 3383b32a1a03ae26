"""A large log that is drawn: three years of officers, agencies, cases and profiles, used as unevenly as people do.

    took = await filled(database, 10_000_000)      seconds; what stands there already is not written again

The same places hold the same entries in each fill, so one that was broken off goes on.
"""

import random
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries, leaves, subjects
from registry.core.db import Database
from registry.core.engines import insert_many

BEGUN = datetime(2023, 11, 1, tzinfo=UTC)
LASTING = timedelta(days=3 * 365)
CHUNK = 20_000
OFFICERS, _PROFILES, AGENCIES = 20_000, 1_000_000, 60
_PURPOSES = (("criminal_investigation", 70), ("missing_child", 12), ("offender_supervision", 10),
             ("register_maintenance", 6), ("subject_request", 1.7), ("oversight", 0.3))  # fmt: skip
_OPERATIONS = (
    ("search", 60),
    ("profile", 25),
    ("profile,search", 5),
    ("token", 8),
    ("export", 0.02),
    ("photographOpen", 2),
)
_OUTCOMES = (("allowed", 97), ("denied", 2), ("failed", 0.6), ("partial", 0.4))


class Drawn(NamedTuple):
    """What is drawn once for a log."""

    officers: list[UUID]
    profiles: list[UUID]
    bodies: list[dict[str, Any]]


@cache
def drawn(most: int) -> Drawn:
    """Draw who there is where so many entries stand, and how bodies look."""
    pick = random.Random(11)
    officers = [UUID(int=pick.getrandbits(128)) for _ in range(min(OFFICERS, most))]
    profiles = [UUID(int=pick.getrandbits(128)) for _ in range(min(_PROFILES, most))]
    return Drawn(officers, profiles, [_body(pick) for _ in range(256)])


def _body(pick: random.Random) -> dict[str, Any]:
    """Return a search's body, with a box as large as a sealed question's."""
    box = {name: b64encode(pick.randbytes(size)).decode() for name, size in (("key", 60), ("content", 180))}
    details = {
        "criteria": {"sealed": {"fields": ["name", "birthDate"], "record": str(UUID(int=pick.getrandbits(128))),
                                "key_id": "invented", **box},
                     "sought": {"question": "DEMOdemoDEMO", "words": ["DEMOdemoDEM1", "DEMOdemoDEM2"]}},
        "count": 3, "scores": [0.9, 0.8, 0.4], "matcher": "5", "form": "2", "size": 1_000_000,
    }  # fmt: skip
    return {"fields": ["Hit.score", "Profile.id", "Profile.names", "Query.search"], "microseconds": 7100, "cost": 30,
            "events": [{"name": "profile:searched", "records": [], "details": details}]}  # fmt: skip


def uneven(pick: random.Random, most: int) -> int:
    """Return a place that is mostly among the first."""
    return int(most * pick.random() ** 3)


def _weighted(pick: random.Random, table: Sequence[tuple[str, float]]) -> str:
    return pick.choices([each for each, _ in table], [weight for _, weight in table])[0]


def rows(found: Drawn, first: int, size: int, most: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Return entries, leaves and subjects from one place on; the same for the same places."""
    pick = random.Random(first * 2 + 1)
    said, grown, about = [], [], []
    for index in range(first, first + size):
        at = BEGUN + LASTING * (index / most)
        officer = uneven(pick, len(found.officers))
        seen = [found.profiles[uneven(pick, len(found.profiles))] for _ in range(pick.choice((0, 1, 1, 2)))]
        outcome = _weighted(pick, _OUTCOMES)
        body = found.bodies[index % len(found.bodies)]
        event = {**body["events"][0], "records": [str(each) for each in seen]}
        values = {
            "index": index, "at": at, "kind": "query", "operation": _weighted(pick, _OPERATIONS), "outcome": outcome,
            "code": None if outcome == "allowed" else pick.choice(("FORBIDDEN", "NOT_FOUND", "RATE_LIMITED")),
            "request_id": str(UUID(int=pick.getrandbits(128))), "client": f"demo-desk-{officer % 80}",
            "agency": f"demo-{officer % AGENCIES}", "officer": found.officers[officer],
            "officer_reference": f"DEMO-{officer}", "purpose": _weighted(pick, _PURPOSES),
            "case_reference": f"CR {uneven(pick, most // 8 + 1)}/2026", "legal_basis": "KE-SOA-39-13",
            "token_id": f"DEMO-{index // 20}", "source": f"192.0.2.{officer % 250}", "document": "0" * 64,
            "body": {**body, "events": [event]}, "salt": pick.randbytes(32), "v": 2, "country": "KE",
            "attribution": "signed", "policy": "0" * 64, "program": "0.0.0",
        }  # fmt: skip
        said.append([values.get(column.name) for column in entries.c])
        grown.append((index, at + timedelta(milliseconds=5), pick.randbytes(32), 2))
        about += [(each, index) for each in dict.fromkeys(seen)]
    return said, grown, about


def fill(connection: Connection, found: Drawn, first: int, size: int, most: int) -> None:
    """Write so many entries from one place on."""
    for table, given in zip((entries, leaves, subjects), rows(found, first, size, most), strict=True):
        insert_many(connection, table, given)


async def filled(database: Database, most: int) -> float:
    """Fill the log up to so many entries; return how long it took."""
    begun, found = time.perf_counter(), drawn(most)
    end = sa.select(sa.func.coalesce(sa.func.max(entries.c["index"]) + 1, 0))
    first = await database.read(lambda connection: connection.execute(end).scalar_one())
    while first < most:
        size = min(CHUNK, most - first)
        await database.write(lambda connection, at=first, size=size: fill(connection, found, at, size, most))  # type: ignore[misc]  # defaults bind them
        first += size
        if first % (CHUNK * 25) == 0:
            print(f"  {first:,} of {most:,} entries", file=sys.stderr, flush=True)
    return time.perf_counter() - begun
