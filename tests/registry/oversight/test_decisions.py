"""A decision of the log is made again by the policy that was kept; whoever changed something is found out."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.audit import policies
from registry.audit.events import Event
from registry.audit.log import append
from registry.core.db import Database
from registry.core.errors import Forbidden, NotFound
from registry.disclosure import decided
from registry.disclosure.vocabulary import Purpose, Role
from registry.oversight.decisions import Replay, replay_decisions
from registry.work import Work
from tests.factories import MOMENT, actor, entry, statements, work
from tests.registry.disclosure.cases import ABROAD, KE, case

pytestmark = pytest.mark.anyio


def told(*roles: Role, **changed: Any) -> dict[str, Any]:
    """Return decisions as an event keeps them: of one officer, on records as each of these roles would meet them."""
    access, _ = case(roles[0], Purpose.MISSING_CHILD, ABROAD)
    records = [case(role, Purpose.MISSING_CHILD, ABROAD, **changed)[1] for role in roles]
    return {"decision": decided.kept(access, records, lambda facts: KE.decide(access, facts))}


async def replayed(
    database: Database, *details: dict[str, Any], keep: str | None = KE.table.text
) -> tuple[Replay, list[str], Work]:
    events = tuple(Event("profile:searched", (), each) for each in details)

    def run(connection: Connection) -> tuple[Replay, list[str], Work]:
        if keep is not None:
            policies.keep(connection, KE.version, "ke", keep, MOMENT)
        append(connection, [replace(entry(), events=events)])
        reading = work(connection, actor(role=Role.AUDITOR))
        with statements(connection) as seen:
            replay = replay_decisions(reading, 0)
        return replay, seen, reading

    return await database.write(run)


async def test_the_same_rules_decide_again(database: Database) -> None:
    details = told(Role.PARTNER_OFFICER, Role.INVESTIGATOR)
    replay, seen, reading = await replayed(database, details, {"count": 3})

    (event,) = replay.events
    assert replay.is_same
    assert event.then == event.now == (("P20", "P21", "P23"), ())  # released to the one country, not to the other
    assert event.facts == tuple(details["decision"]["facts"])
    assert len(seen) == 2
    assert [each.name for each in reading.events] == ["log:decision:replayed"]


async def test_a_question_without_records_is_decided_again(database: Database) -> None:
    access, _ = case(Role.INVESTIGATOR, Purpose.MISSING_CHILD)
    kept = {"decision": decided.kept(access, [], lambda facts: KE.decide(access, facts))}

    replay, _, _ = await replayed(database, kept)

    assert replay.is_same
    assert replay.events[0].facts == ()
    assert replay.events[0].then == replay.events[0].now == (("P1",),)


@pytest.mark.parametrize(("member", "value"), [
    ("rules", [["P1"]]),
    ("facts", ["shareable convicted invented-other H3 restricted KE NL"]),
])  # fmt: skip
async def test_an_entry_that_was_altered_is_found_out(database: Database, member: str, value: object) -> None:
    details = told(Role.PARTNER_OFFICER)
    details["decision"][member] = value

    replay, _, _ = await replayed(database, details)

    assert not replay.is_same
    assert replay.events[0].now is not None


@pytest.mark.parametrize("kept", [None, KE.table.text.replace('"notes", ', "")])
async def test_without_the_policy_to_the_byte_nothing_is_made_again(database: Database, kept: str | None) -> None:
    replay, _, _ = await replayed(database, told(Role.PARTNER_OFFICER), keep=kept)

    assert not replay.is_same
    assert replay.events[0].now is None


async def test_an_entry_that_decided_nothing_has_nothing_to_replay(database: Database) -> None:
    replay, _, _ = await replayed(database, {"count": 1})

    assert replay == Replay(0, ())
    assert replay.is_same


async def test_an_entry_that_is_not_there_is_not_found_and_asking_is_entered(database: Database) -> None:
    def run(connection: Connection) -> Work:
        reading = work(connection, actor(role=Role.AUDITOR))
        with pytest.raises(NotFound):
            replay_decisions(reading, 7)
        return reading

    reading = await database.read(run)

    assert [each.name for each in reading.events] == ["log:decision:replayed", "log:read:refused"]


async def test_only_auditors_replay(database: Database) -> None:
    def run(connection: Connection) -> None:
        with pytest.raises(Forbidden):
            replay_decisions(work(connection, actor(role=Role.SUPERVISOR)), 0)

    await database.read(run)
