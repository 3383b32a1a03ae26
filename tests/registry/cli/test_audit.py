"""`registry audit list`: an auditor reads the log, and this reading stands in it."""

from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection

from registry.audit.events import Outcome
from registry.audit.log import append
from registry.cli.main import main
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


REASON = ("--reason", "Complaint of a subject, file 12")


def listed(shell: Shell, *filters: object) -> list[int]:
    found: dict[str, Any] = shell.json("audit", "list", *filters, *REASON, *AUDITOR)
    return [each["index"] for each in found["entries"]]


def test_the_log_is_listed_newest_first_and_the_listing_is_entered(filled: Shell) -> None:
    assert listed(filled) == [2, 1, 0]
    assert listed(filled) == [3, 2, 1, 0]

    last = filled.log()[-1]
    assert (last["kind"], last["operation"], last["outcome"]) == ("command", "audit list", "allowed")
    assert (last["client"], last["agency"], last["purpose"]) == ("command-line", factories.AGENCY, "oversight")
    assert last["case_reference"] == "AUDIT 1/2026"
    assert last["body"]["events"][0]["name"] == "log:read"


def test_an_entry_says_who_what_why_and_with_a_reason_whom(filled: Shell) -> None:
    profile = public_id("profile", PROFILE)
    (entry,) = filled.json("audit", "list", f"profile:{profile}", *REASON, *AUDITOR)["entries"]

    assert entry["officer"] == public_id("officer", OFFICER)
    assert entry["purpose"] == "criminal_investigation"
    (event,) = entry["events"]
    assert event["name"] == "profile:searched"
    assert event["profiles"] == [profile]
    assert event["details"] == '{"criteria":{"name":"Juma"}}'

    assert filled.json("audit", "show", 0, *REASON, *AUDITOR) == entry
    masked = filled.run("audit", "show", 0, *AUDITOR).stdout
    assert "profile:searched" in masked
    assert profile not in masked
    assert "Juma" not in masked
    refused = filled.json("audit", "list", f"profile:{profile}", *AUDITOR, expected=2)
    assert refused["error"]["code"] == "REASON_REQUIRED"
    filled.run("audit", "show", 77, *AUDITOR, expected=4)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ([f"profile:{public_id('profile', PROFILE)}"], [0]),
        ([f"profile:{public_id('profile', NOBODY)}"], []),
        ([f"officer:{public_id('officer', OFFICER)}", "purpose:criminal_investigation"], [0]),
        (["purpose:oversight"], [1]),
        (["-outcome:allowed"], [1]),
        (["until:2026-11-21"], []),
        (["since:2026-11-21"], [2, 1, 0]),
        (["juma"], [0]),
        (["--before", 2], [1, 0]),
        (["--oldest-first", "--after", 0], [1, 2]),
        (["--limit", 1], [2]),
    ],
)
def test_entries_are_chosen_by_a_filter_and_by_place(filled: Shell, filters: list[object], expected: list[int]) -> None:
    assert listed(filled, *filters) == expected


def test_a_filter_is_read_from_standard_input_so_that_no_other_user_sees_it(filled: Shell) -> None:
    arguments = [str(each) for each in ("audit", "list", "-", "--json", *REASON, *AUDITOR)]
    done = CliRunner().invoke(main, arguments, env=filled.environment, input="juma outcome:allowed\n")

    assert [each["index"] for each in orjson.loads(done.stdout)["entries"]] == [0]


def test_a_page_says_whether_there_may_be_more_and_how_to_go_on(filled: Shell) -> None:
    assert filled.json("audit", "list", "--limit", 1, *AUDITOR)["looked_until"] == 2
    assert "--before 3" in filled.run("audit", "list", "--limit", 1, *AUDITOR).stderr
    assert not filled.json("audit", "list", "--limit", 100, *AUDITOR)["has_next"]


def test_accesses_are_counted_and_drawn(filled: Shell, tmp_path: Path) -> None:
    drawing = tmp_path / "hours.svg"
    table = filled.run("audit", "report", "--by", "purpose,outcome", *AUDITOR, REGISTRY_LIMIT_REPORT_LEAST="1").stdout
    blocks = filled.run("audit", "report", "--by", "weekday,hour", "--drawing", drawing, *AUDITOR).stdout
    told = filled.json("audit", "report", "--by", "outcome", "purpose:oversight", *AUDITOR)

    assert [line.split() for line in table.splitlines()[-2:]] == [["oversight", "0", "0", "1", "0", "1"],
                                                                  ["all", "2", "0", "1", "0", "3"]]  # fmt: skip
    assert "Saturday  ?" in blocks.replace("·", "")  # three accesses are too few to be told
    assert drawing.read_text(encoding="utf-8").startswith("<svg")
    assert {each["name"]: each["total"] for each in told["rows"]} == {
        "allowed": None, "partial": 0, "denied": None, "failed": 0,
    }  # fmt: skip
    assert filled.json("audit", "report", "--by", "colour", *AUDITOR, expected=2)["error"]["code"] == "REPORT_MALFORMED"


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


def test_a_filter_that_is_none_is_refused_before_anything_is_read(filled: Shell) -> None:
    length = len(filled.log())

    told = filled.json("audit", "list", "officer:x", *AUDITOR, expected=2)["error"]

    assert (told["code"], told["field"]) == ("FILTER_MALFORMED", "FILTER, character 9")
    assert len(filled.log()) == length


def test_an_auditor_has_the_reasons_of_a_search_made_again(shell: Shell) -> None:
    def search(connection: Connection) -> int:
        factories.vetted(connection, factories.record())
        asking = factories.work(connection, factories.actor(connection))
        operations.search(asking, SearchQuery(name="Juma Mwakio", phone="0712345678"), limit=5)
        return append(connection, [factories.entry(events=tuple(asking.events))])[0].index

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
