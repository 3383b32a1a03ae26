"""A client's document, proposed by its agency and let in by another chain of command."""

from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Role
from registry.documents import operations
from registry.documents.approval import Question
from registry.documents.intake import Asked
from registry.documents.views import DocumentView
from tests.factories import CLIENT, MOMENT, actor, work

TEXT = "query Find($c: SearchCriteriaInput!) { search(criteria: $c, first: 5) { edges { cursor } } }"
QUESTION = Question("Find", "query", ("HitConnection.edges", "Query.search"), ("profile:search",), 15)


def asked(**changes: str) -> Asked:
    """Return a good proposal with parts of it changed."""
    usual = {"client": CLIENT, "name": "DEMO find", "text": TEXT, "reason": "An invented reason"}
    return Asked(**usual | changes)


def read(_text: str) -> tuple[Question, ...]:
    """Say what a text asks, as the roof would."""
    return (QUESTION,)


def proposed(connection: Connection, *, now: Any = MOMENT, **changes: str) -> DocumentView:
    """Propose a document by a registrar of the client's agency."""
    return operations.propose(work(connection, actor(connection, role=Role.REGISTRAR), now), asked(**changes), read)


def approved(connection: Connection, **changes: str) -> DocumentView:
    """Bring a document into being."""
    view = proposed(connection, **changes)
    return operations.approve(work(connection, actor(connection, role=Role.SUPERVISOR)), identifier(view))


def identifier(view: DocumentView) -> UUID:
    """Return a document's id."""
    return read_public_id("document", view.id)
