"""Decoys and alarms as administrators see them. Nothing in them is about a person. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from registry.core.ids import public_id
from registry.decoys.decoy import Decoy


@dataclass(frozen=True, slots=True)
class DecoyView:
    """A decoy, and who let it in."""

    id: str
    profile_id: str
    state: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    ended_by: str | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm, and who asked. For whom they asked stands in the entry, which auditors read."""

    id: str
    at: datetime
    kind: str
    entry: int
    client: str | None
    agency: str | None
    officer_reference: str | None
    purpose: str | None
    case_reference: str | None
    operation: str
    outcome: str


def _officer(identifier: UUID | None) -> str | None:
    return public_id("officer", identifier) if identifier else None


def decoy(found: Decoy) -> DecoyView:
    """Return the view of a decoy."""
    return DecoyView(
        public_id("decoy", found.id), public_id("profile", found.profile), found.state.value, found.reason,
        public_id("officer", found.proposed_by), found.proposed_at, _officer(found.decided_by), found.decided_at,
        _officer(found.ended_by), found.ended_at,
    )  # fmt: skip


def alarm(row: Mapping[str, Any]) -> AlarmView:  # Any: a column's value
    """Return the view of an alarm."""
    values = dict(row)
    return AlarmView(id=public_id("alarm", values.pop("id")), **values)
