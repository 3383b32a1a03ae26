"""Tokens as the register makes them, with keys that are no secret, and what is made of a person with them."""

import hmac
from base64 import urlsafe_b64encode

from registry.matching import keys, query, record
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.types import Blind, Identity


def keyed(secret: bytes) -> Blind:
    """Twelve characters of an HMAC-SHA-256 over kind and value."""

    def blind(kind: str, value: str) -> str:
        return urlsafe_b64encode(hmac.digest(secret, f"{kind}\x1f{value}".encode(), "sha256")[:9]).decode()

    return blind


BLIND = keyed(b"of the tests")
OTHER_BLIND = keyed(b"of another register")


class Noting:
    """Makes tokens, and remembers of what."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []

    def __call__(self, kind: str, value: str) -> str:
        self.calls.append((kind, value))
        return BLIND(kind, value)


def prepare(identity: Identity, *, blind: Blind = BLIND) -> PreparedQuery:
    return query.prepare(identity, blind=blind)


def held(identity: Identity, *, blind: Blind = BLIND) -> MatchRecord:
    return record.describe(identity, blind=blind).record


def compact(identity: Identity, *, blind: Blind = BLIND) -> str:
    return record.compact(identity, blind=blind)


def profile_keys(identity: Identity, *, blind: Blind = BLIND) -> frozenset[int]:
    return keys.profile_keys(identity, blind=blind)
