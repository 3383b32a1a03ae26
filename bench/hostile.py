"""The questions that cost most: everything in them is common, long, or both. Each has to be answered in 100 ms.

    python -m bench.hostile --set DIR --databases sqlite postgresql

They are made of the commonest words and birth days of the set at hand, so that their keys are carried by as many as can
be. Each is asked five times; the slowest of these is printed, and the median, which other programs disturb less.
"""

import argparse
import asyncio
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

import orjson

from bench.matching import registers, runs
from bench.matching.asking import Found, found_for
from bench.matching.registers import Register
from bench.matching.sets import PROFILES
from registry.core.partial_dates import PartialDate
from registry.matching.types import Identifier, Identity

LOOKED_AT = 50_000
"""Profiles whose words are counted."""
TIMES = 5
LIMIT_MS = 100.0


def hostile(folder: Path) -> dict[str, Identity]:
    """Return the questions by what makes them hard."""
    words, days = _commonest(folder)
    born = PartialDate.parse(days[0])
    year = PartialDate(born.year)
    full = " ".join(words[:3])
    return {
        "the commonest name": Identity((words[0],)),
        "the two commonest": Identity((" ".join(words[:2]),)),
        "three common names and a year": Identity((full,), year, "male", ("KE",)),
        "the commonest birth day": Identity(birth_date=born),
        "common names born on 1 January": Identity((full,), PartialDate(born.year, 1, 1), "male", ("KE",)),
        "twenty common names": Identity((" ".join(words[:20]),)),
        "twenty common names and a day": Identity((" ".join(words[:20]),), born, "male", ("KE",), "Nairobi"),
        "six names of four common words": Identity(tuple(" ".join(words[n : n + 4]) for n in range(6)), year),
        "one common name, twenty times": Identity((" ".join([words[0]] * 20),), year),
        "initials only": Identity(("J M K",), year),
        "ten thousand letters": Identity(((words[0] + " ") * 1_500 + "a" * 1_000,), year),
        "ten thousand marks": Identity((words[0] + "\u0301" * 10_000,), year),
        "twenty-four numbers": Identity((full,), identifiers=tuple(_numbers())),
    }


def _numbers() -> Iterator[Identifier]:
    for number in range(24):
        yield Identifier("national_id", f"{20_000_000 + 1_111_111 * number}")


def _commonest(folder: Path) -> tuple[list[str], list[str]]:
    """Return the commonest words of names in Latin letters, and the commonest full birth days."""
    words, days = Counter[str](), Counter[str]()
    with (folder / PROFILES).open("rb") as lines:
        for person in map(orjson.loads, islice(lines, LOOKED_AT)):
            for name in person["names"]:
                words.update(word.capitalize() for word in name["full"].split() if word.isascii() and len(word) > 2)
            day = person["dob"]["value"]
            if day and len(day) == 10:
                days[day] += 1
    return [word for word, _ in words.most_common(40)], [day for day, _ in days.most_common(3)]


def asked(register: Register, questions: Mapping[str, Identity]) -> dict[str, list[Found]]:
    """Return every asking of each question."""
    found = iter(asyncio.run(found_for(register.url, [each for each in questions.values() for _ in range(TIMES)])))
    return {name: [next(found) for _ in range(TIMES)] for name in questions}


def lines(folder: Path, register: Register) -> Iterator[str]:
    """Yield the slowest questions of a register, and whether the limit holds."""
    found = asked(register, hostile(folder))
    ordered = sorted(found.items(), key=lambda item: -_worst(item[1]))
    yield (
        f"{register.dialect}, {register.loaded.size:,} profiles, hostile questions: ms of the worst of {TIMES}, "
        "the median, and the worst in time of the asking thread"
    )
    for name, each in ordered:
        median, cpu = statistics.median(one.ms for one in each), max(one.cpu_ms for one in each)
        yield f"  {name:34}{_worst(each):9.1f}{median:9.1f}{cpu:9.1f}"
    worst = _worst(ordered[0][1])
    yield f"  worst {worst:.1f} ms: {'within' if worst <= LIMIT_MS else 'BEYOND'} {LIMIT_MS:.0f}"


def _worst(found: Sequence[Found]) -> float:
    return max(each.ms for each in found)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser("python -m bench.hostile", description=__doc__.partition("\n")[0])
    parser.add_argument("--set", type=Path, dest="folder", help="a labelled set; without one, a set of our own is made")
    parser.add_argument("--profiles", type=int, default=20_000, help="size of a set of our own (20,000)")
    parser.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite",))
    parser.add_argument("--scratch", type=Path, help="keep the loaded registers here, and find them here again")
    options = parser.parse_args()
    with (
        runs.chosen(options.folder, options.profiles) as folder,
        registers.opened(folder, databases=options.databases, keep=options.scratch) as opened,
    ):
        for register in opened:
            print("\n".join(lines(folder, register)), flush=True)


if __name__ == "__main__":
    main()
