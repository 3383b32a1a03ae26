"""`registry enrol`: each change is one entry, a refused one changes nothing; it ends with two administrators."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection

from auth.enrolled_certificates import read
from auth.models import clients, delegations, officers
from auth.scope import Scope
from registry.core.clock import now
from registry.disclosure.vocabulary import Role
from tests import factories
from tests.auth.tokens import pair
from tests.proxies import certify
from tests.registry.cli.conftest import Shell


@pytest.fixture
def young(shell: Shell) -> Shell:
    """A node's command line, where nobody is an administrator yet."""

    def appoint(connection: Connection) -> None:
        for agency in (factories.AGENCY, factories.ELSEWHERE):
            officer = factories.actor(role=Role.ADMINISTRATOR, agency=agency).officer
            assert officer is not None
            where = (officers.c.agency == agency, officers.c.reference == officer.reference)
            connection.execute(officers.update().where(*where).values(roles=[]))

    shell.database(appoint)
    return shell


def keys(path: Path, **bounds: Any) -> Path:
    """Write a client's public key."""
    path.write_text(json.dumps({"keys": [dict(pair("ES256", 3).jwk) | bounds]}))
    return path


def names(shell: Shell) -> list[str]:
    """Return what the log's entries did."""
    return [event["name"] for entry in shell.log() for event in entry["body"]["events"]]


def test_an_agency_an_officer_and_a_client_are_let_in_and_each_is_entered(young: Shell, tmp_path: Path) -> None:
    agency = young.json("enrol", "agency", "ke-new", "--name", "A new agency", "--country", "KE")
    held = ["--role", "investigator", "--role", "supervisor"]
    officer = young.json("enrol", "officer", "NEW/1", "--agency", "ke-new", "--chain", "north", *held)
    shown = ["--keys", keys(tmp_path / "jwks.json"), "--introspection"]
    client = young.json("enrol", "client", "ke-new-desk", "--agency", "ke-new", *shown)

    assert agency == {"agency": "ke-new"}
    assert officer["officer"].startswith("b")
    assert client == {"client": "ke-new-desk"}
    assert names(young) == ["agency:enrolled", "officer:enrolled", "client:enrolled"]
    roles = sa.select(officers.c.roles).where(officers.c.reference == "NEW/1")
    scopes = sa.select(clients.c.scopes).where(clients.c.id == "ke-new-desk")
    assert young.database(lambda connection: connection.execute(roles).scalar_one()) == ["investigator", "supervisor"]
    assert young.database(lambda connection: connection.execute(scopes).scalar_one()) == ["introspection"]


def test_people_are_told_whom_they_have_let_in(young: Shell) -> None:
    said = young.run("enrol", "agency", "ke-new", "--name", "A new agency", "--country", "KE")

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
    young: Shell, arguments: list[str], expected: int, code: str
) -> None:
    assert young.json("enrol", *arguments, expected=expected)["error"]["code"] == code
    assert not [name for name in names(young) if name.endswith(":enrolled")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "BAD_USER_INPUT"),
        ("{}", "KEY_REFUSED"),
        ("[]", "KEY_REFUSED"),
        ('{"keys": [1]}', "KEY_REFUSED"),
        ('{"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}', "KEY_REFUSED"),
    ],
)
def test_a_client_is_let_in_by_good_public_keys_only(young: Shell, tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "jwks.json").write_text(text)

    told = young.json(
        "enrol", "client", "x", "--agency", factories.AGENCY, "--keys", tmp_path / "jwks.json", expected=2
    )  # fmt: skip

    assert told["error"]["code"] == code


def test_a_first_key_is_good_for_a_year_unless_it_says_when(young: Shell, tmp_path: Path) -> None:
    plain, bounded = keys(tmp_path / "plain.json"), keys(tmp_path / "bounded.json", not_after=1_900_000_000)
    for name, file in (("plain", plain), ("bounded", bounded)):
        young.run("enrol", "client", name, "--agency", factories.AGENCY, "--keys", file)

    chosen = sa.select(clients.c.id, clients.c["keys"]).where(clients.c.id.in_(["plain", "bounded"]))
    found = young.database(lambda connection: {row[0]: row[1] for row in connection.execute(chosen)})
    ends = {name: jwks["keys"][0]["not_after"] for name, jwks in found.items()}
    assert 0 <= ends["plain"] - now().timestamp() - 364 * 86400 <= 86400
    assert ends["bounded"] == 1_900_000_000


def test_a_client_is_let_in_with_certificates_that_have_not_ended(young: Shell, tmp_path: Path) -> None:
    good, ended = tmp_path / "good.crt", tmp_path / "ended.crt"
    made = certify(ec.generate_private_key(ec.SECP256R1()), "desk")
    good.write_bytes(made.public_bytes(Encoding.PEM))
    over = certify(ec.generate_private_key(ec.SECP256R1()), "desk", since=now() - timedelta(days=2), days=1)
    ended.write_bytes(over.public_bytes(Encoding.PEM))
    given = ["enrol", "client", "ke-new-desk", "--agency", factories.AGENCY, "--keys", keys(tmp_path / "jwks.json")]

    refused = young.json(*given, "--certificate", ended, expected=2)
    young.json(*given, "--certificate", good)

    assert refused["error"]["code"] == "KEY_TIME"
    found = sa.select(clients.c.certificates).where(clients.c.id == "ke-new-desk")
    kept = young.database(lambda connection: connection.execute(found).scalar_one())
    assert kept == [read(good.read_text())]
    (event,) = young.log()[-1]["body"]["events"]
    assert event["details"]["certificates"] == [kept[0]["thumbprint"]]


def test_a_time_that_is_no_number_is_refused(young: Shell, tmp_path: Path) -> None:
    file = keys(tmp_path / "jwks.json", not_after="2030")

    told = young.json("enrol", "client", "x", "--agency", factories.AGENCY, "--keys", file, expected=2)

    assert told["error"]["code"] == "KEY_TIME"


# -- once there are two administrators

AGENCY = ["enrol", "agency", "ke-new", "--name", "A new agency", "--country", "KE"]


def test_with_administrators_of_two_chains_it_takes_two_of_them(shell: Shell, tmp_path: Path) -> None:
    file = keys(tmp_path / "jwks.json")
    for each in (
        AGENCY,
        ["enrol", "officer", "N/1", "--agency", factories.AGENCY, "--chain", "c", "--role", "auditor"],
        ["enrol", "client", "x", "--agency", factories.AGENCY, "--keys", file],
    ):
        told = shell.json(*each, expected=3)["error"]
        broken = shell.json(*each, "--break-glass", "I want to", expected=3)["error"]

        assert (told["code"], broken["code"]) == ("BOOTSTRAP_OVER", "BOOTSTRAP_OVER")
        assert "registry administer propose" in told["remedy"]
    assert shell.log() == []


def test_where_fewer_than_two_are_left_the_glass_may_be_broken_and_the_log_says_so(shell: Shell) -> None:
    """Closing an administrator does not by itself let whoever has the node enrol others."""
    shell.database(lambda connection: factories.shut(connection, Scope.AGENCY, factories.ELSEWHERE))

    without = shell.json(*AGENCY, expected=3)["error"]
    shell.run(*AGENCY, "--break-glass", "The other office is closed")

    assert without["code"] == "BOOTSTRAP_OVER"
    assert "--break-glass" in without["remedy"]
    (event,) = shell.log()[-1]["body"]["events"]
    assert (event["name"], event["details"]["break_glass"]) == ("agency:enrolled", "The other office is closed")


def test_a_delegation_takes_nobody_else(shell: Shell) -> None:
    """It opens nothing: it takes away whom a delegate may decide on."""
    first, second = (factories.actor(role=role).officer for role in (Role.INVESTIGATOR, Role.REGISTRAR))
    assert first is not None
    assert second is not None

    shell.run("enrol", "delegate", first.reference, "--agency", factories.AGENCY, "--to", second.reference,
              "--until", "2099-12-31")  # fmt: skip

    assert names(shell) == ["officer:delegated"]
    counted = sa.select(sa.func.count()).select_from(delegations)
    assert shell.database(lambda connection: connection.execute(counted).scalar_one()) == 1
