"""Let one engine answer a labelled set; results go to a file, one line a question.

python -m bench.peers.engines tantivy --set DIR --out results.jsonl [--url postgresql://…]
python -m bench.peers.engines febrl                     the pairs that linkage engines make of FEBRL4, as JSON
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import orjson

from bench.peers.engines.people import Engine, Peer, Person, questions, read


def _trigrams(people: Sequence[Person], url: str) -> Engine:
    engine: Engine = import_module("bench.peers.engines.trigrams").PgTrgm(people, url)
    return engine


def _fts(people: Sequence[Person], _: str) -> Engine:
    engine: Engine = import_module("bench.peers.engines.trigrams").Fts5(people)
    return engine


def _tantivy(people: Sequence[Person], _: str) -> Engine:
    engine: Engine = import_module("bench.peers.engines.words").Tantivy(people)
    return engine


def _rapidfuzz(people: Sequence[Person], _: str) -> Engine:
    engine: Engine = import_module("bench.peers.engines.words").Rapidfuzz(people)
    return engine


def _logic(people: Sequence[Person], url: str) -> Engine:
    engine: Engine = import_module("bench.peers.engines.logic").LogicOverTrigrams(people, url)
    return engine


ENGINES: dict[str, tuple[Callable[[Sequence[Person], str], Engine], bool]] = {
    "pg_trgm+logic-v2": (_logic, True),
    "pg_trgm": (_trigrams, False),
    "rapidfuzz": (_rapidfuzz, False),
    "fts5": (_fts, False),
    "tantivy": (_tantivy, False),
}
"""Each with its maker, imported only when it is asked for, and whether it weighs birth dates by itself."""


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser("python -m bench.peers.engines", description=__doc__.partition("\n")[0])
    parser.add_argument("engine", choices=(*ENGINES, "febrl"))
    parser.add_argument("--set", type=Path, dest="folder")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--url", default="")
    parser.add_argument("--limit", type=int)
    options = parser.parse_args()
    if options.engine == "febrl":
        sys.stdout.buffer.write(orjson.dumps(import_module("bench.peers.engines.linkage").pairs()))
    else:
        _answer(options)


def _answer(options: argparse.Namespace) -> None:
    make, scores_dates = ENGINES[options.engine]
    people, known = read(options.folder)
    engine = make(people, options.url)
    peer = Peer(engine, people, known, scores_dates=scores_dates)
    asked = list(questions(options.folder, options.limit))
    for _, question in asked[:20]:
        peer.ranked(question)
    with options.out.open("wb") as results:
        for key, question in asked:
            begun = time.perf_counter()
            ranked = peer.ranked(question)
            ms = 1000 * (time.perf_counter() - begun)
            hits = [{"id": person, "score": score} for person, score in ranked]
            results.write(orjson.dumps({"query_id": key, "ranked": hits, "ms": round(ms, 3)}) + b"\n")
    close = getattr(engine, "close", None)
    if close:
        close()


if __name__ == "__main__":
    main()
