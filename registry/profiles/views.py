"""What may leave the room: frozen values, already redacted for this actor and purpose.

A withheld field is None, with a redaction beside it that says why. Nothing above this
file sees a row, so nothing above can forget to ask.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.profiles import rows
from registry.profiles.parts import Conviction, Handle, Identifier, LegalBasis, Name
from registry.profiles.vetting import Proposal

FIELD_CLASSES: dict[str, FieldClass] = {
    "names": FieldClass.IDENTITY,
    "birth_date": FieldClass.IDENTITY,
    "sex": FieldClass.IDENTITY,
    "nationalities": FieldClass.IDENTITY,
    "identifiers": FieldClass.IDENTIFIERS,
    "phones": FieldClass.CONTACT,
    "emails": FieldClass.CONTACT,
    "county": FieldClass.CONTACT,
    "handles": FieldClass.ONLINE,
    "convictions": FieldClass.CONVICTIONS,
    "owner": FieldClass.PROVENANCE,
    "legal_basis": FieldClass.PROVENANCE,
}
"""The class of each column of a record; aliases and nicknames among the names have a class of their own."""
ALIAS_KINDS = frozenset({"alias", "nickname"})


@dataclass(frozen=True, slots=True)
class Redaction:
    """A field that is withheld, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ProfileView:
    """A profile as this actor may see it. None stands for withheld (see ``redactions``) or unknown."""

    id: str
    register_number: int
    version: int
    recorded_at: datetime
    record_owner: str | None
    legal_basis: LegalBasis | None
    names: tuple[Name, ...] | None
    birth_date: PartialDate | None
    sex: str | None
    nationalities: tuple[str, ...] | None
    identifiers: tuple[Identifier, ...] | None
    phones: tuple[str, ...] | None
    emails: tuple[str, ...] | None
    handles: tuple[Handle, ...] | None
    county: str | None
    convictions: tuple[Conviction, ...] | None
    redactions: tuple[Redaction, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """Who made a version, who let it in, and when."""

    version: int
    reason: str
    proposed_by: str
    proposed_agency: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with the record it proposes, for those who vet."""

    id: str
    profile_id: str
    state: str
    reason: str
    proposed_by: str
    proposed_agency: str
    proposed_chain: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    version: int | None
    record: ProfileView


def columns(wanted: Iterable[str] | None, readable: frozenset[FieldClass]) -> tuple[str, ...]:
    """Return the record columns to fetch: what is asked for and may be read. Nothing else leaves the database."""
    asked = set(rows.COLUMNS) if wanted is None else {"owner" if name == "record_owner" else name for name in wanted}
    return tuple(
        name
        for name in rows.COLUMNS
        if name in asked and (FIELD_CLASSES[name] in readable or (name == "names" and FieldClass.ALIASES in readable))
    )


def profile(row: Mapping[Any, Any], fetched: tuple[str, ...], readable: frozenset[FieldClass]) -> ProfileView:
    """Return the view of a current revision, of which ``fetched`` columns were read."""
    values = rows.read(row, fetched)
    return _view(values, readable, id_=public_id("profile", row["id"]), number=row["number"], version=row["version"],
                 recorded_at=row["decided_at"])  # fmt: skip


def _view(
    values: dict[str, Any],
    readable: frozenset[FieldClass],
    *,
    id_: str,
    number: int,
    version: int,
    recorded_at: datetime,
) -> ProfileView:
    names = values.get("names")
    return ProfileView(
        id=id_,
        register_number=number,
        version=version,
        recorded_at=recorded_at,
        record_owner=values.get("owner"),
        legal_basis=values.get("legal_basis"),
        names=None if names is None else _names(names, readable),
        birth_date=values.get("birth_date"),
        sex=values.get("sex"),
        nationalities=values.get("nationalities"),
        identifiers=values.get("identifiers"),
        phones=values.get("phones"),
        emails=values.get("emails"),
        handles=values.get("handles"),
        county=values.get("county"),
        convictions=values.get("convictions"),
        redactions=redactions(readable),
    )


def _names(names: tuple[Name, ...], readable: frozenset[FieldClass]) -> tuple[Name, ...]:
    return tuple(
        name for name in names
        if (FieldClass.ALIASES if name.kind in ALIAS_KINDS else FieldClass.IDENTITY) in readable
    )  # fmt: skip


_PATHS = {"owner": "recordOwner", "legal_basis": "legalBasis", "birth_date": "birthDate"}


def redactions(readable: frozenset[FieldClass]) -> tuple[Redaction, ...]:
    """Return what is withheld from those who may read these classes."""
    return _REDACTIONS.get(readable) or _REDACTIONS.setdefault(readable, _withheld(readable))


_REDACTIONS: dict[frozenset[FieldClass], tuple[Redaction, ...]] = {}


def _withheld(readable: frozenset[FieldClass]) -> tuple[Redaction, ...]:
    paths = [_PATHS.get(name, name) for name, kind in FIELD_CLASSES.items() if kind not in readable]
    if FieldClass.ALIASES not in readable:
        paths.append("names[kind in (ALIAS, NICKNAME)]")
    if FieldClass.PROVENANCE not in readable:
        paths.append("versions")
    return tuple(Redaction(path, "PURPOSE") for path in sorted(set(paths)))


def version(row: Mapping[Any, Any]) -> VersionView:
    """Return the view of one version's decision."""
    return VersionView(
        version=row["version"],
        reason=row["reason"],
        proposed_by=public_id("officer", row["proposed_by"]),
        proposed_agency=row["proposed_agency"],
        proposed_at=row["proposed_at"],
        decided_by=public_id("officer", row["decided_by"]),
        decided_at=row["decided_at"],
        note=row["note"],
    )


def proposal(proposed: Proposal, readable: frozenset[FieldClass]) -> ProposalView:
    """Return the view of a proposal."""
    fetched = columns(None, readable)
    values = {name: getattr(proposed.record, name) for name in fetched}
    profile_id = public_id("profile", proposed.profile)
    return ProposalView(
        id=public_id("proposal", proposed.id),
        profile_id=profile_id,
        state=proposed.state.value,
        reason=proposed.reason,
        proposed_by=public_id("officer", proposed.proposed_by),
        proposed_agency=proposed.proposed_agency,
        proposed_chain=proposed.proposed_chain,
        proposed_at=proposed.proposed_at,
        decided_by=public_id("officer", proposed.decided_by) if proposed.decided_by else None,
        decided_at=proposed.decided_at,
        note=proposed.note,
        version=proposed.version,
        record=_view(values, readable, id_=profile_id, number=0, version=proposed.version or 0,
                     recorded_at=proposed.proposed_at),
    )  # fmt: skip
