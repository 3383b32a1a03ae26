"""Use cases of what was seen: an answer of the past, made again for an auditor who says why.

    seen = see(work, 4711, "Complaint 7/2026 about this officer", again)
    seen.proof, seen.answer          "exact", the very bytes that the client got
    seen.records[0].differs          ("phones",)

``again`` executes a document in the Work that it is handed, whose use cases are answered from the entry (answering.py):
the roof knows how. Where what comes out has the digest that the entry keeps, exactly this was shown; where it has not,
or where something is gone, it is said so, record by record.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from registry.audit import erasing, sealed
from registry.audit.erasing import EntryErased
from registry.core.errors import NotFound
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Action
from registry.documents import queries as documents
from registry.profiles.operations.text import sentence
from registry.seen import comparing, queries
from registry.seen.answering import Again
from registry.seen.comparing import SeenRecord
from registry.seen.kept import ASKED, Gone, Past, digest_of
from registry.work import Work, operation


class Proof(StrEnum):
    """How sure it is that this was shown."""

    EXACT = "exact"
    """The whole answer was made again and has the digest that the entry keeps."""
    DIFFERS = "differs"
    """It was made again, and has not: entry, register, policy or program are not what they were."""
    UNPROVED = "unproved"
    """It could not be made again as a whole, or no digest is kept: ``why`` says so. Values stand for what is kept."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, to the letter."""

    text: str
    name: str | None
    variables: dict[str, Any]


Execute = Callable[[Work, Asked], bytes]
"""Executes a document in a Work, and returns the bytes of ``data``."""


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer of the past."""

    index: int
    at: datetime
    officer_id: str | None
    officer_reference: str | None
    agency: str | None
    purpose: str | None
    case_reference: str | None
    proof: str
    """A value of Proof."""
    why: str | None
    """Why it is not proved (kept.CODES)."""
    answer: str | None
    """The answer's ``data``, to the byte, where it is proved."""
    records: tuple[SeenRecord, ...]


@operation(Action.LOG_SEE)
def see(work: Work, index: int, reason: str, execute: Execute) -> Seen:
    """Make again what an entry's officer was shown. This is an entry too, about the same persons.

    Raises NotFound, EntryErased, InputRefused (REASON_MALFORMED).
    """
    work.require(Action.LOG_SEE)
    said = sentence(reason)
    row = queries.entry(work.connection, index)
    if row is None and queries.has_leaf(work.connection, index):
        raise EntryErased(index)
    if row is None:
        raise NotFound("There is no such entry.", field="index", remedy="registry audit list shows entries.")
    past = Past(work, row)
    proof, why, answer = _proved(past, execute)
    shown = tuple(dict.fromkeys(each for event in past.shown for each in event.records))
    rows = comparing.today(past, shown)
    records = tuple(
        comparing.of_record(past, event, place, rows)
        for event in past.shown for place in range(_records(event.name, event.records))
    )  # fmt: skip
    work.record("log:seen", shown, index=index, proof=proof.value, **({"why": why} if why else {}),
                reason=work.closed(reason=said))  # fmt: skip
    return Seen(
        index, past.at, row["officer"] and public_id("officer", row["officer"]), row["officer_reference"],
        row["agency"], row["purpose"], row["case_reference"], proof.value, why, answer, records,
    )  # fmt: skip


def _records(name: str, records: tuple[UUID, ...]) -> int:
    """Return how many records an event showed: one that was read by the id of another names both."""
    return min(len(records), 1) if name.startswith("profile:read") else len(records)


@operation(Action.LOG_SEE)
def see_at(work: Work, officer: UUID, at: datetime, reason: str, execute: Execute) -> Seen:
    """Make again the last answer that an officer had got by a moment. Raises NotFound, InputRefused."""
    work.require(Action.LOG_SEE)
    index = queries.last_answered(work.connection, officer, at)
    if index is None:
        raise NotFound(
            "This officer had got no answer by then.", field="at", remedy="registry audit list shows entries."
        )
    return see(work, index, reason, execute)


def _proved(past: Past, execute: Execute) -> tuple[Proof, str | None, str | None]:
    """Make the whole answer again, and compare its digest with the one that is kept."""
    kept, work, again = past.digest, past.work, Again(past)
    then = Work(work.connection, past.actor(), past.at, work.edition, work.sealer, past=again)
    try:
        asked = _asked(past)
        data = execute(then, asked)
    except Gone as gone:
        return Proof.UNPROVED, gone.code, None
    if again.failed:
        return Proof.UNPROVED, again.failed[0], None
    if digest_of(data, work.sealer) != kept:
        return Proof.DIFFERS, None, None
    return Proof.EXACT, None, data.decode()


def _asked(past: Past) -> Asked:
    """Return what was asked. Raises Gone."""
    if erasing.missing(past.row) & {"records", "details", "document", "officer"}:
        raise Gone("ENTRY_ERASED")
    if past.digest is None:
        raise Gone("DIGEST_NOT_KEPT")
    details = next(each.details for each in past.events if ASKED in each.details)
    told = sealed.opened(details, past.work.sealer)[ASKED]
    text = told.get("text") or documents.text(past.work.connection, past.row["document"])
    try:
        variables = orjson.loads(told.get("variables", ""))
    except orjson.JSONDecodeError:  # its key is gone, or it was altered
        variables = None
    if text is None or not isinstance(variables, dict):
        raise Gone("DOCUMENT_NOT_KEPT")
    return Asked(text, told.get("name") or None, variables)
