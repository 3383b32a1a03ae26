"""The terms of an act as they are handed in, read strictly. Pure.

    read(Handed(Kind.AGREEMENT, {"code": "NL-2026-01", "agency": "nl-police", "tier": "standard", …}), edition)
    Asked(kind, subject="NL-2026-01", terms={…})

Moments stand in terms as RFC 3339 in UTC, lists are sorted: what is proposed can be compared with what is.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from auth import enrolled_certificates, jwk, names, validity
from auth.scope import Scope, officer_key
from registry.audit import erasing
from registry.audit.forms import FORMS
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Tier
from registry.enrolment.act import Kind, Terms
from registry.profiles.kinds import COUNTRIES, is_plain

LINE = 120
DISTINCT_SUBJECTS = 50
MOST_DISTINCT_SUBJECTS = 10_000
MOST_HOSTS = 20
LONGEST_AGREEMENT = timedelta(days=10 * 366)
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)+(?=[a-z]){_LABEL}", re.ASCII)
_JWK_LENGTH = 4096

Given = Mapping[str, Any]  # Any: JSON values


class Country(Protocol):
    """What terms need of a country edition."""

    @property
    def country(self) -> str:
        """ISO 3166-1."""

    @property
    def legal_bases(self) -> Mapping[str, object]:
        """Known legal bases by code."""

    @property
    def handling(self) -> Any:  # Any: terms.Handling
        """Handling codes, the clearances among them."""


@dataclass(frozen=True, slots=True)
class Handed:
    """An act as it is handed in."""

    kind: Kind | None
    """None where none was named, or several."""
    given: Given
    is_impersonal: ClassVar[bool] = True

    def to_json(self) -> dict[str, object]:
        """Return it for the log, which never holds terms that nobody has looked at."""
        return {"kind": self.kind.value if self.kind else None}


@dataclass(frozen=True, slots=True)
class Closing:
    """What somebody wants to shut out."""

    scope: Scope
    key: str
    is_impersonal: ClassVar[bool] = True

    def to_json(self) -> dict[str, object]:
        """Return it for the log."""
        return {"scope": self.scope.value, "key": self.key[:LINE]}


@dataclass(frozen=True, slots=True)
class Asked:
    """An act as it is proposed."""

    kind: Kind
    subject: str
    terms: Terms


def read(handed: Handed, edition: Country) -> Asked:
    """Return an act with its terms as they are kept. Raises InputRefused naming the member, or ENROLMENT_NOT_ONE."""
    kind = handed.kind
    if kind is None:
        raise InputRefused("names not exactly one act.", field="input", code="ENROLMENT_NOT_ONE",
                           remedy="Propose each act by itself.")  # fmt: skip
    terms = _READERS[kind](handed.given, edition)
    return Asked(kind, _SUBJECTS[kind](terms), MappingProxyType(terms))


# -- one reader for each kind


def _agency(given: Given, _edition: Country) -> dict[str, Any]:
    code = names.checked(given["code"], names.AGENCY, field="code")
    if given["country"] not in COUNTRIES:
        raise InputRefused("is no country code.", field="country", code="COUNTRY_UNKNOWN",
                           remedy="Write two capitals of ISO 3166-1, such as KE.")  # fmt: skip
    return {"code": code, "name": _line(given["name"], "name"), "country": given["country"]}


def _officer(given: Given, edition: Country) -> dict[str, Any]:
    terms = _officer_named(given)
    roles = sorted({_known(each, Role, "roles") for each in given["roles"]})
    clearance = given.get("clearance") or "restricted"
    if clearance not in edition.handling.clearances:
        raise _unknown("clearance", edition.handling.clearances)
    return terms | {"chain": _line(given["chain"], "chain"), "roles": roles, "clearance": clearance}


def _identity(given: Given, _edition: Country) -> dict[str, Any]:
    issuer, subject = given["issuer"], given["identity"]
    if not issuer.startswith("https://") or len(issuer) > 2 * LINE or not is_plain(issuer):
        raise InputRefused("is not an https address.", field="issuer", code="TEXT_MALFORMED",
                           remedy="Write the provider's issuer as its metadata says it.")  # fmt: skip
    return _officer_named(given) | {"issuer": issuer, "identity": _line(subject, "identity")}


def _passkey_invitation(given: Given, _edition: Country) -> dict[str, Any]:
    return _officer_named(given)


def _client(given: Given, _edition: Country) -> dict[str, Any]:
    keys = [_key(each, f"keys[{place}]") for place, each in enumerate(given["keys"])]
    if not 1 <= len(keys) <= jwk.MOST_KEYS:
        raise InputRefused(f"is not a list of 1 to {jwk.MOST_KEYS} keys.", field="keys", code="KEY_REFUSED",
                           remedy="Send public keys as JWK.")  # fmt: skip
    if len({each["kid"] for each in keys}) < len(keys):
        raise InputRefused("names two keys alike.", field="keys", code="KEY_REFUSED", remedy="Give each its own kid.")
    return {
        "id": names.checked(given["id"], names.CLIENT, field="id"),
        "agency": names.checked(given["agency"], names.AGENCY, field="agency"),
        "keys": keys,
        "introspection": bool(given.get("introspection")),
        "nonces": bool(given.get("nonces")),
        "certificates": [
            enrolled_certificates.read(each, f"certificates[{n}]")
            for n, each in enumerate(given.get("certificates") or ())
        ],
        "signs": bool(given.get("signs")),
    }


def _client_certificate(given: Given, _edition: Country) -> dict[str, Any]:
    client = names.checked(given["client"], names.CLIENT, field="client")
    return {"client": client, "certificate": enrolled_certificates.read(given["certificate"])}


def _client_certificate_end(given: Given, _edition: Country) -> dict[str, Any]:
    client = names.checked(given["client"], names.CLIENT, field="client")
    return {"client": client, "thumbprint": names.checked(given["thumbprint"], names.THUMBPRINT, field="thumbprint")}


def _client_signs(given: Given, _edition: Country) -> dict[str, Any]:
    return {"client": names.checked(given["client"], names.CLIENT, field="client"), "signs": bool(given["signs"])}


def _client_key(given: Given, _edition: Country) -> dict[str, Any]:
    return {"client": names.checked(given["client"], names.CLIENT, field="client"), "key": _key(given["key"], "key")}


def _client_key_end(given: Given, _edition: Country) -> dict[str, Any]:
    return {"client": names.checked(given["client"], names.CLIENT, field="client"), "kid": _line(given["kid"], "kid")}


def _grant_key(given: Given, _edition: Country) -> dict[str, Any]:
    return {"agency": names.checked(given["agency"], names.AGENCY, field="agency"), "key": _key(given["key"], "key")}


def _grant_key_end(given: Given, _edition: Country) -> dict[str, Any]:
    return {"agency": names.checked(given["agency"], names.AGENCY, field="agency"), "kid": _line(given["kid"], "kid")}


def _agreement(given: Given, edition: Country) -> dict[str, Any]:
    since, until = given["since"], given["until"]
    if not since < until or until - since > LONGEST_AGREEMENT:
        raise InputRefused("is not later than since, by ten years at most.", field="until", code="AGREEMENT_TIME",
                           remedy="Give an end after the beginning.")  # fmt: skip
    subjects = given.get("distinct_subjects")
    subjects = DISTINCT_SUBJECTS if subjects is None else subjects
    if not 1 <= subjects <= MOST_DISTINCT_SUBJECTS:
        raise InputRefused(f"is not a number from 1 to {MOST_DISTINCT_SUBJECTS}.", field="distinctSubjects",
                           code="NUMBER_MALFORMED", remedy=f"{DISTINCT_SUBJECTS} a day is usual.")  # fmt: skip
    return {
        "code": names.checked(given["code"], names.AGREEMENT, field="code"),
        "agency": names.checked(given["agency"], names.AGENCY, field="agency"),
        "tier": _known(given["tier"], [each.name.lower() for each in Tier if each], "tier"),
        "purposes": _some({_known(each, PARTNER_PURPOSES, "purposes") for each in given["purposes"]}, "purposes"),
        "legal_bases": _some(
            {_known(each, edition.legal_bases, "legalBases") for each in given["legal_bases"]}, "legalBases"
        ),
        "since": written(since), "until": written(until), "distinct_subjects": subjects,
        "hosts": sorted({_host(each) for each in _at_most(given.get("hosts") or [], MOST_HOSTS)}),
        "contact": _line(given["contact"], "contact"),
    }  # fmt: skip


def _agreement_end(given: Given, _edition: Country) -> dict[str, Any]:
    return {"code": names.checked(given["code"], names.AGREEMENT, field="code"), "until": written(given["until"])}


def _opening(given: Given, _edition: Country) -> dict[str, Any]:
    scope = Scope(_known(given["scope"], Scope, "scope"))
    return {"scope": scope.value, "key": closable(scope, given["key"])}


def _log_erasure(given: Given, _edition: Country) -> dict[str, Any]:
    first, last, fields = given["first"], given["last"], given.get("fields")
    if not 0 <= first <= last:
        raise InputRefused("is not the first of some entries, up to last.", field="first", code="NUMBER_MALFORMED",
                           remedy="Give the indexes of the first entry and of the last.")  # fmt: skip
    if bool(given.get("whole")) == bool(fields):
        raise InputRefused("and whole: one of the two says what is to go.", field="fields", code="LIST_MALFORMED",
                           remedy="Name fields, or say that whole entries go.")  # fmt: skip
    known = sorted({name for v in FORMS for name in erasing.erasable(v)})
    return {
        "first": first, "last": last,
        "fields": sorted({_known(each, known, "fields") for each in fields or ()}) or None,
        "legal_basis": _line(given["legal_basis"], "legalBasis"),
    }  # fmt: skip


PARTNER_PURPOSES = tuple(
    each.value for each in Purpose
    if each in (Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD, Purpose.OFFENDER_SUPERVISION)
)  # fmt: skip
"""What an agreement may open the register for; keeping, examining and administering it are the country's own."""

_READERS: Mapping[Kind, Callable[[Given, Country], dict[str, Any]]] = {
    Kind.AGENCY: _agency,
    Kind.OFFICER: _officer,
    Kind.OFFICER_CHANGE: _officer,
    Kind.OFFICER_IDENTITY: _identity,
    Kind.PASSKEY_INVITATION: _passkey_invitation,
    Kind.CLIENT: _client,
    Kind.CLIENT_KEY: _client_key,
    Kind.CLIENT_KEY_END: _client_key_end,
    Kind.CLIENT_CERTIFICATE: _client_certificate,
    Kind.CLIENT_CERTIFICATE_END: _client_certificate_end,
    Kind.CLIENT_SIGNS: _client_signs,
    Kind.GRANT_KEY: _grant_key,
    Kind.GRANT_KEY_END: _grant_key_end,
    Kind.AGREEMENT: _agreement,
    Kind.AGREEMENT_CHANGE: _agreement,
    Kind.AGREEMENT_END: _agreement_end,
    Kind.OPENING: _opening,
    Kind.LOG_ERASURE: _log_erasure,
}


def _of_officer(terms: Terms) -> str:
    return officer_key(terms["agency"], terms["reference"])


def _of_client(terms: Terms) -> str:
    return str(terms["client"])


_SUBJECTS: Mapping[Kind, Callable[[Terms], str]] = {
    Kind.AGENCY: lambda terms: str(terms["code"]),
    Kind.OFFICER: _of_officer,
    Kind.OFFICER_CHANGE: _of_officer,
    Kind.OFFICER_IDENTITY: _of_officer,
    Kind.PASSKEY_INVITATION: _of_officer,
    Kind.CLIENT: lambda terms: str(terms["id"]),
    Kind.CLIENT_KEY: _of_client,
    Kind.CLIENT_KEY_END: _of_client,
    Kind.CLIENT_CERTIFICATE: _of_client,
    Kind.CLIENT_CERTIFICATE_END: _of_client,
    Kind.CLIENT_SIGNS: _of_client,
    Kind.GRANT_KEY: lambda terms: str(terms["agency"]),
    Kind.GRANT_KEY_END: lambda terms: str(terms["agency"]),
    Kind.AGREEMENT: lambda terms: str(terms["code"]),
    Kind.AGREEMENT_CHANGE: lambda terms: str(terms["code"]),
    Kind.AGREEMENT_END: lambda terms: str(terms["code"]),
    Kind.OPENING: lambda terms: f"{terms['scope']} {terms['key']}",
    Kind.LOG_ERASURE: lambda terms: f"{terms['first']} to {terms['last']}",
}


def closable(scope: Scope, key: str) -> str:
    """Return the key of what is to be shut or opened, in its form. Raises InputRefused (NAME_MALFORMED)."""
    if scope is Scope.OFFICER:
        agency, _, reference = key.partition(" ")
        names.checked(reference, names.OFFICER, field="key")
        names.checked(agency, names.AGENCY, field="key")
        return key
    if scope is Scope.FIELD_CLASS:
        return _known(key, FieldClass, "key")
    forms = {Scope.AGENCY: names.AGENCY, Scope.CLIENT: names.CLIENT, Scope.AGREEMENT: names.AGREEMENT}
    return names.checked(key, forms[scope], field="key")


def written(moment: datetime) -> str:
    """Return a moment as terms hold it, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Return a moment that terms hold."""
    return datetime.fromisoformat(text)


# -- parts


def _officer_named(given: Given) -> dict[str, Any]:
    return {
        "agency": names.checked(given["agency"], names.AGENCY, field="agency"),
        "reference": names.checked(given["reference"], names.OFFICER, field="reference"),
    }


def _key(given: Given, field: str) -> dict[str, Any]:
    """Return a key with its time. The text is a JWK, so that whatever a key holds is seen, private members too."""
    text = given["jwk"]
    try:
        found = json.loads(text) if len(text) <= _JWK_LENGTH else None
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise InputRefused("is not a JSON object.", field=f"{field}.jwk", code="KEY_REFUSED",
                           remedy="Send one public key as JWK.")  # fmt: skip
    return validity.bounded(found, since=given["not_before"], until=given["not_after"], field=field)


def _line(text: str, field: str) -> str:
    line = " ".join(text.split())
    if not 1 <= len(line) <= LINE or not is_plain(text):
        raise InputRefused(f"is not a line of 1 to {LINE} printable characters.", field=field, code="TEXT_MALFORMED",
                           remedy="Write such a line.")  # fmt: skip
    return line


def _host(text: str) -> str:
    if not _HOST.fullmatch(text):
        raise InputRefused("is not the name of a host in small letters.", field="hosts", code="NAME_MALFORMED",
                           remedy="Write names such as hits.police.example, no address and no port.")  # fmt: skip
    return text


def _known(value: str, known: Any, field: str) -> str:  # Any: an enum, a mapping or a sequence
    codes = [getattr(each, "value", each) for each in known]
    if value not in codes:
        raise _unknown(field, codes)
    return str(value)


def _unknown(field: str, codes: Any) -> InputRefused:  # Any: as above
    return InputRefused("is none of the known codes.", field=field, code="CODE_UNKNOWN",
                        remedy=f"Use one of {', '.join(codes)}.")  # fmt: skip


def _some(values: set[str], field: str) -> list[str]:
    if not values:
        raise InputRefused("is empty.", field=field, code="LIST_MALFORMED", remedy="Name one at least.")
    return sorted(values)


def _at_most(values: list[str], most: int) -> list[str]:
    if len(values) > most:
        raise InputRefused(f"names more than {most}.", field="hosts", code="LIST_MALFORMED", remedy="Name fewer.")
    return values
