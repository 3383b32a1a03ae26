"""A client's proof becomes an access token (RFC 6749, 4.4 with RFC 7523 and RFC 9396).

Checks go from cheap to dear, and nothing is remembered for a caller who has proved nothing:
size, header, signature and claims, live state, single use, and last what is asked for.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from auth import assertion, details, directory, jose, replay, tokens
from auth.assertion import Assertion
from auth.attempts import Attempt, ClientRefused
from auth.details import Details
from auth.directory import Client
from auth.form import TokenRequest
from auth.keys import SigningKey
from auth.tokens import Claims
from registry.audit.log import append
from registry.core.errors import Forbidden, RegistryError
from registry.core.ids import new_id


@dataclass(frozen=True, slots=True)
class Terms:
    """What this node signs with, and by which rules."""

    issuer: str
    audience: str
    life: timedelta
    key: SigningKey
    country: details.Country


@dataclass(frozen=True, slots=True)
class Proven:
    """A client whose proof is good."""

    client: Client
    assertion: Assertion


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, and what it says."""

    token: str
    claims: Claims


def authenticate(
    compact: jose.Compact, client: Client | None, asked: TokenRequest, terms: Terms, attempt: Attempt
) -> Proven:
    """Check a proof. Unknown client, unknown key and bad signature cost and tell the same; so does suspension."""
    key = jose.chosen(client.keys, compact) if client else None
    if not jose.is_signed(compact, key) or client is None:
        raise ClientRefused("client_unknown" if client is None else "signature_bad" if key else "key_unknown")
    proof = assertion.checked(compact, issuer=terms.issuer, now=attempt.at)
    if asked.client not in (None, proof.client):
        raise assertion.PROFILE.refusal("client_id", "is not the client that sub names.")
    attempt.learn(agency=client.agency)
    if client.is_suspended:
        raise ClientRefused("suspended")
    return Proven(client, proof)


def grant(
    connection: Connection, asked: TokenRequest, proven: Proven, terms: Terms, attempt: Attempt
) -> Granted | RegistryError:
    """Use the proof up, decide, and leave the entry, in one transaction.

    A refusal of what is asked for is returned, not raised: the proof stays used and the entry
    stays written. A proof used before raises, and nothing is written here.
    """
    proof = proven.assertion
    replay.use(connection, "assertion", proof.client, proof.token_id, expires_at=proof.expires_at)
    result: Granted | RegistryError
    try:
        result = _issue(connection, asked, proven, terms, attempt)
        entry = attempt.allowed()
    except RegistryError as refusal:
        result, entry = refusal, attempt.refused(refusal)
    append(connection, [entry])
    return result


def _issue(connection: Connection, asked: TokenRequest, proven: Proven, terms: Terms, attempt: Attempt) -> Granted:
    wanted = details.parse(asked.authorization_details, terms.country)
    if wanted:
        _check_officer(connection, proven.client.agency, wanted, attempt)
    claims = Claims(proven.client.id, str(new_id()), attempt.at, attempt.at + terms.life, wanted)
    attempt.learn(token_id=claims.token_id)
    return Granted(tokens.issue(claims, terms.key, issuer=terms.issuer, audience=terms.audience), claims)


def _check_officer(connection: Connection, agency: str, wanted: Details, attempt: Attempt) -> None:
    attempt.learn(
        officer_reference=wanted.officer,
        purpose=wanted.purpose.value,
        case_reference=wanted.case_reference,
        legal_basis=wanted.legal_basis,
    )
    officer = directory.officer(connection, agency, wanted.officer)
    if officer is None:
        raise Forbidden(
            "is not an officer of this agency who may ask now.", field=f"{details.PARAMETER}[0].officer",
            code="OFFICER_REFUSED", remedy="Enrol the officer first.",
        )  # fmt: skip
    attempt.learn(officer=officer.id)
