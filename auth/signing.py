"""The keys that sign access tokens, one after the other, the same for every worker.

    made ── 24 h published ──▶ signs ── a successor signs ──▶ verifies for the life of a token and a day ──▶ gone

Which key signs, and which still verify, follows from the rows of ``signing_keys`` and the moment, so that workers agree
without talking: each reads the rows anew every five seconds, long before a new key is used. A register that has never
exchanged its key has no row, and signs with the key file. What is withdrawn verifies nothing from then on.

    ring = Ring(load_signing_key(path), sealer)
    ring.learn(await database.read(signing.listed))
    ring.current(now)                 the key to sign with
    ring.get(kid)                     the public key of a token, if it may still verify
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.keys import SigningKey, generate_signing_key, signing_key
from auth.models import signing_keys
from registry.core.clock import Clock, now as this_moment
from registry.core.errors import Conflict, NotFound, Unavailable
from registry.core.ids import new_id
from registry.core.sealing import Sealer, WrappedKey

AHEAD = timedelta(hours=24)
"""How long a key is published before it signs, so that whoever keeps our key set has it."""
BEHIND = timedelta(days=1)
"""How long an old key verifies, beyond the life of the last token that it signed."""
LONGEST_TOKEN = timedelta(seconds=300)
REFRESH_SECONDS = 5
"""How often a worker reads the rows anew: a key that is withdrawn verifies nowhere after that."""
_ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """One key as its row tells it; the private half is sealed, or in the key file."""

    id: UUID
    kid: str
    public: Mapping[str, str]
    used_from: datetime
    withdrawn_at: datetime | None = None
    wrapped: WrappedKey | None = None
    sealed: bytes | None = field(default=None, repr=False)

    @property
    def has_begun_or_will(self) -> bool:
        """Whether it was not withdrawn before its time: then it ends the key before it."""
        return self.withdrawn_at is None or self.withdrawn_at > self.used_from


def standing(keys: Iterable[Listed], now: datetime) -> list[Listed]:
    """Return the keys that may verify at a moment, oldest first; those that will sign later are among them."""
    line = sorted((key for key in keys if key.has_begun_or_will), key=lambda key: key.used_from)
    over = {key.kid for key, successor in pairwise(line) if successor.used_from + LONGEST_TOKEN + BEHIND <= now}
    return [key for key in line if key.withdrawn_at is None and key.kid not in over]


def in_use(keys: Iterable[Listed], now: datetime) -> Listed | None:
    """Return the key that signs at a moment: the newest whose time has come."""
    begun = [key for key in standing(keys, now) if key.used_from <= now]
    return begun[-1] if begun else None


class Ring:
    """The keys as this process last saw them."""

    def __init__(self, file: SigningKey, sealer: Sealer, clock: Clock = this_moment):
        self._file = file
        self._sealer = sealer
        self._clock = clock
        self._opened = {file.kid: file}
        self._listed: tuple[Listed, ...] = (_of_file(file),)

    def learn(self, rows: Iterable[Listed]) -> None:
        """Take over what the rows say, and open what is new."""
        found = tuple(rows)
        if all(each.kid != self._file.kid for each in found):
            found = (_of_file(self._file), *found)
        for each in found:
            if each.kid not in self._opened and each.wrapped is not None and each.sealed is not None:
                opened = self._sealer.open_key(each.id, each.wrapped)
                pem = opened.open(each.sealed, table="signing_keys", field="sealed")
                self._opened[each.kid] = signing_key(pem.decode())
        self._listed = found

    def current(self, now: datetime) -> SigningKey:
        """Return the key to sign with. Raises Unavailable when none is left, or it is not this node's."""
        found = in_use(self._listed, now)
        if found is None or found.kid not in self._opened:
            raise Unavailable("No key is there to sign with.", remedy="Run: registry keys signing rotate --at-once")
        return self._opened[found.kid]

    def get(self, kid: str) -> Mapping[str, str] | None:
        """Return the public key of this name, if it may verify at this moment."""
        return next((key.public for key in standing(self._listed, self._clock()) if key.kid == kid), None)

    def published(self, now: datetime) -> list[Mapping[str, str]]:
        """Return the public keys that tokens may be checked with, the one that signs first."""
        using = in_use(self._listed, now)
        found = sorted(standing(self._listed, now), key=lambda key: using is None or key.kid != using.kid)
        return [key.public for key in found]


def _of_file(key: SigningKey) -> Listed:
    """Return the key file's key as if it had been there from the beginning."""
    return Listed(UUID(int=0), key.kid, key.public.jwk, _ALWAYS)


# -- rows


def listed(connection: Connection) -> list[Listed]:
    """Return every key that was ever made."""
    return [_listed(row) for row in connection.execute(sa.select(signing_keys).order_by(signing_keys.c.used_from))]


def _listed(row: Any) -> Listed:  # Any: a row
    wrapped = WrappedKey(row.key_id, row.wrapped_key) if row.sealed is not None else None
    return Listed(row.id, row.kid, row.public, row.used_from, row.withdrawn_at, wrapped, row.sealed)


def rotate(
    connection: Connection, sealer: Sealer, file: SigningKey, now: datetime, *, ahead: timedelta = AHEAD
) -> Listed:
    """Make the next key, which signs from ``ahead`` on. Raises Conflict while one waits already."""
    found = listed(connection)
    if waiting := [key for key in found if key.withdrawn_at is None and key.used_from > now]:
        raise Conflict(
            f"{waiting[0].kid} waits already.", code="KEY_WAITING", field="signing_keys",
            remedy="Let it begin, or withdraw it.",
        )  # fmt: skip
    if all(key.kid != file.kid for key in found):
        _insert(connection, _of_file(file), now, identifier=new_id())
    pem = generate_signing_key().private_pem
    made, identifier = signing_key(pem), new_id()
    data_key, wrapped = sealer.new_key(identifier)
    sealed = data_key.seal(pem.encode(), table="signing_keys", field="sealed")
    key = Listed(identifier, made.kid, made.public.jwk, now + ahead, None, wrapped, sealed)
    _insert(connection, key, now, identifier=identifier)
    return key


def _insert(connection: Connection, key: Listed, now: datetime, *, identifier: UUID) -> None:
    wrapped = key.wrapped
    connection.execute(sa.insert(signing_keys).values(
        id=identifier, kid=key.kid, public=dict(key.public), sealed=key.sealed, used_from=key.used_from, made_at=now,
        key_id=wrapped.key_id if wrapped else None, wrapped_key=wrapped.content if wrapped else None,
    ))  # fmt: skip


def withdraw(connection: Connection, sealer: Sealer, file: SigningKey, kid: str, now: datetime) -> Listed | None:
    """Let a key verify nothing any more; return the one made in its place, if it was the one that signs.

    Raises NotFound. The tokens that it signed are refused; their clients get new ones.
    """
    if all(key.kid != file.kid for key in listed(connection)):
        _insert(connection, _of_file(file), now, identifier=new_id())
    using = in_use(listed(connection), now)
    done = connection.execute(
        sa.update(signing_keys)
        .where(signing_keys.c.kid == kid, signing_keys.c.withdrawn_at.is_(None))
        .values(withdrawn_at=now)
    )
    if done.rowcount != 1:
        raise NotFound("No such key is in use.", field="kid")
    if using is None or using.kid != kid:
        return None
    for waiting in (key for key in listed(connection) if key.withdrawn_at is None and key.used_from > now):
        withdraw(connection, sealer, file, waiting.kid, now)  # it was published beside a key that can't be trusted
    return rotate(connection, sealer, file, now, ahead=timedelta(0))
