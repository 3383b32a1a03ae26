"""The synthetic register as a labelled set: profiles.jsonl and queries.jsonl, always the same for the same sizes.

A larger set begins with the smaller one's people; its questions are about any of its people, so they differ.
"""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import orjson

from bench.labelled.namesakes import namesakes
from bench.labelled.questions import Asked, questions
from registry.synthetic.contacts import address, number
from registry.synthetic.record import Dob
from registry.synthetic.register import person, tradition_of

EACH = 50
"""Questions of each class."""
_BLOCK = 5_000


def write(folder: Path, size: int, each: int = EACH, *, workers: int = 2) -> int:
    """Write a set of so many profiles; return how many questions are asked of it."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = list(questions(size, each))
    blocks = [range(first, min(first + _BLOCK, size + 1)) for first in range(1, size + 1, _BLOCK)]
    file = folder / "profiles.jsonl"
    with ExitStack() as leaving:
        written = leaving.enter_context(file.open("wb"))
        each_block = leaving.enter_context(Pool(workers)).imap if len(blocks) > 1 else map
        written.writelines(each_block(_lines, blocks))
    counted = namesakes((each.meant for each in asked), _read(file))
    _write_questions(folder / "queries.jsonl", zip(asked, counted, strict=True))
    return len(asked)


def line(index: int) -> dict[str, Any]:  # Any: a line of a file
    """Return one person of the register in the form of a labelled set."""
    drawn = person(index)
    return {
        "id": drawn["id"],
        "tradition": tradition_of(index),
        "names": [{name: each[name] for name in ("full", "parts", "script", "kind")} for each in drawn["names"]],
        "dob": _dob(drawn["dob"]),
        "sex": drawn["sex"],
        "nationalities": drawn["nationalities"],
        "identifiers": [{name: each[name] for name in ("type", "value", "country")} for each in drawn["identifiers"]],
        "handles": [{"platform": each["platform"], "handle": each["handle"]} for each in drawn["handles"]],
        "phones": [number(each) for each in drawn["phones"]],
        "emails": [address(each) for each in drawn["emails"]],
        "county": drawn["county"],
    }


def _dob(dob: Dob) -> dict[str, str | None]:
    """Return a date as the matcher knows it: of a range the year in its middle."""
    if dob["value"] is None or dob["precision"] != "range":
        return {"value": dob["value"], "precision": dob["precision"]}
    first, _, last = dob["value"].partition("/")
    return {"value": str((int(first[:4]) + int(last[:4])) // 2), "precision": "year"}


def _lines(indexes: Iterable[int]) -> bytes:
    return b"".join(orjson.dumps(line(index)) + b"\n" for index in indexes)


def _read(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        yield from map(orjson.loads, lines)


def _write_questions(file: Path, asked: Iterable[tuple[Asked, int]]) -> None:
    lines = [
        orjson.dumps({
            "query_id": f"Q{place:05d}", "class": each.kind, "tradition": each.tradition, "fields": each.fields,
            "expected": each.expected, "namesakes": others,
        })
        for place, (each, others) in enumerate(asked)
    ]  # fmt: skip
    file.write_bytes(b"\n".join(lines) + b"\n")
