"""Whoever owns the database changes it: the notary signs no more, names the entry, and stays that way."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import entries, heads, leaves, subjects
from registry.core.errors import ProofFailed
from registry.notary.judging import Refusal
from tests.registry.notary.conftest import NOW, Desk
from tests.registry.notary.tampering import tampered

pytestmark = pytest.mark.anyio
SIGNED, ALL = 6, 8
"""Of eight entries six are signed when somebody changes the database."""
Tamper = Callable[[Desk], Awaitable[None]]


def statements(*given: sa.Executable) -> Tamper:
    """Execute these."""
    return lambda desk: tampered(desk.database, *given)


def entry(index: int, **values: object) -> sa.Executable:
    """Change an entry."""
    return entries.update().where(entries.c.index == index).values(**values)


def leaf(index: int, **values: object) -> sa.Executable:
    """Change a leaf."""
    return leaves.update().where(leaves.c.index == index).values(**values)


def gone(table: sa.Table, first: int, last: int = ALL) -> sa.Executable:
    """Delete rows."""
    return table.delete().where(table.c.index.between(first, last))


def copied(table: sa.Table, index: int, to: int) -> sa.Executable:
    """Insert a row that looks like another one."""
    columns = [sa.literal(to) if column.name == "index" else column for column in table.c]
    return table.insert().from_select(list(table.c), sa.select(*columns).where(table.c.index == index))


def swapped(table: sa.Table, one: int, other: int) -> list[sa.Executable]:
    """Let two rows change places."""
    moves = ((one, -1), (other, one), (-1, other))
    return [table.update().where(table.c.index == was).values(index=to) for was, to in moves]


TAMPERINGS: dict[str, tuple[Tamper, str, int]] = {
    "a body is changed": (
        statements(entry(2, body={"fields": [], "microseconds": 7, "events": []})), "ENTRY_CHANGED", 2,
    ),
    "a body is no body": (statements(entry(2, body=[1])), "ENTRY_CHANGED", 2),
    "an actor is swapped": (statements(entry(1, agency="ke-somebody-else")), "ENTRY_CHANGED", 1),
    "an outcome is changed": (statements(entry(0, outcome="denied")), "ENTRY_CHANGED", 0),
    "the moment of an entry is changed": (statements(entry(3, at=NOW - timedelta(days=1))), "ENTRY_CHANGED", 3),
    "a salt is taken away": (statements(entry(3, salt=None)), "ENTRY_MISSING", 3),
    "an entry is deleted": (statements(gone(entries, 2, 2)), "ENTRY_MISSING", 2),
    "an entry is deleted with its leaf": (statements(gone(entries, 2, 2), gone(leaves, 2, 2)), "LEAF_MISSING", 2),
    "the last signed leaf is deleted": (statements(gone(leaves, 5, 5)), "LEAF_MISSING", 5),
    "a leaf is changed": (statements(leaf(2, commitment=bytes(32))), "LEAF_CHANGED", 2),
    "the moment of a leaf is changed": (statements(leaf(4, at=NOW - timedelta(hours=1))), "LEAF_CHANGED", 4),
    "the moment of a leaf is changed by less than it says": (
        statements(leaf(4, at=NOW + timedelta(microseconds=1))), "ENTRY_CHANGED", 4,
    ),
    "two entries change places": (statements(*swapped(entries, 1, 3)), "ENTRY_CHANGED", 1),
    "two whole rows change places": (
        statements(*swapped(entries, 1, 3), *swapped(leaves, 1, 3)), "LEAF_CHANGED", 1,
    ),
    "the tail is cut off": (statements(gone(entries, 4), gone(leaves, 4)), "LOG_SHRUNK", 4),
    "everything is deleted": (statements(gone(entries, 0), gone(leaves, 0)), "LOG_SHRUNK", 0),
    "an entry is inserted behind the last": (statements(copied(entries, 0, ALL)), "LEAF_MISSING", ALL),
    "an entry is inserted with a leaf of another": (
        statements(copied(entries, 0, ALL), copied(leaves, 1, ALL)), "ENTRY_CHANGED", ALL,
    ),
    "an entry is inserted behind a gap": (
        statements(copied(entries, 0, ALL + 1), copied(leaves, 0, ALL + 1)), "LEAF_MISSING", ALL,
    ),
    "an entry that waits is changed": (statements(entry(7, purpose="oversight")), "ENTRY_CHANGED", 7),
    "an entry that waits is deleted": (statements(gone(entries, 6, 6), gone(leaves, 6, 6)), "LEAF_MISSING", 6),
    "an entry that waits is back-dated": (statements(leaf(7, at=NOW - timedelta(milliseconds=1))), "TIME_WENT_BACK", 7),
    "a head is made up": (
        statements(heads.insert().values(size=ALL, root=bytes(32), signed_at=NOW, note="invented")), "HEAD_UNKNOWN", 7,
    ),
    "a head is changed": (statements(heads.update().values(root=bytes(32))), "HEAD_UNKNOWN", 5),
}  # fmt: skip


@pytest.mark.parametrize("name", list(TAMPERINGS))
async def test_nothing_more_is_signed_when(desk: Desk, name: str) -> None:
    tamper, code, index = TAMPERINGS[name]
    await begun(desk)
    before = desk.store.memory(), desk.log().note

    await tamper(desk)

    with pytest.raises(Refusal) as refused:
        await desk.signed()
    assert (refused.value.code, refused.value.index) == (code, index)
    assert f"Entry {index} " in refused.value.message
    with pytest.raises(ProofFailed) as again:
        await desk.signed()
    assert again.value.code == "NOTARY_REFUSED"
    assert f"Entry {index} " in again.value.message
    assert (desk.store.memory(), desk.log().note) == before


async def begun(desk: Desk) -> None:
    """Sign six entries, then enter two more."""
    await desk.enter(SIGNED)
    assert await desk.signed() == SIGNED
    await desk.enter(ALL - SIGNED)


async def test_an_older_copy_of_the_database_is_refused_although_it_has_grown_since(desk: Desk) -> None:
    await begun(desk)
    kept = 4

    await tampered(desk.database, subjects.delete(), gone(entries, kept), gone(leaves, kept), heads.delete())
    await desk.enter(ALL)

    with pytest.raises(Refusal) as refused:
        await desk.signed()
    assert (refused.value.code, refused.value.index) == ("LEAF_CHANGED", SIGNED - 1)


async def test_an_older_copy_of_the_notary_s_folder_is_refused(desk: Desk) -> None:
    await desk.enter(3)
    await desk.signed()
    older = desk.store.memory() or b""
    published = desk.store.checkpoint()
    await desk.enter(3)
    await desk.signed()

    desk.store.remember(older)
    with pytest.raises(Refusal) as refused:
        await desk.signed()
    assert refused.value.code == "HEAD_UNKNOWN"

    (desk.folder / "notary" / "refused").unlink()
    assert published is not None
    desk.store.publish(published)
    with pytest.raises(Refusal) as by_database:
        await desk.signed()
    assert by_database.value.code == "HEAD_UNKNOWN"


async def test_a_second_notary_with_the_same_key_and_no_memory_is_refused(desk: Desk) -> None:
    await begun(desk)
    other = Desk(desk.database, desk.signing, desk.folder / "other")

    with pytest.raises(Refusal) as refused:
        await other.signed()

    assert (refused.value.code, refused.value.index) == ("HEAD_UNKNOWN", SIGNED - 1)
    assert other.store.checkpoint() is None


async def test_published_files_that_are_not_what_was_signed_stop_the_notary(desk: Desk) -> None:
    await begun(desk)
    bundle = desk.folder / "published" / "tile" / "entries" / "000.p" / str(SIGNED)
    whole = bundle.read_bytes()
    bundle.write_bytes(whole.replace(b"roa2", b"roa1", 1))

    with pytest.raises(ProofFailed) as refused:
        await desk.signed()

    assert refused.value.code == "NOTARY_DAMAGED"
    bundle.write_bytes(whole)
    assert await desk.signed() == ALL


async def test_a_lost_memory_is_not_made_up_from_what_is_published(desk: Desk) -> None:
    await begun(desk)
    (desk.folder / "notary" / "last-signed").unlink()

    with pytest.raises(Refusal) as refused:
        await desk.signed()

    assert refused.value.code == "HEAD_UNKNOWN"
