"""Runs the peers and sets their figures beside ours.

Scores have different scales, so false hits are compared where both find as much: a peer's threshold is put where it
finds the same share of the wanted people as ours does in the band "possible" (or as many as it can), and its false hits
are counted there. "Ahead" means more first places and fewer false hits, both at once.
"""

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from bench.matching import quality
from bench.matching.asking import Answer
from bench.matching.sets import Question
from bench.peers.engines.names import ON_POSTGRESQL
from registry.matching import weights
from tests.servers import PostgresServer, postgres_server

PYTHON = Path("var/tools/peers/bin/python")
USUAL_THRESHOLD = 0.7
"""Of most engines that give a score from 0 to 1."""
_ROOT = Path(__file__).parents[2]
_LONGEST = 3600.0


@dataclass(frozen=True, slots=True)
class Row:
    """One engine's answers, or why there are none."""

    name: str
    answers: Sequence[Answer] = ()
    missing: str = ""


def compared(
    folder: Path, questions: Sequence[Question], names: Iterable[str], scratch: Path, *, python: Path = PYTHON
) -> list[Row]:
    """Let each peer answer the questions, one after another."""
    if not python.exists():
        return [Row(name, missing="not installed: deploy/bootstrap.sh peers") for name in names]
    rows: list[Row] = []
    with ExitStack() as leaving:
        server: PostgresServer | None = None
        for name in names:
            url = ""
            if name in ON_POSTGRESQL:
                if server is None:
                    server = leaving.enter_context(postgres_server(shared_buffers="1GB"))
                    server.create_database("peers")
                url = server.url("peers").replace("+asyncpg", "")
            rows.append(_answered(name, folder, questions, scratch / f"{name}.jsonl", url, python))
    return rows


def _answered(
    name: str, folder: Path, questions: Sequence[Question], file: Path, url: str, python: Path
) -> Row:  # fmt: skip
    command = [
        str(python.absolute()), "-m", "bench.peers.engines", name, "--set", str(folder.resolve()), "--out", str(file),
        "--url", url, "--limit", str(len(questions)),
    ]  # fmt: skip
    try:
        done = subprocess.run(
            command, cwd=_ROOT, env=peer_environment(), capture_output=True, text=True, timeout=_LONGEST, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return Row(name, missing=f"did not run: {problem}")
    if done.returncode:
        return Row(name, missing=f"did not run: {(done.stderr.strip().splitlines() or ['no word'])[-1]}")
    return Row(name, quality.read_results(questions, file))


def peer_environment() -> dict[str, str]:
    """Leave out what would lead a peer's interpreter to our packages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


def table(ours: Sequence[Row], theirs: Sequence[Row]) -> Iterator[str]:
    """Yield one line for each engine; the first of ours is compared."""
    yield (
        f"{'engine':22}{'recall@1':>9}{'@10':>7}{'found':>7}{'false hits':>11}{'at 0.7':>8}{'found at 1 %':>14}"
        f"{'p50':>8}{'p95':>8}  ours ahead"
    )
    first = ours[0].answers
    share = quality.found(quality.clear(quality.about_somebody(first)), weights.POSSIBLE_SCORE)
    for row in (*ours, *theirs):
        if not row.answers:
            yield f"{row.name:22}{row.missing}"
            continue
        at = weights.POSSIBLE_SCORE if row in ours else threshold_of(row.answers, share)
        verdict = "" if row in ours else "  yes" if is_ahead(first, row.answers, at) else "  NO"
        yield f"{row.name:22}{_figures(row.answers, at)}{verdict}"
    yield (
        f"found and false hits: ours at {weights.POSSIBLE_SCORE}; of a peer where it finds {share:.3f}, as ours does, "
        "or as much as it can. Clear questions only, but for recall."
    )


def _figures(answers: Sequence[Answer], at: float) -> str:
    wanted, strangers = quality.about_somebody(answers), quality.clear(quality.about_nobody(answers))
    recall, point = quality.recall(wanted), next(quality.frontier(answers, (0.01,)), None)
    ms = [each.ms for each in answers]
    return (
        f"{recall.first:9.3f}{recall.ten:7.3f}{quality.found(quality.clear(wanted), at):7.3f}"
        f"{quality.false_hits(strangers, at):11.3f}{quality.false_hits(strangers, USUAL_THRESHOLD):8.3f}"
        f"{point.found if point else 0:14.3f}{quality.percentile(ms, 0.5):8.2f}{quality.percentile(ms, 0.95):8.2f}"
    )


def threshold_of(answers: Sequence[Answer], share: float) -> float:
    """Return the highest score at which so large a share of the clear is found, or the lowest that anything has."""
    scores = [quality.wanted_score(each) for each in quality.clear(quality.about_somebody(answers))]
    known = sorted((score for score in scores if score is not None), reverse=True)
    if not known:
        return 1.0
    return known[min(max(round(share * len(scores)), 1), len(known)) - 1]


def is_ahead(ours: Sequence[Answer], theirs: Sequence[Answer], at: float) -> bool:
    """Say whether we put more wanted people first, and accuse fewer strangers where both find as much."""
    first = [quality.recall(quality.about_somebody(answers)).first for answers in (ours, theirs)]
    own = quality.false_hits(quality.clear(quality.about_nobody(ours)), weights.POSSIBLE_SCORE)
    return first[0] > first[1] and own < quality.false_hits(quality.clear(quality.about_nobody(theirs)), at)
