"""The mirror of the log: written once, sealed, only what is signed; and a register made whole from it again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry.audit import erasures
from registry.audit.erasures import Order
from registry.audit.log import append
from registry.audit.models import entries, erasures as rows_of_erasures, heads, leaves, subjects
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Conflict, ProofFailed
from registry.core.ids import new_id
from registry.mirror import files, keeping, restoring, rows
from registry.mirror.files import MirrorDamaged, Range, uncovered
from registry.mirror.restoring import EntriesLost
from registry.notary import thawing
from registry.notary.judging import Refusal
from tests.factories import SEALER, concerning
from tests.registers import owned
from tests.registry.notary.conftest import NOW, Desk, at_desk
from tests.registry.notary.tampering import tampered

pytestmark = pytest.mark.anyio


def nothing(_done: int) -> None:
    """Show no progress."""


@dataclass
class Kept:
    """A log with its notary, and its mirror."""

    desk: Desk
    folder: Path

    async def entered(self, count: int) -> None:
        """Make entries that concern people, sign them."""
        given = [concerning(new_id(), at=self.desk.at) for _ in range(count)]
        await self.desk.database.write(lambda connection: append(connection, given, clock=lambda: self.desk.at))
        await self.desk.signed()

    async def mirrored(self) -> int:
        """Mirror what is signed."""
        return await keeping.keep(self.desk.database, self.desk.log(), self.folder, SEALER, nothing)

    async def restored(self) -> int:
        """Put back what is missing."""
        log = self.desk.log()
        found = await restoring.looked(self.desk.database, log, nothing)
        return await restoring.put_back(self.desk.database, log, self.folder, SEALER, found, nothing)

    async def cut(self, first: int, last: int | None = None) -> None:
        """Take rows away, as a backup that is behind does it, or somebody who owns the database."""
        gone = last if last is not None else 1_000_000
        await tampered(self.desk.database, *(
            sa.delete(table).where(table.c["index"].between(first, gone)) for table in (subjects, leaves, entries)
        ))  # fmt: skip

    async def tables(self) -> list[list[Any]]:
        """Return all that stands in the log."""
        told = [sa.select(table).order_by(*table.primary_key.columns) for table in (entries, leaves, subjects)]
        return await self.desk.database.read(lambda connection: [
            [tuple(row) for row in connection.execute(each)] for each in told
        ])  # fmt: skip

    async def announced(self) -> None:
        """Enter that the log was restored, as the command does it."""
        await self.desk.database.write(
            lambda connection: restoring.announce(
                connection, 300, "an invented reason", {"restored": 180}, lambda: self.desk.at
            )
        )

    async def thawed(self) -> int:
        """Check all of it, and let the notary go on."""
        store = self.desk.store
        store.open()
        try:
            log = await thawing.proved(store, self.desk.log(), self.desk.signing, self.desk.at, nothing)
            store.thaw(int(self.desk.at.timestamp()))
            return log.size
        finally:
            store.close()


@pytest.fixture
async def kept(database_url: str, tmp_path: Path, anyio_backend: str) -> AsyncIterator[Kept]:  # noqa: ARG001  brings the loop
    """A log of 300 entries, signed and mirrored."""
    async with at_desk(database_url, tmp_path) as desk:
        made = Kept(desk, tmp_path / "mirror")
        await made.entered(300)
        assert await made.mirrored() == 300
        yield made


@pytest.mark.parametrize(
    ("held", "size", "due"),
    [
        ([], 0, []),
        ([], 300, [(0, 299)]),
        ([], 9_000, [(0, 4_095), (4_096, 8_191), (8_192, 8_999)]),
        ([(0, 299)], 300, []),
        ([(0, 299)], 301, [(300, 300)]),
        ([(300, 400)], 500, [(0, 299), (401, 499)]),
        ([(0, 9), (5, 20)], 30, [(21, 29)]),
        ([(0, 99)], 50, []),
    ],
)
async def test_what_no_file_holds_is_due_in_files_of_4096(
    held: list[tuple[int, int]], size: int, due: list[tuple[int, int]]
) -> None:
    assert [tuple(each) for each in uncovered([Range(*each) for each in held], size)] == due


async def test_a_mirror_grows_by_what_is_new_and_never_writes_a_file_again(kept: Kept) -> None:
    (first,) = kept.folder.iterdir()
    before = first.read_bytes()
    (kept.folder / "000000000300-000000000309.entries.new").write_bytes(b"of a run that was stopped")

    assert await kept.mirrored() == 0
    await kept.entered(10)
    assert await kept.mirrored() == 10

    assert files.ranges(kept.folder) == [Range(0, 299), Range(300, 309)]
    assert first.read_bytes() == before
    assert {path.stat().st_mode & 0o777 for path in kept.folder.iterdir()} == {0o400}


async def test_a_mirror_is_sealed_and_holds_what_nobody_may_read_there(kept: Kept) -> None:
    (file,) = kept.folder.iterdir()

    _, _, content = file.read_bytes().partition(b"\n")
    row = files.read(kept.folder, "registry.example/log", Range(0, 299), SEALER)[7]

    assert row["case_reference"].encode() not in file.read_bytes()
    assert len(content) < len(str(row)) * 300


async def test_nothing_that_was_changed_gets_into_the_mirror(kept: Kept) -> None:
    await kept.entered(5)
    await tampered(kept.desk.database, sa.update(entries).where(entries.c["index"] == 303).values(agency="demo-other"))

    with pytest.raises(Refusal) as refused:
        await kept.mirrored()

    assert (refused.value.code, refused.value.index) == ("ENTRY_CHANGED", 303)
    assert files.ranges(kept.folder) == [Range(0, 299)]


@pytest.mark.parametrize(("first", "last"), [(0, None), (120, None), (250, 270)])
async def test_what_is_gone_is_put_back_exactly_as_it_was_signed(kept: Kept, first: int, last: int | None) -> None:
    before = await kept.tables()
    await kept.cut(first, last)

    assert await kept.restored() == (300 if last is None else last + 1) - first

    assert await kept.tables() == before
    assert await kept.restored() == 0


async def test_an_entry_whose_leaf_stands_comes_back_and_so_does_a_leaf_alone(kept: Kept) -> None:
    before = await kept.tables()
    gone = [sa.delete(table).where(table.c["index"] == 3) for table in (subjects, entries)]
    await tampered(kept.desk.database, *gone, sa.delete(leaves).where(leaves.c["index"] == 5))

    await kept.restored()

    assert await kept.tables() == before


async def test_what_stands_there_changed_ends_the_restoration_and_is_named(kept: Kept) -> None:
    await kept.cut(200)
    await tampered(kept.desk.database, sa.update(entries).where(entries.c["index"] == 7).values(agency="demo-other"))
    before = await kept.tables()

    with pytest.raises(Refusal) as refused:
        await kept.restored()

    assert (refused.value.code, refused.value.index) == ("ENTRY_CHANGED", 7)
    assert await kept.tables() == before


async def test_other_entries_than_the_signed_ones_are_never_overwritten(kept: Kept) -> None:
    """A node that was started on an old backup has given places that others have."""
    await kept.cut(200)
    await tampered(kept.desk.database, sa.delete(heads))
    await kept.desk.enter(3)

    with pytest.raises(Refusal) as refused:
        await kept.restored()

    assert (refused.value.code, refused.value.index) == ("LEAF_CHANGED", 200)


async def test_what_the_mirror_lost_is_told_and_the_rest_goes_back(kept: Kept) -> None:
    await kept.entered(20)
    await kept.cut(290)

    with pytest.raises(EntriesLost) as lost:
        await kept.restored()

    assert lost.value.lost == tuple(range(300, 320))
    assert len((await kept.tables())[0]) == 300


@pytest.mark.parametrize("damage",
                         [lambda text: text[:-1], lambda text: text[:-9] + b"A" + text[-8:], lambda _: b"{}"],
                         ids=["cut", "changed", "empty"])  # fmt: skip
async def test_a_file_of_the_mirror_that_was_changed_puts_nothing_back(kept: Kept, damage: Any) -> None:
    (file,) = kept.folder.iterdir()
    content = damage(file.read_bytes())
    file.unlink()
    file.write_bytes(content)
    await kept.cut(0)

    with pytest.raises(MirrorDamaged):
        await kept.restored()

    assert await kept.tables() == [[], [], []]


async def test_another_log_s_mirror_is_none_of_this_one(kept: Kept) -> None:
    held = Range(0, 299)

    with pytest.raises(MirrorDamaged, match="another log"):
        files.read(kept.folder, "registry.example/other", held, SEALER)


def test_a_column_that_this_program_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="column"):
        rows.read({"index": 1, "later": "something"})


async def test_a_mirror_in_which_an_entry_was_forged_puts_nothing_false_back(kept: Kept) -> None:
    """Whoever holds the sealing key can write such a file; no leaf vouches for it."""
    held = Range(0, 299)
    forged = files.read(kept.folder, "registry.example/log", held, SEALER)
    forged[40]["agency"] = "demo-other"
    (kept.folder / held.name).unlink()
    files.write(kept.folder, "registry.example/log", held, list(forged.values()), SEALER)
    await kept.cut(0)

    with pytest.raises(Refusal) as refused:
        await kept.restored()

    assert (refused.value.code, refused.value.index) == ("ENTRY_CHANGED", 40)
    assert await kept.tables() == [[], [], []]


async def test_an_old_copy_of_the_published_log_restores_nothing(kept: Kept) -> None:
    old = kept.desk.log()
    await kept.entered(1)

    with pytest.raises(Conflict) as refused:
        await restoring.looked(kept.desk.database, old, nothing)

    assert refused.value.code == "CHECKPOINT_OLD"


# -- what was erased by law, and what nobody has any more


async def erase(kept: Kept, owner: Database, first: int, last: int, fields: frozenset[str] | None) -> None:
    """Erase by law, and have it signed."""
    order = Order(fields, "DEMO Act s.40", "audit erase", act="DEMO-act")

    def run(connection: Connection) -> None:
        waiting, _ = erasures.waiting(connection, order, first, last)
        erasures.erase(connection, waiting, order, lambda: kept.desk.at)

    await owner.write(run)
    await kept.desk.signed()


@pytest.fixture
async def owner(database_url: str) -> AsyncIterator[Database]:
    """The register as the tables' owner reaches it."""
    opened = open_database(Settings(database_url=owned(database_url)))
    yield opened.keeper
    await opened.close()


@pytest.mark.parametrize("is_behind", [True, False], ids=["backup from before", "tail gone"])
async def test_what_was_erased_by_law_does_not_come_back(kept: Kept, owner: Database, is_behind: bool) -> None:
    """Neither out of the mirror, which holds it, nor out of a backup from before; and the notary takes it so."""
    whole = (await kept.tables())[0][:20]
    await erase(kept, owner, 3, 5, None)
    await erase(kept, owner, 10, 12, frozenset({"details", "records", "source"}))
    await kept.mirrored()
    before = await kept.tables()
    await kept.cut(0 if is_behind else 4)
    if is_behind:  # all of the log comes out of the mirror, with what is erased; the database knows of no erasure
        await tampered(kept.desk.database, sa.delete(rows_of_erasures))
    with pytest.raises(Refusal):
        await kept.desk.signed()
    log = kept.desk.log()

    found = await restoring.looked(kept.desk.database, log, nothing)
    await restoring.put_back(kept.desk.database, log, kept.folder, SEALER, found, nothing)
    await restoring.erase_again(owner, await restoring.due_again(kept.desk.database, found))
    await kept.announced()

    after = await kept.tables()
    assert after[0][:-1] == before[0]
    assert after[1][:-1] == before[1]
    assert after[2] == before[2]
    assert not {row[0] for row in after[0]} & {3, 4, 5}
    assert after[0][:20] != whole
    assert await restoring.due_again(kept.desk.database, found) == {}
    assert await kept.thawed() == log.size
    assert await kept.desk.signed() == log.size + 1


@pytest.mark.parametrize("fields", [None, frozenset({"source", "details"})], ids=["wholes", "fields"])
async def test_a_backup_that_stands_whole_is_erased_again(
    kept: Kept, owner: Database, fields: frozenset[str] | None
) -> None:
    whole = (await kept.tables())[0]
    await erase(kept, owner, 3, 5, fields)
    await kept.mirrored()
    erased = (await kept.tables())[0][:6]
    await kept.cut(300)
    told = [column.name for column in entries.c]
    back = [dict(zip(told, row, strict=True)) for row in whole[3:6]]
    gone = sa.delete(entries).where(entries.c["index"].between(3, 5))
    await tampered(kept.desk.database, sa.delete(rows_of_erasures), gone, sa.insert(entries).values(back))
    log = kept.desk.log()

    found = await restoring.looked(kept.desk.database, log, nothing)
    assert await restoring.put_back(kept.desk.database, log, kept.folder, SEALER, found, nothing) == 1
    await restoring.erase_again(owner, await restoring.due_again(kept.desk.database, found))

    assert (await kept.tables())[0][:6] == erased


async def test_bodies_that_nobody_has_any_more_are_entered_as_lost_and_their_leaves_go_back(
    kept: Kept, owner: Database
) -> None:
    await kept.entered(20)
    await kept.cut(310)
    with pytest.raises(Refusal):
        await kept.desk.signed()
    log = kept.desk.log()
    found = await restoring.looked(kept.desk.database, log, nothing)
    with pytest.raises(EntriesLost) as refused:
        await restoring.put_back(kept.desk.database, log, kept.folder, SEALER, found, nothing)

    await restoring.give_up(owner, log, refused.value.lost, found, lambda: kept.desk.at)
    await kept.announced()

    assert await kept.thawed() == 320
    assert await kept.desk.signed() == 322
    after = (await kept.tables())[0]
    assert [row[0] for row in after[-3:]] == [309, 320, 321]
    (event,) = next(row for row in after if row[0] == 320)[list(entries.c.keys()).index("body")]["events"]
    assert (event["name"], event["details"]["ranges"]) == ("log:body:lost", [[310, 319]])


async def test_only_the_tables_owner_gives_bodies_up(kept: Kept) -> None:
    if kept.desk.database.dialect == "sqlite":
        return  # whoever has the file has all of it: docs/hardening.md
    await kept.entered(1)
    await kept.cut(300)
    log = kept.desk.log()
    found = await restoring.looked(kept.desk.database, log, nothing)

    with pytest.raises(exc.DBAPIError, match="permission denied"):
        await restoring.give_up(kept.desk.database, log, [300], found, lambda: kept.desk.at)


# -- the notary goes on


async def frozen(kept: Kept) -> None:
    """Cut the tail, and let the notary refuse."""
    await kept.cut(120)
    with pytest.raises(Refusal) as refused:
        await kept.desk.signed()
    assert refused.value.code == "LOG_SHRUNK"


async def test_a_notary_goes_on_when_the_log_is_whole_and_an_entry_says_why(kept: Kept) -> None:
    size, root = kept.desk.log().size, kept.desk.log().checkpoint.root
    await frozen(kept)
    await kept.restored()
    await kept.announced()

    assert await kept.thawed() == 300

    assert await kept.desk.signed() == 301
    log = kept.desk.log()
    assert (log.size, log.reader.consistency(size) != []) == (301, True)
    assert (await kept.desk.heads())[300] == root
    assert kept.desk.problems() == []
    assert [path.name for path in (kept.desk.folder / "notary").glob("refused*")] == [
        f"refused-{int(NOW.timestamp())}"
    ]  # fmt: skip


async def test_a_notary_stays_frozen_until_each_entry_is_back(kept: Kept) -> None:
    await frozen(kept)
    await kept.desk.database.write(lambda _connection: None)

    with pytest.raises(ProofFailed):
        await kept.thawed()
    await kept.restored()
    with pytest.raises(Conflict) as refused:  # nobody has entered it
        await kept.thawed()

    assert refused.value.code == "RESTORE_NOT_ENTERED"
    with pytest.raises(ProofFailed) as still:
        await kept.desk.signed()
    assert still.value.code == "NOTARY_REFUSED"


async def test_a_notary_stays_frozen_where_one_entry_is_another(kept: Kept) -> None:
    await frozen(kept)
    await kept.restored()
    await kept.announced()
    await tampered(kept.desk.database, sa.update(entries).where(entries.c["index"] == 9).values(agency="demo-other"))

    with pytest.raises(Refusal) as refused:
        await kept.thawed()

    assert (refused.value.code, refused.value.index) == ("ENTRY_CHANGED", 9)


async def test_a_notary_stays_frozen_where_it_would_refuse_what_waits(kept: Kept) -> None:
    await frozen(kept)
    await kept.restored()
    await kept.announced()
    await kept.desk.enter(1, at=NOW + timedelta(seconds=1))
    back = sa.update(leaves).where(leaves.c["index"] == 301).values(at=NOW - timedelta(days=1))
    await tampered(kept.desk.database, back)

    with pytest.raises(Refusal) as refused:
        await kept.thawed()

    assert refused.value.code == "TIME_WENT_BACK"


async def test_a_notary_stays_frozen_where_something_else_was_signed_or_its_memory_is_none(kept: Kept) -> None:
    await frozen(kept)
    await kept.restored()
    await kept.announced()
    other = {"size": 400, "root": bytes(32), "signed_at": NOW, "note": "DEMO"}
    await tampered(kept.desk.database, sa.insert(heads).values(other))

    with pytest.raises(Refusal) as refused:
        await kept.thawed()
    (kept.desk.folder / "notary" / "last-signed").write_bytes(b"DEMO")
    with pytest.raises(ProofFailed) as damaged:
        await kept.thawed()

    assert (refused.value.code, damaged.value.code) == ("HEAD_UNKNOWN", "NOTARY_DAMAGED")


async def test_a_notary_that_has_not_refused_is_left_alone(kept: Kept) -> None:
    with pytest.raises(Conflict) as refused:
        await kept.thawed()

    assert refused.value.code == "NOT_FROZEN"
