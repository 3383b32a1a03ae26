"""A run: one set on several registers, and all that is said of it."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.labelled import people
from bench.matching import asking, bands, groups, registers, sets, tables
from bench.matching.asking import Answer
from bench.matching.registers import SHUFFLED, Register
from registry.matching import weights


@dataclass(frozen=True, slots=True)
class Plan:
    """On what a set is asked."""

    databases: Sequence[str] = ("sqlite",)
    orders: Sequence[str] = (SHUFFLED,)
    keep: Path | None = None
    """Where loaded registers stay for the next run."""
    limit: int | None = None
    """Ask the first so many questions only."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One register, and what it answered."""

    register: Register
    answers: list[Answer]


def ask(folder: Path, plan: Plan) -> list[Asked]:
    """Load the set and ask it on every register."""
    questions = sets.questions(folder, plan.limit)
    with registers.opened(folder, databases=plan.databases, orders=plan.orders, keep=plan.keep) as opened:
        return [Asked(register, asking.asked(register, questions)) for register in opened]


def lines(folder: Path, done: Sequence[Asked]) -> Iterator[str]:
    """Yield what came of a run; the first register speaks for all whose profiles are numbered alike."""
    first = done[0]
    yield f"{first.register.loaded.size:,} profiles, {len(first.answers):,} questions, matcher {weights.VERSION}"
    yield from tables.recall(first.answers)
    yield from tables.errors(first.answers)
    for other in done[1:]:
        if other.register.order == first.register.order:
            apart = sum(a.ranked != b.ranked for a, b in zip(first.answers, other.answers, strict=True))
            yield f"{other.register.dialect} answers {apart or 'no'} questions otherwise than {first.register.dialect}"
        else:
            yield ""
            yield from tables.side_by_side(first.answers, other.answers)
    for each in done:
        yield ""
        yield tables.loaded(each.register)
        yield from tables.speed(each.answers)
    yield ""
    yield from bands.band_lines(first.answers)
    for name, rates in grouped(folder, first.answers).items():
        if name != "class":
            yield ""
            yield from tables.group_lines(name, rates)


def grouped(folder: Path, answers: Sequence[Answer]) -> dict[str, list[tables.Rate]]:
    """Return the rates of answers by tradition, script, sex and class."""
    return tables.groups_of(answers, groups.groups(folder, [each.question for each in answers]))


@contextmanager
def chosen(folder: Path | None, profiles: int, each: int = people.EACH) -> Iterator[Path]:
    """Yield the set that was named, or write one of our own that is gone afterwards."""
    if folder:
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="registry-labelled-") as passing:
        made = Path(passing) / f"own-{profiles}"
        people.write(made, profiles, each)
        yield made
