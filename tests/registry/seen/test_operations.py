"""What an entry does not hold is named by its code, record by record, and nothing is put in its place."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.audit import policies
from registry.audit.events import Event
from registry.audit.log import append
from registry.core.db import Database
from registry.core.errors import NotFound
from registry.disclosure.policy import approved as approved_policy
from registry.disclosure.vocabulary import Purpose, Role
from registry.profiles.operations.reading import read_profile
from registry.seen.kept import CODES, Gone
from registry.seen.operations import Asked, Seen, see
from registry.work import Work
from tests.factories import MOMENT, actor, entry, record, vetted, work

pytestmark = pytest.mark.anyio
FIELDS = (
    "Profile.identifiers",
    "Identifier.value",
    "Profile.names",
    "Name.full",
    "Profile.phones",
    "Phone.number",
    "Query.profile",
)


def never(_work: Work, _asked: Asked) -> bytes:
    raise Gone("DOCUMENT_NOT_KEPT")


def seen(
    connection: Connection, change: Callable[[dict[str, Any]], Any] = dict, purpose: Purpose | None = None
) -> Seen:  # fmt: skip
    """Open a profile, enter it with what is changed of its event, and make it again."""
    table = approved_policy("ke")
    policies.keep(connection, table.version, "ke", table.text, MOMENT)
    profile = vetted(connection, record())
    asking = work(connection, actor(connection, purpose=purpose))
    read_profile(asking, profile)
    (event,) = asking.events
    details = dict(event.details)
    change(details)
    told = entry(events=(Event(event.name, event.records, details),), fields=FIELDS)
    (placed,) = append(connection, [told])
    return see(work(connection, actor(connection, role=Role.AUDITOR)), placed.index, "An invented reason", never)


@pytest.mark.parametrize(("change", "code"), [
    (dict, None),
    (lambda details: details.pop("version"), "VERSION_NOT_KEPT"),
    (lambda details: details.update(version=7), "RECORD_OUT_OF_REACH"),
    (lambda details: details.pop("decision"), "DECISION_NOT_KEPT"),
    (lambda details: details["decision"].update(policy="0" * 64), "POLICY_NOT_KEPT"),
], ids=["kept", "version", "unknown", "decision", "policy"])  # fmt: skip
async def test_what_is_gone_is_said_of_each_record(
    database: Database, change: Callable[[dict[str, Any]], Any], code: str | None
) -> None:
    made = await database.write(lambda connection: seen(connection, change))
    (found,) = made.records

    assert (made.proof, made.why, made.answer) == ("unproved", "DIGEST_NOT_KEPT", None)
    assert found.code == code
    assert code is None or (code in CODES and found.fields == ())


async def test_without_a_digest_values_are_told_by_the_paths_of_the_entry(database: Database) -> None:
    made = await database.write(seen)

    assert [each.path for each in made.records[0].fields] == ["names", "identifiers", "phones"]
    assert made.records[0].fields[0].then == '[{"full":"Juma Hamisi Mwakio"},{"full":"Mwalimu Jay"}]'
    assert made.records[0].differs == ()


async def test_what_was_withheld_then_is_not_opened_by_what_the_record_says_now(database: Database) -> None:
    open_, shut = [
        await database.write(partial(seen, purpose=each))
        for each in (Purpose.CRIMINAL_INVESTIGATION, Purpose.OFFENDER_SUPERVISION)
    ]  # fmt: skip
    told, closed = [
        next(each for each in made.records[0].fields if each.path == "identifiers") for made in (open_, shut)
    ]

    assert told.then == told.record_now is not None
    assert (closed.then, closed.record_now, closed.shown_now, closed.changed) == (None, None, None, False)
    assert closed.withheld_then is not None


async def test_an_entry_that_is_not_there_is_not_found(database: Database) -> None:
    def run(connection: Connection) -> None:
        with pytest.raises(NotFound):
            see(work(connection, actor(role=Role.AUDITOR)), 7, "An invented reason", never)

    await database.read(run)
