"""Nodes that serve as processes of their own, and the clients that try them: each algorithm, nonces off and on.

One worker stands on SQLite, three on PostgreSQL. A node starts when the first test needs it and serves to the end.
"""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection

from auth import changes, directory
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.disclosure.vocabulary import Role
from tests.auth.tokens import pair
from tests.fapi.party import AGENCY, ALGORITHMS, ISSUER, OFFICER, Party, kind
from tests.journeys.served import free_port, serving
from tests.nodes import settings_for
from tests.registers import migrated, new_register

PATIENT = "100000"
"""Refusals of one source before it has to wait: what is tried here is refused, and all of it comes from one address."""
NODES = {"one worker": ("sqlite", 1), "three workers": ("postgresql", 3)}
PARTIES = {f"{name}{' with nonces' if nonces else ''}": (name, nonces) for name, nonces in product(ALGORITHMS, (0, 1))}


@dataclass
class Served:
    """A node that serves, and the clients that are enrolled there."""

    folder: Path
    settings: Settings
    http: httpx.Client
    parties: dict[tuple[str, bool, int], Party] = field(default_factory=dict)

    def party(self, algorithm: str, *, nonces: bool, number: int = 1) -> Party:
        """Return one of the clients, always the same."""
        key = algorithm, nonces, number
        return self.parties.setdefault(key, Party(self.http, algorithm, nonces, number))

    def change(self, work: Callable[[Connection], object]) -> None:
        """Change something in the register while the node serves."""

        async def run() -> None:
            database = open_database(self.settings)
            await database.keeper.write(work)
            await database.close()

        asyncio.run(run())


def enrol(connection: Connection) -> None:
    """Enrol one agency with its officer and its authority, and two clients of each kind."""
    directory.enrol_agency(connection, AGENCY, name="An invented agency", country="KE")
    directory.enrol_officer(connection, AGENCY, OFFICER, chain="north", roles=[Role.INVESTIGATOR])
    authority = [dict(pair(kind(each), 30).jwk) for each in ALGORITHMS]
    changes.put_grant_keys(connection, AGENCY, {"keys": authority})
    for algorithm, nonces, number in product(ALGORITHMS, (False, True), (1, 2)):
        party = Party(httpx.Client(), algorithm, nonces, number)
        directory.enrol_client(
            connection, party.id, AGENCY, jwks={"keys": [dict(party.keys.jwk)]}, nonces=nonces,
            scopes=["introspect_tokens"] if number == 2 else [],
        )  # fmt: skip


async def _prepared(settings: Settings) -> None:
    database = open_database(settings)
    await database.keeper.write(enrol)
    await database.close()


def _url(database: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if database == "postgresql":
        server = request.getfixturevalue("postgres")
        return asyncio.run(new_register(server, f"fapi_{secrets.token_hex(4)}"))
    url = f"sqlite:///{folder}/register.db"
    asyncio.run(migrated(url))
    return url


@pytest.fixture(scope="session")
def nodes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Served]]:
    """Return what starts a node of one kind, once."""
    with ExitStack() as stack:
        started: dict[str, Served] = {}

        def start(name: str) -> Served:
            if name not in started:
                database, workers = NODES[name]
                folder, port = tmp_path_factory.mktemp("fapi"), free_port()
                settings = settings_for(_url(database, folder, request), folder / "keys", public_url=ISSUER)
                asyncio.run(_prepared(settings))
                names = ("database_url", "public_url", *(each for each in settings.__slots__ if each.endswith("_file")))
                lines = [f'{each} = "{getattr(settings, each)}"' for each in names if getattr(settings, each)]
                (folder / "settings.toml").write_text("\n".join([*lines, f"listen_port = {port}", ""]))
                served = stack.enter_context(
                    serving(folder, port, workers=str(workers), limit_refusals_at_once=PATIENT)
                )
                limits = httpx.Limits(max_keepalive_connections=0)  # each request may reach another worker
                http = stack.enter_context(httpx.Client(base_url=served.url, limits=limits, timeout=30))
                started[name] = Served(folder, settings, http)
            return started[name]

        yield start


@pytest.fixture(params=list(NODES))
def served(request: pytest.FixtureRequest, nodes: Callable[[str], Served]) -> Served:
    """A node that serves."""
    return nodes(request.param)


@pytest.fixture(params=list(PARTIES))
def party(request: pytest.FixtureRequest, served: Served) -> Party:
    """One of the clients, at each of the nodes."""
    algorithm, nonces = PARTIES[request.param]
    return served.party(algorithm, nonces=bool(nonces))


@pytest.fixture
def other(party: Party, served: Served) -> Party:
    """Another client of the same kind."""
    return served.party(party.algorithm, nonces=party.nonces, number=2)
