"""How good a run was: the definitions that every figure in ``docs/`` rests on, and the results as a file.

recall@k      the wanted person is among the first k; at most ten are looked at
MRR           mean of 1 / place
found         the wanted person is among the ten, with a score that reaches the threshold
false hits    share of the questions about nobody that got a hit at the threshold or above
clear         questions without namesakes; the others can't be decided by what is given
frontier      what is found of the clear when the threshold lets so many false hits through, whatever the scale

    {"query_id": "Q00042", "ranked": [{"id": "DEMO-0000007", "score": 0.9312}, …], "ms": 3.2}        one line of a file
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

from bench.matching.asking import Answer
from bench.matching.sets import Question

RATES = (0.01, 0.02, 0.05)


class Recall(NamedTuple):
    """Shares of so many questions about people on the register."""

    n: int
    first: float
    ten: float
    mrr: float


class Point(NamedTuple):
    """What is found above a score that so many false hits reach."""

    rate: float
    above: float
    found: float


def place(answer: Answer) -> int | None:
    """Return the place of the wanted person, from 1."""
    wanted = answer.question.expected
    return next((n for n, (profile, _) in enumerate(answer.ranked, 1) if profile == wanted), None)


def wanted_score(answer: Answer) -> float | None:
    """Return the score of the wanted person, if among the ten."""
    wanted = answer.question.expected
    return next((score for profile, score in answer.ranked if profile == wanted), None)


def top(answer: Answer) -> float:
    """Return the best score; of an empty answer one below all others."""
    return answer.ranked[0][1] if answer.ranked else float("-inf")


def about_somebody(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers to questions about people on the register."""
    return [each for each in answers if each.question.expected]


def about_nobody(answers: Iterable[Answer]) -> list[Answer]:
    """Return the others."""
    return [each for each in answers if not each.question.expected]


def clear(answers: Iterable[Answer]) -> list[Answer]:
    """Return the answers to questions that the given fields can decide."""
    return [each for each in answers if not each.question.namesakes]


def by(answers: Iterable[Answer], key: Callable[[Answer], str]) -> dict[str, list[Answer]]:
    """Return the answers in groups, in the order in which the groups are met."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[key(answer)].append(answer)
    return dict(groups)


def recall(answers: Sequence[Answer]) -> Recall:
    """Return the recall of answers about people on the register."""
    places = [place(each) for each in answers]
    n = max(len(places), 1)
    return Recall(
        len(places), sum(each == 1 for each in places) / n, sum(each is not None for each in places) / n,
        sum(1 / each for each in places if each) / n,
    )  # fmt: skip


def found(answers: Sequence[Answer], threshold: float) -> float:
    """Return the share of wanted people whose score reaches the threshold."""
    scores = [wanted_score(each) for each in answers]
    return sum(score is not None and score >= threshold for score in scores) / max(len(scores), 1)


def false_hits(answers: Sequence[Answer], threshold: float) -> float:
    """Return the share of questions about nobody that got a hit."""
    return sum(top(each) >= threshold for each in answers) / max(len(answers), 1)


def frontier(answers: Sequence[Answer], rates: Sequence[float] = RATES) -> Iterator[Point]:
    """Yield what is found at each rate of false hits, of the clear questions."""
    wanted = [wanted_score(each) for each in clear(about_somebody(answers))]
    tops = sorted((top(each) for each in clear(about_nobody(answers))), reverse=True)
    for rate in rates if tops and wanted else ():
        above = tops[int(rate * len(tops))]
        yield Point(rate, above, sum(score is not None and score > above for score in wanted) / len(wanted))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that so large a share does not exceed."""
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def write_results(answers: Iterable[Answer], file: Path) -> None:
    """Write answers as a file of results."""
    lines = [
        orjson.dumps({
            "query_id": each.question.id, "ms": round(each.ms, 3),
            "ranked": [{"id": profile, "score": score} for profile, score in each.ranked],
        })
        for each in answers
    ]  # fmt: skip
    file.write_bytes(b"\n".join(lines) + b"\n")


def read_results(questions: Iterable[Question], file: Path) -> list[Answer]:
    """Read a file of results; a question without a line counts as answered with nothing."""
    with file.open("rb") as lines:
        given = {each["query_id"]: each for each in map(orjson.loads, lines)}
    nothing = {"ranked": [], "ms": 0.0}
    return [
        Answer(question, tuple((hit["id"], hit["score"]) for hit in line["ranked"][:10]), line["ms"])
        for question in questions
        for line in (given.get(question.id, nothing),)
    ]
