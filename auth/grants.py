"""A client's proof becomes an access token (RFC 6749, 4.4 and RFC 7523, with RFC 9396 and RFC 9449).

    client_credentials      the agency's client states who asks, and why      attribution "stated"
    jwt-bearer              the agency's authority has signed it              attribution "granted"

Checks go from cheap to dear, and nothing is remembered for a caller who has proved nothing: size, header, signature
and claims of the client, of its key and of its authority, live state, single use, and last what is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection

from auth import (
    agreements,
    details,
    directory,
    dpop,
    enrolled_certificates,
    jose,
    officer_grants,
    replay,
    tokens,
    validity,
)
from auth.attempts import Attempt
from auth.callers import NonceNeeded
from auth.clients import Proven
from auth.details import Details
from auth.dpop import Proof
from auth.form import TokenRequest
from auth.keys import SigningKey
from auth.nonces import Nonces
from auth.officer_grants import OfficerGrant
from auth.scope import officer_key
from auth.tokens import Claims
from registry.audit.log import append
from registry.audit.submission import Once
from registry.core.errors import Forbidden, RegistryError, Unauthenticated
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Attribution


@dataclass(frozen=True, slots=True)
class Terms:
    """What this node signs with, and by which rules."""

    issuer: str
    audience: str
    address: str
    """Our own address of the token endpoint, which proofs name."""
    life: timedelta
    key: SigningKey
    country: details.Country
    home: str
    """The register's country; an agency of another one needs an agreement."""
    nonces: Nonces


@dataclass(frozen=True, slots=True)
class Signed:
    """The word of an officer's authority, and the key it was signed with."""

    grant: OfficerGrant
    key: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for, with everything that had to be proved for it."""

    proven: Proven
    proof: Proof | None
    """Of the key that the token is bound to; without it the token is bound to a certificate."""
    asked: TokenRequest
    certificate: str | None = None
    """The thumbprint of that."""
    signed: Signed | None = None


@dataclass(frozen=True, slots=True)
class Granted:
    """A token, and what it says."""

    token: str
    claims: Claims


def only_proof(proofs: tuple[str, ...], certificate: str | None = None) -> str | None:
    """Return the one proof that came, or none over a certificate; there are no tokens that are bound to nothing."""
    if certificate is not None and not proofs:
        return None
    if len(proofs) != 1:
        raise dpop.PROFILE.refusal("DPoP", "has to come once.", "Send one proof of the key that the token is to have.")
    return proofs[0]


def wanted(
    proven: Proven, asked: TokenRequest, proof: str | None, terms: Terms, attempt: Attempt, *,
    certificate: str | None = None,
) -> Wanted:  # fmt: skip
    """Check what the token will be bound to, and the grant of the officer's authority if there is one."""
    client = proven.client
    if proof is None:
        if certificate not in enrolled_certificates.good(client.certificates, attempt.at):
            raise Unauthenticated("is not enrolled for this client.", code="CERTIFICATE_REFUSED", field="Client-Cert")
        return Wanted(proven, None, asked, certificate, _signed(proven, asked, terms, attempt))
    bound = dpop.checked(
        proof, method="POST", url=terms.address, now=attempt.at,
        is_timely=lambda nonce: terms.nonces.is_good(client.id, nonce, attempt.at),
    )  # fmt: skip
    if client.nonces and not terms.nonces.is_good(client.id, bound.nonce, attempt.at):
        raise NonceNeeded(terms.nonces.fresh(client.id, attempt.at))
    return Wanted(proven, bound, asked, signed=_signed(proven, asked, terms, attempt))


def _signed(proven: Proven, asked: TokenRequest, terms: Terms, attempt: Attempt) -> Signed | None:
    if asked.officer_grant is None:
        return None
    compact = officer_grants.parse(asked.officer_grant)
    keys = validity.good(proven.client.grant_keys or {"keys": []}, attempt.at)
    key = jose.chosen(keys, compact)
    if not jose.is_signed(compact, key):
        raise officer_grants.PROFILE.refusal("assertion", "is not signed by a grant key of the client's agency.")
    assert key is not None  # without one nothing is signed
    grant = officer_grants.checked(
        compact, agency=proven.client.agency, issuer=terms.issuer, country=terms.country, now=attempt.at
    )
    return Signed(grant, key)


def grant(connection: Connection, want: Wanted, terms: Terms, attempt: Attempt) -> Granted | RegistryError:
    """Use the proofs up, decide, and leave the entry, in one transaction.

    A refusal of what is asked for is returned, not raised: the proofs stay used and the entry
    stays written. A proof used before raises, and nothing is written here.
    """
    _use_up(connection, want)
    result: Granted | RegistryError
    try:
        result = _issue(connection, want, terms, attempt)
        entry = attempt.allowed(**_evidence(want, result))
    except RegistryError as refusal:
        result, entry = refusal, attempt.refused(refusal)
    (attempt.placed,) = append(connection, [entry])
    return result


def _use_up(connection: Connection, want: Wanted) -> None:
    proof = want.proven.assertion
    uses = [("ASSERTION_REPLAYED", replay.once("assertion", proof.client, proof.token_id, expires_at=proof.expires_at))]
    if want.signed:
        uses.append(("GRANT_REPLAYED", _once(want.signed.grant)))
    if want.proof:
        uses.append(("PROOF_REPLAYED", want.proof.once))
    for place in sorted(replay.used(connection, [once for _, once in uses])):
        raise Unauthenticated(
            "has been used before.", code=uses[place][0], field="jti", remedy="Sign a new one for each request."
        )


def _once(signed: OfficerGrant) -> Once:
    return replay.once("grant", signed.agency, signed.token_id, expires_at=signed.expires_at)


def _issue(connection: Connection, want: Wanted, terms: Terms, attempt: Attempt) -> Granted:
    why = _why(want, terms)
    if why:
        _check_why(connection, want, why, terms, attempt)
    signed = want.signed.grant if want.signed else None
    claims = Claims(
        want.proven.client.id, str(new_id()), attempt.at, attempt.at + terms.life, why,
        jkt=want.proof.jkt if want.proof else None, certificate=want.certificate,
        attribution=_attribution(want, why), authenticated_at=signed.authenticated_at if signed else None,
        subject=officer_key(signed.agency, signed.details.officer) if signed else None,
    )  # fmt: skip
    attempt.learn(token_id=claims.token_id, attribution=claims.attribution.name.lower())
    return Granted(tokens.issue(claims, terms.key, issuer=terms.issuer, audience=terms.audience), claims)


def _why(want: Wanted, terms: Terms) -> Details | None:
    """Return what the token is for: what the authority signed, and the client may repeat but not change."""
    stated = details.parse(want.asked.authorization_details, terms.country)
    if want.signed is None:
        return stated
    if stated not in (None, want.signed.grant.details):
        raise details.refused("officer", "and the rest are not those of the grant.", "Leave them out.")
    return want.signed.grant.details


def _attribution(want: Wanted, why: Details | None) -> Attribution:
    if want.signed:
        return Attribution.GRANTED
    return Attribution.STATED if why else Attribution.AGENCY


def _check_why(connection: Connection, want: Wanted, why: Details, terms: Terms, attempt: Attempt) -> None:
    attempt.learn(
        officer_reference=why.officer,
        purpose=why.purpose.value,
        case_reference=why.case_reference,
        legal_basis=why.legal_basis,
    )
    client = want.proven.client
    fault = agreements.unheld(
        connection, client.agency, why, attempt.at, is_partner=client.country != terms.home
    )  # fmt: skip
    if fault:
        raise details.refused(*fault, "Name what your agency's agreement allows.")
    officer = directory.officer(connection, client.agency, why.officer)
    if officer is None:
        raise Forbidden(
            "is not an officer of this agency who may ask now.", field=f"{details.PARAMETER}[0].officer",
            code="OFFICER_REFUSED", remedy="Enrol the officer first.",
        )  # fmt: skip
    attempt.learn(officer=officer.id)


def _evidence(want: Wanted, granted: Granted) -> dict[str, Any]:  # Any: JSON
    """Return what the entry keeps: what the token is bound to, and the authority's own word with the key it is by."""
    claims = granted.claims
    told: dict[str, Any] = {"attribution": claims.attribution.name.lower()} | tokens.confirmation(claims)
    if claims.details and claims.details.agreement:
        told["agreement"] = claims.details.agreement
    if want.signed:
        told |= {"acr": want.signed.grant.acr, "grant": want.signed.grant.text, "grant_key": dict(want.signed.key)}
    return told
