"""Use cases of trusted documents: the client's agency proposes, an officer of another chain decides.

propose            a text for a client of one's own agency
approve, reject    the second officer's word
withdraw           one officer closes again; it counts from the next request on
list_documents     what clients may ask, with the cost of each
"""

from dataclasses import dataclass
from uuid import UUID

from auth import directory
from auth.four_eyes import Step
from registry.core.errors import NotFound
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Action
from registry.documents import approval, intake, queries, views
from registry.documents.approval import TrustedDocument
from registry.documents.intake import Asked, Reader
from registry.documents.queries import DocumentFilter
from registry.documents.views import DocumentView
from registry.profiles.operations.text import sentence
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One page of documents, oldest first."""

    documents: tuple[DocumentView, ...]
    last: UUID | None
    has_next: bool


@operation(Action.DOCUMENT_PROPOSE)
def propose(work: Work, asked: Asked, read: Reader) -> DocumentView:
    """Propose a document for a client of one's own agency; ``read`` says what it asks.

    Raises NotFound for a client of elsewhere, Conflict (DOCUMENT_PROPOSED_ALREADY), InputRefused, LimitExceeded.
    """
    officer = work.require(Action.DOCUMENT_PROPOSE)
    client = directory.client(work.connection, asked.client)
    if client is None or client.agency != work.actor.agency:
        raise NotFound("No such client.", field="client")
    document = TrustedDocument(
        id=new_id(), client=client.id, sha256=approval.digest(asked.text), name=intake.name(asked), text=asked.text,
        reason=sentence(asked.reason), questions=read(asked.text), proposed_by=officer.id,
        proposed_agency=work.actor.agency, proposed_chain=officer.chain,
        proposed_for=tuple(sorted(work.acts_for())), proposed_at=work.now,
    )  # fmt: skip
    queries.add(work.connection, document)
    _record(work, "document:proposed", document)
    return views.document(document)


@operation(Action.DOCUMENT_DECIDE)
def approve(work: Work, identifier: UUID) -> DocumentView:
    """Let a client send what an officer of another chain proposed.

    Raises NotFound, Forbidden (OWN_PROPOSAL, SAME_CHAIN), Conflict (DOCUMENT_STATE).
    """
    work.require(Action.DOCUMENT_DECIDE)
    return _decided(work, identifier, Step.APPROVE, None)


@operation(Action.DOCUMENT_DECIDE)
def reject(work: Work, identifier: UUID, note: str) -> DocumentView:
    """Refuse what an officer of another chain proposed, and say why. Raises as ``approve``, and InputRefused."""
    work.require(Action.DOCUMENT_DECIDE)
    return _decided(work, identifier, Step.REJECT, sentence(note, "note"))


@operation(Action.DOCUMENT_PROPOSE)
def withdraw(work: Work, identifier: UUID, reason: str) -> DocumentView:
    """Take a document back, proposed or approved.

    Raises NotFound, Forbidden, Conflict (DOCUMENT_STATE), InputRefused.
    """
    work.require(Action.DOCUMENT_PROPOSE)
    before = _found(work, identifier)
    now = approval.withdrawn(before, sentence(reason), by=work.actor, at=work.now)
    queries.put(work.connection, before, now)
    _record(work, "document:withdrawn", now)
    return views.document(now)


@operation(Action.DOCUMENT_READ)
def list_documents(work: Work, chosen: DocumentFilter, *, after: UUID | None, limit: int) -> DocumentPage:
    """Return documents, oldest first."""
    work.require(Action.DOCUMENT_READ)
    found = queries.listed(work.connection, chosen, after=after, limit=limit + 1)
    shown = found[:limit]
    work.record("documents:listed", filter=chosen.to_json(), documents=[each.sha256 for each in shown])
    return DocumentPage(tuple(map(views.document, shown)), shown[-1].id if shown else None, len(found) > limit)


def _decided(work: Work, identifier: UUID, step: Step, note: str | None) -> DocumentView:
    before = _found(work, identifier)
    assert work.actor.officer is not None
    acts_for = work.acts_for()
    now = approval.decided(before, step, by=work.actor, at=work.now, note=note, acts_for=acts_for)
    queries.put(work.connection, before, now)
    _record(work, f"document:{now.state.value}", now)
    return views.document(now)


def _found(work: Work, identifier: UUID) -> TrustedDocument:
    found = queries.by_id(work.connection, identifier)
    if found is None:
        raise NotFound("No such document.", field="trustedDocumentId")
    return found


def _record(work: Work, event: str, document: TrustedDocument) -> None:
    work.record(event, document=str(document.id), client=document.client, sha256=document.sha256)
