"""Log entries as an auditor sees them: what the log keeps sealed is opened again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.audit import sealed
from registry.core.db import dumps
from registry.core.ids import public_id
from registry.core.sealing import Sealer


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
    officer_id: str | None
    officer_reference: str | None
    purpose: str | None
    case_reference: str | None
    legal_basis: str | None
    token_id: str | None
    source: str | None
    document: str | None
    fields: tuple[str, ...]
    events: tuple[EventView, ...]
    milliseconds: float


def entry(row: Mapping[Any, Any], sealer: Sealer) -> EntryView:
    """Return the view of an entry. Criteria whose key is gone say so in their place."""
    body = row["body"]
    plain = {
        name: row[name]
        for name in ("index", "at", "kind", "operation", "outcome", "code", "request_id", "client", "agency",
                     "officer_reference", "purpose", "case_reference", "legal_basis", "token_id", "source", "document")
    }  # fmt: skip
    return EntryView(
        **plain,
        officer_id=public_id("officer", row["officer"]) if row["officer"] else None,
        fields=tuple(body["fields"]),
        events=tuple(_event(each, sealer) for each in body["events"]),
        milliseconds=body["microseconds"] / 1000,
    )


def _event(event: dict[str, Any], sealer: Sealer) -> EventView:
    profiles = tuple(public_id("profile", UUID(each)) for each in event["records"])
    return EventView(event["name"], profiles, dumps(sealed.opened(event["details"], sealer)))
