"""One record as it was shown, beside what it says now and what the same access would be shown now.

    of_record(past, event, place, now)
    SeenRecord("cAGX…", 1, 2, None, (SeenField("phones", '[{"number": …}]', '[]', '[]', None, …), …))

Only what the answer's document selected is compared: groups of a profile, and of their parts the members that it names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

import orjson

from registry.core.ids import public_id
from registry.disclosure import policy
from registry.disclosure.vocabulary import Use
from registry.profiles import queries as profile_queries, views as profile_views
from registry.profiles.disclosed import of_row
from registry.profiles.record import GROUPS
from registry.profiles.rows import COLUMNS, part_shown
from registry.profiles.standing import Standing
from registry.profiles.views import CALLED, Mask, ProfileView, camel
from registry.seen.answering import moments, viewed
from registry.seen.kept import Gone, Kept, Past, standing_as

NOT_THERE = "RECORD_NOT_THERE"
"""Why nothing stands beside what was shown: the record is removed, or erased."""
_AGES = frozenset({"freshness"})
"""How old values are is another thing each day: it stands in the answer and is not compared."""
SILENT = "SILENT"
"""The same asking would not be told any more that there is such a record."""


@dataclass(frozen=True, slots=True)
class SeenField:
    """One group of a record. Values are JSON text; None is nothing, withheld or unknown."""

    path: str
    then: str | None
    record_now: str | None
    """What the record says now, of what was not withheld then: the rest nobody saw, and no auditor opens it."""
    shown_now: str | None
    """What the same access would be shown of it now."""
    withheld_then: str | None
    """Why the group, or its aliases, was withheld."""
    withheld_now: str | None
    changed: bool
    """Whether the record says something else now."""
    shown_differs: bool
    """Whether the same access would be shown something else now."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """One record in an answer of the past."""

    profile_id: str
    version: int | None
    version_now: int | None
    code: str | None
    """Why it can't be made again, or not be compared (kept.CODES, NOT_THERE)."""
    fields: tuple[SeenField, ...] = ()

    @property
    def differs(self) -> tuple[str, ...]:
        """The groups that the record says otherwise now, or that the same access would be shown otherwise."""
        return tuple(each.path for each in self.fields if each.changed or each.shown_differs)


def selected(coordinates: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the groups that a document selects, and of each the members of its parts."""
    chosen = frozenset(coordinates)
    groups = [name for name in GROUPS if name not in _AGES and f"Profile.{camel(CALLED.get(name, name))}" in chosen]
    return {name: frozenset(_members(name, chosen)) for name in groups}


def _members(name: str, chosen: frozenset[str]) -> Iterator[str]:
    part = GROUPS[name].part
    for each in fields(part) if part else ():
        if f"{part.__name__}.{camel(each.name)}" in chosen:  # type: ignore[union-attr]  # of no part there is no member
            yield each.name


def of_record(past: Past, event: Kept, place: int, rows: Mapping[UUID, Any]) -> SeenRecord:
    """Return one record of an event, compared; ``rows`` are those of today, whole."""
    profile = event.records[place]
    row = rows.get(profile)
    named = public_id("profile", profile)
    try:
        version = event.versions[place]
    except Gone as gone:
        return SeenRecord(named, None, row and row["version"], gone.code)
    try:
        chosen = selected(past.fields)
        wanted = [CALLED.get(name, name) for name in chosen]
        then = viewed(past, event, place, wanted, **moments(event))
        is_there = row is not None and row["key_id"] is not None and row["standing_now"] != Standing.REMOVED.value
        now, allowed = _now(past, event, row, wanted) if is_there else (None, Mask(frozenset()))
        whole = _today(past, event, place, row, wanted) if is_there and row is not None else None
    except Gone as gone:
        return SeenRecord(named, version, row and row["version"], gone.code)
    compared = tuple(_field(name, kept, then, whole, now, allowed) for name, kept in chosen.items())
    return SeenRecord(named, version, row and row["version"], None if is_there else NOT_THERE, compared)


def _now(past: Past, event: Kept, row: Any, wanted: list[str]) -> tuple[ProfileView | None, Mask]:
    """Return what the access of then would be shown today, by the policy of today."""
    work = past.work
    access, today = past.access(event), policy.load(work.edition.code, work.now.date())
    facts = of_row(work, row)
    if today.decide(access, facts).silent:
        return None, profile_views.shut(SILENT)
    reader = profile_views.Reader(lambda told: today.decide(access, told), work.sealer, work.now)
    fetched = profile_views.groups(wanted, today.decide(access).may(Use.READ))
    return profile_views.profile(reader, row, fetched), reader.mask(facts)


def _today(past: Past, event: Kept, place: int, row: Any, wanted: list[str]) -> ProfileView:
    """Return the record of today through the mask of then."""
    fetched = profile_views.groups(wanted, past.readable(event).may(Use.READ))
    return profile_views.profile(past.reader(event), standing_as(row, event.facts[place]), fetched)


def _field(
    name: str, kept: frozenset[str], then: ProfileView, whole: ProfileView | None, now: ProfileView | None,
    allowed: Mask,
) -> SeenField:  # fmt: skip
    called = CALLED.get(name, name)
    was = _text(name, getattr(then, called), kept)
    record_now = _text(name, getattr(whole, called, None), kept)
    shown_now = _text(name, getattr(now, called, None), kept)
    told_then = _withheld(called, then.redactions)
    told_now = _withheld(called, allowed.redactions)
    return SeenField(
        called, was, record_now, shown_now, told_then, told_now, changed=was != record_now and told_then is None,
        shown_differs=was != shown_now,
    )  # fmt: skip


def _withheld(called: str, redactions: Iterable[profile_views.Redaction]) -> str | None:
    path = camel(called)
    return next((each.reason for each in redactions if each.path in (path, "*")), None)


def _text(name: str, value: Any, kept: frozenset[str]) -> str | None:
    """Return a group as JSON text, of its parts the members that were selected; of nothing None."""
    if value is None:
        return None
    group = GROUPS[name]
    if group.part is None:
        plain: Any = [str(each) for each in value] if group.many else str(value)
    elif group.many:
        plain = [_part(each, kept) for each in value]
    else:
        plain = _part(value, kept)
    return orjson.dumps(plain, option=orjson.OPT_SORT_KEYS).decode()


def _part(part: Any, kept: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in part_shown(part).items() if name in kept}


def today(past: Past, chosen: Iterable[UUID]) -> dict[UUID, Any]:
    """Return the present rows of profiles, whole, by id."""
    found = list(dict.fromkeys(chosen))
    return dict(profile_queries.by_ids(past.work.connection, found, COLUMNS)) if found else {}
