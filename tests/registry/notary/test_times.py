"""When an entry was written: between the checkpoints that somebody kept, and with no silence that nobody explains."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry.core.errors import ProofFailed
from registry.notary import keeping
from registry.notary.times import Brackets, Kept, Silence, Silences, kept
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.note import Note
from tests.registry.tlog.signers import ABROAD, LATER_LOG, LOG, ORIGIN, POLICE

START = datetime(2026, 11, 22, 12, tzinfo=UTC)
FOUR = (Kept(2, START, START), Kept(4, START + timedelta(hours=1), START + timedelta(hours=1, minutes=1)))


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_a_gap_of_more_than_ten_minutes_is_told_with_the_entry_that_ends_it() -> None:
    silences = Silences()
    for index, seconds in enumerate((0, 600, 1200.001, 1201, 9000)):
        silences(index, at(seconds))

    assert silences.found == [Silence(2, at(600), at(1200.001)), Silence(4, at(1201), at(9000))]


@pytest.mark.parametrize(
    ("index", "seconds"), [(1, 60), (2, -60), (2, 3720), (3, 3720), (4, 3540), (9, 10**9)], ids=str
)  # fmt: skip
def test_a_leaf_within_a_minute_of_its_brackets_holds(index: int, seconds: float) -> None:
    brackets = Brackets(FOUR)

    brackets(index, at(seconds))

    assert brackets.checked == (index in (2, 3))


@pytest.mark.parametrize(("index", "seconds"), [(1, 60.001), (2, -60.001), (3, 3720.001), (4, 3539.999)], ids=str)
def test_a_leaf_that_is_dated_before_or_behind_its_brackets_is_named(index: int, seconds: float) -> None:
    brackets = Brackets(reversed(FOUR))

    with pytest.raises(ProofFailed, match=f"Entry {index} says that it was written at"):
        brackets(index, at(seconds))


def test_witnesses_tell_the_time_before_the_log_does_and_all_their_times_count(tmp_path: Path) -> None:
    text = Checkpoint(ORIGIN, 2, bytes(32)).text
    note = Note(text, (LOG.sign(text), LATER_LOG.sign(text, 50), POLICE.sign(text, 70), ABROAD.sign(text, 90)))
    logs, witnesses = [LOG.key, LATER_LOG.key], [POLICE.key, ABROAD.key]

    def moments(*seconds: int) -> Kept:
        first, last = (datetime.fromtimestamp(each, UTC) for each in seconds)
        return Kept(2, first, last)

    assert kept(note, witnesses, logs) == moments(70, 90)
    assert kept(note, [], logs) == moments(50, 50)
    assert kept(note, [], [LOG.key]) is None

    keeping.keep(tmp_path, note, 2)
    assert (tmp_path / "2.checkpoint").read_bytes() == note.print()
    assert keeping.bracketing(keeping.notes(tmp_path), witnesses, logs) == [moments(70, 90)]
    spoiled = note.print().replace(text.encode(), Checkpoint(ORIGIN, 3, bytes(32)).text.encode())
    with pytest.raises(ProofFailed):
        keeping.bracketing([spoiled], witnesses, logs)
