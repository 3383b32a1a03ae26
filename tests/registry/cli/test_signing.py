"""`registry keys signing`: keys that sign tokens are made, listed and withdrawn, each time with an entry."""

import asyncio

import sqlalchemy as sa
from sqlalchemy import Connection

from auth.keys import load_signing_key
from registry.audit.models import entries
from registry.core.engines import open_database
from tests.registry.cli.conftest import Shell


def states(shell: Shell) -> list[str]:
    return [each["state"] for each in shell.json("keys", "signing", "list")]


def events(shell: Shell) -> list[str]:
    """Return what the log says was done, oldest first."""

    def read(connection: Connection) -> list[str]:
        bodies = connection.execute(sa.select(entries.c.body).order_by(entries.c["index"])).scalars()
        return [event["name"] for body in bodies for event in body["events"]]

    async def run() -> list[str]:
        database = open_database(shell.settings)
        try:
            return await database.keeper.read(read)
        finally:
            await database.close()

    return asyncio.run(run())


def file_kid(shell: Shell) -> str:
    return load_signing_key(shell.settings.signing_key_file).kid


def test_until_one_is_made_the_key_file_signs(shell: Shell) -> None:
    assert shell.json("keys", "signing", "list") == []
    assert "key file" in shell.run("keys", "signing", "list").stdout


def test_a_key_is_made_a_day_before_it_signs(shell: Shell) -> None:
    made = shell.json("keys", "signing", "rotate")

    listed = shell.json("keys", "signing", "list")
    assert [each["state"] for each in listed] == ["signing", "waiting"]
    assert [each["kid"] for each in listed] == [file_kid(shell), made["kid"]]
    assert events(shell)[-1] == "signing-key:made"


def test_a_second_key_does_not_wait_beside_the_first(shell: Shell) -> None:
    shell.run("keys", "signing", "rotate")

    refused = shell.json("keys", "signing", "rotate", expected=1)

    assert refused["error"]["code"] == "KEY_WAITING"


def test_a_key_may_sign_at_once_and_the_old_one_verifies(shell: Shell) -> None:
    shell.run("keys", "signing", "rotate", "--at-once")

    assert states(shell) == ["verifying", "signing"]


def test_a_key_that_is_withdrawn_is_replaced(shell: Shell) -> None:
    done = shell.json("keys", "signing", "withdraw", file_kid(shell))

    assert states(shell) == ["withdrawn", "signing"]
    assert done == {"withdrawn": file_kid(shell), "in_its_place": shell.json("keys", "signing", "list")[1]["kid"]}
    assert events(shell)[-1] == "signing-key:withdrawn"


def test_a_key_that_waits_is_withdrawn_and_not_replaced(shell: Shell) -> None:
    made = shell.json("keys", "signing", "rotate")

    done = shell.json("keys", "signing", "withdraw", made["kid"])

    assert done["in_its_place"] is None
    assert states(shell) == ["signing", "withdrawn"]


def test_a_key_that_nobody_knows_is_not_withdrawn(shell: Shell) -> None:
    refused = shell.json("keys", "signing", "withdraw", "nobody-s", expected=4)

    assert refused["error"]["code"] == "NOT_FOUND"
    assert "signing-key:withdrawn" not in events(shell)


def test_no_private_half_is_told(shell: Shell) -> None:
    said = [shell.run("keys", "signing", *each).stdout for each in (["rotate"], ["list"])]

    assert "PRIVATE" not in "".join(said)
    assert '"d"' not in "".join(said)
