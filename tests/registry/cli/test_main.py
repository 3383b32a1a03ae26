"""The commands that run and look after a node: help, serve, migrate, doctor, schema print."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner
from sqlalchemy import Connection

from graphql_schema import schema
from registry import migrations
from registry.cli.main import main
from registry.core.private import write_private
from tests.journeys.served import PROGRAM, run
from tests.registers import owned
from tests.registry.cli.conftest import Shell
from tests.registry.test_sandbox import bundle


def commands(group: click.Group = main, *path: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of every command that does something."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name)


COMMANDS = list(commands())


def test_these_are_the_commands() -> None:
    assert {" ".join(each) for each in COMMANDS} == {
        "administer approve", "administer certificate", "administer close", "administer invite", "administer keys",
        "administer propose", "administer reject", "administer waiting", "administer withdraw",
        "audit drill", "audit mirror", "audit restore", "audit thaw",
        "audit erase", "audit partitions", "audit retain",
        "audit explain", "audit export", "audit export-approve", "audit fsck", "audit list", "audit open",
        "audit prove", "audit receipt", "audit report", "audit seen", "audit show",
        "audit verify", "certificate print", "close",
        "demo", "doctor", "documents catalogue", "documents check", "documents mode",
        "enrol agency", "enrol client", "enrol delegate", "enrol first-administrator", "enrol invitation",
        "enrol officer", "export", "grant", "import", "index rebuild", "keys erase", "keys generate", "keys notary",
        "keys rotate", "misuse import", "misuse rules", "misuse run",
        "keys signing list", "keys signing rotate", "keys signing withdraw", "migrate", "notary", "open",
        "policy check", "policy diff", "policy explain", "policy matrix", "policy replay", "proof", "query",
        "schema changes", "schema dictionary", "schema export", "schema limits", "schema pages", "schema print",
        "schema record", "screen", "serve", "sessions end", "sessions list", "token",
        "witness init", "witness key",
    }  # fmt: skip


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_the_help_of_every_command_says_what_it_does_and_shows_an_example(path: tuple[str, ...]) -> None:
    said = CliRunner().invoke(main, [*path, "--help"])

    assert said.exit_code == 0
    example = said.output.partition("Example")[2]
    assert f"registry {' '.join(path)}".strip() in example, said.output


def test_the_help_lists_the_exit_codes() -> None:
    said = CliRunner().invoke(main, ["-h"]).output

    assert "0 done, 1 failure, 2 usage or bad input, 3 refused, 4 not found, 5 a proof failed,\n  75 try later" in said


@pytest.mark.parametrize("arguments", [["nothing"], ["migrate", "--nothing"], ["token"], ["demo", "--profiles", "0"]])
def test_a_mistake_in_the_command_itself_is_exit_code_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_schema_print_prints_the_schema_and_nothing_else() -> None:
    assert CliRunner().invoke(main, ["schema", "print"]).stdout == schema.sdl()


# -- settings


@pytest.mark.parametrize("command", [("migrate",), ("doctor",), ("serve",)], ids=" ".join)
def test_a_wrong_setting_is_named_before_anything_starts(shell: Shell, command: tuple[str, ...]) -> None:
    said = shell.run(*command, REGISTRY_WORKERS="many", expected=2)

    assert "workers" in said.stderr
    assert "[SETTING_INVALID]" in said.stderr
    assert not said.stdout


def test_a_register_of_real_agencies_is_not_served_with_the_page_of_a_sandbox(shell: Shell, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "bundle")

    said = shell.run("serve", REGISTRY_SANDBOX_FOLDER=str(folder), expected=2)

    assert "sandbox_folder" in said.stderr
    assert "shows no marks of an invented one" in said.stderr
    assert "[SETTING_INVALID]" in said.stderr


def test_with_json_a_refusal_is_one_json_value_too(shell: Shell) -> None:
    said = shell.json("migrate", REGISTRY_WORKERS="0", expected=2)

    assert said == {
        "error": {
            "code": "SETTING_INVALID", "field": "workers", "message": "is out of range.", "remedy": "Write 1 to 64.",
        }
    }  # fmt: skip


# -- migrate


def test_migrate_brings_an_empty_database_to_this_programs_schema_and_back(
    shell: Shell, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    empty = f"sqlite:///{tmp_path}/deep/er/empty.db"
    if not shell.settings.is_sqlite:
        server = request.getfixturevalue("postgres")
        name = f"empty_{tmp_path.name.replace('-', '_').lower()[-20:]}"
        server.create_database(name)
        empty = server.url(name).replace("+asyncpg", "")

    def to(*arguments: str) -> str | None:
        reached: str | None = shell.json("migrate", *arguments, REGISTRY_DATABASE_URL=empty)["revision"]
        return reached

    assert to() == migrations.head()
    assert to() == migrations.head()
    assert to("--to", "0001_agencies", "--drop-data") == "0001_agencies"
    assert to("--to", "0002_log") == "0002_log"
    assert to("--to", "base", "--drop-data") is None
    assert to() == migrations.head()


def test_going_back_drops_tables_and_so_must_be_asked_for_twice(shell: Shell) -> None:
    refused = shell.json("migrate", "--to", "0002_log", expected=3)

    assert refused["error"]["code"] == "DATA_WOULD_BE_DROPPED"
    assert findings(shell, expected=0)["schema"] is None


def test_migrate_tells_people_where_the_schema_stands(shell: Shell) -> None:
    assert shell.run("migrate").stdout == f"The schema stands at {migrations.head()}.\n"


def test_an_unknown_migration_is_refused(shell: Shell) -> None:
    assert shell.json("migrate", "--to", "nonsense", expected=2)["error"]["code"] == "REVISION_UNKNOWN"


def stand_at(shell: Shell, revision: str) -> None:
    """Say as the tables' owner where the schema stands: the application may only read it."""

    def say(connection: Connection) -> None:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{revision}'")  # noqa: S608  ours

    replace(shell, settings=replace(shell.settings, database_url=owned(shell.settings.database_url))).database(say)


def test_a_database_that_a_newer_program_has_migrated_is_left_alone(shell: Shell) -> None:
    stand_at(shell, "9999_later")

    try:
        assert shell.json("migrate", expected=2)["error"]["code"] == "REVISION_UNKNOWN"
    finally:
        stand_at(shell, migrations.head())


def test_a_database_that_does_not_answer_is_exit_code_75(shell: Shell) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # not listening: a connection is refused
        url = f"postgresql://registry@127.0.0.1:{nobody.getsockname()[1]}/register"

        assert shell.json("migrate", REGISTRY_DATABASE_URL=url, expected=75)["error"]["code"] == "UNAVAILABLE"


# -- doctor

CHECKS = ("signing key", "cursor key", "sealing key", "schema", "database file", "disk")


def findings(shell: Shell, /, expected: int = 1, **environment: str) -> dict[str, str | None]:
    """Return what the doctor finds: each check with its complaint, or None when it is well."""
    found = shell.json("doctor", expected=expected, **environment)
    return {each["check"]: None if each["ok"] else each["details"] for each in found}


def test_a_healthy_node_has_nothing_to_complain_of(shell: Shell) -> None:
    assert findings(shell, expected=0) == dict.fromkeys(CHECKS)
    assert "ok    schema: " in shell.run("doctor").stdout


def complaint(shell: Shell, check: str, **environment: str) -> str:
    """Return the only complaint, which must be that of this check."""
    found = {name: words for name, words in findings(shell, 1, **environment).items() if words}
    assert list(found) == [check]
    return found[check]


def test_the_doctor_finds_keys_that_are_missing_exposed_short_or_of_another_kind(shell: Shell, tmp_path: Path) -> None:
    write_private(tmp_path / "short", "abc")
    write_private(tmp_path / "nonsense", "no key of anybody's " * 5)
    write_private(tmp_path / "exposed", "x" * 100)
    (tmp_path / "exposed").chmod(0o644)

    assert "is not set" in complaint(shell, "signing key", REGISTRY_SIGNING_KEY_FILE="")
    assert "cannot be read" in complaint(shell, "signing key", REGISTRY_SIGNING_KEY_FILE="/nowhere/at/all")
    assert "private key" in complaint(shell, "signing key", REGISTRY_SIGNING_KEY_FILE=str(tmp_path / "nonsense"))
    assert "by others" in complaint(shell, "cursor key", REGISTRY_CURSOR_KEY_FILE=str(tmp_path / "exposed"))
    assert "shorter" in complaint(shell, "cursor key", REGISTRY_CURSOR_KEY_FILE=str(tmp_path / "short"))


def test_the_doctor_finds_a_schema_that_is_not_this_programs(shell: Shell, tmp_path: Path) -> None:
    words = complaint(shell, "schema", REGISTRY_DATABASE_URL=f"sqlite:///{tmp_path}/empty.db")

    assert "registry migrate" in words


def test_the_doctor_finds_a_database_that_does_not_answer(shell: Shell) -> None:
    words = complaint(shell, "schema", REGISTRY_DATABASE_URL="postgresql://registry@127.0.0.1:1/register")

    assert "does not answer" in words


def test_the_doctor_finds_a_register_that_others_can_read(shell: Shell, tmp_path: Path) -> None:
    if not shell.settings.is_sqlite:
        assert findings(shell, expected=0)["database file"] is None
        return
    (tmp_path / "register.db").chmod(0o640)

    assert "chmod 600" in complaint(shell, "database file")


@pytest.mark.parametrize("url", ["sqlite:////proc/nowhere/register.db", "sqlite:////etc/hostname/register.db"])
def test_a_place_where_no_register_can_be_is_a_wrong_setting(shell: Shell, url: str) -> None:
    assert shell.json("migrate", REGISTRY_DATABASE_URL=url, expected=2)["error"]["field"] == "database_url"
    found = findings(shell, 1, REGISTRY_DATABASE_URL=url)
    assert "no file can be made" in (found["schema"] or "")
    assert "not there" in (found["database file"] or "")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


def test_the_doctor_finds_a_disk_that_is_nearly_full(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: Usage(100, 95, 5))

    assert "Make room" in complaint(shell, "disk")


def test_the_doctor_tells_people_what_is_wrong(shell: Shell) -> None:
    said = shell.run("doctor", expected=1, REGISTRY_SIGNING_KEY_FILE="").stdout

    assert "FAIL  signing key: " in said
    assert "ok    cursor key: " in said


# -- serve


@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_worker_is_started_with_a_secret_that_others_can_read(shell: Shell, tmp_path: Path, workers: str) -> None:
    (tmp_path / "keys" / "signing.pem").chmod(0o644)

    said = run(PROGRAM, "serve", expected=2, **shell.environment, REGISTRY_WORKERS=workers)

    assert "[SECRET_EXPOSED]" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_no_worker_is_started_for_a_collector_without_the_extra(shell: Shell, tmp_path: Path, workers: str) -> None:
    (tmp_path / "sitecustomize.py").write_text('import sys\nsys.modules["opentelemetry"] = None\n', encoding="utf-8")
    changed = {"REGISTRY_OTLP_ENDPOINT": "http://127.0.0.1:4318/v1/traces", "PYTHONPATH": str(tmp_path)}

    said = run(PROGRAM, "serve", expected=2, **shell.environment | changed, REGISTRY_WORKERS=workers)

    assert "otlp_endpoint" in said.stderr
    assert "registry[telemetry]" in said.stderr
    assert "[SETTING_INVALID]" in said.stderr
    assert "Traceback" not in said.stderr


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_port_that_is_taken_is_a_failure_of_its_own(shell: Shell, workers: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        changed = {"REGISTRY_WORKERS": workers, "REGISTRY_LISTEN_PORT": port}
        said = run(PROGRAM, "serve", expected=1, **shell.environment | changed)

    assert "[NOT_STARTED]" in said.stderr
    assert "Traceback" not in said.stderr


def test_the_program_starts_as_its_own_process() -> None:
    said = subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True, env=os.environ)

    assert said.stdout.startswith("Usage: registry")
