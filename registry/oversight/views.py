"""Log entries as an auditor sees them: masked, or with a stated reason whole and what the log keeps sealed opened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.audit import erasing, sealed
from registry.core.db import dumps
from registry.core.ids import public_id
from registry.core.sealing import Sealer
from registry.oversight.masking import Mask
from registry.oversight.queries import plain_texts


@dataclass(frozen=True, slots=True)
class EventView:
    """One thing the operation did. ``details`` is JSON text."""

    name: str
    profile_ids: tuple[str, ...]
    details: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the log."""

    index: int
    at: datetime
    kind: str
    operation: str
    outcome: str
    code: str | None
    request_id: str
    client: str | None
    agency: str | None
    country: str | None
    officer_id: str | None
    officer_reference: str | None
    on_behalf_of: tuple[str, ...]
    attribution: str | None
    purpose: str | None
    case_reference: str | None
    legal_basis: str | None
    justification: str | None
    policy: str | None
    program: str | None
    token_id: str | None
    source: str | None
    document: str | None
    fields: tuple[str, ...]
    events: tuple[EventView, ...]
    milliseconds: float
    erased: tuple[str, ...]
    """Fields that were erased by law."""
    is_masked: bool


_PLAIN = (
    "index", "at", "kind", "operation", "outcome", "code", "request_id", "client", "agency", "country",
    "officer_reference", "attribution", "purpose", "case_reference", "legal_basis", "policy", "program", "token_id",
    "source", "document",
)  # fmt: skip


def entry(row: Mapping[Any, Any], sealer: Sealer, mask: Mask | None = None) -> EntryView:
    """Return the view of an entry; without a mask it is whole. Criteria whose key is gone say so in their place."""
    body, why = row["body"], row["justification"]
    return EntryView(
        **{name: row[name] for name in _PLAIN},
        officer_id=public_id("officer", row["officer"]) if row["officer"] else None,
        on_behalf_of=tuple(public_id("officer", UUID(each)) for each in (row["on_behalf_of"] or "").split()),
        justification=mask.text(why) if mask and why else why,
        fields=tuple(body["fields"] or ()),
        events=tuple(_event(each, sealer, mask) for each in body["events"]),
        milliseconds=body["microseconds"] / 1000,
        erased=tuple(sorted(erasing.missing(row))),
        is_masked=mask is not None,
    )


def _event(event: dict[str, Any], sealer: Sealer, mask: Mask | None) -> EventView:
    seen = [UUID(each) for each in event["records"] or ()]
    details = event["details"] or {}
    if mask is not None:
        return EventView(event["name"], tuple(map(mask.profile, seen)), dumps(mask.details(details)))
    profiles = tuple(public_id("profile", each) for each in seen)
    return EventView(event["name"], profiles, dumps(sealed.opened(details, sealer)))


def every_text(row: Mapping[Any, Any], sealer: Sealer) -> Iterator[str]:
    """Yield all that an entry says, what is sealed as well: for words that an auditor with a reason looks for."""
    yield from plain_texts(row)
    if row["justification"]:
        yield row["justification"]
    for event in row["body"]["events"]:
        yield from _leaves(sealed.opened(event["details"] or {}, sealer))


def _leaves(value: Any) -> Iterator[str]:  # Any: JSON
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _leaves(each)
        case dict():
            for each in value.values():
                yield from _leaves(each)
        case _:
            pass
