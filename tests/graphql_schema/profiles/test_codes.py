"""A rule that the register may find broken is told as a userError: its code stands in the mutation's own enum."""

from pathlib import Path

import pytest

from graphql_schema.profiles import mutations
from registry.core import partial_dates
from registry.disclosure import handling
from registry.photographs import operations as photograph_operations, queries as photograph_queries
from registry.profiles import coherence, intake, kinds, markings, standing, vetting
from registry.profiles.operations import deciding, duplicates, proposing, text
from tests.registry.test_errors_page import codes_of

THE_SCHEMAS = frozenset({
    "CONVICTION_MALFORMED", "FIELD_UNKNOWN", "FLAG_MALFORMED", "HANDLE_MALFORMED", "IDENTIFIER_MALFORMED",
    "LEGAL_BASIS_MISSING", "PART_MALFORMED", "RECORD_MALFORMED",
})  # fmt: skip
"""What only an import can break: of a client's input the schema refuses it before the record is read."""
PROPOSALS_OWN = frozenset({"NOT_PROPOSER"})
"""Of withdrawing only."""


def raised(*modules: object) -> frozenset[str]:
    """Return the codes that stand in modules."""
    return frozenset(code for each in modules for code in codes_of(Path(str(each.__file__)).read_text("utf-8")))  # type: ignore[attr-defined]


RECORD = raised(kinds, markings, handling, intake, coherence, partial_dates, text) - THE_SCHEMAS


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (RECORD, mutations.RECORD_CODES),
        (RECORD | raised(proposing, standing, photograph_queries), mutations.CHANGE_CODES),
        (RECORD | raised(duplicates), mutations.NEW_CODES),
        (raised(coherence, vetting, deciding, duplicates) - PROPOSALS_OWN, mutations.APPROVAL_CODES),
        (raised(text) - {"ORDER_MISSING", "TEXT_MALFORMED"}, mutations.PAIR_CODES),
        (raised(photograph_operations), mutations.UPLOAD_CODES),
    ],
    ids=["record", "change", "new", "approval", "pair", "upload"],
)
def test_every_code_that_may_be_found_stands_in_the_mutations_enum(found: frozenset[str], told: frozenset[str]) -> None:
    assert found - told == set()
