"""What may become of a trusted document, and who decides. Pure.

    proposed ── approve ──▶ approved    by an officer of another chain: the client may send it, from the next request on
        │       reject ───▶ rejected
        └────── withdraw ─▶ withdrawn   ◀── withdraw ── approved      one officer is enough: closing takes one

A text is known by what it is, to the byte: ``sha256:`` and 64 hex digits, as the appendix on persisted documents of
GraphQL over HTTP has it. One that ended may be proposed anew, and is then decided on anew.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from uuid import UUID

from auth.actor import Actor
from auth.four_eyes import DECIDED, FourEyes, State, Step, check_second
from registry.core.errors import Conflict, Forbidden

PREFIX = "sha256:"
_IDENTIFIER = re.compile(r"sha256:[0-9a-f]{64}")


STATES: Mapping[tuple[State, Step], State] = MappingProxyType({
    **DECIDED,
    (State.APPROVED, Step.WITHDRAW): State.WITHDRAWN,
})  # fmt: skip
"""What a step makes of a document. A cell that isn't here is refused."""


@dataclass(frozen=True, slots=True)
class Question:
    """One operation of a document, as whoever decides is told of it."""

    name: str | None
    kind: str
    """``query``, ``mutation`` or ``subscription``."""
    fields: tuple[str, ...]
    """Every ``Type.field`` that it selects."""
    permissions: tuple[str, ...]
    """What an officer needs for it; the document gives nobody a permission."""
    cost: int
    """Points, with a page of the longest where a variable says how long."""

    @property
    def title(self) -> str:
        """Kind and name: ``query Find``."""
        return f"{self.kind} {self.name}" if self.name else self.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustedDocument(FourEyes):
    """A text that a client may send, or is to be allowed to."""

    id: UUID
    client: str
    sha256: str
    """Of the text in UTF-8, in hex."""
    name: str
    text: str
    questions: tuple[Question, ...]
    """What it asks, as it was when it was proposed."""
    state: State = State.PROPOSED
    reason: str
    withdrawn_by: UUID | None = None
    withdrawn_at: datetime | None = None
    withdrawn_why: str | None = None


def digest(text: str) -> str:
    """Return the SHA-256 of a text in hex."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def identifier(digest: str) -> str:
    """Return what a request names a document by."""
    return PREFIX + digest


def read_identifier(text: str) -> str | None:
    """Return the SHA-256 that an identifier names; None when it is none."""
    return text.removeprefix(PREFIX) if _IDENTIFIER.fullmatch(text) else None


def after(document: TrustedDocument, step: Step) -> State:
    """Return what a step makes of a document. Raises Conflict (DOCUMENT_STATE)."""
    made = STATES.get((document.state, step))
    if made is None:
        raise Conflict(f"A document that is {document.state.value} can't be taken further so.", code="DOCUMENT_STATE",
                       remedy="Look again; one that ended is proposed anew.")  # fmt: skip
    return made


def decided(
    document: TrustedDocument, step: Step, *, by: Actor, at: datetime, note: str | None, acts_for: frozenset[UUID]
) -> TrustedDocument:
    """Return the document as a second officer decides.

    Raises Conflict (DOCUMENT_STATE), Forbidden (OWN_PROPOSAL, SAME_CHAIN).
    """
    state = after(document, step)
    check_second(document, by, acts_for)
    assert by.officer is not None  # require() has seen to it
    return replace(document, state=state, decided_by=by.officer.id, decided_at=at, note=note)


def withdrawn(document: TrustedDocument, why: str, *, by: Actor, at: datetime) -> TrustedDocument:
    """Return the document as withdrawn: by the client's own agency, or by the officer who let it in.

    Raises Conflict (DOCUMENT_STATE), Forbidden.
    """
    state = after(document, Step.WITHDRAW)
    assert by.officer is not None
    if by.agency != document.proposed_agency and by.officer.id != document.decided_by:
        raise Forbidden("The client's own agency withdraws its documents, or the officer who approved them.",
                        remedy="Ask one of these.")  # fmt: skip
    return replace(document, state=state, withdrawn_by=by.officer.id, withdrawn_at=at, withdrawn_why=why)
