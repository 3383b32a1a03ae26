"""Which documents are let in: the whole table."""

from itertools import product

import pytest

from auth.actor import Documents
from registry.core.errors import Forbidden, NotFound
from registry.documents import admission
from registry.documents.admission import Admission

TABLE = {
    (Documents.OFF, "by id, approved"): Admission.TRUSTED,
    (Documents.OFF, "by id, not approved"): Admission.UNKNOWN,
    (Documents.OFF, "as text, approved"): Admission.TRUSTED,
    (Documents.OFF, "as text, not approved"): Admission.FREE,
    (Documents.LOG, "by id, approved"): Admission.TRUSTED,
    (Documents.LOG, "by id, not approved"): Admission.UNKNOWN,
    (Documents.LOG, "as text, approved"): Admission.TRUSTED,
    (Documents.LOG, "as text, not approved"): Admission.MARKED,
    (Documents.REQUIRE, "by id, approved"): Admission.TRUSTED,
    (Documents.REQUIRE, "by id, not approved"): Admission.UNKNOWN,
    (Documents.REQUIRE, "as text, approved"): Admission.TRUSTED,
    (Documents.REQUIRE, "as text, not approved"): Admission.REFUSED,
}


@pytest.mark.parametrize(
    ("mode", "by_id", "is_approved"), list(product(Documents, (True, False), (True, False))), ids=str
)  # fmt: skip
def test_a_document_is_let_in_as_the_table_says(mode: Documents, *, by_id: bool, is_approved: bool) -> None:
    sent = f"{'by id' if by_id else 'as text'}, {'approved' if is_approved else 'not approved'}"

    assert admission.admission(mode, is_approved=is_approved, by_id=by_id) is TABLE[mode, sent]


def test_unknown_looks_like_nothing_else_and_a_refusal_counts_as_denied() -> None:
    unknown, refused = admission.unknown(), admission.not_trusted()

    assert (type(unknown), unknown.code, unknown.field) == (NotFound, "DOCUMENT_UNKNOWN", "documentId")
    assert (type(refused), refused.code) == (Forbidden, "DOCUMENT_NOT_TRUSTED")
    assert unknown.remedy
    assert refused.remedy
