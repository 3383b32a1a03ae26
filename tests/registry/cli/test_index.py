"""`registry index rebuild`: everybody of an older register is found again, also after a kill, and the log says so."""

import os
import signal
import subprocess
import time
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.clock import now
from registry.disclosure.vocabulary import Role
from registry.matching.form import FORM
from registry.profiles import rebuilding
from registry.profiles.indexing import packed
from registry.profiles.models import counters, match_records, name_rarity, name_spellings, profiles, search_keys
from registry.profiles.operations import deciding, proposing
from registry.profiles.publication import INDEX_FORM
from registry.profiles.standing import Change
from registry.synthetic.register import people
from tests.factories import AGENCY, actor, changed, named, read, record, vetted, work
from tests.journeys.served import PROGRAM
from tests.registry.bulk.test_workers import within
from tests.registry.cli.conftest import Shell
from tests.registry.search.test_described import KNOWN

TABLES = (search_keys, match_records, name_rarity, name_spellings)


def written(connection: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return everything that search needs, in order; names that nobody bears any more are no part of it."""
    found = {
        table.name: sorted(tuple(row) for row in connection.execute(sa.select(table))) for table in TABLES
    }  # fmt: skip
    found["name_rarity"] = [row for row in found["name_rarity"] if row[1] != 0]
    columns = (profiles.c.number, profiles.c.blocking_keys, profiles.c.name_tokens)
    found["profiles"] = sorted(tuple(row) for row in connection.execute(sa.select(*columns)))
    return found


def fill(connection: Connection) -> None:
    vetted(connection, KNOWN)
    gone = vetted(connection, named("Invented Gone"))
    changed(connection, gone, Change.REMOVE)
    vetted(connection, record())


def aged(connection: Connection) -> None:
    """Make the index what an older program would have left: fewer keys, a shorter line, and no form."""
    number = sa.select(profiles.c.number).order_by(profiles.c.number).limit(1).scalar_subquery()
    keys = sa.select(search_keys.c.key).where(search_keys.c.number == number).limit(3)
    kept = connection.execute(keys).scalars().all()
    connection.execute(sa.delete(search_keys).where(search_keys.c.number == number, search_keys.c.key.not_in(kept)))
    mine = sa.update(profiles).where(profiles.c.number == number)
    connection.execute(mine.values(blocking_keys=packed(sorted(kept))))
    connection.execute(sa.delete(name_spellings))
    connection.execute(sa.delete(counters).where(counters.c.name == INDEX_FORM))


def forms(connection: Connection) -> dict[str, int]:
    return {name: value for name, value in connection.execute(sa.select(counters)) if name != "profiles"}


def test_a_rebuilt_index_is_what_would_be_written_today(shell: Shell) -> None:
    shell.database(fill)
    today = shell.database(written)
    shell.database(aged)
    assert shell.database(written) != today

    told = shell.json("index", "rebuild")

    assert told == {"rebuilt": True, "form": FORM, "profiles": 3, "resumed": False}
    assert shell.database(written) == today
    assert shell.database(forms) == {INDEX_FORM: FORM}


def test_an_index_of_this_form_is_left_alone_unless_it_is_asked_for_anyway(shell: Shell) -> None:
    shell.database(fill)
    today = shell.database(written)

    assert "form" in shell.run("index", "rebuild").stdout
    assert shell.json("index", "rebuild")["rebuilt"] is False
    shell.database(lambda connection: connection.execute(sa.delete(search_keys)))
    assert shell.json("index", "rebuild", "--anyway")["profiles"] == 3
    assert shell.database(written) == today


def test_an_empty_register_has_an_index_of_any_form(shell: Shell) -> None:
    assert shell.json("index", "rebuild") == {"rebuilt": True, "form": FORM, "profiles": 0, "resumed": False}
    assert shell.database(forms) == {INDEX_FORM: FORM}


def test_a_rebuild_stands_in_the_log_with_its_beginning_and_end(shell: Shell) -> None:
    shell.database(fill)
    shell.database(aged)

    shell.run("index", "rebuild")

    entries = [each for each in shell.log() if each["operation"] == "index rebuild"]
    told = [event for entry in entries for event in entry["body"]["events"]]
    assert [(each["name"], each["details"]) for each in told] == [
        ("index:rebuild:begun", {"form": FORM, "before": 1, "after": 0}),
        ("index:rebuilt", {"form": FORM, "profiles": 3}),
    ]


def test_doctor_says_what_to_do(shell: Shell) -> None:
    shell.database(fill)
    assert f"index of form {FORM}" in shell.run("doctor").stdout
    shell.database(aged)

    told = shell.json("doctor", expected=1)

    (index,) = (each for each in told if each["check"] == "schema")
    assert (index["ok"], "registry index rebuild" in index["details"]) == (False, True)


MANY = 1_500


def crowd(connection: Connection) -> None:
    records = [read(each, owner=AGENCY) for each in people(count=MANY, record_owner=AGENCY)]
    registrar, supervisor = (
        work(connection, actor(role=role), now()) for role in (Role.REGISTRAR, Role.SUPERVISOR)
    )  # fmt: skip
    deciding.approve_many(supervisor, proposing.propose_many(registrar, records, "Invented"))


def test_a_killed_rebuild_goes_on_where_it_was(shell: Shell) -> None:
    shell.database(crowd)
    today = shell.database(written)
    shell.database(aged)
    with subprocess.Popen(
        [PROGRAM, "index", "rebuild"], env=os.environ | shell.environment, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, cwd=Path(__file__).parents[3],
    ) as process:  # fmt: skip
        assert within(60, lambda: shell.database(rebuilding.standing).rebuilt > 0 or process.poll() is not None)
        process.send_signal(signal.SIGKILL)
        process.wait()
    time.sleep(0.2)  # a transaction whose client is gone is rolled back, or was committed
    stood = shell.database(rebuilding.standing)
    assert 0 < stood.rebuilt < MANY
    assert stood.is_outdated

    told = shell.json("index", "rebuild")

    assert told == {"rebuilt": True, "form": FORM, "profiles": MANY - stood.rebuilt, "resumed": True}
    after = shell.database(written)
    assert after.keys() == today.keys()
    assert [(name, set(today[name]) ^ set(after[name])) for name in today if after[name] != today[name]] == []
