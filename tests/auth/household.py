"""A small invented country: one agency with an officer and a client, and a node that knows them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth import directory
from auth.keys import KeyPair, SigningKey, make_proof, signing_key
from auth.nonces import Nonces
from auth.signing import Ring
from registry.audit.log import Writer
from registry.audit.models import entries
from registry.audit.promises import Promises
from registry.audit.strangers import Strangers
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Role
from tests.auth.tokens import compact, pair, signer

ISSUER = "https://registry.example"
AUDIENCE = f"{ISSUER}/graphql"
TOKEN_URL = f"{ISSUER}/oauth/token"
SEALER = Sealer(FileKeys({"invented": bytes(range(32))}), bytes(range(32, 64)))
"""Keys that are no secret."""
MOMENT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
AGENCY, OFFICER, CLIENT = "ke-invented", "INV/20417", "ke-invented-desk"
DETAILS = {
    "type": "urn:registry:query:v1",
    "purpose": "criminal_investigation",
    "case_reference": "OB 12/3/2026",
    "legal_basis": "KE-DPA-30-1-B",
    "officer": OFFICER,
}


@dataclass(frozen=True)
class InventedCountry:
    country: str = "KE"
    case_reference: re.Pattern[str] = re.compile(r"OB \d+/\d+/\d{4}")
    legal_bases: Mapping[str, object] = field(default_factory=lambda: {"KE-DPA-30-1-B": "a ground"})


@dataclass
class Watch:
    """A clock that stands still until it is told to go on."""

    moment: datetime = MOMENT

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


@dataclass
class InventedNode:
    database: Database
    writer: Writer
    settings: Settings = field(default_factory=lambda: Settings(public_url=ISSUER))
    edition: InventedCountry = field(default_factory=InventedCountry)
    clock: Watch = field(default_factory=Watch)
    signing_key: SigningKey = field(default_factory=lambda: signing_key(pair("ES256", 99).private_pem))
    nonces: Nonces = field(default_factory=lambda: Nonces.of(b"an invented secret"))
    promises: Promises = field(default_factory=lambda: Promises("registry.example/log", now))
    strangers: Strangers = field(default_factory=lambda: Strangers(now, each=10**6, in_all=10**6))
    signing: Ring = field(init=False)

    def __post_init__(self) -> None:
        self.signing = Ring(self.signing_key, SEALER, self.clock)


@dataclass(frozen=True)
class Desk:
    """A client of the agency, as its own software would be."""

    keys: KeyPair
    id: str = CLIENT
    algorithm: str = "ES256"

    def claims(self, **changed: object) -> dict[str, object]:
        """Return the claims of a good proof with some changed; None leaves one out."""
        at = int(MOMENT.timestamp())
        claims = {"iss": self.id, "sub": self.id, "aud": ISSUER, "iat": at, "exp": at + 60, "jti": "0123456789abcdef"}
        return {name: value for name, value in (claims | changed).items() if value is not None}

    def header(self, **changed: object) -> dict[str, object]:
        header = {"alg": self.algorithm, "typ": "JWT", "kid": self.keys.jwk["kid"]} | changed
        return {name: value for name, value in header.items() if value is not None}

    def assertion(self, header: Mapping[str, object] | None = None, /, **claims: object) -> str:
        return compact(self.header(**header or {}), self.claims(**claims), signer(self.keys.private_pem))

    def proof(self, *, at: datetime = MOMENT, url: str = TOKEN_URL, nonce: str | None = None) -> str:
        """Return a new proof of the key that the token is to have: the client's own serves for it."""
        return make_proof(self.keys.private_pem, "POST", url, at, nonce=nonce)

    def form(self, details: object = None, **changed: str) -> dict[str, str]:
        """Return the parameters of a good token request with some changed."""
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
        }
        if details is not None:
            form["authorization_details"] = json.dumps(details)
        return form | changed


def desk(algorithm: str = "ES256") -> Desk:
    kind = "EdDSA" if algorithm == "Ed25519" else algorithm
    return Desk(pair(kind), algorithm=algorithm)


def settle(connection: Connection, *keys: KeyPair) -> UUID:
    """Enrol the agency, its client with these keys and its officer; return the officer's id."""
    directory.enrol_agency(connection, AGENCY, name="An invented agency", country="KE")
    directory.enrol_client(connection, CLIENT, AGENCY, jwks={"keys": [dict(each.jwk) for each in keys]})
    return directory.enrol_officer(connection, AGENCY, OFFICER, chain="north", roles=[Role.INVESTIGATOR])


async def log_of(database: Database) -> list[dict[str, Any]]:
    """Return the log's entries, oldest first."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        rows = connection.execute(sa.select(entries).order_by(entries.c.at, entries.c["index"]))
        return [dict(row._mapping) for row in rows]

    return await database.read(read)
