"""What is erased by law is shown as erased, and what needs it is refused with words that say so."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.audit import erasing, erasures
from registry.audit.erasures import Order
from registry.audit.log import append
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.disclosure.vocabulary import Purpose, Role
from registry.oversight import decisions, opening, operations
from registry.oversight.filters import LogFilter
from registry.search import explaining
from registry.work import Work
from tests.factories import actor, concerning, enrol_cast, work
from tests.registers import owned

pytestmark = pytest.mark.anyio
FIELDS = frozenset({"details", "records", "case_reference", "fields"})


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """The register as the tables' owner reaches it: entry 0 is erased in part, entry 1 as a whole."""
    opened = open_database(Settings(database_url=owned(database_url))).keeper

    def run(connection: Connection) -> None:
        enrol_cast(connection)
        append(connection, [concerning(source="192.0.2.7") for _ in range(3)])
        for place, fields in enumerate((FIELDS, None)):
            order = Order(fields, "DEMO Act s.40", "audit erase")
            erasures.erase(connection, erasures.waiting(connection, order, place, place)[0], order)

    await opened.write(run)
    yield opened
    await opened.close()


def auditor(connection: Connection) -> Work:
    """Return an auditor's work."""
    return work(connection, actor(connection, role=Role.AUDITOR, purpose=Purpose.OVERSIGHT))


async def test_a_page_shows_what_is_left_and_names_what_is_erased(owner: Database) -> None:
    page = await owner.write(lambda connection: operations.read_log(auditor(connection), LogFilter(), limit=10))

    assert [each.index for each in page.entries] == [4, 3, 2, 0]
    left = page.entries[-1]
    assert left.erased == tuple(sorted(FIELDS))
    assert (left.case_reference, left.fields, left.source) == (None, (), "192.0.2.7")
    assert [(each.name, each.profile_ids) for each in left.events] == [("profile:searched", ())]
    assert page.entries[2].erased == ()


ASKED: dict[str, Callable[[Work, int], Any]] = {
    "a decision made again": decisions.replay_decisions,
    "reasons made again": explaining.explain_entry,
    "a field opened": lambda asking, index: opening.open_entry(
        asking, index, ["details"], reason="An invented complaint"
    ),
}


@pytest.mark.parametrize("index", [0, 1], ids=["in part", "as a whole"])
@pytest.mark.parametrize("name", list(ASKED))
async def test_what_needs_what_is_erased_is_refused(owner: Database, name: str, index: int) -> None:
    with pytest.raises(erasing.EntryErased) as refused:
        await owner.write(lambda connection: ASKED[name](auditor(connection), index))

    assert refused.value.code == "ENTRY_ERASED"
    assert str(index) in refused.value.message


async def test_an_entry_that_is_gone_is_told_from_one_that_never_was(owner: Database) -> None:
    with pytest.raises(erasing.EntryErased):
        await owner.write(lambda connection: operations.read_entry(auditor(connection), 1))

    shown = await owner.write(lambda connection: operations.read_entry(auditor(connection), 0))
    assert shown.erased == tuple(sorted(FIELDS))
