"""Passkeys (Web Authentication, level 3): ceremonies and queries.

They are for the first administrator, for the day the identity provider is down, and for nodes without one.

    keys = Passkeys.of(settings.public_url)
    options = keys.registration_options(person, challenge, known)      navigator.credentials.create(…)
    made = keys.made(challenge, response)                              Registered, or ValueError
    options = keys.sign_in_options(challenge)                          navigator.credentials.get(…)
    signed = keys.signed(challenge, response, credential)              Signed, or ValueError

fido2 reads the messages and checks signatures. Three things it leaves to us, and they are done here: the origin has to
be ours to the letter, only two algorithms are let in, and a signature counter that does not go up means that the key
was copied (6.1.1): then the passkey is revoked, since nobody can say which of the two is the officer's.
User verification is required both times, so a passkey is two factors: what one has, and what one knows or is.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256, EdDSA
from fido2.server import Fido2Server
from fido2.utils import websafe_encode
from fido2.webauthn import (
    AttestationConveyancePreference,
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialParameters,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from sqlalchemy import Connection

from auth.models import passkeys
from auth.once import insert_once
from auth.people import Person
from auth.sessions import told
from registry.core.errors import Conflict, InputRefused, NotFound
from registry.core.ids import new_id, public_id

ALGORITHMS = (ES256.ALGORITHM, EdDSA.ALGORITHM)
MOST = 10
"""Passkeys of one officer that are not revoked; two are advised, so that one may be lost."""
LONGEST_NAME = 64
TIMEOUT_MILLISECONDS = 300_000
_REQUIRED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class Registered:
    """A passkey that an authenticator has made."""

    credential_id: bytes
    credential: bytes
    counter: int


@dataclass(frozen=True, slots=True)
class Signed:
    """A challenge that a passkey has signed."""

    counter: int
    officer: bytes | None
    """Whose the authenticator says it is."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as it is kept."""

    id: UUID
    officer: UUID
    credential: bytes
    counter: int
    name: str
    created_at: datetime
    used_at: datetime | None
    is_revoked: bool

    def as_json(self) -> dict[str, object]:
        """Return what its owner is told."""
        return {"id": public_id("passkey", self.id), "name": self.name, "createdAt": told(self.created_at),
                "usedAt": told(self.used_at) if self.used_at else None}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passkeys:
    """The ceremonies of one node: its name among authenticators is the host of its public address."""

    server: Fido2Server

    @classmethod
    def of(cls, public_url: str) -> "Passkeys":
        """Return the ceremonies of a node with this address."""
        host = urlsplit(public_url).hostname or ""
        party = PublicKeyCredentialRpEntity(name="Register", id=host)
        server = Fido2Server(
            party, attestation=AttestationConveyancePreference.NONE, verify_origin=lambda origin: origin == public_url
        )
        kind = PublicKeyCredentialType.PUBLIC_KEY
        server.allowed_algorithms = [PublicKeyCredentialParameters(type=kind, alg=each) for each in ALGORITHMS]
        server.timeout = TIMEOUT_MILLISECONDS  # type: ignore[assignment]  # the library infers None
        return cls(server)

    def registration_options(self, person: Person, challenge: bytes, known: list[bytes]) -> dict[str, Any]:  # Any: JSON
        """Return what the browser is told to make; an authenticator that holds a passkey of theirs makes no second."""
        kind = PublicKeyCredentialType.PUBLIC_KEY
        options, _ = self.server.register_begin(
            PublicKeyCredentialUserEntity(name=f"{person.agency} {person.reference}", id=person.id.bytes,
                                          display_name=person.reference),
            credentials=[PublicKeyCredentialDescriptor(type=kind, id=each) for each in known],
            resident_key_requirement=ResidentKeyRequirement.REQUIRED,
            user_verification=_REQUIRED,
            challenge=challenge,
        )  # fmt: skip
        return dict(options)

    def sign_in_options(self, challenge: bytes) -> dict[str, Any]:  # Any: JSON
        """Return what the browser is told to sign: no officer is named, so nothing is told of any."""
        options, _ = self.server.authenticate_begin(user_verification=_REQUIRED, challenge=challenge)
        return dict(options)

    def made(self, challenge: bytes, response: Mapping[str, Any]) -> Registered:
        """Check what an authenticator has made. Raises ValueError."""
        made = _understood(lambda: self.server.register_complete(_state(challenge), response))
        found = made.credential_data
        if found is None or found.public_key.ALGORITHM not in ALGORITHMS:
            raise ValueError("another algorithm")
        _understood(lambda: _key_is_whole(found))
        return Registered(found.credential_id, bytes(found), made.counter)

    @staticmethod
    def credential_id(passkey: Passkey) -> bytes:
        """Return what its authenticator calls a passkey."""
        return AttestedCredentialData(passkey.credential).credential_id

    def signed(self, challenge: bytes, response: Mapping[str, Any], credential: bytes | None) -> Signed:
        """Check what an authenticator has signed with this passkey; all but its counter. Raises ValueError.

        Without a passkey a stand-in is used, so that the time of an answer doesn't tell whether there was one.
        """
        known = AttestedCredentialData(credential or _stand_in(response))
        _understood(lambda: self.server.authenticate_complete(_state(challenge), [known], response))
        answer = AuthenticationResponse.from_dict(response).response
        return Signed(answer.authenticator_data.counter, answer.user_handle)


_STAND_IN = ES256.from_cryptography_key(ec.derive_private_key(1, ec.SECP256R1()).public_key())  # type: ignore[no-untyped-call]
"""A key that nobody holds a passkey of: whoever signs with it names no officer."""


def _stand_in(response: Mapping[str, Any]) -> bytes:
    return bytes(AttestedCredentialData.create(bytes(16), credential_id_of(response), _STAND_IN))


def is_copied(before: int, now: int) -> bool:
    """Whether a counter says that there are two of this passkey. Some authenticators count nothing and say 0."""
    return (before > 0 or now > 0) and now <= before


def credential_id_of(response: Mapping[str, Any]) -> bytes:
    """Return which passkey is said to have signed. Raises ValueError."""
    return bytes(_understood(lambda: AuthenticationResponse.from_dict(response).raw_id))


def _state(challenge: bytes) -> dict[str, Any]:
    """Return what the library would have us keep between the two halves of a ceremony; ours is derived anew."""
    return {"challenge": websafe_encode(challenge), "user_verification": _REQUIRED}


T = TypeVar("T")


def _understood(step: Callable[[], T]) -> T:
    """Do a step on what a stranger wrote: the library raises whatever it stumbles over."""
    try:
        return step()
    except Exception as problem:
        raise ValueError(type(problem).__name__) from problem


def _key_is_whole(credential: AttestedCredentialData) -> None:
    """See that the key can verify anything at all: a point off the curve raises, a wrong signature is expected."""
    with suppress(InvalidSignature):
        credential.public_key.verify(b"", bytes(64))


# -- queries


def known(connection: Connection, officer: UUID) -> list[Passkey]:
    """Return an officer's passkeys that are not revoked, oldest first."""
    rows = connection.execute(
        sa.select(passkeys)
        .where(passkeys.c.officer == officer, passkeys.c.revoked_at.is_(None))
        .order_by(passkeys.c.id)
    )
    return [_passkey(row) for row in rows]


def found(connection: Connection, credential_id: bytes) -> Passkey | None:
    """Return the passkey with this id of its authenticator's, revoked or not."""
    row = connection.execute(sa.select(passkeys).where(passkeys.c.credential_id == credential_id)).first()
    return _passkey(row) if row else None


def keep(connection: Connection, officer: UUID, made: Registered, name: str, at: datetime) -> UUID:
    """Keep a new passkey. Raises Conflict for one that is known already, or one too many."""
    if len(known(connection, officer)) >= MOST:
        raise Conflict(
            f"There are {MOST} passkeys already.", code="PASSKEYS_TOO_MANY", remedy="Revoke one that is lost."
        )
    number = new_id()
    is_new = insert_once(
        connection, passkeys, id=number, officer=officer, credential_id=made.credential_id,
        credential=made.credential, counter=made.counter, name=name, created_at=at,
    )  # fmt: skip
    if not is_new:
        raise Conflict("This passkey is registered already.", code="PASSKEY_KNOWN", remedy="Sign in with it.")
    return number


def used(connection: Connection, passkey: Passkey, counter: int, at: datetime) -> bool:
    """Write down that a passkey has signed. Of two that come at once with one counter, one is told no."""
    done = connection.execute(
        sa.update(passkeys)
        .where(
            passkeys.c.id == passkey.id, passkeys.c.revoked_at.is_(None),
            (passkeys.c.counter < counter) | ((passkeys.c.counter == 0) & (counter == 0)),
        )
        .values(counter=counter, used_at=at)
    )  # fmt: skip
    return done.rowcount == 1


def revoke(connection: Connection, passkey: UUID, why: str, at: datetime, *, officer: UUID | None = None) -> UUID:
    """Revoke a passkey and return whose it was. Raises NotFound for one that is revoked, or not this officer's."""
    which = (passkeys.c.id == passkey) & passkeys.c.revoked_at.is_(None)
    if officer is not None:
        which &= passkeys.c.officer == officer
    owner = connection.execute(
        sa.update(passkeys).where(which).values(revoked_at=at, revoked_why=why).returning(passkeys.c.officer)
    ).scalar()
    if owner is None:
        raise NotFound("There is no such passkey.", field="id")
    assert isinstance(owner, UUID)
    return owner


def named(name: object) -> str:
    """Return what an officer calls a passkey; raises InputRefused."""
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise InputRefused(f"is not a text of 1 to {LONGEST_NAME} characters.", field="name",
                           code="SESSION_INPUT_REFUSED", remedy="Say which it is: blue key.")  # fmt: skip
    return name.strip()


def _passkey(row: Any) -> Passkey:  # Any: a row
    return Passkey(
        row.id, row.officer, row.credential, row.counter, row.name, row.created_at, row.used_at,
        row.revoked_at is not None,
    )  # fmt: skip
