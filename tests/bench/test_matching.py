"""The bench asks what production asks, on both databases, and the matcher holds its floors on a small register."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bench import finding, hostile
from bench.matching import asking, loading, page, quality, registers, runs, sets
from bench.matching.registers import IN_FILE_ORDER, SHUFFLED
from bench.matching.runs import Asked
from registry.matching import weights
from registry.models import metadata

PLAN = runs.Plan(("sqlite", "postgresql"), (SHUFFLED, IN_FILE_ORDER))


@pytest.fixture(scope="module")
def done(own_set: Path) -> list[Asked]:
    return runs.ask(own_set, PLAN)


def test_both_databases_give_the_same_answers(done: list[Asked]) -> None:
    sqlite, postgresql, _ = done

    assert [each.ranked for each in sqlite.answers] == [each.ranked for each in postgresql.answers]


def test_the_right_person_is_found(done: list[Asked]) -> None:
    clear = quality.clear(quality.about_somebody(done[0].answers))

    found = quality.recall(clear)

    assert found.n > 200
    assert found.first >= 0.97
    assert found.ten >= 0.98


def test_strangers_are_not_accused(done: list[Asked]) -> None:
    strangers = quality.clear(quality.about_nobody(done[0].answers))

    assert len(strangers) > 40
    assert quality.false_hits(strangers, weights.STRONG_SCORE) == 0
    assert quality.false_hits(strangers, weights.POSSIBLE_SCORE) <= 0.1


def test_every_stage_is_timed(done: list[Asked]) -> None:
    assert all({"prepare", "candidates"} <= set(each.stages) for each in done[0].answers)
    assert all(sum(each.stages.values()) <= each.ms for each in done[0].answers)


def test_the_loader_fills_every_table_that_a_search_reads(own_set: Path) -> None:
    read: set[str] = set()

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        read.update(re.findall(r"\b(?:FROM|JOIN) (\w+)", statement))

    with registers.opened(own_set, databases=("sqlite",)) as (register,):
        sa.event.listen(sa.Engine, "before_cursor_execute", see)
        try:
            asking.asked(register, sets.questions(own_set))
        finally:
            sa.event.remove(sa.Engine, "before_cursor_execute", see)

    assert {"search_keys", "match_records"} <= read
    assert read & set(metadata.tables) <= set(loading.TABLES)


def test_a_kept_register_is_asked_again_without_being_loaded(own_set: Path, tmp_path: Path) -> None:
    plan = runs.Plan(keep=tmp_path, limit=5)

    first, again = runs.ask(own_set, plan)[0], runs.ask(own_set, plan)[0]

    assert first.register == again.register
    assert [each.ranked for each in first.answers] == [each.ranked for each in again.answers]


def test_the_page_says_for_whom_the_matcher_errs_and_how_to_repeat_it(
    own_set: Path, done: list[Asked], tmp_path: Path
) -> None:
    rates = runs.grouped(own_set, done[0].answers)
    run = page.Run("a test", 500, done[0].answers, rates)

    page.write(tmp_path / "page.md", [run], date(2026, 1, 2), "python -m bench.matching --profiles 500")

    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    for said in (weights.VERSION, "2026-01-02", "| kikuyu |", "| Latn |", "| female |", "| respelt |", "| strong |"):
        assert said in text
    assert "`python -m bench.matching --profiles 500`" in text


def test_the_bench_prints_every_part_of_it(own_set: Path, tmp_path: Path) -> None:
    scope = finding.Scope(own_set, ("sqlite",), (), tmp_path, searches=10)

    printed = "\n".join(finding.matching(scope))

    for said in ("recall@1", "false hits at possible", "found at 1%", "file order", "latency ms", "furthest behind",
                 "hostile questions", "matching takes"):  # fmt: skip
        assert said in printed


def test_hostile_questions_are_made_of_what_is_common(own_set: Path) -> None:
    asked = hostile.hostile(own_set)

    assert len(asked["twenty common names"].names[0].split()) == 20
    assert max(len(name) for each in asked.values() for name in each.names) >= 10_000
