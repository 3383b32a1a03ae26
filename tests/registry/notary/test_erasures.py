"""What is missing from the log by law is accounted for, and what is missing otherwise is refused."""

from collections.abc import AsyncIterator
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from registry.audit import erasing, erasures
from registry.audit.commitments import commitment, is_of
from registry.audit.erasures import Order
from registry.audit.log import append
from registry.audit.models import entries, erasures as rows_of_erasures, leaves, subjects
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import ProofFailed
from registry.notary import bodies, queries
from registry.notary.bodies import Bodies
from registry.notary.judging import Refusal
from tests.factories import concerning
from tests.registers import owned
from tests.registry.notary.conftest import Desk
from tests.registry.notary.tampering import tampered

pytestmark = pytest.mark.anyio
FIELDS = frozenset({"officer_reference", "source", "records", "details"})
PERSON = UUID(int=7)
SIGNED = 6


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """The register as the tables' owner reaches it."""
    opened = open_database(Settings(database_url=owned(database_url)))
    yield opened.keeper
    await opened.close()


def executed(statement: sa.Executable, connection: sa.Connection) -> None:
    """Execute a statement."""
    connection.execute(statement)


def order(fields: frozenset[str] | None = None) -> Order:
    """Return an order to erase."""
    return Order(fields, "DEMO Act s.40", "audit erase", act="DEMO-act", approved_by="DEMO-second")


async def begun(desk: Desk) -> None:
    """Enter what is about a person, and have it signed."""
    given = [
        concerning(PERSON, at=desk.at, officer_reference=f"DEMO/{place}", source="192.0.2.7") for place in range(SIGNED)
    ]
    await desk.database.write(lambda connection: append(connection, given, clock=lambda: desk.at))
    assert await desk.signed() == SIGNED


async def erased(desk: Desk, owner: Database, first: int, last: int, fields: frozenset[str] | None = None) -> int:
    """Erase by law; return the entry that accounts for it."""

    def run(connection: sa.Connection) -> int:
        waiting, _ = erasures.waiting(connection, order(fields), first, last)
        return erasures.erase(connection, waiting, order(fields), lambda: desk.at)

    return await owner.write(run)


async def looked_through(desk: Desk) -> Bodies:
    """Compare the database with the published log, as ``registry audit verify --bodies`` does."""
    return await bodies.compare(desk.database, desk.log(), lambda _done: None)


async def test_erased_fields_and_erased_entries_are_accounted_for_and_counted(desk: Desk, owner: Database) -> None:
    await begun(desk)

    await erased(desk, owner, 1, 2, FIELDS)
    await erased(desk, owner, 2, 2, frozenset({"agency"}))
    await erased(desk, owner, 3, 5)
    assert await desk.signed() == SIGNED + 3
    await desk.enter(1)
    assert await desk.signed() == SIGNED + 4

    found = await looked_through(desk)
    assert (found.whole, found.in_part, found.gone, len(found.accounts)) == (5, 2, 3, 3)
    assert desk.problems() == []
    left = await desk.database.read(
        lambda connection: connection.execute(sa.select(subjects.c["index"])).scalars().all()
    )
    assert left == [0]


async def test_what_is_left_of_an_entry_opens_under_the_same_leaf_and_what_is_erased_does_not(
    desk: Desk, owner: Database
) -> None:
    await begun(desk)
    await erased(desk, owner, 1, 1, FIELDS)

    (row,) = await desk.database.read(lambda connection: queries.rows(connection, 1, 1))

    assert row.entry is not None
    opening = erasing.opened(row.entry, ["at", "agency", "events"])
    assert is_of(opening, row.commitment)
    assert opening.shown["events"].value == ["profile:searched"]
    assert (row.entry["salt"], row.entry["source"], row.entry["body"]["events"][0]["records"]) == (None, None, None)
    assert "details" not in row.entry["kept"]["salts"]
    with pytest.raises(ValueError, match="erased"):
        erasing.opened(row.entry, ["details"])
    with pytest.raises(erasing.EntryErased):
        erasing.check(row.entry, "details")


async def test_what_accounts_for_an_erasure_is_itself_not_erased(desk: Desk, owner: Database) -> None:
    await begun(desk)
    place = await erased(desk, owner, 0, 2)
    await desk.signed()

    found = await owner.read(lambda connection: erasures.waiting(connection, order(), 0, place))

    assert [row["index"] for row in found[0]] == [3, 4, 5]


# -- the database itself


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE log_entries SET salt = NULL, kept = '{}', source = NULL",
        "UPDATE log_entries SET salt = NULL, kept = '{}', agency = NULL WHERE \"index\" = 1",
        "UPDATE log_entries SET salt = NULL, kept = '{}', source = 'DEMO' WHERE \"index\" = 1",
        "UPDATE log_entries SET salt = NULL, kept = '{}', outcome = 'denied' WHERE \"index\" = 1",
        'UPDATE log_entries SET salt = NULL, kept = NULL, source = NULL WHERE "index" = 1',
        "UPDATE log_entries SET kept = '{}', source = NULL WHERE \"index\" = 1",
        "UPDATE log_entries SET salt = NULL, kept = '{}', body = '{\"fields\":null,\"events\":[]}' WHERE \"index\" = 1",
        'DELETE FROM log_entries WHERE "index" = 1',
        'DELETE FROM log_subjects WHERE "index" = 1',
        "UPDATE log_erasures SET first = 0",
        "DELETE FROM log_erasures",
    ],
)  # fmt: skip
async def test_without_a_row_that_says_so_not_even_the_owner_erases(
    desk: Desk, owner: Database, statement: str
) -> None:
    """Of entry 1 the source address may go, and nothing else."""
    await begun(desk)
    await owner.write(
        lambda connection: erasures.account(connection, [(1, 1)], 1, order(frozenset({"source"})), lambda: desk.at)
    )

    with pytest.raises(exc.DBAPIError, match="insert-only"):
        await owner.write(lambda connection: connection.execute(sa.text(statement.replace(":", "\\:"))))


async def test_the_application_erases_nothing_and_says_not_that_anything_is(desk: Desk, database: Database) -> None:
    if database.dialect == "sqlite":
        return  # whoever has the file has all of it: docs/hardening.md
    await begun(desk)

    for statement in (
        entries.update().values(salt=None), entries.delete(),
        rows_of_erasures.insert().values(entry=9, first=0, last=1, legal_basis="DEMO"),
    ):  # fmt: skip
        with pytest.raises(exc.DBAPIError, match="permission denied"):
            await database.write(partial(executed, statement))


# -- tampering


async def _without_entry(desk: Desk, _owner: Database) -> None:
    row = {"entry": 99, "first": 3, "last": 3, "legal_basis": "DEMO"}
    await tampered(
        desk.database, rows_of_erasures.insert().values(row), entries.delete().where(entries.c["index"] == 3)
    )


async def _without_anything(desk: Desk, _owner: Database) -> None:
    nothing: dict[str, dict[str, str]] = {"salts": {}, "digests": {}}
    await tampered(desk.database, entries.update().where(entries.c["index"] == 3).values(salt=None, kept=nothing))


async def _by_an_entry_that_is_forged(desk: Desk, owner: Database) -> None:
    place = await erased(desk, owner, 4, 4)
    row = (await owner.read(lambda connection: queries.rows(connection, place, 1)))[0].entry
    assert row is not None
    row["body"]["events"][0]["details"]["ranges"] = [[3, 4]]
    await tampered(
        desk.database, entries.update().where(entries.c["index"] == place).values(body=row["body"]),
        entries.delete().where(entries.c["index"] == 3),
    )  # fmt: skip


async def _by_an_entry_of_another_leaf(desk: Desk, owner: Database) -> None:
    """Its leaf is made to fit, but another one was signed."""
    place = await erased(desk, owner, 4, 4)
    await desk.enter(1)
    await desk.signed()
    (row,) = await owner.read(lambda connection: queries.rows(connection, place, 1))
    assert row.entry is not None
    row.entry["body"]["events"][0]["details"]["ranges"] = [[3, 4]]
    made = commitment(row.entry, row.entry["salt"])
    await tampered(
        desk.database, entries.update().where(entries.c["index"] == place).values(body=row.entry["body"]),
        leaves.update().where(leaves.c["index"] == place).values(commitment=made),
        entries.delete().where(entries.c["index"] == 3),
    )  # fmt: skip


async def _by_a_wider_row(desk: Desk, owner: Database) -> None:
    place = await erased(desk, owner, 4, 4)
    await tampered(
        desk.database, rows_of_erasures.update().where(rows_of_erasures.c.entry == place).values(first=3),
        entries.delete().where(entries.c["index"] == 3),
    )  # fmt: skip


async def _a_field_more(desk: Desk, owner: Database) -> None:
    await erased(desk, owner, 3, 3, FIELDS)
    row = (await owner.read(lambda connection: queries.rows(connection, 3, 1)))[0].entry
    assert row is not None
    await tampered(
        desk.database, entries.update().where(entries.c["index"] == 3).values(erasing.erased(row, ["case_reference"]))
    )


async def _what_is_left_changed(desk: Desk, owner: Database) -> None:
    await erased(desk, owner, 3, 3, FIELDS)
    await tampered(desk.database, entries.update().where(entries.c["index"] == 3).values(agency="ke-somebody-else"))


async def _what_is_gone_made_up(desk: Desk, owner: Database) -> None:
    await erased(desk, owner, 3, 3, FIELDS)
    await tampered(desk.database, entries.update().where(entries.c["index"] == 3).values(source="198.51.100.9"))


TAMPERINGS = {
    "a body is missing by a row without an entry": (_without_entry, "ENTRY_MISSING"),
    "salts are missing and nothing says why": (_without_anything, "ENTRY_MISSING"),
    "a body is missing by an entry that was changed": (_by_an_entry_that_is_forged, "ENTRY_MISSING"),
    "a body is missing by an entry with a leaf that was not signed": (_by_an_entry_of_another_leaf, "ENTRY_MISSING"),
    "a body is missing by a row that is wider than its entry": (_by_a_wider_row, "ENTRY_MISSING"),
    "a field more is missing than the entry says": (_a_field_more, "ENTRY_MISSING"),
    "what is left of an erased entry is changed": (_what_is_left_changed, "ENTRY_CHANGED"),
    "what is erased is made up": (_what_is_gone_made_up, "ENTRY_CHANGED"),
}


@pytest.mark.parametrize("name", list(TAMPERINGS))
async def test_nothing_more_is_signed_when(desk: Desk, owner: Database, name: str) -> None:
    tamper, code = TAMPERINGS[name]
    await begun(desk)

    await tamper(desk, owner)

    log = desk.log()
    with pytest.raises(Refusal) as by_reader:
        await bodies.compare(desk.database, log, lambda _done: None)
    with pytest.raises(Refusal) as by_notary:
        await desk.signed()
    assert {(each.value.code, each.value.index) for each in (by_reader, by_notary)} == {(code, 3)}


async def test_what_was_never_signed_is_not_erased_by_law(desk: Desk, owner: Database) -> None:
    """Nobody could say what it had been: the command refuses, and so does the notary."""
    await begun(desk)
    await desk.enter(1)
    await erased(desk, owner, SIGNED, SIGNED)

    with pytest.raises(Refusal) as refused:
        await desk.signed()

    assert (refused.value.code, refused.value.index) == ("ENTRY_MISSING", SIGNED)


@pytest.mark.parametrize(
    "change",
    [subjects.delete().where(subjects.c["index"] == 3), subjects.insert().values(profile=UUID(int=9), index=3)],
    ids=["one less", "one more"],
)
async def test_the_index_of_persons_is_what_the_entries_say(desk: Desk, change: sa.Executable) -> None:
    await begun(desk)
    assert (await looked_through(desk)).whole == SIGNED

    await tampered(desk.database, change)

    with pytest.raises(ProofFailed, match="Entry 3 ") as refused:
        await looked_through(desk)
    assert refused.value.code == "SUBJECTS_DIFFER"
