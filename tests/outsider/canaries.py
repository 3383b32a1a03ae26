"""Canaries of the disclosure policy: records of which every field sings its own name, and everybody who may ask.

value = planted(3)                    a whole record, of whose every field class another mark is in each text
mark(3, FieldClass.NOTES)             "9041307263513"
allowed(access, facts, 3)             the marks that an answer may hold
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth import directory, tokens
from auth.details import Details
from auth.models import agreements
from auth.tokens import Claims
from registry.core.ids import new_id, read_public_id
from registry.disclosure import policy
from registry.disclosure.access import Access, Facts
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier, Use
from registry.profiles.forms import members
from registry.profiles.kinds import EMAIL, NUMBER, PHONE, Line, Prose
from registry.profiles.operations import deciding
from registry.profiles.record import GROUPS
from registry.profiles.standing import Change
from tests import factories
from tests.auth.tokens import pair
from tests.factories import AGENCY, MOMENT
from tests.holder import JKT
from tests.nodes import CASE, URL, Node
from tests.registry.profiles.whole import whole

COUNTRY, ABROAD, BASIS = "UG", "ug-invented", "KE-SOA-39-13"
CLASSES = list(FieldClass)
HIDDEN = ("secret", "covert", "witness_protection")
KEPT = {("orders", "number"), ("restrictions", "order"), ("risks", "level"), ("risks", "instrument")}
"""Members that must agree with one another."""

RECORDS: tuple[tuple[dict[str, Any], Change | None, str], ...] = (
    ({"clearance": "restricted"}, None, AGENCY),
    ({"clearance": "covert"}, None, AGENCY),
    ({"clearance": "secret"}, None, factories.ELSEWHERE),
    ({"clearance": "witness_protection", "releasable_to": ["UG"]}, Change.RELEASE, AGENCY),
    ({"releasable_to": ["UG"], "onward": "H2"}, Change.RELEASE, AGENCY),
    ({"releasable_to": ["UG"], "onward": "H3"}, Change.RELEASE, AGENCY),
    ({"releasable_to": ["TZ"]}, Change.RELEASE, AGENCY),
    ({"clearance": "open"}, Change.SEAL, AGENCY),
    ({"clearance": "open"}, Change.RETIRE, AGENCY),
)
"""How each planted record is handled, what becomes of it, and whose it is."""


def mark(record: int, kind: FieldClass) -> str:
    """Return what stands in every text of a class of a record, and nowhere else."""
    return f"9041{record}{CLASSES.index(kind):02d}726351"


def phone(record: int) -> str:
    """Return a record's phone."""
    return f"+25479041{record}351"


def planted(record: int, handling: dict[str, Any]) -> dict[str, Any]:
    """Return a whole record that sings."""
    value = deepcopy(whole(handling=handling | {"use_limits": f"Kanari {mark(record, FieldClass.STANDING)}"}))
    for name, group in GROUPS.items():
        if group.part is None or name not in value or name in ("names", "handling", "legal_basis"):
            continue
        for part in value[name] if group.many else [value[name]]:
            for each in members(group.part):
                if each.name in part and (name, each.name) not in KEPT:
                    part[each.name] = _sung(record, group.field_class, each.kind, part[each.name])
    value["names"] = [
        {"full": f"Zqxkwale {_letters(record)} {mark(record, FieldClass.IDENTITY)}"},
        {"full": f"Zqxalias {_letters(record)} {mark(record, FieldClass.ALIASES)}", "kind": "alias"},
    ]
    value["birth_place"] = f"Kanari {mark(record, FieldClass.IDENTITY)}"
    value.pop("owner", None)
    value["owner_post"] = f"Kanari {mark(record, FieldClass.PROVENANCE)}"
    return value


def _sung(record: int, field_class: FieldClass, kind: Any, value: Any) -> Any:  # Any: JSON
    if isinstance(kind, Line | Prose):
        return f"Kanari {mark(record, field_class)}"
    if kind is PHONE:
        return phone(record)
    if kind is EMAIL:
        return f"kanari.{mark(record, field_class)}@leak.example"
    return f"INV{mark(record, field_class)}" if kind is NUMBER else value


def _letters(record: int) -> str:
    return "Kanari" + "abcdefghij"[record] * 3


def plant(connection: Connection) -> list[UUID]:
    """Bring the records into the register; return their profiles."""
    found = []
    for place, (handling, change, owner) in enumerate(RECORDS):
        proposal = factories.proposed(connection, planted(place, handling), agency=owner)
        clearance = handling.get("clearance", "restricted")
        chief = cleared(factories.proved(factories.actor(role=Role.SUPERVISOR, agency=owner)), clearance)
        view = deciding.approve_change(factories.work(connection, chief), proposal)
        found.append(read_public_id("profile", view.profile_id))
        if change is not None:
            _changed(connection, found[-1], change, chief)
    return found


def _changed(connection: Connection, profile: UUID, change: Change, chief: Any) -> None:
    from registry.profiles.operations import proposing  # noqa: PLC0415

    registrar = cleared(factories.actor(role=Role.REGISTRAR, agency=chief.agency), chief.officer.clearance)
    order = "MISC 7/2026" if change is Change.SEAL else None
    view = proposing.propose_change(
        factories.work(connection, registrar), profile, change, "An invented change", order_number=order
    )
    deciding.approve_change(factories.work(connection, chief), read_public_id("proposal", view.id))


def cleared(by: Any, clearance: str) -> Any:  # Any: an Actor
    """Return an officer with another clearance."""
    return replace(by, officer=replace(by.officer, clearance=clearance))


def enrol(connection: Connection) -> None:
    """Enrol a partner with an agreement of each tier."""
    directory.enrol_agency(connection, ABROAD, name="An invented agency abroad", country=COUNTRY)
    directory.enrol_officer(connection, ABROAD, "UG/1", chain="contact", roles={Role.PARTNER_OFFICER})
    directory.enrol_client(connection, "ug-desk", ABROAD, jwks={"keys": [dict(pair().jwk)]})
    for tier in ("hit", "standard", "full"):
        connection.execute(agreements.insert().values(
            code=f"UG-{tier}", agency=ABROAD, tier=tier, purposes=[each.value for each in Purpose], legal_bases=[BASIS],
            since=MOMENT - timedelta(days=30), until=MOMENT + timedelta(days=365), distinct_subjects=1_000_000,
            hosts=[], contact="An invented desk",
        ))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may ask: how disclosure sees them, and the token that they show."""

    access: Access
    token: str
    agency: str

    def __str__(self) -> str:
        who = "+".join(sorted(self.access.roles))
        return f"{who} {self.agency} {self.access.purpose} {self.access.tier.name} {self.access.attribution.name}"


def askers(node: Node) -> Iterator[Asker]:
    """Give every role with every purpose; partners with every tier and level of attribution."""
    for role, purpose in product(set(Role) - {Role.PARTNER_OFFICER}, Purpose):
        for agency in (AGENCY, factories.ELSEWHERE):
            access = Access(frozenset({role}), purpose, agency, "KE", attribution=Attribution.STATED)
            yield Asker(access, node.token(role, purpose=purpose, agency=agency), agency)
    levels = (Attribution.STATED, Attribution.GRANTED, Attribution.SIGNED)
    for purpose, tier, level in product(Purpose, (Tier.HIT, Tier.STANDARD, Tier.FULL), levels):
        access = Access(frozenset({Role.PARTNER_OFFICER}), purpose, ABROAD, COUNTRY, True, tier, level)
        yield Asker(access, _abroad(node, purpose, tier, level), ABROAD)


def _abroad(node: Node, purpose: Purpose, tier: Tier, level: Attribution) -> str:
    app, at = node.app.state.node, node.clock()
    details = Details(purpose, CASE, BASIS, "UG/1", f"UG-{tier.name.lower()}")
    claims = Claims("ug-desk", str(new_id()), at, at + timedelta(seconds=300), details, JKT, attribution=level)
    return tokens.issue(claims, app.signing_key, issuer=URL, audience=tokens.audience(app.settings))


def allowed(access: Access, facts: Facts, record: int, use: Use = Use.READ) -> frozenset[str]:
    """Return the canaries of a record that an answer to this asker may hold."""
    decision = policy.load("ke", MOMENT.date()).decide(access, facts)
    sung = {mark(record, each) for each in decision.may(use)}
    return frozenset(sung | ({phone(record)[4:]} if FieldClass.CONTACT in decision.may(use) else set()))


def every(record: int) -> frozenset[str]:
    """Return all canaries of a record."""
    return frozenset({*(mark(record, each) for each in FieldClass), phone(record)[4:]})
