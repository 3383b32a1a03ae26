"""`registry audit seen`: what an officer was shown, in words for the auditor who asks at the node."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from registry.audit import policies
from registry.audit.log import append
from registry.core.ids import public_id
from registry.disclosure.policy import approved as approved_policy
from registry.disclosure.vocabulary import Role
from registry.profiles.operations.reading import read_profile
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf

AUDITOR = [*on_behalf(Role.AUDITOR, "AUDIT 1/2026"), "--reason", "An invented complaint"]
FIELDS = ("Profile.names", "Name.full", "Profile.phones", "Phone.number")


@pytest.fixture
def officer(shell: Shell) -> str:
    """An officer who was shown a record that says something else by now."""

    def run(connection: Connection) -> str:
        table = approved_policy("ke")
        policies.keep(connection, table.version, "ke", table.text, factories.MOMENT)
        profile = factories.vetted(connection, factories.record())
        asking = factories.work(connection, factories.actor(connection))
        read_profile(asking, profile)
        assert asking.actor.officer is not None
        of = asking.actor.officer.id
        append(connection, [factories.entry(officer=of, events=tuple(asking.events), fields=FIELDS)])
        factories.amended(connection, profile, factories.record(phones=None))
        return public_id("officer", of)

    return shell.database(run)


def test_what_was_shown_is_told_beside_what_is_said_now(shell: Shell, officer: str) -> None:
    text = shell.run("audit", "seen", 0, *AUDITOR).stdout
    at = (factories.MOMENT + timedelta(seconds=1)).replace(tzinfo=None).isoformat()
    told = shell.json("audit", "seen", "--by-officer", officer, "--at", at, *AUDITOR)

    assert "Not proved: The entry is older than the digests of answers" in text
    assert '  phones: [{"number":"+254712345678"}]' in text
    assert "    the record says now: []" in text
    assert (told["index"], told["proof"], told["records"][0]["version_now"]) == (0, "unproved", 2)
    assert [each["operation"] for each in shell.log()[-2:]] == ["audit seen", "audit seen"]


@pytest.mark.usefixtures("officer")
def test_which_answer_is_said_in_one_way(shell: Shell) -> None:
    assert shell.json("audit", "seen", *AUDITOR, expected=2)["error"]["field"] == "INDEX"
    assert shell.json("audit", "seen", 99, *AUDITOR, expected=4)["error"]["code"] == "NOT_FOUND"
