"""What a witness remembers: durable, never back, and nothing is signed without it."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from registry.core.errors import Conflict, InputRefused, Unavailable
from registry.tlog.keys import signed_by
from registry.tlog.note import parse_signatures
from registry.tlog.witnessing import Head
from registry.witness.memory import MOST_BACK, Memory, create
from registry.witness.witness import Witness
from tests.registry.tlog.signers import AT, ORIGIN, POLICE, checkpoint
from tests.registry.witness.serving import FORK, LOGS, TREE, asking, remembering, witness


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return remembering(tmp_path)


def at(moment: int) -> Callable[[], datetime]:
    return lambda: datetime.fromtimestamp(moment, UTC)


def test_what_is_kept_is_there_after_the_turn_and_what_fails_is_not(file: Path) -> None:
    memory = Memory(file)

    with memory.turn() as turn:
        assert turn.head(ORIGIN) is None
        turn.keep(checkpoint(TREE, 12), AT)
    with pytest.raises(KeyError), memory.turn() as turn:  # noqa: PT012  the turn is what fails
        turn.head(ORIGIN)
        turn.keep(checkpoint(TREE, 20), AT)
        raise KeyError

    with Memory(file).turn() as turn:
        assert turn.head(ORIGIN) == Head(12, TREE.root_at(12))


def test_while_one_decides_no_other_reads_what_is_about_to_change(file: Path) -> None:
    hurried = Memory(file, lock_seconds=0.05)

    with Memory(file).turn() as turn:
        turn.head(ORIGIN)
        with pytest.raises(Unavailable), hurried.turn() as other:
            other.head(ORIGIN)
        turn.keep(checkpoint(TREE, 12), AT)

    with hurried.turn() as other:
        assert other.head(ORIGIN) == Head(12, TREE.root_at(12))


def test_a_commit_is_on_the_disk_before_it_returns(file: Path) -> None:
    with Memory(file).turn() as turn:
        told = [turn._connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]

    assert told == ["delete", 3]  # 3 is EXTRA


@pytest.mark.parametrize("statement", [
    "UPDATE heads SET size = 11",
    "UPDATE heads SET root = zeroblob(32)",
    "UPDATE heads SET signed_at = signed_at - 1",
    "UPDATE heads SET origin = 'another'",
    "UPDATE heads SET size = 13, root = x'00'",
    "DELETE FROM heads",
])  # fmt: skip
def test_the_table_itself_refuses_to_go_back(file: Path, statement: str) -> None:
    with Memory(file).turn() as turn:
        turn.head(ORIGIN)
        turn.keep(checkpoint(TREE, 12), AT)

    with closing(sqlite3.connect(file)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute(statement)


def test_a_witness_without_its_memory_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "other.db").write_text("no database " * 100)

    for name in ("missing.db", "empty.db", "other.db"):
        with pytest.raises(InputRefused) as refused:
            Memory(tmp_path / name)
        assert refused.value.code == "WITNESS_MEMORY_MISSING"
    assert not (tmp_path / "missing.db").exists()


def test_a_memory_is_private_and_takes_no_other_ones_place(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(Conflict) as refused:
        create(file)
    assert refused.value.code == "WITNESS_EXISTS"


def test_nothing_is_signed_while_the_memory_can_not_be_written(file: Path) -> None:
    patient = Witness(LOGS, [POLICE], Memory(file, lock_seconds=0.05))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answers = [patient.answer(asking(TREE, 0, 12).print())]
        other.execute("ROLLBACK")
    answers.append(patient.answer(asking(TREE, 0, 12).print()))
    file.unlink()
    answers.append(patient.answer(asking(TREE, 12, 20).print()))

    assert [each.status for each in answers] == [503, 200, 503]
    assert [each.body.startswith("— ") for each in answers] == [False, True, False]


def test_a_later_tree_never_has_an_earlier_time(file: Path) -> None:
    first = witness(file, POLICE, clock=at(AT)).answer(asking(TREE, 0, 12).print())
    behind = witness(file, POLICE, clock=at(AT - MOST_BACK)).answer(asking(TREE, 12, 20).print())
    far = witness(file, POLICE, clock=at(AT - MOST_BACK - 1)).answer(asking(TREE, 20, 40).print())

    note = asking(TREE, 0, 20).note.with_signatures(parse_signatures(behind.body))
    assert [first.status, behind.status, far.status] == [200, 200, 503]
    assert signed_by(note, [POLICE.key]) == {POLICE.key: AT}


def test_a_clock_behind_is_refused_in_words(file: Path) -> None:
    with Memory(file).turn() as turn:
        turn.head(ORIGIN)
        turn.keep(checkpoint(FORK, 12), AT)

    with pytest.raises(Unavailable) as refused, Memory(file).turn() as turn:  # noqa: PT012  a turn has two steps
        turn.head(ORIGIN)
        turn.keep(checkpoint(FORK, 20), AT - 3600)
    assert refused.value.code == "CLOCK_WENT_BACK"
