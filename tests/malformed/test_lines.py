"""A line that holds no record, or one that breaks a rule: it is named, and nothing of its file is half-taken."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk.reading import Plan, RowReader
from registry.bulk.verdicts import Verdict, verdict
from registry.disclosure.vocabulary import Role
from registry.models import metadata
from tests import factories
from tests.malformed.asking import check_nothing_shows
from tests.malformed.cases import SECRET
from tests.malformed.lines import LINES, ImportCase
from tests.malformed.records import RECORDS
from tests.registry.cli.conftest import Shell, on_behalf, shell
from tests.registry.test_errors_page import codes_told

READER = RowReader(Plan("jsonl", (), None, factories.AGENCY, "ke"))
GOOD = json.dumps(factories.record()).encode()
__all__ = ["shell"]  # a fixture of the command line's own tests
KEPT = tuple(table for name, table in metadata.tables.items() if not name.startswith(("log_", "import", "policies")))
"""What a dry run leaves as it is; it keeps what it found of the file itself, and the policy that it was decided by."""


@pytest.mark.parametrize("case", LINES, ids=str)
def test_a_line_that_is_no_record_is_refused_by_field_rule_and_remedy(case: ImportCase) -> None:
    read = READER.read(case.line, factories.MOMENT.date())

    assert read is not None
    assert read.record is None
    assert read.problems[0].code == case.code
    assert all(each.code in codes_told() and each.rule and each.field for each in read.problems)
    check_nothing_shows(" ".join(f"{each.rule} {each.remedy}" for each in read.problems))


def test_a_good_line_among_them_is_read() -> None:
    """The tables change a good record, so let it be seen that it is good."""
    read = READER.read(GOOD, factories.MOMENT.date())

    assert read is not None
    assert read.record == factories.read(factories.record())


def lines() -> list[bytes]:
    """Return every bad record that a line can hold."""
    made = [case.line for case in LINES if b"\n" not in case.line and case.line.strip()]
    for case in RECORDS:
        text = json.dumps(case.value)
        if case.code != "PARENTS_NAMES" and "\\ud800" not in text:  # no JSON holds half a character
            made.append(text.encode())
    return made


def counts(connection: Connection) -> dict[str, int]:
    return {
        table.name: int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())
        for table in KEPT
    }


def test_of_thousands_of_bad_lines_each_is_told_and_none_is_taken(shell: Shell, tmp_path: Path) -> None:
    bad = lines()
    file = tmp_path / "records.jsonl"
    file.write_bytes(b"\n".join([GOOD, *bad, b""]))
    before = shell.database(counts)

    checked = shell.json("import", file, "--dry-run", *on_behalf(Role.REGISTRAR), expected=2)
    entered = shell.json("import", file, *on_behalf(Role.REGISTRAR), expected=2)

    assert len(bad) >= 3_000
    assert (checked["rows"], checked["ready"], checked["possible_duplicates"]) == (len(bad) + 1, 1, 0)
    assert checked["needs_fixing"] + checked["refused"] == len(bad)
    expected = [READER.read(each, factories.MOMENT.date()) for each in bad]
    assert checked["refused"] == sum(verdict(each.problems) is Verdict.REFUSED for each in expected if each)
    told: list[dict[str, Any]] = [*checked["problems"], *checked["columns"]]
    assert {each["code"] for each in told} == {one.code for each in expected if each for one in each.problems}
    assert all(each["code"] in codes_told() and each["rule"] and each["field"] for each in told)
    assert SECRET not in json.dumps([each | {"field": ""} for each in told])
    assert entered["error"]["code"] == "ROWS_NOT_READY"
    assert shell.database(counts) == before
