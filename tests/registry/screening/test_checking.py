"""A list gets the answers that a search would give each of its people, on both databases."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk import files
from registry.bulk.cells import Cell
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.errors import InputRefused
from registry.matching import candidates
from registry.matching.types import Band
from registry.profiles.models import profiles
from registry.screening import checking as checking_module, columns
from registry.screening.checking import Chunk, Conditions, Screened, Screener
from registry.screening.engines import Engine, checking
from registry.screening.people import Layout, RowReader
from registry.screening.running import cut
from registry.search.operations import search
from tests import factories
from tests.nodes import settings_for
from tests.registry.screening import lists

T = TypeVar("T")
REGISTER, LIST = 300, 240


def did(settings: Settings, work: Callable[[Connection], T]) -> T:
    """Do something with a register."""

    async def use() -> T:
        database = open_database(settings).keeper
        try:
            return await database.write(work)
        finally:
            await database.close()

    return asyncio.run(use())


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A node on a register of synthetic people."""
    made = settings_for(database_url, tmp_path / "keys")
    did(made, partial(lists.fill, count=REGISTER))
    return made


def laid_out(path: Path) -> tuple[Layout, files.Source]:
    source = files.opened(path)
    assert source.headings is not None
    return Layout(source.kind, len(source.headings), columns.targets(source.headings, factories.EDITION)), source


def screened(conditions: Conditions, chunks: list[Chunk]) -> list[Screened]:
    with checking(Engine.INLINE, conditions, processes=0) as check:
        return list(check(chunks))


Hits = dict[int, list[tuple[int, float]]]


def searched(conditions: Conditions, rows: list[list[Cell]], connection: Connection) -> Hits:
    """Return what a search tells of each row, of the bands that are told."""
    least = checking_module.BANDS[Band(conditions.least)]
    reader = RowReader(conditions.layout, list(factories.work(connection, conditions.actor).readable()))
    answers = {}
    for row, cells in enumerate(rows, 2):
        read = reader.read([*cells])
        assert read is not None
        person, problems = read
        assert person is not None, problems
        work = factories.work(connection, conditions.actor)
        try:
            page = search(work, person.query, limit=10)
        except InputRefused:
            continue
        if hits := [(each.profile.register_number, each.score) for each in page.hits if each.score >= least]:
            answers[row] = hits
    return answers


def secret(connection: Connection) -> frozenset[int]:
    """Return the register numbers of the records that nobody here is cleared for."""
    return frozenset(connection.execute(sa.select(profiles.c.number).where(profiles.c.clearance == "secret")).scalars())


@pytest.mark.parametrize("people", [0, 1_000_000], ids=["glancing at nobody", "glancing at everybody"])
def test_a_list_gets_the_answers_of_searches(settings: Settings, tmp_path: Path, people: int) -> None:
    path = lists.table(tmp_path / "list.csv", lists.asked(LIST, REGISTER))
    layout, source = laid_out(path)
    officer = did(settings, lists.supervisor)
    conditions = lists.conditions(settings, officer, layout, people=people)

    done = screened(conditions, list(cut(source.rows(), first=0, size=100)))

    hidden = did(settings, secret)  # whoever enters what was found leaves them out, and tells their owners
    seen = {row: [hit for hit in hits if hit[0] not in hidden] for chunk in done for row, hits in told(chunk).items()}
    found = {row: hits for row, hits in seen.items() if hits}
    rows = [list(row) for row in source.rows()]
    assert found == did(settings, partial(searched, conditions, rows))
    assert hidden
    assert len(found) > LIST / 3


def test_a_name_that_too_many_bear_is_found_as_a_search_finds_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "POSTING_CAP", 3)
    rows = [{"Full name": "Otieno"}, {"Full name": "Kamau", "Sex": "M"}, {"Full name": "Peter Kamau"}]
    layout, source = laid_out(lists.table(tmp_path / "list.csv", rows))
    officer = did(settings, lists.supervisor)
    conditions = lists.conditions(settings, officer, layout, least="weak")

    (done,) = screened(conditions, list(cut(source.rows(), first=0)))

    found = told(done)
    assert found == did(settings, partial(searched, conditions, [list(row) for row in source.rows()]))
    assert found


def told(done: Screened) -> Hits:
    found: Hits = {}
    for each in done.found:
        found.setdefault(each.row, []).append((each.number, each.match.score))
    return found


def test_rows_that_cannot_be_read_are_told_and_stop_nothing(settings: Settings, tmp_path: Path) -> None:
    rows = [{"DOB": "17/05/1971", "Full name": "Juma"}, {"Sex": "?", "Full name": "Juma"}, {"Full name": "=cmd()"},
            {"PNR": "only"}, {"Phone": "12"}, {"Full name": "Otieno Peter", "Nationality": "KEN"}]  # fmt: skip
    layout, source = laid_out(lists.table(tmp_path / "list.csv", rows))
    officer = did(settings, lists.supervisor)

    (done,) = screened(lists.conditions(settings, officer, layout), list(cut(source.rows(), first=0)))

    assert [(row, [each.code for each in problems]) for row, problems in done.problems] == [
        (2, ["DATE_MALFORMED"]), (3, ["CRITERION_MALFORMED"]), (4, ["FORMULA_REFUSED"]), (5, ["CRITERIA_TOO_FEW"]),
        (6, ["CRITERION_MALFORMED"]),
    ]  # fmt: skip
    assert done.rows == 6


def test_a_worker_in_another_process_tells_the_same(settings: Settings, tmp_path: Path) -> None:
    layout, source = laid_out(lists.table(tmp_path / "list.csv", lists.asked(40, REGISTER)))
    officer = did(settings, lists.supervisor)
    conditions = lists.conditions(settings, officer, layout)
    chunks = list(cut(source.rows(), first=0, size=10))

    with checking(Engine.PROCESSES, conditions, processes=2) as check:
        elsewhere = list(check(chunks))

    assert elsewhere == screened(conditions, chunks)


def test_what_the_register_said_is_asked_anew_once_it_is_old(settings: Settings, tmp_path: Path) -> None:
    layout, source = laid_out(lists.table(tmp_path / "list.csv", [lists.HIT]))
    officer = did(settings, lists.supervisor)
    screener = Screener(lists.conditions(settings, officer, layout))
    (chunk,) = cut(source.rows(), first=0)
    assert screener(chunk).found == ()
    did(settings, lambda connection: factories.vetted(connection, factories.record()))

    screener._known.since = float("-inf")

    assert [each.reference for each in screener(chunk).found] == ["PNR 1"]
    screener.close()
