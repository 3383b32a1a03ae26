"""Trusted documents as they may leave the room. Nothing in them is about a person. Pure."""

from dataclasses import dataclass
from datetime import datetime

from registry.core.ids import public_id
from registry.documents.approval import Question, TrustedDocument, identifier


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A trusted document."""

    id: str
    client: str
    document_id: str
    """What a request names it by: ``sha256:…``."""
    name: str
    text: str
    state: str
    reason: str
    proposed_by: str
    proposed_agency: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    withdrawn_why: str | None
    operations: tuple[Question, ...]


def document(found: TrustedDocument) -> DocumentView:
    """Return the view of a document."""
    return DocumentView(
        id=public_id("document", found.id), client=found.client, document_id=identifier(found.sha256), name=found.name,
        text=found.text, state=found.state.value, reason=found.reason,
        proposed_by=public_id("officer", found.proposed_by), proposed_agency=found.proposed_agency,
        proposed_at=found.proposed_at,
        decided_by=public_id("officer", found.decided_by) if found.decided_by else None, decided_at=found.decided_at,
        note=found.note, withdrawn_by=public_id("officer", found.withdrawn_by) if found.withdrawn_by else None,
        withdrawn_at=found.withdrawn_at, withdrawn_why=found.withdrawn_why, operations=found.questions,
    )  # fmt: skip
