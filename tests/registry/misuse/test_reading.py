"""An auditor's own reading is looked at too: by which names they filtered, and whose entries they read."""

from uuid import UUID

import pytest

from registry.core.ids import public_id
from registry.misuse import reading
from registry.oversight import filters
from tests.factories import EDITION
from tests.registry.misuse.invented import AGENCY, MOMENT, OFFICER, OTHER

WHO = f"officer:{public_id('officer', OFFICER)},{public_id('officer', OTHER)}"


@pytest.mark.parametrize(("text", "form", "officers"), [
    (f"{WHO} since:2026-11-01", "officer since", {OFFICER, OTHER}),
    ('case:"officer:nobody x" -outcome:allowed "agency:a"', "case outcome", set()),
    (f"-{WHO}", "officer", set()),
    ("", "everything", set()),
], ids=["two officers", "quoted", "all but two", "nothing"])  # fmt: skip
def test_whose_entries_an_auditor_read_is_told_by_the_filter_as_the_log_keeps_it(
    text: str, form: str, officers: set[UUID]
) -> None:
    told = {"filter": filters.read(text, EDITION).to_json()}
    columns = dict.fromkeys(("purpose", "case_reference", "source", "country", "justification"))
    row = columns | {
        "index": 0, "at": MOMENT, "officer": OFFICER, "agency": AGENCY, "outcome": "allowed",
        "body": {"events": [{"name": "log:read", "records": [], "details": told}]},
    }  # fmt: skip

    found = reading.access(row, {}, "KE")

    assert (found.reads_by, set(found.reads_officers)) == (form, officers)
