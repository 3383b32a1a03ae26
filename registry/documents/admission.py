"""Whether the document of a request is let in, by its client's mode. Pure.

    mode      sent by its id, approved   by its id, not approved   as text, approved   as text, not approved
    off       in                         DOCUMENT_UNKNOWN          in                  in
    log       in                         DOCUMENT_UNKNOWN          in                  in, marked and counted
    require   in                         DOCUMENT_UNKNOWN          in                  DOCUMENT_NOT_TRUSTED

Unknown, of another client, proposed, rejected and withdrawn are told alike. The mode changes what is let in, never what
is answered: each field asks its permission as before.
"""

from enum import StrEnum

from auth.actor import Documents
from registry.core.errors import Forbidden, NotFound


class Admission(StrEnum):
    """How a document was let in, or why not; the label of the metric."""

    TRUSTED = "trusted"
    FREE = "free"
    """Not approved, and nobody asks for that."""
    MARKED = "marked"
    """Not approved, let in and noted: require would refuse it."""
    REFUSED = "refused"
    UNKNOWN = "unknown"


_AS_TEXT = {
    Documents.OFF: Admission.FREE,
    Documents.LOG: Admission.MARKED,
    Documents.REQUIRE: Admission.REFUSED,
}


def admission(mode: Documents, *, is_approved: bool, by_id: bool) -> Admission:
    """Look a request up in the table."""
    if is_approved:
        return Admission.TRUSTED
    return Admission.UNKNOWN if by_id else _AS_TEXT[mode]


def unknown() -> NotFound:
    """Say that an id names no document of this client: always in the same words."""
    return NotFound("names no document that this client may send.", code="DOCUMENT_UNKNOWN", field="documentId",
                    remedy="Send the id of an approved document of your own.")  # fmt: skip


def not_trusted() -> Forbidden:
    """Say that this client may send approved documents only."""
    return Forbidden("This client may send approved documents only.", code="DOCUMENT_NOT_TRUSTED", field="query",
                     remedy="Have the document approved (trustedDocumentPropose).")  # fmt: skip
