"""What each kind of act finds, and what it does once a second administrator has agreed.

    before(connection, asked, edition)          what stands there now; raises when the act can't be done on that
    apply(connection, enrolment, by=…, at=…)    done, through auth/directory and auth/changes

An act is proposed and approved on the same ``before``: what two people agreed on is what happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection

from auth import changes, directory, enrolled_certificates, invitations, passkeys, people, validity
from auth.changes import Agreed
from auth.enrolled_certificates import Kept
from auth.invitations import Invitation
from auth.people import Person
from auth.scope import Scope
from auth.validity import JwkSet
from registry.audit import erasures
from registry.core.errors import Conflict, InputRefused, NotFound
from registry.disclosure.vocabulary import Role
from registry.enrolment.act import Kind, Terms
from registry.enrolment.intake import moment, written

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ground:
    """What an act is looked at with."""

    connection: Connection
    at: datetime
    country: str
    """The register's."""


def before(kind: Kind, terms: Terms, ground: Ground) -> dict[str, Any] | None:
    """Return what the act would change, as it stands.

    Raises Conflict (ALREADY_ENROLLED, KEY_KNOWN, KEYS_TOO_MANY), NotFound, InputRefused (ROLE_ABROAD, AGREEMENT_TIME).
    """
    return _BEFORE[kind](terms, ground)


def apply(kind: Kind, terms: Terms, ground: Ground, *, by: str) -> Invitation | None:
    """Do what was agreed on, and return the invitation if it was one; ``by`` is who gave the second word."""
    return _APPLY[kind](terms, ground, by)


# -- what stands there


def _agency_before(terms: Terms, ground: Ground) -> None:
    if terms["code"] in directory.agency_names(ground.connection):
        raise _enrolled("code")


def _officer_before(terms: Terms, ground: Ground) -> None:
    _check_roles(terms, ground)
    if changes.officer_terms(ground.connection, terms["agency"], terms["reference"]) is not None:
        raise _enrolled("reference")


def _officer_change_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    _check_roles(terms, ground)
    found = _officer(terms, ground)
    return {name: found[name] for name in ("chain", "roles", "clearance")}


def _identity_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    found = _officer(terms, ground)
    return {"issuer": found["identity_issuer"], "identity": found["identity_subject"]}


def _invitation_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    return {"passkeys": len(passkeys.known(ground.connection, _person(terms, ground).id))}


def _client_before(terms: Terms, ground: Ground) -> None:
    changes.agency_country(ground.connection, terms["agency"])
    if directory.client(ground.connection, terms["id"]) is not None:
        raise _enrolled("id")
    enrolled_certificates.collected(terms["certificates"], ground.at)


def _client_key_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _client_keys(terms, ground)
    validity.with_key(kept, terms["key"], ground.at)
    return _kids(kept)


def _client_key_end_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _client_keys(terms, ground)
    validity.without_key(kept, terms["kid"])
    return _kids(kept)


def _certificate_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _client_certificates(terms, ground)
    enrolled_certificates.added(kept, terms["certificate"], ground.at)
    return {"certificates": enrolled_certificates.thumbprints(kept)}


def _certificate_end_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _client_certificates(terms, ground)
    enrolled_certificates.without(kept, terms["thumbprint"])
    return {"certificates": enrolled_certificates.thumbprints(kept)}


def _signs_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    return {"signs": directory.SIGNED_REQUESTS in _client_scopes(terms, ground)}


def _grant_key_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _grant_keys(terms, ground)
    validity.with_key(kept, terms["key"], ground.at)
    return _kids(kept)


def _grant_key_end_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    kept = _grant_keys(terms, ground)
    validity.without_key(kept, terms["kid"])
    return _kids(kept)


def _agreement_before(terms: Terms, ground: Ground) -> None:
    _check_abroad(terms, ground)
    if changes.agreement(ground.connection, terms["code"]) is not None:
        raise _enrolled("code")


def _agreement_change_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    found = _agreed(terms, ground)
    if found["agency"] != terms["agency"]:
        raise InputRefused("is not the agency that this was agreed with.", field="agency", code="AGREEMENT_AGENCY",
                           remedy="End the agreement, and make another.")  # fmt: skip
    return found


def _agreement_end_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    found = _agreed(terms, ground)
    if not found["since"] < terms["until"] < found["until"]:
        raise InputRefused("is not within the time of the agreement.", field="until", code="AGREEMENT_TIME",
                           remedy="To shut it at once, close it (accessClose).")  # fmt: skip
    return found


def _opening_before(terms: Terms, ground: Ground) -> dict[str, Any]:
    found = changes.closure(ground.connection, Scope(terms["scope"]), terms["key"])
    if found is None:
        raise NotFound("is not closed.", field="key")
    return {"reason": found.reason, "closed_by": found.closed_by, "closed_at": found.closed_at.isoformat()}


def _log_erasure_before(terms: Terms, ground: Ground) -> None:
    if terms["last"] >= erasures.signed_size(ground.connection):
        raise NotFound("is no entry that the notary has signed: nobody could say what it had been.", field="last",
                       remedy="Name entries that are signed.")  # fmt: skip


_BEFORE: Mapping[Kind, Callable[[Terms, Ground], dict[str, Any] | None]] = {
    Kind.AGENCY: _agency_before,
    Kind.OFFICER: _officer_before,
    Kind.OFFICER_CHANGE: _officer_change_before,
    Kind.OFFICER_IDENTITY: _identity_before,
    Kind.PASSKEY_INVITATION: _invitation_before,
    Kind.CLIENT: _client_before,
    Kind.CLIENT_KEY: _client_key_before,
    Kind.CLIENT_KEY_END: _client_key_end_before,
    Kind.CLIENT_CERTIFICATE: _certificate_before,
    Kind.CLIENT_CERTIFICATE_END: _certificate_end_before,
    Kind.CLIENT_SIGNS: _signs_before,
    Kind.GRANT_KEY: _grant_key_before,
    Kind.GRANT_KEY_END: _grant_key_end_before,
    Kind.AGREEMENT: _agreement_before,
    Kind.AGREEMENT_CHANGE: _agreement_change_before,
    Kind.AGREEMENT_END: _agreement_end_before,
    Kind.OPENING: _opening_before,
    Kind.LOG_ERASURE: _log_erasure_before,
}


# -- what is done


def _enrol_agency(terms: Terms, ground: Ground, _by: str) -> None:
    directory.enrol_agency(ground.connection, terms["code"], name=terms["name"], country=terms["country"])


def _enrol_officer(terms: Terms, ground: Ground, _by: str) -> None:
    directory.enrol_officer(
        ground.connection, terms["agency"], terms["reference"], chain=terms["chain"], roles=_roles(terms),
        clearance=terms["clearance"],
    )  # fmt: skip


def _change_officer(terms: Terms, ground: Ground, _by: str) -> None:
    changes.change_officer(
        ground.connection, terms["agency"], terms["reference"], chain=terms["chain"], roles=_roles(terms),
        clearance=terms["clearance"],
    )  # fmt: skip


def _identify(terms: Terms, ground: Ground, _by: str) -> None:
    people.identify(
        ground.connection, terms["agency"], terms["reference"], issuer=terms["issuer"], subject=terms["identity"]
    )


def _invite(terms: Terms, ground: Ground, _by: str) -> Invitation:
    officer = _person(terms, ground).id
    return invitations.invite(ground.connection, officer, ground.at, invitations.HANDED_OVER_LIFE)


def _enrol_client(terms: Terms, ground: Ground, _by: str) -> None:
    held = ((directory.INTROSPECTION, "introspection"), (directory.SIGNED_REQUESTS, "signs"))
    scopes = [scope for scope, term in held if terms[term]]
    directory.enrol_client(
        ground.connection, terms["id"], terms["agency"], jwks={"keys": terms["keys"]}, scopes=scopes,
        nonces=terms["nonces"], certificates=enrolled_certificates.collected(terms["certificates"], ground.at),
    )  # fmt: skip


def _add_client_key(terms: Terms, ground: Ground, _by: str) -> None:
    keys = validity.with_key(_client_keys(terms, ground), terms["key"], ground.at)
    changes.put_client_keys(ground.connection, terms["client"], keys)


def _end_client_key(terms: Terms, ground: Ground, _by: str) -> None:
    keys = validity.without_key(_client_keys(terms, ground), terms["kid"])
    changes.put_client_keys(ground.connection, terms["client"], keys)


def _add_certificate(terms: Terms, ground: Ground, _by: str) -> None:
    kept = enrolled_certificates.added(_client_certificates(terms, ground), terms["certificate"], ground.at)
    changes.put_client_certificates(ground.connection, terms["client"], kept)


def _end_certificate(terms: Terms, ground: Ground, _by: str) -> None:
    kept = enrolled_certificates.without(_client_certificates(terms, ground), terms["thumbprint"])
    changes.put_client_certificates(ground.connection, terms["client"], kept)


def _set_signs(terms: Terms, ground: Ground, _by: str) -> None:
    others = _client_scopes(terms, ground) - {directory.SIGNED_REQUESTS}
    signs = {directory.SIGNED_REQUESTS} if terms["signs"] else set()
    changes.put_client_scopes(ground.connection, terms["client"], others | signs)


def _add_grant_key(terms: Terms, ground: Ground, _by: str) -> None:
    keys = validity.with_key(_grant_keys(terms, ground), terms["key"], ground.at)
    changes.put_grant_keys(ground.connection, terms["agency"], keys)


def _end_grant_key(terms: Terms, ground: Ground, _by: str) -> None:
    keys = validity.without_key(_grant_keys(terms, ground), terms["kid"])
    changes.put_grant_keys(ground.connection, terms["agency"], keys)


def _agree(terms: Terms, ground: Ground, _by: str) -> None:
    changes.agree(ground.connection, _agreement(terms))


def _change_agreement(terms: Terms, ground: Ground, _by: str) -> None:
    changes.change_agreement(ground.connection, _agreement(terms))


def _end_agreement(terms: Terms, ground: Ground, _by: str) -> None:
    changes.change_agreement(ground.connection, _agreement(_agreed(terms, ground) | {"until": terms["until"]}))


def _open(terms: Terms, ground: Ground, by: str) -> None:
    changes.open_(ground.connection, Scope(terms["scope"]), terms["key"], by=by, at=ground.at)


def _let_erase(_terms: Terms, _ground: Ground, _by: str) -> None:
    """Do nothing more: the tables' owner erases, by the id of the approved act. A node's own role may not."""


_APPLY: Mapping[Kind, Callable[[Terms, Ground, str], Invitation | None]] = {
    Kind.AGENCY: _enrol_agency,
    Kind.OFFICER: _enrol_officer,
    Kind.OFFICER_CHANGE: _change_officer,
    Kind.OFFICER_IDENTITY: _identify,
    Kind.PASSKEY_INVITATION: _invite,
    Kind.CLIENT: _enrol_client,
    Kind.CLIENT_KEY: _add_client_key,
    Kind.CLIENT_KEY_END: _end_client_key,
    Kind.CLIENT_CERTIFICATE: _add_certificate,
    Kind.CLIENT_CERTIFICATE_END: _end_certificate,
    Kind.CLIENT_SIGNS: _set_signs,
    Kind.GRANT_KEY: _add_grant_key,
    Kind.GRANT_KEY_END: _end_grant_key,
    Kind.AGREEMENT: _agree,
    Kind.AGREEMENT_CHANGE: _change_agreement,
    Kind.AGREEMENT_END: _end_agreement,
    Kind.OPENING: _open,
    Kind.LOG_ERASURE: _let_erase,
}


# -- parts


def _officer(terms: Terms, ground: Ground) -> Mapping[str, Any]:
    found = changes.officer_terms(ground.connection, terms["agency"], terms["reference"])
    if found is None:
        raise NotFound("is not enrolled.", field="reference", remedy="Enrol the officer first.")
    return found


def _person(terms: Terms, ground: Ground) -> Person:
    found = people.named(ground.connection, terms["agency"], terms["reference"])
    if found is None:
        raise NotFound(
            "is not enrolled, or is shut out.", field="reference", remedy="Enrol the officer, or open first."
        )
    return found


def _check_roles(terms: Terms, ground: Ground) -> None:
    """See that officers from abroad ask under an agreement only, and those at home never do."""
    is_abroad = changes.agency_country(ground.connection, terms["agency"]) != ground.country
    held = set(terms["roles"])
    if (held and (Role.PARTNER_OFFICER.value in held) != is_abroad) or (is_abroad and len(held) > 1):
        raise InputRefused(
            "is not a role of officers of this country.", field="roles", code="ROLE_ABROAD",
            remedy="Officers of another country are partner_officer and nothing else, those at home never.",
        )  # fmt: skip


def _check_abroad(terms: Terms, ground: Ground) -> None:
    if changes.agency_country(ground.connection, terms["agency"]) == ground.country:
        raise InputRefused("is an agency of this country, which needs no agreement.", field="agency",
                           code="AGREEMENT_AGENCY", remedy="Name an agency of another country.")  # fmt: skip


def _client_keys(terms: Terms, ground: Ground) -> JwkSet:
    return _of_client(changes.client_keys(ground.connection, terms["client"]))


def _client_certificates(terms: Terms, ground: Ground) -> list[Kept]:
    return _of_client(changes.client_certificates(ground.connection, terms["client"]))


def _client_scopes(terms: Terms, ground: Ground) -> frozenset[str]:
    return _of_client(changes.client_scopes(ground.connection, terms["client"]))


def _of_client(found: T | None) -> T:
    if found is None:
        raise NotFound("is not enrolled.", field="client", remedy="Enrol the client first.")
    return found


def _grant_keys(terms: Terms, ground: Ground) -> JwkSet:
    found = changes.grant_keys(ground.connection, terms["agency"])
    if found is None:
        raise NotFound("is not enrolled.", field="agency", remedy="Enrol the agency first.")
    return found


def _kids(jwks: JwkSet) -> dict[str, Any]:
    return {"kids": [each["kid"] for each in jwks["keys"]]}


def _agreed(terms: Terms, ground: Ground) -> dict[str, Any]:
    found = changes.agreement(ground.connection, terms["code"])
    if found is None:
        raise NotFound("No such agreement.", field="code")
    values = asdict(found)
    lists = {name: list(values[name]) for name in ("purposes", "legal_bases", "hosts")}
    return values | lists | {"since": written(found.since), "until": written(found.until)}


def _agreement(terms: Mapping[str, Any]) -> Agreed:
    lists = {name: tuple(terms[name]) for name in ("purposes", "legal_bases", "hosts")}
    return Agreed(**dict(terms) | lists | {"since": moment(terms["since"]), "until": moment(terms["until"])})


def _roles(terms: Terms) -> list[Role]:
    return [Role(each) for each in terms["roles"]]


def _enrolled(field: str) -> Conflict:
    return Conflict("is already enrolled.", field=field, code="ALREADY_ENROLLED", remedy="Propose a change of it.")
