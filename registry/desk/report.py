"""The report a person gets who asked what is held of them: lines that can be read aloud. Pure.

    what is held      every group that the desk may read, value by value, each with its meaning
    withheld          what the desk may not read, and what could name an officer or somebody who spoke: told apart from
                      what is unknown, whether or not there is any, and with the legal ground that replaces it
    why, how long     purposes and their law, legal basis, category, review and expiry
    who received it   by country, how many agencies, how often, when last; no agency's and no officer's name
    rights            what may be asked of the desk, and where to turn after that

Data Protection Act 2019 s. 26, 29, 40, 56.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from registry.core.partial_dates import PartialDate
from registry.desk.requests import Request
from registry.desk.views import GroundView, appeals, ground
from registry.disclosure import policy
from registry.disclosure.vocabulary import Use
from registry.editions.edition import Edition
from registry.profiles.forms import members
from registry.profiles.parts import Freshness
from registry.profiles.record import GROUPS
from registry.profiles.rows import part_shown
from registry.profiles.views import CALLED, ProfileView, Tombstone, camel

THIRD_PERSONS = frozenset(
    {("freshness", "verified_by"), ("phones", "source"), ("emails", "source"), ("handles", "source")}
)
"""Members that may name an officer, or somebody who spoke."""
SPOKEN = frozenset({"report", "statement"})
"""Kinds of sources of which the title may name whoever wrote or spoke."""


@dataclass(frozen=True, slots=True)
class HeldValue:
    """One value that is held."""

    name: str
    meaning: str
    text: str


@dataclass(frozen=True, slots=True)
class HeldPart:
    """One entry of a group: an address, a conviction."""

    values: tuple[HeldValue, ...]


@dataclass(frozen=True, slots=True)
class HeldGroup:
    """A group of which something is held."""

    name: str
    meaning: str
    parts: tuple[HeldPart, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """What is not told, whether or not there is any, and the legal ground in its place."""

    path: str
    meaning: str
    ground: GroundView | None


@dataclass(frozen=True, slots=True)
class PurposeView:
    """For what the data may be used, and by which law."""

    purpose: str
    law: str


@dataclass(frozen=True, slots=True)
class RecipientView:
    """Who received the record, by category."""

    category: str
    """``home`` or ``abroad``; ``unknown`` for agencies that are enrolled no more."""
    country: str | None
    agencies: int
    times: int
    last_on: PartialDate


@dataclass(frozen=True, slots=True)
class RightView:
    """What may be asked of the desk, and how soon it answers."""

    kind: str
    title: str
    days: int


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record that is held, apart from its values."""

    register_number: int | None
    """None for a record that is entered and was never let in."""
    version: int
    recorded_at: datetime
    standing: str
    contested: bool
    waiting_changes: int
    """Changes that are proposed and not decided."""
    category: str | None
    category_sentence: str | None
    legal_basis: GroundView | None
    review_on: PartialDate | None
    expires_on: PartialDate | None
    tombstone: Tombstone | None
    held: tuple[HeldGroup, ...]
    withheld: tuple[Withheld, ...]
    recipients: tuple[RecipientView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """The answer to a request for access."""

    request_id: str
    reference: str
    office: str
    as_of: datetime
    on_register: bool
    record: RecordView | None
    purposes: tuple[PurposeView, ...]
    rights: tuple[RightView, ...]
    appeals: tuple[GroundView, ...]
    digest: str


def report(
    request_id: str, request: Request, edition: Edition, as_of: datetime, record: RecordView | None
) -> ReportView:
    """Return the report that answers a request."""
    return ReportView(
        request_id, request.reference, request.agency, as_of, record is not None, record, purposes(edition),
        tuple(RightView(each.code, each.title, each.days) for each in edition.desk.values()), appeals(edition),
        digest(record),
    )  # fmt: skip


def record(
    profile: ProfileView, edition: Edition, ground_code: str | None, waiting: int,
    recipients: tuple[RecipientView, ...],
) -> RecordView:  # fmt: skip
    """Return a record as its person is told of it."""
    category = edition.categories.get(profile.category) if profile.category else None
    basis = profile.legal_basis
    read = edition.legal_bases.get(basis.code) if basis else None
    return RecordView(
        profile.register_number or None, profile.version, profile.recorded_at, profile.standing, profile.contested,
        waiting, profile.category, category.sentence if category else None,
        GroundView(basis.code, basis.article, read.sentence if read else "") if basis else None,
        profile.review_on, profile.expires_on, profile.tombstone, held(profile, edition),
        withheld(profile, ground(edition, ground_code)), recipients,
    )  # fmt: skip


def digest(record: RecordView | None) -> str:
    """Return the SHA-256 of what a report tells of a record; who received it, and the grounds, are left out.

    It changes when the record does, so a report is released only while it is true.
    """
    told = None if record is None else [
        record.version, record.standing, record.contested, record.tombstone, record.held,
        [each.path for each in record.withheld],
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


def purposes(edition: Edition) -> tuple[PurposeView, ...]:
    """Return for what records may be read, and by which law, from the rules of disclosure themselves."""
    return tuple(dict.fromkeys(
        PurposeView(purpose, rule.law)
        for rule in policy.approved(edition.code).rules if rule.permits and Use.READ in rule.uses
        for purpose in sorted(rule.axes["purposes"])
    ))  # fmt: skip


def recipient(country: str | None, home: str, agencies: int, times: int, last: datetime) -> RecipientView:
    """Return the agencies of a country that received a record; of the last time the day only."""
    category = "unknown" if country is None else "home" if country == home else "abroad"
    return RecipientView(category, country, agencies, times, PartialDate(last.year, last.month, last.day))


# -- what is held


def held(profile: ProfileView, edition: Edition) -> tuple[HeldGroup, ...]:
    """Return the groups of which something is held, in the order of the record."""
    values = {name: getattr(profile, CALLED.get(name, name)) for name in GROUPS if name != "freshness"}
    groups = [_freshness(profile), *(_group(name, value, edition) for name, value in values.items())]
    return tuple(each for each in groups if each is not None)


def _group(name: str, value: Any, edition: Edition) -> HeldGroup | None:  # Any: each group its own type
    group = GROUPS[name]
    if value is None or value == ():
        return None
    entries = value if group.many else (value,)
    if group.part is None:
        assert group.kind is not None
        show = group.kind.show
        parts = tuple(HeldPart((HeldValue(camel(name), group.meaning, _text(show(each))),)) for each in entries)
    else:
        parts = tuple(HeldPart(tuple(_values(name, group.part, each, edition))) for each in entries)
    return HeldGroup(camel(name), group.meaning, tuple(each for each in parts if each.values))


def _values(name: str, kind: type, part: Any, edition: Edition) -> Iterator[HeldValue]:  # Any: of this kind
    shown = part_shown(part)
    spoken = name == "sources" and part.kind in SPOKEN
    for member in members(kind):
        text = _text(shown.get(member.name, getattr(part, member.name)))
        if not text or (name, member.name) in THIRD_PERSONS or (spoken and member.name == "reference"):
            continue
        if (name, member.name) == ("convictions", "offence") and text in edition.offences:
            text = f"{text}: {edition.offences[text].title}"
        yield HeldValue(camel(member.name), member.meaning, text)


def _freshness(profile: ProfileView) -> HeldGroup | None:
    """Return when each group was verified; the officer who did so is left out."""
    told = [each for each in profile.freshness or () if each.verified_on is not None]
    if not told:
        return None
    meanings = {each.name: each.meaning for each in members(Freshness)}
    parts = [{"group": camel(each.group), "verified_on": each.verified_on, "due_on": each.due_on} for each in told]
    return HeldGroup("freshness", GROUPS["freshness"].meaning, tuple(
        HeldPart(tuple(HeldValue(camel(name), meanings[name], str(value)) for name, value in part.items() if value))
        for part in parts
    ))  # fmt: skip


def _text(shown: object) -> str:
    """Return a value's JSON as a person reads it."""
    if isinstance(shown, bool):
        return "yes" if shown else "no"
    if isinstance(shown, dict):
        return "; ".join(f"{name}: {value}" for name, value in shown.items())
    if isinstance(shown, list | tuple):
        return ", ".join(map(str, shown))
    return "" if shown is None else str(shown)


# -- what is withheld


_MEANINGS = {camel(CALLED.get(name, name)): group.meaning for name, group in GROUPS.items()}


def withheld(profile: ProfileView, legal: GroundView | None) -> tuple[Withheld, ...]:
    """Return what the report does not tell; of a removed record there is nothing more to tell."""
    if profile.tombstone is not None:
        return ()
    whole = {"*": "Everything in this record: a court's order closed it."}
    groups = [(each.path, (_MEANINGS | whole).get(each.path, each.path)) for each in profile.redactions]
    persons: Sequence[tuple[str, str]] = () if any(path == "*" for path, _ in groups) else _PERSONS
    return tuple(Withheld(path, meaning, legal) for path, meaning in (*groups, *persons))


def _persons() -> Iterator[tuple[str, str]]:
    for name, group in GROUPS.items():
        for member in members(group.part) if group.part else ():
            if (name, member.name) in THIRD_PERSONS:
                yield f"{camel(name)}.{camel(member.name)}", member.meaning
    yield "sources.reference", "Title of a report or statement."


_PERSONS = tuple(_persons())
