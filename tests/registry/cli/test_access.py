"""`registry close` and `registry open` on the node, `registry administer` at any: what is done, said and entered."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from auth.models import closures
from auth.scope import Scope
from registry.cli import asking
from tests import factories
from tests.registry.cli.conftest import Shell
from tests.registry.cli.test_enrolment import names

WHY = ["--reason", "An invented reason"]
OFFICER = factories.actor().officer
assert OFFICER is not None
CLOSABLE = [
    ("agency", factories.AGENCY), ("client", factories.CLIENT),
    ("officer", f"{factories.AGENCY} {OFFICER.reference}"), ("field_class", "whereabouts"),
]  # fmt: skip


def shut(shell: Shell) -> dict[str, str]:
    """Return what is closed now, and by whom."""
    found = sa.select(closures.c.key, closures.c.closed_by).where(closures.c.opened_at.is_(None))
    return shell.database(lambda connection: {row.key: row.closed_by for row in connection.execute(found)})


@pytest.mark.parametrize(("scope", "key"), CLOSABLE, ids=[scope for scope, _ in CLOSABLE])
def test_the_operator_shuts_out_and_it_is_entered(shell: Shell, scope: str, key: str) -> None:
    told = shell.json("close", scope, key, *WHY)

    assert told == {"scope": scope, "key": key, "closed": True}
    assert shut(shell) == {key: "command-line"}
    (event,) = shell.log()[-1]["body"]["events"]
    assert event["details"] == {"scope": scope, "key": key, "reason": "An invented reason"}


@pytest.mark.parametrize(
    ("scope", "key", "expected", "code"),
    [
        ("client", "ke-nobody", 4, "NOT_FOUND"),
        ("agency", "ke-nobody", 4, "NOT_FOUND"),
        ("officer", f"{factories.AGENCY} NOBODY", 4, "NOT_FOUND"),
        ("officer", "x", 2, "NAME_MALFORMED"),
        ("agreement", "NONE", 4, "NOT_FOUND"),
        ("field_class", "nothing", 2, "CODE_UNKNOWN"),
    ],
)
def test_what_is_not_enrolled_cannot_be_shut_out(
    shell: Shell, scope: str, key: str, expected: int, code: str
) -> None:  # fmt: skip
    assert shell.json("close", scope, key, *WHY, expected=expected)["error"]["code"] == code
    assert shut(shell) == {}


def test_what_is_closed_is_closed_once(shell: Shell) -> None:
    shell.run("close", "client", factories.CLIENT, *WHY)

    assert shell.json("close", "client", factories.CLIENT, *WHY, expected=1)["error"]["code"] == "CLOSED_ALREADY"
    assert names(shell) == ["access:closed"]


def test_the_operator_does_not_open_while_two_administrators_can(shell: Shell) -> None:
    shell.run("close", "client", factories.CLIENT, *WHY)

    told = shell.json("open", "client", factories.CLIENT, "--break-glass", "I want to", expected=3)

    assert told["error"]["code"] == "BOOTSTRAP_OVER"
    assert shut(shell) == {factories.CLIENT: "command-line"}


def test_with_too_few_administrators_left_the_operator_opens_and_says_why(shell: Shell) -> None:
    shell.database(lambda connection: factories.shut(connection, Scope.AGENCY, factories.ELSEWHERE))

    told = shell.json("open", "agency", factories.ELSEWHERE, "--break-glass", "Closed by mistake")

    assert told == {"scope": "agency", "key": factories.ELSEWHERE, "closed": False}
    assert shut(shell) == {}
    (event,) = shell.log()[-1]["body"]["events"]
    assert (event["name"], event["details"]["break_glass"]) == ("access:opened", "Closed by mistake")


def test_what_is_open_is_not_opened(shell: Shell) -> None:
    shell.database(lambda connection: factories.shut(connection, Scope.AGENCY, factories.ELSEWHERE))

    told = shell.json("open", "client", factories.CLIENT, "--break-glass", "Closed by mistake", expected=4)

    assert told["error"]["code"] == "NOT_FOUND"


# -- as a client of a node


@pytest.mark.parametrize("text", ["{", "[]", '"agency"'])
def test_an_act_is_one_json_object(shell: Shell, tmp_path: Path, text: str) -> None:
    file, client = tmp_path / "act.json", tmp_path / "client.toml"
    file.write_text(text)
    client.write_text("")

    told = shell.json("administer", "propose", file, *WHY, "--as", client, expected=2)["error"]

    assert (told["code"], told["field"]) == ("BAD_USER_INPUT", "ACT")


def answering(monkeypatch: pytest.MonkeyPatch, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Let a node answer with this; return what it was asked."""
    asked: list[dict[str, Any]] = []

    class Node:
        """A client whose node always answers the same."""

        def token(self) -> dict[str, Any]:
            return {"access_token": "token-1"}

        def post(self, _path: str, _token: str, *, json: dict[str, Any]) -> dict[str, Any]:
            asked.append(json)
            return data

    monkeypatch.setattr(asking, "read", lambda _file: Node())
    return asked


ACT = {"id": "ZQ1", "kind": "AGENCY", "subject": "nl-invented", "state": "PROPOSED", "reason": "An invented reason"}
BROKEN = {"code": "SAME_CHAIN", "field": None, "message": "The proposer's own chain can't decide.", "remedy": None}


@pytest.mark.parametrize(
    ("command", "field", "payload", "said"),
    [
        (["approve", "ZQ1"], "enrolmentApprove", {"enrolment": ACT}, "ZQ1  proposed  agency nl-invented"),
        (["reject", "ZQ1", "--note", "Not signed"], "enrolmentReject", {"enrolment": ACT}, "ZQ1  proposed"),
        (["withdraw", "ZQ1", *WHY], "enrolmentWithdraw", {"enrolment": ACT}, "ZQ1  proposed"),
        (["close", "client", "x", *WHY], "accessClose", {"closure": {"key": "x"}}, "Closed client x."),
    ],
    ids=["approve", "reject", "withdraw", "close"],
)
def test_what_is_changed_at_a_node_is_said_and_what_it_refuses_too(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], field: str,
    payload: dict[str, Any], said: str,
) -> None:  # fmt: skip
    client = tmp_path / "client.toml"
    client.write_text("")
    asked = answering(monkeypatch, {"data": {field: payload | {"userErrors": []}}})
    done = shell.run("administer", *command, "--as", client)
    answering(monkeypatch, {"data": {field: {"userErrors": [BROKEN]}}})
    refused = shell.json("administer", *command, "--as", client, expected=2)

    assert done.stdout.startswith(said)
    assert field in asked[0]["query"]
    assert refused["error"]["code"] == "SAME_CHAIN"


def test_what_waits_and_which_keys_end_is_listed(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    client = tmp_path / "client.toml"
    client.write_text("")
    key = {
        "holder": "client",
        "name": "nl-desk",
        "kid": "1",
        "notAfter": "2026-12-01T00:00:00Z",
        "isCertificate": False,
    }
    found = [key, key | {"kid": "2", "isCertificate": True}]
    answering(monkeypatch, {"data": {"enrolments": {"edges": [{"node": ACT}]}, "keysExpiring": found}})
    full = [shell.run("administer", each, "--as", client).stdout for each in ("waiting", "keys")]
    answering(monkeypatch, {"data": {"enrolments": {"edges": []}, "keysExpiring": []}})
    empty = [shell.run("administer", each, "--as", client).stdout for each in ("waiting", "keys")]

    assert full == [
        "ZQ1  proposed  agency nl-invented: An invented reason\n",
        "2026-12-01T00:00:00Z  client nl-desk, key 1\n2026-12-01T00:00:00Z  client nl-desk, certificate 2\n",
    ]
    assert empty == ["Nothing waits.\n", "No key or certificate ends within thirty days.\n"]


def test_what_needs_no_file_is_proposed_from_the_command_line(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, pem = tmp_path / "client.toml", tmp_path / "desk.crt"
    client.write_text("")
    pem.write_text("an invented certificate")
    asked = answering(monkeypatch, {"data": {"enrolmentPropose": {"enrolment": ACT, "userErrors": []}}})

    for command in (["invite", "DCI/20417", "--agency", "ke-dci"], ["certificate", "ke-dci-desk", pem]):
        assert shell.run("administer", *command, *WHY, "--as", client).stdout.startswith("ZQ1  proposed")

    reason = {"reason": "An invented reason"}
    assert [each["variables"]["input"] for each in asked] == [
        {"passkeyInvitation": {"agency": "ke-dci", "reference": "DCI/20417"}} | reason,
        {"clientCertificate": {"client": "ke-dci-desk", "certificate": "an invented certificate"}} | reason,
    ]


def test_the_code_of_an_invitation_is_told_to_whoever_approves(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "client.toml"
    client.write_text("")
    made = {"code": "7K2MX-9XQ4H-RWBD3-2N5PT-VZ8JC", "until": "2026-11-23T09:00:00Z"}
    act = ACT | {"kind": "PASSKEY_INVITATION", "state": "APPROVED", "subject": "ke-dci DCI/20417", "invitation": made}
    asked = answering(monkeypatch, {"data": {"enrolmentApprove": {"enrolment": act, "userErrors": []}}})

    said = shell.run("administer", "approve", "ZQ1", "--as", client).stdout

    assert "invitation { code until }" in asked[0]["query"]
    assert said.splitlines()[0] == "ZQ1  approved  passkey_invitation ke-dci DCI/20417: An invented reason"
    assert made["until"] in said
    assert said.rstrip().endswith(made["code"])


def test_a_node_that_refuses_says_why(shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = tmp_path / "client.toml"
    client.write_text("")
    answering(monkeypatch, {"errors": [{"message": "No rule permits it.", "extensions": {"code": "FORBIDDEN"}}]})

    assert shell.json("administer", "waiting", "--as", client, expected=3)["error"]["code"] == "FORBIDDEN"
