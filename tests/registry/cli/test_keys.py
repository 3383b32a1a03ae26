"""`registry keys`: made privately, exchanged without a pause and also after a kill, destroyed when it is time."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.clock import now
from registry.core.engines import open_database
from registry.core.ids import public_id
from registry.core.key_providers import FileKeys, open_sealer, read_key_file
from registry.core.private import write_private
from registry.core.sealing import Sealer, WrappedKey
from registry.desk.models import subject_requests
from registry.disclosure.vocabulary import Role
from registry.photographs.models import photographs
from registry.profiles.models import profiles, record_keys, revisions
from registry.profiles.operations import proposing, reading
from registry.profiles.standing import Change
from tests.factories import EDITION, SEALER, actor, changed, named, record, vetted, work
from tests.journeys.served import PROGRAM
from tests.registers import owned
from tests.registry.cli.conftest import Shell
from tests.registry.core.test_pkcs11_keys import PIN, library
from tests.registry.desk.scenes import opened
from tests.registry.photographs.scenes import upload

OLD, NEW = "invented", "newer"
OLD_KEY, NEW_KEY = bytes(range(32)), bytes(range(32, 64))
INDEX = bytes(range(32, 64))
MANY = 6_000
LATER = Sealer(FileKeys({NEW: NEW_KEY}), INDEX)
"""A node after the old key is gone."""


def is_left_to_the_owner(node: Shell, remaining: str | None) -> bool:
    """Say whether nothing is left to clear but what on PostgreSQL only the tables' owner may."""
    if node.settings.is_sqlite:
        return remaining is None
    return remaining is not None and remaining.startswith("Let the tables' owner run: VACUUM")


def by_the_owner(node: Shell) -> dict[str, str]:
    """Return the setting with which the commands clear as the tables' owner; SQLite has none."""
    return {} if node.settings.is_sqlite else {"REGISTRY_MIGRATION_URL": owned(node.settings.database_url)}


@pytest.fixture
def node(shell: Shell) -> Shell:
    """The command line of a node whose key file holds the old key only."""
    return shell


def key_file(node: Shell) -> Path:
    return Path(node.environment["REGISTRY_SEALING_KEY_FILE"])


def exchange(node: Shell) -> None:
    """Make the newer key the current one."""
    write_private(key_file(node), f"{NEW}:{NEW_KEY.hex()}\n{OLD}:{OLD_KEY.hex()}\n")


def keys_of(connection: Connection) -> dict[str, dict[UUID, WrappedKey]]:
    """Return every wrapped key that the register holds."""
    tables = (
        (record_keys.c.profile, record_keys.c.content), (photographs.c.id, photographs.c.wrapped_key),
        (subject_requests.c.id, subject_requests.c.wrapped_key),
    )  # fmt: skip
    return {
        record.table.name: {
            row[0]: WrappedKey(row[1], row[2])
            for row in connection.execute(sa.select(record, record.table.c.key_id, content))
        }
        for record, content in tables
    }


def lived_in(connection: Connection) -> UUID:
    """Bring in a record, a photograph and a request; return the record's profile."""
    photograph = upload(connection, SEALER)
    opened(connection)
    pictures = [{"id": public_id("photograph", photograph), "taken_on": "2026-01-02"}]
    return vetted(connection, record(photographs=pictures))


def events(node: Shell, name: str) -> list[dict[str, Any]]:
    """Return the events of this name, with what their entries say."""
    return [
        event | {"kind": entry["kind"], "operation": entry["operation"], "outcome": entry["outcome"]}
        for entry in node.log() for event in entry["body"]["events"] if event["name"] == name
    ]  # fmt: skip


# -- generate


def test_a_key_line_is_printed_and_no_two_are_alike(node: Shell, tmp_path: Path) -> None:
    one, two = (node.json("keys", "generate")["key"] for _ in range(2))

    assert one != two
    write_private(tmp_path / "both", f"{one}\n{two}\n")
    assert read_key_file(str(tmp_path / "both")).current == one.partition(":")[0]
    assert node.run("keys", "generate").stdout.count("\n") == 1


def test_a_new_key_file_is_private_and_holds_one_line(node: Shell, tmp_path: Path) -> None:
    told = node.json("keys", "generate", "--out", tmp_path / "sealing.keys")

    assert told == {"file": str(tmp_path / "sealing.keys"), "id": told["id"], "wraps": True}
    assert (tmp_path / "sealing.keys").stat().st_mode & 0o777 == 0o600
    assert read_key_file(told["file"]).current == told["id"]


def test_a_line_is_added_last_so_that_every_node_can_unwrap_before_any_wraps(node: Shell) -> None:
    before = key_file(node).read_text(encoding="ascii")

    told = node.json("keys", "generate", "--out", key_file(node))

    assert not told["wraps"]
    first, second = key_file(node).read_text(encoding="ascii").splitlines()
    assert first == before.strip()
    assert second.startswith(f"{told['id']}:")
    assert key_file(node).stat().st_mode & 0o777 == 0o600
    assert "until its line is the first" in node.run("keys", "generate", "--out", key_file(node)).stdout


def test_a_key_file_that_is_none_or_that_others_can_read_is_left_alone(node: Shell, tmp_path: Path) -> None:
    write_private(tmp_path / "other", "something else\n" * 9)
    key_file(node).chmod(0o644)

    assert node.json("keys", "generate", "--out", tmp_path / "other", expected=2)["error"]["code"] == "SECRET_MALFORMED"
    assert node.json("keys", "generate", "--out", key_file(node), expected=2)["error"]["code"] == "SECRET_EXPOSED"
    assert (tmp_path / "other").read_text(encoding="ascii") == "something else\n" * 9


def test_the_index_key_is_made_once_and_never_written_over(node: Shell, tmp_path: Path) -> None:
    made = node.json("keys", "generate", "--index", "--out", tmp_path / "index.key")
    content = (tmp_path / "index.key").read_text(encoding="ascii")

    refused = node.json("keys", "generate", "--index", "--out", tmp_path / "index.key", expected=1)

    assert refused["error"]["code"] == "FILE_EXISTS"
    assert (tmp_path / "index.key").read_text(encoding="ascii") == content
    assert (made["id"], len(bytes.fromhex(content))) == (None, 32)
    settings = replace(node.settings, index_key_file=str(tmp_path / "index.key"))
    assert open_sealer(settings).blind("phone", "1") != SEALER.blind("phone", "1")


# -- rotate

ANEW = {"records": 1, "photographs": 1, "subject requests": 1, "certificates": 0, "screenings": 0, "signing keys": 0}
"""Data keys of the register at hand that a rotation wraps anew."""


def test_every_data_key_is_wrapped_anew_and_the_register_needs_the_old_key_no_more(node: Shell) -> None:
    profile = node.database(lived_in)
    exchange(node)

    told = node.json("keys", "rotate")

    assert told["anew"] == ANEW
    assert (told["current"], told["waiting"], told["left"]) == (NEW, {OLD: 3}, {})
    assert (told["unused_but_for_the_log"], told["closed"]) == ([OLD], 0)
    assert is_left_to_the_owner(node, told["remaining"])
    for ring in node.database(keys_of).values():
        for owner, wrapped in ring.items():
            assert wrapped.key_id == NEW
            LATER.open_key(owner, wrapped)
    assert phones_of(node, profile) == ["+254712345678"]


def phones_of(node: Shell, profile: UUID) -> list[str]:
    """Read a record as a node does that has the newer key only."""

    def read(connection: Connection) -> list[str]:
        reader = replace(work(connection, actor(connection)), sealer=LATER)
        return [each.number for each in reading.read_profile(reader, profile).phones]

    return node.database(read)


def test_a_run_is_entered_before_it_begins_and_when_it_is_done(node: Shell) -> None:
    node.database(lived_in)
    exchange(node)

    node.run("keys", "rotate")

    (begun,), (done,) = events(node, "keys:rotation:begun"), events(node, "keys:rotated")
    assert begun["details"] == {"current": NEW, "waiting": {OLD: 3}}
    assert done["details"]["anew"] == ANEW
    assert (done["kind"], done["operation"], done["outcome"]) == ("command", "keys rotate", "allowed")


def test_a_dry_run_counts_and_writes_nothing(node: Shell) -> None:
    node.database(lived_in)
    exchange(node)
    before, entries = node.database(keys_of), len(node.log())

    assert node.json("keys", "rotate", "--dry-run") == {"current": NEW, "waiting": {OLD: 3}}
    assert node.run("keys", "rotate", "--dry-run").stdout == f"3 data keys are wrapped with {OLD}.\n"
    assert node.database(keys_of) == before
    assert len(node.log()) == entries


def test_where_nothing_waits_it_says_so(node: Shell) -> None:
    node.database(lived_in)

    assert node.run("keys", "rotate", "--dry-run").stdout == f"Every data key is wrapped with {OLD}.\n"
    assert node.json("keys", "rotate")["unused_but_for_the_log"] == []


def test_people_are_told_what_the_old_key_is_still_needed_for(node: Shell) -> None:
    node.database(lived_in)
    exchange(node)

    said = node.run("keys", "rotate").stdout

    assert "records: 1 wrapped anew" in said
    assert f"Every data key is wrapped with {NEW}." in said
    assert f"No data key needs {OLD} any more, but the log does" in said


def test_keys_that_do_not_open_are_told_of_and_hold_up_no_others(node: Shell) -> None:
    profile = node.database(lived_in)
    lost = UUID(int=7)
    node.database(
        lambda connection: connection.execute(
            record_keys.insert(),
            [{"profile": lost, "key_id": "lost", "content": b"x" * 61},
             {"profile": UUID(int=8), "key_id": OLD, "content": b"\x01" + b"x" * 60}],
        ).rowcount
    )  # fmt: skip
    exchange(node)

    told = node.json("keys", "rotate", expected=1)

    assert (told["left"], told["closed"], told["unused_but_for_the_log"]) == ({OLD: 1, "lost": 1}, 2, [])
    assert f"records {lost}, wrapped with lost" in told["problems"][0]
    assert phones_of(node, profile) == ["+254712345678"]
    said = node.run("keys", "rotate", expected=1).stdout
    assert "1 are still wrapped with lost." in said
    assert "Put back a key that is missing" in said


def filled(connection: Connection) -> None:
    """Insert many data keys."""
    wrapped = [(UUID(int=number), SEALER.new_key(UUID(int=number))[1]) for number in range(1, MANY + 1)]
    values = [{"profile": record, "key_id": key.key_id, "content": key.content} for record, key in wrapped]
    connection.execute(record_keys.insert(), values)


def rotated(connection: Connection) -> int:
    """Count the records' keys that are wrapped with the newer key."""
    statement = sa.select(sa.func.count()).select_from(record_keys).where(record_keys.c.key_id == NEW)
    return connection.execute(statement).scalar_one()


def test_a_rotation_that_is_killed_goes_on_where_it_was(node: Shell) -> None:
    """Whole batches are done or not; no key is lost, and none is wrapped twice."""
    node.database(filled)
    exchange(node)

    with slowed(node, "record_keys", 1):
        killed(node, "keys", "rotate", when=rotated)

    done = node.database(rotated)
    assert 0 < done < MANY
    assert done % 1000 == 0
    assert node.json("keys", "rotate")["anew"]["records"] == MANY - done
    ring = node.database(keys_of)["record_keys"]
    assert {each.key_id for each in ring.values()} == {NEW}
    for number in range(1, MANY, 97):
        LATER.open_key(UUID(int=number), ring[UUID(int=number)])
    assert len(events(node, "keys:rotation:begun")) == 2
    assert len(events(node, "keys:rotated")) == 1


@contextmanager
def slowed(node: Shell, table: str, milliseconds: int) -> Iterator[None]:
    """Make each update of a row last, so that whoever makes thousands is met in the middle of them."""
    if node.settings.is_sqlite:
        work = f"BEGIN SELECT length(hex(randomblob({200_000 * milliseconds}))); END"
    else:
        work = "FOR EACH ROW EXECUTE FUNCTION slowly()"
        body = f"BEGIN PERFORM pg_sleep({milliseconds / 1000}); RETURN NULL; END"
        change(node, f"CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS '{body}'")
    change(node, f"CREATE TRIGGER slowly AFTER UPDATE ON {table} {work}")
    try:
        yield
    finally:
        if node.settings.is_sqlite:
            change(node, "DROP TRIGGER slowly")
        else:
            change(node, "DROP FUNCTION slowly() CASCADE")


def change(node: Shell, statement: str) -> None:
    """Change the schema, once nobody holds the table any more: a killed client's transaction may last a moment."""
    url = owned(node.settings.database_url)  # whose tables they are
    patient = replace(
        node, settings=replace(node.settings, database_url=url, lock_seconds=30.0, statement_seconds=30.0)
    )
    patient.database(lambda connection: connection.exec_driver_sql(statement).rowcount)


def looked(node: Shell, look: Callable[[Connection], int]) -> int:
    """Look without waiting for whoever writes."""

    async def use() -> int:
        opened = open_database(node.settings).keeper
        try:
            return await opened.read(look)
        finally:
            await opened.close()

    return asyncio.run(use())


def killed(node: Shell, *command: str, when: Callable[[Connection], int]) -> None:
    """Start a command as a process, and kill it as soon as it has done something."""
    running = subprocess.Popen([str(PROGRAM), *command], env=os.environ | node.environment, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    try:
        while not looked(node, when):
            assert running.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
    finally:
        running.kill()
        running.wait()
    assert running.returncode == -signal.SIGKILL


# -- rotate, from a file into a token and within it

GENERATE = """
import sys
import pkcs11
from pkcs11 import Attribute, KeyType, MechanismFlag

library, pin = sys.argv[1:]
with pkcs11.lib(library).get_token(token_label="rotating").open(rw=True, user_pin=pin) as session:
    for number in (1, 2):
        session.generate_key(
            KeyType.AES, 256, id=bytes([number]), label=f"sealing-{number}", store=True,
            capabilities=MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT,
            template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
        )
"""


@pytest.fixture
def token(tmp_path: Path) -> dict[str, str]:
    """Settings of a token of this test's own, with two keys. Only other processes open it: ours has a token already."""
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\n", "utf-8")
    write_private(tmp_path / "pin", PIN)
    environment = {"SOFTHSM2_CONF": str(configuration)}
    said(environment, "softhsm2-util", "--init-token", "--free", "--label", "rotating", "--pin", PIN, "--so-pin", PIN)
    said(environment, sys.executable, "-c", GENERATE, library(), PIN)
    return environment | {
        "REGISTRY_PKCS11_MODULE": library(), "REGISTRY_PKCS11_TOKEN": "rotating",
        "REGISTRY_PKCS11_PIN_FILE": str(tmp_path / "pin"),
    }  # fmt: skip


def said(environment: dict[str, str], *command: str) -> str:
    """Run a program to its end and return what it prints."""
    done = subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_keys_move_from_a_file_into_a_token_and_on_to_its_next_key(node: Shell, token: dict[str, str]) -> None:
    node.database(lived_in)

    def rotate(label: str, **environment: str) -> dict[str, Any]:
        settings = node.environment | token | {"REGISTRY_PKCS11_KEY": label} | environment
        told: dict[str, Any] = json.loads(said(settings, str(PROGRAM), "keys", "rotate", "--json"))
        return told

    moved = rotate("sealing-1")
    further = rotate("sealing-2", REGISTRY_SEALING_KEY_FILE="")

    assert (moved["current"], moved["waiting"], moved["left"]) == ("pkcs11:01", {OLD: 3}, {})
    assert (further["current"], further["waiting"], further["left"]) == ("pkcs11:02", {"pkcs11:01": 3}, {})
    for ring in node.database(keys_of).values():
        assert {each.key_id for each in ring.values()} == {"pkcs11:02"}


# -- erase


def removed(connection: Connection, value: object) -> UUID:
    """Bring a record in and remove it, longer ago than the days of grace."""
    profile = vetted(connection, value)
    changed(connection, profile, Change.REMOVE)
    long_ago = now() - timedelta(days=EDITION.removal_grace_days + 1)
    connection.execute(profiles.update().where(profiles.c.id == profile).values(removed_at=long_ago))
    return profile


def people(connection: Connection) -> tuple[UUID, UUID, UUID]:
    """Bring in somebody to be erased, somebody to wait and somebody to stay."""
    gone = removed(connection, record())
    recent = vetted(connection, named("Wanjiru Invented Njeri", phones=["+254722000001"]))
    changed(connection, recent, Change.REMOVE)
    connection.execute(profiles.update().where(profiles.c.id == recent).values(removed_at=now()))
    return gone, recent, vetted(connection, named("Otieno Invented Ouma", phones=["+254722000002"]))


def owners(connection: Connection) -> set[UUID]:
    """Return the records that have a key."""
    return set(connection.execute(sa.select(record_keys.c.profile)).scalars())


def test_what_is_due_is_erased_and_entered_with_its_records(node: Shell) -> None:
    gone, recent, stays = node.database(people)
    due_on = (now() + timedelta(days=EDITION.removal_grace_days)).date()

    told = node.json("keys", "erase")

    assert is_left_to_the_owner(node, told.pop("remaining"))
    assert told == {
        "dry_run": False, "removed": 1, "profiles": 1, "keys": 1, "versions": 2, "photographs": 0, "later": 1,
        "next_on": due_on.isoformat(), "undecided": [],
    }  # fmt: skip
    assert node.database(owners) == {recent, stays}
    (erased,) = events(node, "profile:erased")
    assert (erased["records"], erased["kind"], erased["operation"]) == ([str(gone)], "command", "keys erase")
    assert erased["details"] == {"keys": 1, "versions": 2, "photographs": 0}


def test_a_dry_run_of_an_erasure_counts_the_same_and_destroys_nothing(node: Shell) -> None:
    everybody = node.database(people)
    entries = len(node.log())

    told = node.json("keys", "erase", "--dry-run")

    assert (told["dry_run"], told["profiles"], told["keys"], told["versions"]) == (True, 1, 1, 2)
    assert node.database(owners) == set(everybody)
    assert len(node.log()) == entries
    assert node.run("keys", "erase", "--dry-run").stdout.startswith("Would erase 1 records")
    done = node.json("keys", "erase")
    assert is_left_to_the_owner(node, done.pop("remaining"))
    assert told.pop("remaining") is None
    assert done == told | {"dry_run": False}


def test_a_second_run_finds_nothing_and_enters_nothing(node: Shell) -> None:
    node.database(people)
    node.run("keys", "erase")
    entries = len(node.log())

    assert node.json("keys", "erase")["profiles"] == 0
    assert len(node.log()) == entries


def test_whoever_is_to_be_restored_is_named_and_waits(node: Shell) -> None:
    def ask(connection: Connection) -> UUID:
        profile = removed(connection, record())
        registrar = work(connection, actor(connection, role=Role.REGISTRAR))
        proposing.propose_change(registrar, profile, Change.RESTORE, "It was another person's order")
        return profile

    profile = node.database(ask)

    told = node.json("keys", "erase")

    assert (told["profiles"], told["undecided"]) == (0, [public_id("profile", profile)])
    assert f"decided on first: {public_id('profile', profile)}" in node.run("keys", "erase").stdout
    assert node.database(owners) == {profile}


def test_the_tables_can_be_written_anew(node: Shell) -> None:
    gone, *_ = node.database(people)

    assert is_left_to_the_owner(node, node.json("keys", "erase", "--rewrite")["remaining"])
    assert gone not in node.database(owners)


@pytest.mark.parametrize("arguments", [["erase"], ["erase", "--rewrite"], ["rotate"]], ids=" ".join)
def test_with_the_owners_address_the_command_clears_everything_itself(node: Shell, arguments: list[str]) -> None:
    node.database(people)
    exchange(node)

    assert node.json("keys", *arguments, expected=0, **by_the_owner(node))["remaining"] is None


@pytest.mark.parametrize("command", ["erase", "rotate"])
def test_an_owners_password_that_is_missing_stops_the_command_before_anything_is_done(
    node: Shell, tmp_path: Path, command: str
) -> None:
    """SQLite has no owner: there the setting is not looked at."""
    if node.settings.is_sqlite:
        return
    everybody = node.database(people)
    exchange(node)
    before, entries = node.database(keys_of), len(node.log())
    address = by_the_owner(node)["REGISTRY_MIGRATION_URL"]
    missing = str(tmp_path / "nowhere")

    refused = node.json("keys", command, expected=2,
                        REGISTRY_MIGRATION_URL=address, REGISTRY_MIGRATION_PASSWORD_FILE=missing)  # fmt: skip

    assert refused["error"]["code"] == "SECRET_MISSING"
    assert node.database(owners) == set(everybody)
    assert (node.database(keys_of), len(node.log())) == (before, entries)


def many(connection: Connection) -> None:
    """Have many records removed: copies of one that was removed in good order, with pictures to make it last."""
    profile = removed(connection, record())
    like = connection.execute(sa.select(profiles).where(profiles.c.id == profile)).mappings().one()
    written = connection.execute(sa.select(revisions).where(revisions.c.profile == profile)).mappings().all()
    for number in range(1, CROWD):
        copy = UUID(int=number)
        versions = {row["id"]: UUID(int=number << 8 | place) for place, row in enumerate(written)}
        connection.execute(revisions.insert(), [
            dict(row) | {"id": versions[row["id"]], "profile": copy, "base": versions.get(row["base"])}
            for row in written
        ])  # fmt: skip
        connection.execute(profiles.insert(), dict(like) | {
            "id": copy, "number": like["number"] + number, "current": versions[like["current"]],
        })  # fmt: skip
        key = SEALER.new_key(copy)[1]
        connection.execute(record_keys.insert(), {"profile": copy, "key_id": key.key_id, "content": key.content})


CROWD = 500


def erased(connection: Connection) -> int:
    """Count the records that are erased."""
    statement = sa.select(sa.func.count()).select_from(profiles).where(profiles.c.erased_at.is_not(None))
    return connection.execute(statement).scalar_one()


def test_an_erasure_that_is_killed_goes_on_where_it_was(node: Shell) -> None:
    """What is erased has its entry, and nothing is half erased."""
    node.database(many)

    with slowed(node, "profiles", 5):
        killed(node, "keys", "erase", when=erased)

    done = node.database(erased)
    assert 0 < done < CROWD
    assert done % 100 == 0
    assert len(node.database(owners)) == CROWD - done
    assert node.json("keys", "erase")["profiles"] == CROWD - done
    assert node.database(owners) == set()
    entered = [each for event in events(node, "profile:erased") for each in event["records"]]
    assert len(entered) == len(set(entered)) == CROWD
