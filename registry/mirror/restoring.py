"""From the folder to the database: what is missing there of what was signed, exactly as it was signed.

    found = await looked(database, log, advance)                      what is missing; raises where something is changed
    count = await put_back(database, log, folder, sealer, found, …)   how many entries went back

An entry comes from the mirror and is believed by its leaf, and its leaf by the signed root. So a mirror that somebody
has changed puts nothing false into the register, and what the mirror has lost is told and never made up. Nothing that
stands there is changed: where an entry is not what was signed, whoever owns the tables takes it away first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from registry.audit import erasing
from registry.audit.erasing import LOST, Erasure
from registry.audit.events import Event
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import Conflict, ProofFailed
from registry.core.sealing import Sealer
from registry.mirror import files, queries, rows as told
from registry.mirror.files import MirrorDamaged, Range
from registry.mirror.keeping import signed
from registry.notary import bodies, checking, queries as signing
from registry.notary.checking import Log
from registry.notary.erasures import NOTHING, Accounted
from registry.notary.leaves import Row, read_leaf
from registry.notary.thawing import RESTORED
from registry.tlog.tiles import WIDTH

Advance = Callable[[int], None]
_Part = tuple[list[int], dict[int, dict[str, Any]], dict[int, bytes]]
"""What is missing of a bundle and held: all of it, the entries that are, and the texts of the signed leaves."""
_NOTHING: Mapping[str, Any] = {"salt": None}
"""An entry that is gone accounts for nothing."""


class EntriesLost(ProofFailed):
    """Neither the database nor the mirror holds an entry that was signed."""

    default_code = "ENTRIES_LOST"

    def __init__(self, lost: Sequence[int]) -> None:
        named = ", ".join(str(each) for each in lost[:20])
        super().__init__(
            f"{len(lost)} entries stand neither in the database nor in the mirror: {named}.",
            remedy="Look for another copy of the mirror; docs/backup.md says what can be done without.",
        )
        self.lost = tuple(lost)


@dataclass(slots=True)
class Found:
    """What is missing in the database, of what was signed."""

    entries: set[int] = field(default_factory=set)
    leaves: set[int] = field(default_factory=set)
    erasures: dict[int, tuple[Erasure, str]] = field(default_factory=dict)
    """What entries account for, by their index, with the legal basis: not missing, and to be erased again."""
    refused: frozenset[int] = frozenset()
    """Entries of which somebody has said that they account for nothing."""

    def note(self, index: int, entry: Mapping[str, Any]) -> None:
        """Note what an entry accounts for, if it does."""
        if index not in self.refused and (erasure := Erasure.read(entry)):
            self.erasures[index] = erasure, entry["legal_basis"] or LOST

    def refuse(self, places: frozenset[int]) -> None:
        """Take it that these entries account for nothing."""
        self.refused |= places
        for place in places:
            self.erasures.pop(place, None)

    @property
    def accounted(self) -> Accounted:
        """What is missing by law."""
        return Accounted({place: erasure for place, (erasure, _) in self.erasures.items()})

    def within(self, held: Range) -> list[int]:
        """Return the missing ones of a range, in order."""
        return [index for index in range(held.first, held.last + 1) if index in self.entries or index in self.leaves]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return not (self.entries or self.leaves)


async def looked(database: Database, log: Log, advance: Advance) -> Found:
    """Look at every signed entry; say what is missing. Raises ProofFailed for one that is not as it was signed."""
    await _check_newest(database, log)
    found = Found()
    for bundle in range(log.bundles):
        first, texts = bundle * WIDTH, checking.leaves(log, bundle)
        there = await database.read(partial(signing.rows, first=first, most=len(texts)))
        rows, erased = {row.index: row for row in there}, await bodies.accounted(database, there, log.reader)
        for index, text in enumerate(texts, first):
            row = rows.get(index)
            if row is None:
                found.leaves.add(index)
            elif row.entry is None and not erased.covers(row):
                found.entries.add(index)
            else:
                checking.compared(index, [row], [text], erased)
                found.note(index, row.entry or _NOTHING)
        if bare := [index for index in range(first, first + len(texts)) if index in found.leaves]:
            found.entries |= set(bare) - await database.read(partial(queries.standing, first=bare[0], last=bare[-1]))
        advance(len(texts))
    return found


async def _check_newest(database: Database, log: Log) -> None:
    """See that nobody was told of a tree that is longer than the one that is published here."""
    newest = await database.read(signing.newest_head)
    if newest is not None and newest.size > log.size:
        raise Conflict(
            f"{newest.size} entries were signed, and {log.size} are published there.", code="CHECKPOINT_OLD",
            field="--from", remedy="Take the newest copy of the published log.",
        )  # fmt: skip


async def put_back(
    database: Database, log: Log, folder: Path, sealer: Sealer, found: Found, advance: Advance
) -> int:  # fmt: skip
    """Put back what the mirror holds of what is missing, file by file; return how many entries went back.

    Raises EntriesLost when all that there is has gone back and something is missing still, and MirrorDamaged. A run
    that is stopped leaves what has gone back; the next one goes on from there.
    """
    learn(log, folder, sealer, found)  # first, because they stand behind what they account for
    count, accounted = 0, found.accounted
    for index in sorted(found.leaves - found.entries):  # the entry stands: its leaf is published
        text = log.reader.entry(index)
        leaf = [_leaf(index, text)]
        await database.write(partial(_put_back, rows=[], bare=leaf, texts={index: text}, accounted=accounted))
        found.leaves.remove(index)
    for these, rows, texts in _kept(log, folder, sealer, found):
        for index, entry in rows.items():
            _check(index, entry, texts[index], accounted)
        left = [each for index, entry in rows.items() if (each := _left(index, entry, found)) is not None]
        bare = [_leaf(index, texts[index]) for index in these if index in found.leaves]
        await database.write(partial(_put_back, rows=left, bare=bare, texts=texts, accounted=accounted))
        found.leaves.difference_update(these)
        found.entries.difference_update(these)
        count += len(left)
        advance(len(these))
    await _put_back_erased(database, log, found)
    if not found.is_whole:
        raise EntriesLost(sorted(found.entries | found.leaves))
    return count


def learn(log: Log, folder: Path, sealer: Sealer, found: Found) -> None:
    """Note what entries of the mirror account for, of those that are missing here. Raises Refusal and MirrorDamaged."""
    for _, rows, texts in _kept(log, folder, sealer, found):
        for index, entry in rows.items():
            if Erasure.read(entry):
                _check(index, entry, texts[index], NOTHING)
                found.note(index, entry)


def _kept(log: Log, folder: Path, sealer: Sealer, found: Found) -> Iterator[_Part]:
    """Yield what the mirror holds of what is missing, bundle by bundle: nothing of it is believed yet."""
    for held in files.ranges(folder):
        due = [index for index in found.within(held) if index < log.size]
        if not due:
            continue
        kept = files.read(folder, log.checkpoint.origin, held, sealer)
        for first, texts in signed(log, Range(due[0], due[-1])):
            place = {first + at: text for at, text in enumerate(texts)}
            these = [index for index in due if index in place and index in kept]
            rows = {index: _entry(held, index, kept[index]) for index in these if index in found.entries}
            yield these, rows, {index: place[index] for index in these}


async def _put_back_erased(database: Database, log: Log, found: Found) -> None:
    """Put back the leaves alone of what the log says was erased as a whole: such an entry is no longer missing."""
    gone = [
        index for index in found.entries
        if any(erasure.covers(index, None) for erasure, _ in found.erasures.values())
    ]  # fmt: skip
    bare = [_leaf(index, log.reader.entry(index)) for index in gone if index in found.leaves]
    await database.write(partial(queries.put_back, whole=(), bare=bare))
    found.entries.difference_update(gone)
    found.leaves.difference_update(gone)


async def give_up(owner: Database, log: Log, lost: Sequence[int], found: Found, clock: Clock) -> None:
    """Put back the leaves of what nobody has any more, and enter that the bodies are lost. For the tables' owner."""
    bare = [_leaf(index, log.reader.entry(index)) for index in lost if index in found.leaves]
    await owner.write(partial(queries.account_for_lost, lost=lost, bare=bare, clock=clock))


async def due_again(database: Database, found: Found) -> dict[int, tuple[Erasure, str]]:
    """Return the erasures of which the log tells and the database does not know: a backup is behind them."""
    known = await database.read(queries.accounts)
    return {place: told for place, told in sorted(found.erasures.items()) if place not in known}


class ErasuresUnconfirmed(Conflict):
    """The log tells of erasures that the database does not know: of a time after the backup, or made up."""

    default_code = "ERASURES_UNCONFIRMED"

    def __init__(self, due: Mapping[int, tuple[Erasure, str]]) -> None:
        named = "; ".join(_summed(place, *each) for place, each in due.items())
        super().__init__(
            f"The log tells of {len(due)} erasures that the database does not know: {named}.",
            remedy="See of each whether two people agreed on it (docs/backup.md), then add --erase-again INDEX or"
            " --not-erased INDEX.",
        )


def _summed(place: int, erasure: Erasure, legal_basis: str) -> str:
    """Say in a line how much an entry accounts for; all of it, since what is left out might be what matters."""
    count = sum(last - first + 1 for first, last in erasure.ranges)
    what = "whole" if erasure.fields is None else f"{len(erasure.fields)} fields each"
    first, last = min((a for a, _ in erasure.ranges), default=0), max((b for _, b in erasure.ranges), default=0)
    return f"entry {place}: {count} entries from {first} to {last}, {what}, by {legal_basis}"


async def erase_again(owner: Database, due: Mapping[int, tuple[Erasure, str]]) -> None:
    """Make erasures again. For the tables' owner."""
    for place, (erasure, legal_basis) in due.items():
        again = partial(queries.erase_again, place=place, erasure=erasure, legal_basis=legal_basis)
        await owner.write(again)


def announce(connection: Connection, size: int, reason: str, done: Mapping[str, int], clock: Clock) -> None:
    """Enter that the log is whole again, and why it was not: without this no notary goes on (notary/thawing.py)."""
    event = Event(RESTORED, details={"size": size, "reason": reason, **done})
    queries.enter(connection, event, clock)


def _put_back(
    connection: Connection, rows: list[Any], bare: list[Any], texts: dict[int, bytes], accounted: Accounted
) -> None:
    """Put back what is missing, and see in the same transaction that it is what was signed. Raises Refusal."""
    queries.put_back(connection, rows, bare)
    if texts:
        first, last = min(texts), max(texts)
        for row in signing.rows(connection, first, last - first + 1):
            if row.index in texts:
                checking.compared(row.index, [row], [texts[row.index]], accounted)


def _left(index: int, entry: dict[str, Any], found: Found) -> dict[str, Any] | None:
    """Return what goes back of an entry: not what has been erased by law since it was mirrored; None for nothing."""
    those = [erasure for erasure, _ in found.erasures.values() if any(a <= index <= b for a, b in erasure.ranges)]
    if any(each.fields is None for each in those):
        return None
    told = frozenset[str]().union(*(each.fields or () for each in those))
    gone = told & set(erasing.erasable(entry["v"])) - erasing.missing(entry)
    return entry | erasing.erased(entry, gone) if gone else entry


def _entry(held: Range, index: int, row: Any) -> dict[str, Any]:  # Any: JSON; a column's value
    """Return an entry of the mirror. Raises MirrorDamaged."""
    try:
        return told.read(row)
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise MirrorDamaged(held.name, f"holds an entry {index} of no known form") from problem


def _check(index: int, entry: dict[str, Any], text: bytes, accounted: Accounted) -> None:
    """See that an entry hashes up to its signed leaf. Raises Refusal."""
    leaf = read_leaf(text)
    checking.compared(index, [Row(index, leaf.at, leaf.commitment, entry, leaf.v)], [text], accounted)


def _leaf(index: int, text: bytes) -> dict[str, Any]:
    leaf = read_leaf(text)
    return {"index": index, "at": leaf.at, "commitment": leaf.commitment, "v": leaf.v}
