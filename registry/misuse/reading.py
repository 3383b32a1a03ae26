"""An entry of the log, read as an access. Pure: rows in, values out; what is erased leaves less to see, and no error.

access(row, officers)        Access(index=4711, …), or None where nobody's use of the register is told
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from uuid import UUID

from registry.audit.events import REFUSED
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import read_public_id
from registry.misuse.access import Access

URGENT = frozenset({"missing_child"})
"""Purposes that open at once because a child may be in danger."""
_ABOUT = ("profile:", "photograph:opened", "certificate:read", "search:explained", "screening:hits:read")
_WORK = ("profile:change:", "profile:pair:", "profile:duplicates:")
"""Keeping the register is no looking at people: two officers see each change anyway."""
_READINGS = ("log:",)
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_TERM = re.compile(r"(?:^| )(-?[a-z]+):(\S*)")


class Person(NamedTuple):
    """An officer as the register knows them today."""

    agency: str
    unit: str
    role: str


NOBODY = Person("", "", "")


def access(row: Mapping[str, Any], officers: Mapping[UUID, Person], home: str) -> Access:  # Any: a column's value
    """Return what the rules see of an entry. ``home`` is the register's country."""
    events: list[dict[str, Any]] = (row["body"] or {}).get("events") or []
    about = [each for each in events if each["name"].startswith(_ABOUT) and not each["name"].startswith(_WORK)]
    officer = row["officer"]
    known = officers.get(officer, NOBODY)
    details = [each.get("details") or {} for each in events]
    asked = [each for one in details for each in one.values() if isinstance(each, dict)]
    decided: Mapping[str, Any] = next((each["access"] for each in asked if isinstance(each.get("access"), dict)), {})
    sought = [each["sought"] for each in asked if isinstance(each.get("sought"), dict)]
    country = row.get("country") or decided.get("country") or home
    readings = [each for each in events if each["name"].startswith(_READINGS)]
    return Access(
        index=row["index"], at=row["at"], officer=officer, agency=row["agency"] or known.agency, unit=known.unit,
        role=known.role, purpose=row["purpose"] or "", case=row["case_reference"] or "", outcome=row["outcome"],
        attribution=int(decided.get("attribution") or 0), source=row["source"] or "",
        country="" if country == home else country,
        is_of_persons=bool(about), subjects=_subjects(about), shown=_records(events),
        sought=frozenset(word for each in sought for word in each.get("words") or ()),
        questions=frozenset(each["question"] for each in sought if each.get("question")),
        refused=_refused(events), reads_officers=_officers(readings), reads_by=_form(readings),
        reason=row.get("justification"),
        is_break_glass=row["purpose"] in URGENT and bool(about),
    )  # fmt: skip


def _subjects(events: list[dict[str, Any]]) -> tuple[UUID, ...]:
    """Return whom events were about: the first of each, since a page of hits shows bystanders."""
    first = (each["records"][0] for each in events if each["records"] and not each["name"].endswith(REFUSED))
    return tuple(dict.fromkeys(map(UUID, first)))


def _records(events: list[dict[str, Any]]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys(UUID(record) for each in events for record in each["records"] or ()))


def _refused(events: list[dict[str, Any]]) -> frozenset[str]:
    """Return records that were kept from whoever asked: refused by name, or never told of."""
    kept = [each for each in events if each["name"].endswith(REFUSED)]
    named = {record for each in kept for record in each["records"] or ()}
    return frozenset(
        named | {f"number {one}" for each in kept for one in (each.get("details") or {}).get("numbers") or ()}
    )


def _filter(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the names and values of an auditor's filter, as it stands written in the entry (docs/auditing.md)."""
    given = (event.get("details") or {}).get("filter")
    text = given.get("filter") if isinstance(given, dict) else None
    return _TERM.findall(_QUOTED.sub("", text)) if isinstance(text, str) else []


def _officers(readings: list[dict[str, Any]]) -> frozenset[UUID]:
    named = (
        one for each in readings for name, values in _filter(each) if name == "officer" for one in values.split(",")
    )
    return frozenset(found for each in named if (found := _uuid(each)))


def _uuid(text: str) -> UUID | None:
    try:
        return read_public_id("officer", text)
    except (InputRefused, NotFound):
        return None


def _form(readings: list[dict[str, Any]]) -> str:
    """Return by what the log was filtered, as names: what it was filtered for is not compared."""
    forms = [
        " ".join(sorted({name.removeprefix("-") for name, _ in _filter(each)})) or "everything" for each in readings
    ]
    return forms[0] if forms else ""
