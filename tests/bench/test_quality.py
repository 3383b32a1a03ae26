"""Recall, false hits and the frontier are what their definitions say."""

from pathlib import Path

import pytest

from bench.matching import bands, quality, tables
from bench.matching.asking import Answer
from bench.matching.groups import Group
from bench.matching.sets import Question
from registry.matching import weights


def somebody(key: str, place: int | None, score: float = 0.9, *, namesakes: int = 0) -> Answer:
    ranked = [(f"other-{n}", max(score, 0.95)) for n in range(1, place or 3)]
    if place:
        ranked.append(("wanted", score))
    return Answer(Question(key, "exact", {"name": "Peter Kamau"}, "wanted", namesakes), tuple(ranked), 1.0)


def nobody(key: str, score: float | None, *, namesakes: int = 0) -> Answer:
    ranked = () if score is None else (("other-1", score),)
    return Answer(Question(key, "stranger", {"name": "Mary Atieno"}, None, namesakes), ranked, 1.0)


def test_recall_counts_the_first_place_and_the_first_ten() -> None:
    found = quality.recall([somebody("1", 1), somebody("2", 2), somebody("3", None), somebody("4", 1)])

    assert list(found) == pytest.approx([4, 0.5, 0.75, 0.625])


def test_a_false_hit_is_a_stranger_whose_best_hit_reaches_the_threshold() -> None:
    strangers = [nobody("1", 0.6), nobody("2", 0.55), nobody("3", 0.54), nobody("4", None)]

    assert quality.false_hits(strangers, 0.55) == 0.5


def test_the_frontier_finds_only_what_scores_above_the_stranger_that_is_let_through() -> None:
    strangers = [nobody(f"n{number}", number / 100) for number in range(100)]
    wanted = [somebody("1", 1, 0.98), somebody("2", 1, 0.981), somebody("3", 1, 0.5)]

    point = next(quality.frontier([*wanted, *strangers], (0.01,)))

    assert list(point) == pytest.approx([0.01, 0.98, 1 / 3])


def test_what_has_namesakes_is_not_clear() -> None:
    answers = [somebody("1", None, namesakes=2), nobody("2", 0.9, namesakes=1), somebody("3", 1), nobody("4", 0.1)]

    point = next(quality.frontier(answers, (0.01,)))

    assert [answer.question.id for answer in quality.clear(answers)] == ["3", "4"]
    assert point.found == 1.0


def test_results_come_back_from_their_file(tmp_path: Path) -> None:
    answers = [somebody("1", 2), nobody("2", None)]
    unanswered = Question("3", "exact", {}, "wanted", 0)

    quality.write_results(answers, tmp_path / "results.jsonl")
    found = quality.read_results([*(each.question for each in answers), unanswered], tmp_path / "results.jsonl")

    assert [each.ranked for each in found] == [answers[0].ranked, (), ()]


def test_a_group_that_is_found_less_often_is_named_with_its_distance_from_the_mean() -> None:
    answers = [somebody(f"a{n}", 1) for n in range(90)] + [somebody(f"b{n}", 1 if n < 24 else None) for n in range(30)]
    named = {each.question.id: each.question.id[0] for each in answers}

    rate, gap = tables.behind(tables.rates(answers, named)) or (None, 0.0)

    assert rate is not None
    assert (rate.name, rate.clear_first) == ("b", 0.8)
    assert gap == pytest.approx(0.95 - 0.8)


def test_a_group_of_few_questions_is_not_judged() -> None:
    answers = [somebody(f"a{n}", 1) for n in range(40)] + [somebody("b1", None)]
    named = {each.question.id: each.question.id[0] for each in answers}

    found = tables.behind(tables.rates(answers, named))

    assert found is not None
    assert found[0].name == "a"


def test_a_question_without_a_name_counts_for_no_tradition() -> None:
    numbered = Answer(Question("2", "number_only", {"national_id": "90000001"}, "wanted", 0), (("wanted", 1.0),), 1.0)
    groups = {"1": Group("luo", "Latn", "male"), "2": Group("luo", "no name", "male")}

    found = tables.groups_of([somebody("1", 1), numbered], groups)

    assert [rate.n for rate in found["tradition"]] == [1]
    assert sum(rate.n for rate in found["class"]) == 2


def test_a_band_is_judged_by_its_best_hits() -> None:
    answers = [somebody("1", 1, 0.8), somebody("2", None, 0.8), nobody("3", 0.8), nobody("4", weights.POSSIBLE_SCORE)]

    strong, possible, _ = bands.band_rates(answers)

    assert (strong.hits, strong.right, strong.accused) == (2, 0.5, 0.5)
    assert (possible.hits, possible.accused) == (0, 0.5)
