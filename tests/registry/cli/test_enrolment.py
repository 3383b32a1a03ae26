"""`registry enrol` and `registry suspend`: each change is one entry, and one that is refused changes nothing."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from auth.models import agencies, clients, officers
from registry.core.ids import public_id
from tests import factories
from tests.auth.tokens import pair
from tests.registry.cli.conftest import Shell


def keys(path: Path) -> Path:
    """Write a client's public key."""
    path.write_text(json.dumps({"keys": [dict(pair("ES256", 3).jwk)]}))
    return path


def names(shell: Shell) -> list[str]:
    """Return what the log's entries did."""
    return [event["name"] for entry in shell.log() for event in entry["body"]["events"]]


def test_an_agency_an_officer_and_a_client_are_let_in_and_each_is_entered(shell: Shell, tmp_path: Path) -> None:
    agency = shell.json("enrol", "agency", "ke-new", "--name", "A new agency", "--country", "KE")
    held = ["--role", "investigator", "--role", "supervisor"]
    officer = shell.json("enrol", "officer", "NEW/1", "--agency", "ke-new", "--chain", "north", *held)
    shown = ["--keys", keys(tmp_path / "jwks.json"), "--introspection"]
    client = shell.json("enrol", "client", "ke-new-desk", "--agency", "ke-new", *shown)

    assert agency == {"agency": "ke-new"}
    assert officer["officer"].startswith("b")
    assert client == {"client": "ke-new-desk"}
    assert names(shell) == ["agency:enrolled", "officer:enrolled", "client:enrolled"]
    roles = sa.select(officers.c.roles).where(officers.c.reference == "NEW/1")
    scopes = sa.select(clients.c.scopes).where(clients.c.id == "ke-new-desk")
    assert shell.database(lambda connection: connection.execute(roles).scalar_one()) == ["investigator", "supervisor"]
    assert shell.database(lambda connection: connection.execute(scopes).scalar_one()) == ["introspection"]


def test_people_are_told_whom_they_have_let_in(shell: Shell) -> None:
    said = shell.run("enrol", "agency", "ke-new", "--name", "A new agency", "--country", "KE")

    assert said.stdout == "Enrolled agency ke-new.\n"


@pytest.mark.parametrize(
    ("arguments", "expected", "code"),
    [
        (["agency", factories.AGENCY, "--name", "x", "--country", "KE"], 1, "ALREADY_ENROLLED"),
        (["agency", "No Name!", "--name", "x", "--country", "KE"], 2, "NAME_MALFORMED"),
        (["officer", "N/1", "--agency", "ke-nobody", "--chain", "c", "--role", "auditor"], 4, "NOT_FOUND"),
        (["officer", "<N>", "--agency", factories.AGENCY, "--chain", "c", "--role", "auditor"], 2, "NAME_MALFORMED"),
    ],
)
def test_who_cannot_be_let_in_is_refused_and_nothing_stays(
    shell: Shell, arguments: list[str], expected: int, code: str
) -> None:
    assert shell.json("enrol", *arguments, expected=expected)["error"]["code"] == code
    assert not [name for name in names(shell) if name.endswith(":enrolled")]


@pytest.mark.parametrize(
    ("text", "code"),
    [("{", "BAD_USER_INPUT"), ("{}", "KEY_REFUSED"), ('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "KEY_REFUSED")],
)
def test_a_client_is_let_in_by_good_public_keys_only(shell: Shell, tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "jwks.json").write_text(text)

    told = shell.json(
        "enrol", "client", "x", "--agency", factories.AGENCY, "--keys", tmp_path / "jwks.json", expected=2
    )  # fmt: skip

    assert told["error"]["code"] == code


def test_agency_client_and_officer_can_be_shut_out_and_it_is_entered(shell: Shell) -> None:
    officer = factories.actor().officer
    assert officer is not None
    chosen = sa.select(officers.c.id).where(officers.c.reference == officer.reference)
    identifier = shell.database(lambda connection: connection.execute(chosen).scalars().first())
    assert identifier is not None

    shell.run("suspend", "officer", public_id("officer", identifier))
    shell.run("suspend", "client", factories.CLIENT)
    told = shell.json("suspend", "agency", factories.AGENCY)

    assert told == {"agency": factories.AGENCY, "suspended": True}
    assert names(shell) == ["officer:suspended", "client:suspended", "agency:suspended"]
    shut = sa.select(agencies.c.suspended_at).where(agencies.c.code == factories.AGENCY)
    assert shell.database(lambda connection: connection.execute(shut).scalar_one()) is not None


@pytest.mark.parametrize(
    ("subject", "key", "expected", "code"),
    [
        ("client", "ke-nobody", 4, "NOT_FOUND"),
        ("officer", "bwGh_5r4dneKmLS3ToglzoY", 4, "NOT_FOUND"),
        ("officer", "x", 2, "ID_MALFORMED"),
    ],
)
def test_nobody_who_is_not_enrolled_can_be_shut_out(
    shell: Shell, subject: str, key: str, expected: int, code: str
) -> None:
    assert shell.json("suspend", subject, key, expected=expected)["error"]["code"] == code
