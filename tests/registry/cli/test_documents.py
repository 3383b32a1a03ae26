"""`registry documents`: what a client may ask, checked, listed and required, each change with its entry."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy import Connection

from auth.four_eyes import State
from auth.models import clients
from registry.cli.main import main
from registry.documents import queries
from registry.documents.queries import DocumentFilter
from tests.factories import CLIENT
from tests.registry.cli.conftest import Shell
from tests.registry.documents.scenes import TEXT, approved, proposed


def checked(text: bytes, folder: Path, *options: str, expected: int = 0) -> Any:
    """Check a file on a machine that has no register."""
    (folder / "asked.graphql").write_bytes(text)
    done = CliRunner().invoke(main, ["documents", "check", str(folder / "asked.graphql"), *options], env={})
    assert done.exit_code == expected, done.output
    return done


# -- check


@pytest.mark.parametrize("text", [TEXT, TEXT + "\n", TEXT + "\r\n"], ids=["no end of line", "unix", "windows"])
def test_the_id_is_that_of_the_file_to_the_byte(tmp_path: Path, text: str) -> None:
    said = checked(text.encode(), tmp_path).stdout.splitlines()

    assert said[0] == f"sha256:{sha256(text.encode()).hexdigest()}"
    assert said[1] == "query Find: 10 points, needs profile:search"


def test_programs_are_told_what_a_document_asks(tmp_path: Path) -> None:
    text = TEXT + " query Nothing { __typename }"

    said = checked(text.encode(), tmp_path, "--json").stdout

    assert '"name":"Find","kind":"query","fields":["HitConnection.edges","HitEdge.cursor","Query.search"]' in said
    assert '"name":"Nothing","kind":"query","fields":[],"permissions":[],"cost":0' in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"{ a", "GRAPHQL_PARSE_FAILED"),
        (b"{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (b"subscription { a }", "GRAPHQL_VALIDATION_FAILED"),
        (b'{ search(criteria: {name: "DEMO Juma"}, first: 1) { edges { cursor } } }', "DOCUMENT_HOLDS_TEXT"),
        (b'query ($id: ID = "DEMO") { __typename @include(if: true) }', "GRAPHQL_VALIDATION_FAILED"),
        (b"{ " + b"__typename " * 6 + b"}", "DOCUMENT_TOO_COMPLEX"),
        (b"\xff", "BAD_USER_INPUT"),
    ],
)
def test_what_the_schema_refuses_is_said_with_its_code(tmp_path: Path, text: bytes, code: str) -> None:
    done = checked(text, tmp_path, expected=2)

    assert f"[{code}]" in done.stderr
    assert "Juma" not in done.output
    assert done.stdout == ""


def test_every_mistake_is_named_with_its_place(tmp_path: Path) -> None:
    said = checked(b"{\n  first\n  second\n}", tmp_path, expected=2).stderr

    assert "'first' on type 'Query'. Line 2, column 3." in said
    assert "Line 3, column 3." in said


# -- mode


def mode_of(shell: Shell) -> str:
    mode: str = shell.database(
        lambda connection: connection.execute(sa.select(clients.c.documents).where(clients.c.id == CLIENT)).scalar_one()
    )
    return mode


def test_a_mode_is_set_and_entered(shell: Shell) -> None:
    shell.database(approved)

    first = shell.json("documents", "mode", CLIENT, "log")
    second = shell.json("documents", "mode", CLIENT, "require")

    assert first == {"client": CLIENT, "mode": "log", "before": "off", "approved": 1}
    assert second == {"client": CLIENT, "mode": "require", "before": "log", "approved": 1}
    assert mode_of(shell) == "require"
    entered = [
        event for entry in shell.log() for event in entry["body"]["events"] if event["name"] == "client:documents"
    ]
    assert [each["details"] for each in entered] == [
        {"client": CLIENT, "mode": "log"}, {"client": CLIENT, "mode": "require"},
    ]  # fmt: skip


def test_people_are_told_what_a_mode_means(shell: Shell) -> None:
    said = shell.run("documents", "mode", CLIENT, "require").stdout

    assert said == f"Client {CLIENT} may send approved documents only. Approved: 0. It was off.\n"


@pytest.mark.parametrize(("client", "mode", "expected"), [("nobody", "require", 4), (CLIENT, "on", 2)])
def test_nobody_s_mode_and_a_mode_that_is_none_change_nothing(
    shell: Shell, client: str, mode: str, expected: int
) -> None:
    shell.run("documents", "mode", client, mode, expected=expected)

    assert mode_of(shell) == "off"
    assert shell.log() == []


# -- catalogue


def test_the_catalogue_shows_what_is_approved_priced_by_the_schema_of_today(shell: Shell, tmp_path: Path) -> None:
    def bring(connection: Connection) -> str:
        proposed(connection, text=TEXT + " ", name="DEMO waiting")
        return approved(connection).document_id

    document = shell.database(bring)

    printed = shell.run("documents", "catalogue").stdout
    shell.run("documents", "catalogue", "--out", tmp_path / "documents.md")

    assert f"| DEMO find | query Find | 10 | profile:search | `{document}` |" in printed
    assert "DEMO waiting" not in printed
    assert TEXT in printed
    assert (tmp_path / "documents.md").read_text() == printed
    assert [event["name"] for entry in shell.log() for event in entry["body"]["events"]] == ["documents:catalogued"] * 2


def test_a_document_that_the_schema_refuses_by_now_is_shown_as_such(shell: Shell) -> None:
    shell.database(lambda connection: approved(connection, text="{ removedField }"))

    assert "refused by the schema of today: GRAPHQL_VALIDATION_FAILED" in shell.run("documents", "catalogue").stdout


def test_the_catalogue_leaves_the_documents_as_they_are(shell: Shell) -> None:
    shell.database(approved)

    shell.run("documents", "catalogue")

    def states(connection: Connection) -> list[State]:
        found = queries.listed(connection, DocumentFilter(), after=None, limit=9)
        return [each.state for each in found]

    assert shell.database(states) == [State.APPROVED]
