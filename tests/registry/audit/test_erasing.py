"""What is left of an entry when fields of it are erased: the same commitment, every other field, and nothing else."""

from typing import Any
from uuid import UUID

import orjson
import pytest

from registry.audit import erasing
from registry.audit.commitments import SALT_LENGTH, commitment, is_of
from registry.audit.erasing import EntryErased, Erasure
from registry.audit.events import Event
from registry.audit.forms import FORMS
from registry.audit.models import entries
from registry.audit.spelling import committed
from registry.core.errors import InputRefused
from registry.enrolment import intake
from registry.enrolment.act import Kind
from registry.enrolment.intake import Handed
from tests.factories import EDITION, entry

SALT = bytes(range(SALT_LENGTH))


def row(v: int = 2, **changes: Any) -> dict[str, Any]:
    """Return an entry as the table holds it."""
    given = entry(
        officer=UUID(int=1), officer_reference="DEMO/1", source="192.0.2.7", fields=("Profile.names",),
        events=(Event("profile:searched", (UUID(int=7),), {"criteria": {"name": "Juma"}}), Event("profile:read")),
    )  # fmt: skip
    made = committed(given)
    columns = dict(zip([column.name for column in entries.c], (4711, *made.columns), strict=True))
    return columns | {"body": orjson.loads(made.body), "salt": SALT, "v": v} | changes


@pytest.mark.parametrize("v", list(FORMS))
def test_each_field_that_may_go_goes_alone_and_with_all_others(v: int) -> None:
    whole = row(v)
    leaf, every = commitment(whole, SALT), erasing.erasable(v)

    for names in [[each] for each in every] + [every]:
        left = whole | erasing.erased(whole, names)

        assert erasing.holds(left, leaf)
        assert not erasing.holds(left, bytes(32))
        assert erasing.missing(left) == set(names)
        assert left["salt"] is None
        others = set(FORMS[v].names) - set(names)
        opening = erasing.opened(left, others)
        assert is_of(opening, leaf)
        assert {name: each.value for name, each in opening.shown.items()} == {
            name: each.value for name, each in erasing.opened(whole, others).shown.items()
        }


def test_what_is_erased_twice_is_erased_of_both() -> None:
    whole = row()
    once = whole | erasing.erased(whole, ["details", "source"])
    twice = once | erasing.erased(once, ["officer", "source"])

    assert erasing.missing(twice) == {"details", "source", "officer"}
    assert erasing.holds(twice, commitment(whole, SALT))
    assert twice["body"]["events"][0] == {"name": "profile:searched", "records": [str(UUID(int=7))], "details": None}
    assert not twice["kept"]["salts"].keys() & {"details", "source", "officer"}


@pytest.mark.parametrize("name", sorted(erasing.FIXED | {"salt", "nothing"}))
def test_what_was_done_and_when_stays_as_long_as_the_entry(name: str) -> None:
    with pytest.raises(ValueError, match="stays as long"):
        erasing.erased(row(), [name])


def test_a_body_that_says_more_than_any_field_does_not_hold() -> None:
    whole = row()
    left = whole | erasing.erased(whole, ["source"])
    left["body"]["more"] = "DEMO"

    with pytest.raises(ValueError, match="another version"):
        erasing.holds(left, commitment(whole, SALT))


def test_what_needs_an_erased_field_is_told_so() -> None:
    left = row() | erasing.erased(row(), ["details"])

    erasing.check(left, "records")
    with pytest.raises(EntryErased, match="4711") as told:
        erasing.check(left, "records", "details")
    assert told.value.code == "ENTRY_ERASED"


def account(**changes: Any) -> dict[str, Any]:
    """Return an entry that accounts for an erasure."""
    told = {"ranges": [[3, 5], [7, 7]], "fields": None} | changes.pop("told", {})
    events = [{"name": erasing.EVENT, "records": [], "details": told}]
    return row(kind="command", body={"fields": [], "microseconds": 0, "events": events}) | changes


def test_an_erasure_covers_what_its_entry_says_and_nothing_beside() -> None:
    whole, part = Erasure.read(account()), Erasure.read(account(told={"fields": ["source"]}))

    assert whole is not None
    assert part is not None
    assert [index for index in range(10) if whole.covers(index, None)] == [3, 4, 5, 7]
    assert not whole.covers(3, frozenset({"source"}))
    assert part.covers(3, frozenset({"source"}))
    assert not part.covers(3, frozenset({"source", "details"}))
    assert not part.covers(3, None)


@pytest.mark.parametrize(
    "changed",
    [
        {"salt": None}, {"kind": "query"}, {"outcome": "denied"}, {"body": {"events": []}}, {"body": None},
        {"told": {"ranges": 7}}, {"told": {"ranges": [[1]]}}, {"told": {"fields": 7}},
    ],
    ids=str,
)  # fmt: skip
def test_what_accounts_for_nothing_is_no_erasure(changed: dict[str, Any]) -> None:
    assert Erasure.read(account(**changed)) is None


def test_an_entry_accounts_for_earlier_ones_only() -> None:
    found = Erasure.read(account(told={"ranges": [[0, 2], [4711, 4711], [9, 8], [-1, 3]]}))

    assert found is not None
    assert found.ranges == ((0, 2),)


def test_runs_have_no_gap() -> None:
    assert erasing.runs([5, 3, 4, 9]) == [(3, 5), (9, 9)]
    assert erasing.runs([]) == []


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"first": 4}, "first", "NUMBER_MALFORMED"),
        ({"first": -1}, "first", "NUMBER_MALFORMED"),
        ({"fields": None}, "fields", "LIST_MALFORMED"),
        ({"whole": True}, "fields", "LIST_MALFORMED"),
        ({"fields": ["outcome"]}, "fields", "CODE_UNKNOWN"),
        ({"legal_basis": " "}, "legalBasis", "TEXT_MALFORMED"),
    ],
    ids=["backwards", "negative", "nothing", "both", "what stays", "no law"],
)
def test_terms_of_an_erasure_are_read_strictly(changed: dict[str, Any], field: str, code: str) -> None:
    given = {"first": 1, "last": 3, "fields": ["source", "source"], "legal_basis": "DEMO Act s.40"}
    assert intake.read(Handed(Kind.LOG_ERASURE, given), EDITION).terms["fields"] == ["source"]

    with pytest.raises(InputRefused) as refused:
        intake.read(Handed(Kind.LOG_ERASURE, given | changed), EDITION)

    assert (refused.value.field, refused.value.code) == (field, code)
