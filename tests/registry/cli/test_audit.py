"""`registry audit list`: an auditor reads the log, and this reading stands in it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from registry.audit.events import Outcome
from registry.audit.log import append
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Purpose, Role
from registry.search import operations
from registry.search.query import SearchQuery
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf

AUDITOR = on_behalf(Role.AUDITOR, "AUDIT 1/2026")
PROFILE, OFFICER, NOBODY = (UUID(int=7 << 76 | 2 << 62 | number) for number in (1, 2, 3))


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A log of three entries."""
    waiting = [
        factories.concerning(PROFILE, officer=OFFICER),
        factories.entry(outcome=Outcome.DENIED, code="FORBIDDEN", purpose=Purpose.OVERSIGHT.value),
        factories.entry(operation="profile"),
    ]
    shell.database(lambda connection: append(connection, waiting))
    return shell


def listed(shell: Shell, *filters: object) -> list[int]:
    found: dict[str, Any] = shell.json("audit", "list", *filters, *AUDITOR)
    return [each["index"] for each in found["entries"]]


def test_the_log_is_listed_newest_first_and_the_listing_is_entered(filled: Shell) -> None:
    assert listed(filled) == [2, 1, 0]
    assert listed(filled) == [3, 2, 1, 0]

    last = filled.log()[-1]
    assert (last["kind"], last["operation"], last["outcome"]) == ("command", "audit list", "allowed")
    assert (last["client"], last["agency"], last["purpose"]) == ("command-line", factories.AGENCY, "oversight")
    assert last["case_reference"] == "AUDIT 1/2026"
    assert last["body"]["events"][0]["name"] == "log:read"


def test_an_entry_says_who_what_why_and_whom(filled: Shell) -> None:
    (entry,) = filled.json("audit", "list", "--profile", public_id("profile", PROFILE), *AUDITOR)["entries"]

    assert entry["officer"] == public_id("officer", OFFICER)
    assert entry["purpose"] == "criminal_investigation"
    (event,) = entry["events"]
    assert event["name"] == "profile:searched"
    assert event["profiles"] == [public_id("profile", PROFILE)]
    assert event["details"] == '{"criteria":{"name":"Juma"}}'


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (["--profile", public_id("profile", PROFILE)], [0]),
        (["--profile", public_id("profile", NOBODY)], []),
        (["--by-officer", public_id("officer", OFFICER)], [0]),
        (["--purpose", "oversight"], [1]),
        (["--outcome", "denied"], [1]),
        (["--since", "2026-11-22"], []),
        (["--since", "2026-11-21 08:59:59"], [2, 1, 0]),
        (["--until", "2026-11-21 09:00:00"], []),
        (["--before", 2], [1, 0]),
        (["--limit", 1], [2]),
    ],
)
def test_entries_are_chosen_by_officer_profile_purpose_outcome_time_and_place(
    filled: Shell, filters: list[object], expected: list[int]
) -> None:
    assert listed(filled, *filters) == expected


def test_a_page_says_whether_there_is_more(filled: Shell) -> None:
    assert filled.json("audit", "list", "--limit", 1, *AUDITOR)["has_next"]
    assert not filled.json("audit", "list", "--limit", 100, *AUDITOR)["has_next"]


def test_people_get_a_line_an_entry(filled: Shell) -> None:
    said = filled.run("audit", "list", *AUDITOR).stdout.splitlines()

    assert len(said) == 3
    assert "denied" in said[1]
    assert "FORBIDDEN" in said[1]
    assert "CR 12/2026" in said[0]


def test_nobody_but_an_auditor_reads_the_log_and_the_attempt_is_entered(filled: Shell) -> None:
    told = filled.json("audit", "list", *on_behalf(Role.INVESTIGATOR), expected=3)

    assert told["error"]["code"] == "FORBIDDEN"
    last = filled.log()[-1]
    assert (last["outcome"], last["code"], last["operation"]) == ("denied", "FORBIDDEN", "audit list")


@pytest.mark.parametrize(
    ("filters", "expected", "code"),
    [(["--by-officer", "x"], 2, "ID_MALFORMED"), (["--by-officer", public_id("profile", PROFILE)], 4, "NOT_FOUND")],
)
def test_an_id_that_is_none_is_refused_before_anything_is_read(
    filled: Shell, filters: list[object], expected: int, code: str
) -> None:
    length = len(filled.log())

    assert filled.json("audit", "list", *filters, *AUDITOR, expected=expected)["error"]["code"] == code
    assert len(filled.log()) == length


def test_an_auditor_has_the_reasons_of_a_search_made_again(shell: Shell) -> None:
    def search(connection: Connection) -> int:
        factories.vetted(connection, factories.record())
        asking = factories.work(connection, factories.actor(connection))
        operations.search(asking, SearchQuery(name="Juma Mwakio", phone="0712345678"), limit=5)
        return append(connection, [factories.entry(events=tuple(asking.events))])

    index = shell.database(search)

    told = shell.json("audit", "explain", index, *AUDITOR)
    text = shell.run("audit", "explain", index, *AUDITOR).stdout

    ((hit,),) = (each["hits"] for each in told["searches"])
    assert (told["entry"], told["same"], hit["same"], hit["score"] == hit["score_then"]) == (index, True, True, True)
    assert text.endswith("the same reasons\nThe same reasons.\n")
    assert [each["operation"] for each in shell.log()[-2:]] == ["audit explain", "audit explain"]
    assert "reasons" not in str(told)


def test_what_is_no_search_has_no_reasons(filled: Shell) -> None:
    filled.run("audit", "explain", 2, *AUDITOR, expected=4)
    filled.run("audit", "explain", 0, *AUDITOR, expected=1)  # older than what is kept for that

    assert [each["code"] for each in filled.log()[-2:]] == ["NOT_FOUND", "NOT_REPRODUCIBLE"]
