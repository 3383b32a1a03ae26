"""Records, actors and a vetted register for any test: small, invented, and the same every time.

    profile = vetted(connection, record(birth_date="1971-05"))         proposed by one chain, approved by another
    page = search(work(connection, actor(connection)), SearchQuery(name="Juma Mwakio"), limit=10)

Every function takes what the test cares about and invents the rest.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy import Connection, event

from auth import directory
from auth.actor import Actor, Officer
from auth.directory import Scope
from auth.keys import KeyPair
from auth.models import agencies, officers
from registry.audit.events import Entry, Event, Outcome
from registry.core.ids import new_id, read_public_id
from registry.core.key_providers import FileKeys
from registry.core.sealing import Sealer
from registry.disclosure.vocabulary import Attribution, Purpose, Role
from registry.editions.edition import Edition, load
from registry.profiles import intake, pairs, queries
from registry.profiles.operations import deciding, duplicates, proposing
from registry.profiles.operations.duplicates import Different
from registry.profiles.record import Record
from registry.profiles.standing import NEEDS_ORDER, Change
from registry.work import Work
from tests.auth.tokens import pair

AGENCY, ELSEWHERE = "ke-invented", "ke-elsewhere"
CLIENT = "ke-invented-desk"
MOMENT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
EDITION: Edition = load("ke")
SEALER = Sealer(FileKeys({"invented": bytes(range(32))}), bytes(range(32, 64)))
"""Keys that are no secret."""
_PEOPLE = UUID("018f0000-0000-7000-8000-000000000000")

USUAL_PURPOSES = {
    Role.INVESTIGATOR: Purpose.CRIMINAL_INVESTIGATION,
    Role.REGISTRAR: Purpose.REGISTER_MAINTENANCE,
    Role.SUPERVISOR: Purpose.REGISTER_MAINTENANCE,
    Role.DESK_OFFICER: Purpose.SUBJECT_REQUEST,
    Role.AUDITOR: Purpose.OVERSIGHT,
    Role.PARTNER_OFFICER: Purpose.CRIMINAL_INVESTIGATION,
    Role.ADMINISTRATOR: Purpose.ADMINISTRATION,
}
USUAL_CHAINS = {
    Role.INVESTIGATOR: "child-protection",
    Role.REGISTRAR: "records",
    Role.SUPERVISOR: "vetting",
    Role.DESK_OFFICER: "data-protection",
    Role.AUDITOR: "oversight",
    Role.PARTNER_OFFICER: "contact-point",
    Role.ADMINISTRATOR: "administration",
}


def record(**changes: Any) -> dict[str, Any]:  # Any: JSON
    """Return a whole record in the import format; a change to None leaves the field out."""
    values: dict[str, Any] = {
        "names": [
            {"full": "Juma Hamisi Mwakio", "parts": {"given": "Juma", "family": "Mwakio"}, "script": "Latn",
             "kind": "legal"},
            {"full": "Mwalimu Jay", "kind": "alias"},
        ],
        "birth_date": "1971-05-17",
        "sex": "male",
        "nationalities": ["KE"],
        "identifiers": [{"type": "national_id", "value": "INV1234567", "country": "KE"}],
        "phones": ["+254712345678"],
        "emails": ["juma@mail.example"],
        "handles": [{"platform": "invented", "handle": "mwakio_71"}],
        "county": "Kwale",
        "convictions": [conviction()],
        "legal_basis": {"code": "KE-SOA-39-13", "article": "Sexual Offences Act 2006, section 39(13)"},
    }  # fmt: skip
    return {name: value for name, value in (values | changes).items() if value is not None}


def conviction(**changes: Any) -> dict[str, Any]:  # Any: JSON
    """Return a conviction in the import format."""
    values = {
        "offence": next(iter(EDITION.offences)),
        "court": "Invented Law Courts",
        "case_number": "SO 12/2015",
        "convicted_on": "2015-03-09",
        "sentence": "Ten years",
        "victim_age_band": "12-15",
        "victim_sex": "female",
    }
    return values | changes


def named(*names: str, **changes: Any) -> dict[str, Any]:  # Any: JSON
    """Return a record of which only names, and what else is given, are known."""
    unknown = dict.fromkeys(
        ("birth_date", "sex", "nationalities", "identifiers", "phones", "emails", "handles", "county")
    )
    return record(**unknown | {"names": [{"full": name} for name in names]} | changes)


def read(value: object, *, owner: str = AGENCY) -> Record:
    """Return the record that a value in the import format describes."""
    return intake.record(value, EDITION, owner=owner)


def actor(
    connection: Connection | None = None,
    *,
    role: Role = Role.INVESTIGATOR,
    purpose: Purpose | None = None,
    agency: str = AGENCY,
    chain: str | None = None,
    name: str = "1",
) -> Actor:
    """Return an officer with one role and the purpose that goes with it; on a connection an enrolled one.

    Agency, chain, role and name make the officer: the same four are the same person.
    """
    chain = chain or USUAL_CHAINS[role]
    reference = f"{chain}/{role.value}/{name}"
    officer = Officer(uuid5(_PEOPLE, f"{agency}/{reference}"), reference, chain, frozenset({role}))
    return Actor(
        client=CLIENT if agency == AGENCY else f"{agency}-desk", agency=agency, token_id="token-1",
        officer=_enrolled(connection, agency, officer) if connection is not None else officer,
        purpose=purpose or USUAL_PURPOSES[role], case_reference="CR 12/2026", legal_basis="KE-SOA-39-13",
        country="KE", attribution=Attribution.STATED,
    )  # fmt: skip


def proved(by: Actor, at: datetime = MOMENT) -> Actor:
    """Return an officer who has just proved in person who they are: exports and sealed records take it."""
    return replace(by, authenticated_at=at)


def _enrolled(connection: Connection, agency: str, officer: Officer) -> Officer:
    if connection.execute(sa.select(agencies.c.code).where(agencies.c.code == agency)).first() is None:
        directory.enrol_agency(connection, agency, name=f"An invented agency, {agency}", country="KE")
    found = directory.officer(connection, agency, officer.reference)
    if found is None:
        directory.enrol_officer(connection, agency, officer.reference, chain=officer.chain, roles=officer.roles)
        found = directory.officer(connection, agency, officer.reference)
    assert found is not None
    return found


def work(connection: Connection, by: Actor, now: datetime = MOMENT) -> Work:
    """Return one request's work on this connection."""
    return Work(connection, by, now, EDITION, SEALER)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who is enrolled: an officer of each role in one agency, vetters also in another, and a client of each."""

    keys: KeyPair
    """Both clients' key, ES256."""
    officers: dict[tuple[str, Role], Officer] = field(default_factory=dict)


def enrol_cast(connection: Connection, keys: KeyPair | None = None) -> Cast:
    """Enrol two agencies, their officers and clients."""
    cast = Cast(keys or pair())
    for agency in (AGENCY, ELSEWHERE):
        for role in Role:
            officer = actor(connection, role=role, agency=agency).officer
            assert officer is not None
            cast.officers[agency, role] = officer
        scopes = [directory.INTROSPECTION] if agency == AGENCY else []
        client = actor(agency=agency).client
        directory.enrol_client(connection, client, agency, jwks={"keys": [dict(cast.keys.jwk)]}, scopes=scopes)
    return cast


def shut(connection: Connection, scope: Scope, key: str | UUID, *, at: datetime = MOMENT) -> None:
    """Shut somebody or something out; an officer may be named by their id."""
    if isinstance(key, UUID):
        whose = sa.select(officers.c.agency, officers.c.reference).where(officers.c.id == key)
        key = directory.officer_key(*connection.execute(whose).one())
    directory.close(connection, scope, key, by="An invented operator", reason="An invented reason", at=at)


def proposed(
    connection: Connection, value: object, *, agency: str = AGENCY, profile: UUID | None = None, now: datetime = MOMENT
) -> UUID:
    """Propose a new profile, or with ``profile`` its amendment; return the proposal's id.

    Whoever is alike is said to be somebody else: invented records are alike.
    """
    registrar = work(connection, actor(role=Role.REGISTRAR, agency=agency), now)
    if profile is None:
        alike = _alike(registrar, read(value, owner=agency)) if isinstance(value, dict) else []
        others = [Different(each, "An invented record") for each in alike]
        view = proposing.propose_profile(registrar, value, "An invented reason", others)
    else:
        view = proposing.propose_change(registrar, profile, Change.AMEND, "An invented change", record=value)
    return read_public_id("proposal", view.id)


def changed(
    connection: Connection, profile: UUID, change: Change, *, agency: str = AGENCY, now: datetime = MOMENT, **more: Any
) -> UUID:
    """Bring a change of a profile's standing into the register; return the profile's id."""
    registrar = work(connection, actor(role=Role.REGISTRAR, agency=agency), now)
    if change in NEEDS_ORDER:
        more.setdefault("order_number", "MISC 7/2026")
    view = proposing.propose_change(registrar, profile, change, "An invented change", **more)
    return approved(connection, read_public_id("proposal", view.id), now=now)


def approved(connection: Connection, proposal: UUID, *, now: datetime = MOMENT) -> UUID:
    """Approve a proposal by an officer of another chain; return the profile's id."""
    supervisor = work(connection, actor(role=Role.SUPERVISOR), now)
    _tell_apart(supervisor, proposal)
    view = deciding.approve_change(supervisor, proposal)
    return read_public_id("profile", view.profile_id)


def _tell_apart(work: Work, proposal: UUID) -> None:
    """Say of whoever became alike since the proposal that it is somebody else."""
    found = queries.proposal(work.connection, work.sealer, proposal)
    if found is None or found.change is not Change.CREATE or work.actor.officer is None:
        return
    for each in _alike(work, found.record):
        pairs.decide(work.connection, found.profile, each, same=False, reason="An invented record",
                     by=work.actor.officer.id, at=work.now)  # fmt: skip


def _alike(work: Work, record: Record) -> list[UUID]:
    """Return everybody whom a record may be, not only those that are asked about first."""
    found: list[UUID] = []
    while more := duplicates.likely(work, record, but=found):
        found += [each.profile for each in more]
    return found


def vetted(connection: Connection, value: object, *, agency: str = AGENCY, now: datetime = MOMENT) -> UUID:
    """Bring a record into the register: proposed by one chain, approved by another."""
    return approved(connection, proposed(connection, value, agency=agency, now=now), now=now)


def amended(connection: Connection, profile: UUID, value: object, *, now: datetime = MOMENT) -> UUID:
    """Bring a new state of a profile into the register."""
    return approved(connection, proposed(connection, value, profile=profile, now=now), now=now)


def entry(**changes: Any) -> Entry:  # Any: the fields' own types
    """Return an entry of the log that has not got its place yet."""
    values: dict[str, Any] = {
        "at": MOMENT, "kind": "query", "operation": "search", "outcome": Outcome.ALLOWED, "request_id": str(new_id()),
        "client": CLIENT, "agency": AGENCY, "purpose": Purpose.CRIMINAL_INVESTIGATION.value,
        "case_reference": "CR 12/2026", "legal_basis": "KE-SOA-39-13",
    }  # fmt: skip
    return Entry(**values | changes)


def concerning(*profiles: UUID, **changes: Any) -> Entry:  # Any: as above
    """Return an entry about these profiles."""
    return entry(events=(Event("profile:searched", profiles, {"criteria": {"name": "Juma"}}),), **changes)


@contextmanager
def statements(connection: Connection) -> Iterator[list[str]]:
    """Collect the SQL that a connection executes within the block."""
    seen: list[str] = []

    def see(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(connection, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(connection, "before_cursor_execute", see)
