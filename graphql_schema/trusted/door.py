"""Whether a request's document is let in: asked with its live state, so a withdrawal counts from the next request on.

    door.admit(exchange, actor, by_id=False)                 lets it in, marks it, or raises
    door.approved_text(connection, exchange, digest)         once for each document and worker; it is kept after that

The table stands in registry/documents/admission.py.
"""

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor
from graphql_schema.exchange import Exchange
from registry.audit.events import Event
from registry.core.metrics import UNTRUSTED
from registry.core.telemetry import log
from registry.documents import queries
from registry.documents.admission import Admission, admission, not_trusted, unknown


def admit(exchange: Exchange, actor: Actor, *, by_id: bool) -> None:
    """Let a document in; one that require would refuse is marked in the entry, and counted.

    Raises NotFound (DOCUMENT_UNKNOWN), Forbidden (DOCUMENT_NOT_TRUSTED).
    """
    how = admission(actor.documents, is_approved=actor.is_approved, by_id=by_id)
    if how is Admission.UNKNOWN:
        raise unknown()
    if how is Admission.REFUSED:
        raise not_trusted()
    if how is Admission.MARKED and not exchange.noted:  # of a stream the first turn counts
        UNTRUSTED.inc()
        log.info("untrusted", request_id=exchange.request_id, client=actor.client, document=exchange.entry.document)
        exchange.noted = (Event("document:untrusted", details={"document": exchange.entry.document}),)


def approved_text(connection: Connection, exchange: Exchange, digest: str) -> str:
    """Return the text of a document that this client may send. Raises NotFound (DOCUMENT_UNKNOWN), Unauthenticated."""
    assert exchange.claims is not None
    actor = directory.actor(connection, exchange.claims, exchange.entry.at, digest)
    exchange.learn_of(actor)
    admit(exchange, actor, by_id=True)
    text = queries.text(connection, digest)
    assert text is not None  # it is approved, and no row is ever deleted
    return text
