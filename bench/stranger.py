"""A stranger with every right: ten thousand questions that schemathesis draws from our schema, on seeded data.

    python -m bench.stranger --cases 10000 --databases sqlite postgresql
    python -m bench.stranger --cases 1000 --seed 3735928559                 again what was complained of

Each question comes from an officer of all roles, for a purpose that opens it, with real ids half of the time; after
every round of questions come a tenth as many changes. No answer may be a 5xx, unmasked, beyond a limit or without its
one entry in the log. Complaints are printed with their document, and the program ends with 1.
"""

import argparse
import asyncio
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.register import DIALECTS, bare
from graphql_schema.limits import Limits
from registry.core.telemetry import configure_logging
from tests.nodes import running
from tests.stranger.asking import MUTATIONS, QUERIES, RAISED, Seen, asked, drawn
from tests.stranger.furnishing import furnish

ROUNDS = 4
"""Changes between them, so that later questions meet what strangers have written."""
CHANGES = 0.1
"""Changes for each question."""
PEOPLE = 200
LEVEL = "critical"
"""The program's own log would say of every answer that it was answered."""


@dataclass
class Outcome:
    """What came of all rounds on one database."""

    seconds: float = 0.0
    rounds: list[Seen] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        """Everything that no answer may be."""
        return [each for seen in self.rounds for each in seen.complaints]

    def lines(self, dialect: str, seed: int) -> Iterator[str]:
        """Say in a few lines what was asked and answered."""
        cases = sum(each.cases for each in self.rounds)
        answered = sum(each.answered.total() for each in self.rounds)
        codes = sum((each.codes for each in self.rounds), start=Counter[str]())
        slowest, longest = max(each.slowest for each in self.rounds), max(each.longest for each in self.rounds)
        yield f"{dialect}: {cases} cases in {self.seconds:.0f} s, {answered} answered with data, seed {seed}"
        yield f"  slowest {slowest:.2f} s, longest {longest} bytes"
        yield "  refused: " + ", ".join(f"{code} {count}" for code, count in codes.most_common(12))
        yield f"  complaints: {len(self.complaints)}"


async def _asked(url: str, folder: Path, cases: int, seed: int) -> Outcome:
    limits, outcome, begun = Limits(**RAISED), Outcome(), time.monotonic()
    async with running(url, folder / "keys", limits=RAISED) as node:
        configure_logging(LEVEL)
        found = await furnish(node, PEOPLE, folder)
        for turn in range(ROUNDS):
            each = -(-cases // (ROUNDS * len(QUERIES)))
            changes = -(-int(cases * CHANGES) // (ROUNDS * len(MUTATIONS)))
            drawn_now = [case for name in QUERIES for case in drawn(name, each, seed + turn)]
            drawn_now += [case for name in MUTATIONS for case in drawn(name, changes, seed + turn)]
            outcome.rounds.append(await asked(node, found, drawn_now, limits))
    outcome.seconds = time.monotonic() - begun
    return outcome


def measured(cases: int, databases: Sequence[str], seed: int | None = None) -> Iterator[str]:
    """Ask so many questions on each database; say what came of it, then what is complained of."""
    drawn_by = secrets.randbits(32) if seed is None else seed
    for dialect in databases:
        with tempfile.TemporaryDirectory(prefix="registry-stranger-") as name:
            folder = Path(name)
            with bare(dialect, folder) as url:
                outcome = asyncio.run(_asked(url, folder, cases, drawn_by))
        yield from outcome.lines(dialect, drawn_by)
        yield from outcome.complaints


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.stranger", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=int, default=10_000, help="questions, on each database")
    parser.add_argument("--seed", type=int, help="of a complaint, to see it again")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    options = parser.parse_args()
    complained = False
    for line in measured(options.cases, options.databases, options.seed):
        print(line, flush=True)
        complained |= line.startswith("  complaints: ") and not line.endswith(" 0")
    sys.exit(complained)


if __name__ == "__main__":
    main()
