"""``registry screen``: checked once, whatever happens meanwhile, with an entry for each person disclosed."""

import asyncio
import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.directory import Scope
from registry.audit import disclosures
from registry.core.clock import now
from registry.core.engines import open_database
from registry.core.errors import Forbidden
from registry.disclosure.vocabulary import Role
from registry.profiles.standing import Change
from registry.screening import chunks, limits, operations, queries
from registry.screening.models import screening_chunks, screening_hits, screenings
from registry.screening.operations import Asked, Listed
from tests import factories
from tests.registry.bulk.test_workers import within
from tests.registry.cli.conftest import Shell, on_behalf
from tests.registry.screening import lists

CASE = "CR 12/2026"
INVESTIGATION = ["--purpose", "criminal_investigation"]
SUPERVISOR = [*on_behalf(Role.SUPERVISOR, CASE), *INVESTIGATION]
COMMAND = [sys.executable, "-c", "from registry.cli.main import main; main()"]


@pytest.fixture
def known(shell: Shell) -> Any:
    """The one person on the register."""
    return shell.database(lambda connection: factories.vetted(connection, factories.record()))


def disclosed(shell: Shell) -> list[Any]:
    return [each for each in shell.log() if each["operation"] == "screeningDisclose"]


def test_a_list_is_checked_and_its_hits_are_written_for_their_owner_only(
    shell: Shell, known: Any, tmp_path: Path
) -> None:
    path, out = lists.table(tmp_path / "list.csv", [lists.STRANGER, lists.HIT]), tmp_path / "hits.csv"

    told = shell.json("screen", path, "--out", out, *SUPERVISOR)

    assert (told["state"], told["people"], told["done"], told["hits"], told["disclosed"]) == ("finished", 2, 2, 1, 1)
    (hit,) = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert (hit["row"], hit["reference"], hit["second_discriminator"]) == ("3", "PNR 1", "yes")
    assert "The date of birth 1971-05-17 is the same." in hit["reasons"]
    assert out.stat().st_mode & 0o077 == 0
    (entry,) = disclosed(shell)
    assert entry["body"]["events"][0]["records"] == [str(known)]
    assert (entry["kind"], entry["case_reference"]) == ("screening", CASE)
    received = shell.database(lambda connection: disclosures.recipients(connection, known))
    assert [agency for agency, _ in received] == [factories.AGENCY]


def test_of_the_people_without_a_hit_nothing_is_kept(shell: Shell, known: Any, tmp_path: Path) -> None:  # noqa: ARG001
    path = lists.table(tmp_path / "list.csv", [lists.STRANGER, lists.HIT])

    shell.run("screen", path, *SUPERVISOR)

    def kept(connection: Connection) -> str:
        tables = (screenings, screening_chunks, screening_hits)
        return repr([list(connection.execute(sa.select(each))) for each in tables])

    everything = shell.database(kept) + repr(shell.log())
    assert not any(word in everything for word in ("Achieng", "Nobody", "PNR", "1990-03-04", "list.csv"))


def test_a_profile_that_many_rows_meet_is_entered_once_and_the_job_once(
    shell: Shell, known: Any, tmp_path: Path,  # noqa: ARG001
) -> None:  # fmt: skip
    path = lists.table(tmp_path / "list.csv", [lists.HIT] * 2_100)

    told = shell.json("screen", path, *SUPERVISOR)

    assert (told["hits"], told["disclosed"]) == (2_100, 1)
    assert len(disclosed(shell)) == 1
    assert [each["body"]["events"][0]["name"] for each in shell.log() if each["operation"] == "screen"] == [
        "screening:begun", "screening:finished", "screening:read",
    ]  # fmt: skip


def test_the_same_command_answers_for_a_day_with_what_it_found(shell: Shell, known: Any, tmp_path: Path) -> None:  # noqa: ARG001
    path = lists.table(tmp_path / "list.csv", [lists.HIT])
    first = shell.json("screen", path, *SUPERVISOR)

    again = shell.json("screen", path, *SUPERVISOR)
    anew = shell.json("screen", path, "--again", *SUPERVISOR)

    assert again["id"] == first["id"]
    assert anew["id"] != first["id"]


def test_rows_that_cannot_be_read_are_told_with_cell_rule_and_remedy(shell: Shell, tmp_path: Path) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.STRANGER | {"DOB": "03.04.1990"}, lists.STRANGER])

    told = shell.json("screen", path, *SUPERVISOR, expected=2)

    assert (told["done"], told["refused"]) == (2, 1)
    (problem,) = told["problems"]
    assert (problem["row"], problem["field"], problem["code"]) == (2, "birthDate", "DATE_MALFORMED")
    assert "1990" not in json.dumps(told["problems"])
    assert shell.json("screen", path, "--dates", "DD.MM.YYYY", *SUPERVISOR)["refused"] == 0


def test_lines_of_json_are_read_as_well(shell: Shell, known: Any, tmp_path: Path) -> None:  # noqa: ARG001
    path, out = tmp_path / "list.jsonl", tmp_path / "hits.jsonl"
    rows = [{"reference": 7, "given": "Juma", "family": "Mwakio", "birthDate": "1971-05-17", "sex": "M"},
            {"name": "Juma", "nickname": "Jay"}, {"identifiers": [{"type": "ID", "value": "INV1234567"}]}]  # fmt: skip
    path.write_text("\n".join(json.dumps(each) for each in rows), encoding="utf-8")

    told = shell.json("screen", path, "--out", out, *SUPERVISOR, expected=2)

    assert [(each["row"], each["code"]) for each in told["problems"]] == [(2, "FIELD_UNKNOWN")]
    hits = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [(each["row"], each["reference"]) for each in sorted(hits, key=lambda each: each["row"])] == [
        (1, "7"),
        (3, ""),
    ]


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ([*on_behalf(Role.INVESTIGATOR, CASE), *INVESTIGATION], "FORBIDDEN"),
        ([*on_behalf(Role.REGISTRAR, CASE), *INVESTIGATION], "FORBIDDEN"),
        ([*on_behalf(Role.AUDITOR, CASE), "--purpose", "offender_supervision"], "FORBIDDEN"),
    ],
    ids=["investigator", "registrar", "auditor"],
)
def test_only_a_supervisor_may(shell: Shell, tmp_path: Path, who: list[str], code: str) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.HIT])

    refused = shell.json("screen", path, *who, expected=3)

    assert refused["error"]["code"] == code
    assert shell.log()[-1]["outcome"] == "denied"


def test_a_column_that_the_purpose_hides_is_refused_row_by_row(shell: Shell, tmp_path: Path) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.HIT, lists.HIT | {"Passport no": "AK0000001"}])
    supervision = [*on_behalf(Role.SUPERVISOR, CASE), "--purpose", "offender_supervision"]

    told = shell.json("screen", path, *supervision, expected=2)

    assert [(each["row"], each["code"]) for each in told["problems"]] == [(3, "CRITERION_NOT_PERMITTED")]


def test_who_leaves_the_register_leaves_the_results(shell: Shell, known: Any, tmp_path: Path) -> None:
    path, out = lists.table(tmp_path / "list.csv", [lists.HIT]), tmp_path / "hits.jsonl"
    shell.run("screen", path, *SUPERVISOR)
    shell.database(lambda connection: factories.changed(connection, known, Change.SEAL))

    shell.run("screen", path, "--out", out, *SUPERVISOR)
    shell.database(lambda connection: operations.purge(connection, factories.MOMENT))

    assert out.read_bytes() == b""
    left = sa.select(sa.func.count()).select_from(screening_hits)
    assert shell.database(lambda connection: connection.execute(left).scalar_one()) == 0


def test_the_day_has_an_end(shell: Shell, tmp_path: Path) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.HIT])

    def use_up(connection: Connection) -> None:
        work = replace(factories.work(connection, lists.supervisor(connection)), now=now())
        operations.begin_command(work, Listed("another", limits.PEOPLE_A_DAY), Asked())

    shell.database(use_up)

    refused = shell.json("screen", path, *SUPERVISOR, expected=2)

    assert refused["error"]["code"] == "SCREENING_QUOTA_EXCEEDED"


# -- stopped, killed, cancelled


def rows_done(shell: Shell) -> int:
    """Look from outside, as an operator would."""

    async def look() -> int:
        opened = open_database(shell.settings).keeper
        try:
            statement = sa.select(screenings.c.rows_done)
            return await opened.read(lambda each: each.execute(statement).scalar_one_or_none() or 0)
        finally:
            await opened.close()

    return asyncio.run(look())


def test_a_killed_screening_goes_on_and_tells_every_hit_once(shell: Shell, known: Any, tmp_path: Path) -> None:  # noqa: ARG001
    rows = [lists.HIT | {"PNR": f"PNR {at}"} if at % 100 == 0 else lists.STRANGER for at in range(6_000)]
    path, out = lists.table(tmp_path / "list.csv", rows), tmp_path / "hits.jsonl"
    command = [*COMMAND, "screen", str(path), "--engine", "inline", *SUPERVISOR]

    with subprocess.Popen(
        command, env=os.environ | shell.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[3],
    ) as process:  # fmt: skip
        assert within(60, lambda: rows_done(shell) > 0 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.wait()
    stood = rows_done(shell)
    told = shell.json("screen", path, "--engine", "inline", "--out", out, *SUPERVISOR)

    assert 0 < stood < len(rows)
    assert (told["done"], told["hits"], told["disclosed"]) == (6_000, 60, 1)
    hits = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert sorted(each["row"] for each in hits) == [at + 2 for at in range(0, 6_000, 100)]
    assert not out.with_name("hits.jsonl.part").exists()
    assert len(disclosed(shell)) == 1


def begun(connection: Connection, digest: str = "a" * 64, **who: Any) -> queries.Screening:
    work = factories.work(connection, lists.supervisor(connection, **who))
    return operations.begin_command(work, Listed(digest, 10), Asked())


def test_a_screening_that_was_stopped_can_be_cancelled(shell: Shell, tmp_path: Path) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.HIT])
    digest = __import__("hashlib").sha256(path.read_bytes()).hexdigest()
    shell.database(lambda connection: begun(connection, digest))

    told = shell.json("screen", path, "--cancel", *SUPERVISOR)

    assert told["state"] == "cancelled"
    assert shell.json("screen", path, "--cancel", *SUPERVISOR, expected=4)["error"]["code"] == "NOT_FOUND"


def test_the_list_that_is_read_is_not_written_over(shell: Shell, tmp_path: Path) -> None:
    path = lists.table(tmp_path / "list.csv", [lists.HIT])
    before = path.read_bytes()

    shell.run("screen", path, "--out", path, *SUPERVISOR, expected=2)

    assert path.read_bytes() == before


def test_an_officer_who_was_suspended_has_no_screening_that_goes_on(shell: Shell, known: Any, tmp_path: Path) -> None:  # noqa: ARG001
    def stopped(connection: Connection) -> str:
        screening = begun(connection)
        factories.shut(connection, Scope.OFFICER, screening.officer, at=factories.MOMENT)
        moment = chunks.Moment(factories.MOMENT, factories.EDITION, factories.SEALER, screening.id)
        with pytest.raises(Forbidden) as refused:
            chunks.taken(connection, moment, screening.id)
        return refused.value.code

    assert shell.database(stopped) == "SCREENING_ORPHANED"
