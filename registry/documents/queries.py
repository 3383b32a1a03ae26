"""Every SELECT and write on trusted documents. The statements are the same on both databases."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.four_eyes import State
from auth.models import trusted_documents as table
from auth.once import insert_once
from registry.core.errors import Conflict
from registry.documents.approval import Question, TrustedDocument

_FIELDS = tuple(each.name for each in fields(TrustedDocument))
_COLUMNS = tuple(table.c[name] for name in _FIELDS)


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Which documents; what is not given does not limit."""

    client: str | None = None
    state: State | None = None
    is_impersonal: ClassVar[bool] = True

    def to_json(self) -> dict[str, object]:
        """Return the filter for the log and for cursors."""
        return {"client": self.client, "state": self.state.value if self.state else None}


# -- reading


def text(connection: Connection, digest: str) -> str | None:
    """Return the text of a digest. Whether a client may send it is another question, asked with its live state."""
    found: str | None = connection.execute(_TEXT, {"digest": digest}).scalar()
    return found


_TEXT = sa.select(table.c.text).where(table.c.sha256 == sa.bindparam("digest")).limit(1)


def by_id(connection: Connection, identifier: UUID) -> TrustedDocument | None:
    """Return one document."""
    row = connection.execute(sa.select(*_COLUMNS).where(table.c.id == identifier)).mappings().first()
    return _document(row) if row else None


def listed(
    connection: Connection, chosen: DocumentFilter, *, after: UUID | None, limit: int
) -> list[TrustedDocument]:  # fmt: skip
    """Return documents in the order of their making."""
    statement = sa.select(*_COLUMNS).order_by(table.c.id).limit(limit)
    if chosen.client is not None:
        statement = statement.where(table.c.client == chosen.client)
    if chosen.state is not None:
        statement = statement.where(table.c.state == chosen.state.value)
    if after is not None:
        statement = statement.where(table.c.id > after)
    return [_document(row) for row in connection.execute(statement).mappings()]


def approved(connection: Connection) -> Sequence[TrustedDocument]:
    """Return every approved document, by client and name: what the catalogue shows."""
    statement = sa.select(*_COLUMNS).where(table.c.state == State.APPROVED.value)
    ordered = statement.order_by(table.c.client, table.c.name, table.c.id)
    return [_document(row) for row in connection.execute(ordered).mappings()]


def count_approved(connection: Connection, client: str) -> int:
    """Return how many documents a client may send."""
    chosen = (table.c.client == client, table.c.state == State.APPROVED.value)
    return int(connection.execute(sa.select(sa.func.count()).select_from(table).where(*chosen)).scalar_one())


def _document(row: sa.RowMapping) -> TrustedDocument:
    values: dict[str, Any] = dict(row)  # Any: a column's value
    return TrustedDocument(**values | {
        "state": State(values["state"]), "proposed_for": tuple(UUID(each) for each in values["proposed_for"]),
        "questions": tuple(
            Question(each["name"], each["kind"], tuple(each["fields"]), tuple(each["permissions"]), each["cost"])
            for each in values["questions"]
        ),
    })  # fmt: skip


# -- writing


def add(connection: Connection, document: TrustedDocument) -> None:
    """Insert a document. Raises Conflict (DOCUMENT_PROPOSED_ALREADY) while the same text is open for the client."""
    if not insert_once(connection, table, **_stored(document)):
        raise Conflict("This text is proposed or approved for the client already.", code="DOCUMENT_PROPOSED_ALREADY",
                       remedy="Look at the client's documents.")  # fmt: skip


def put(connection: Connection, before: TrustedDocument, now: TrustedDocument) -> None:
    """Write what has become of a document. Raises Conflict (DOCUMENT_STATE) when somebody else was faster."""
    same = (table.c.id == before.id, table.c.state == before.state.value)
    if connection.execute(table.update().where(*same).values(_stored(now))).rowcount != 1:
        raise Conflict("This document has been taken further meanwhile.", code="DOCUMENT_STATE", remedy="Look again.")


def _stored(document: TrustedDocument) -> dict[str, Any]:
    values = {name: getattr(document, name) for name in _FIELDS}
    return values | {
        "state": document.state.value, "proposed_for": [str(each) for each in document.proposed_for],
        "questions": [asdict(each) for each in document.questions],
    }  # fmt: skip
