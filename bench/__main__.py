"""``make bench``: a table of ratios, audited searches against the same query without GraphQL and audit.

make bench                                              20,000 profiles, about ten minutes
make bench BENCH="--profiles 1000000 --keep DIR"        the full size; DIR holds the registers for the next run
python -m bench --quick                                 every line once, a second each: does the bench still work?
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import imports, statements
from bench.measure import Effort, Say, measure
from bench.register import DIALECTS, Register, opened
from bench.report import preamble, table

LATEST = Path("var/bench/latest.txt")
MOST_ROWS = 100_000
"""Rows of the file that is imported; more of them take longer and say the same (python -m bench.imports)."""
QUICK = Effort(seconds=1.0, target_seconds=2.0, most_steps=1)


def main() -> None:
    options = _options()
    lines = list(preamble(os.getloadavg()))
    print("\n".join(lines), flush=True)
    effort = QUICK if options.quick else Effort(seconds=options.seconds, target_seconds=3 * options.seconds)
    for dialect in options.databases:
        print(f"\n{dialect}: opening a register of {options.profiles} profiles", file=sys.stderr, flush=True)
        with opened(dialect, options.profiles, options.keep) as register:
            if options.explain:
                for each in _explained(register):
                    print(each)
                continue
            found = [*table(measure(register, effort, Say())), "", *_counted(register)]
        lines += found
        print("\n".join(found), flush=True)
        _keep(lines)
    if "postgresql" in options.databases and not options.explain:
        print(f"\nimporting a file of {min(options.profiles, MOST_ROWS)} rows", file=sys.stderr, flush=True)
        found = ["", *imports.measured(min(options.profiles, MOST_ROWS), "jsonl")]
        print("\n".join(found), flush=True)
        _keep([*lines, *found])


def _keep(lines: list[str]) -> None:
    LATEST.parent.mkdir(parents=True, exist_ok=True)
    LATEST.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _counted(register: Register) -> Iterator[str]:
    yield "SQL statements of one search:"
    yield from (f"  {each}" for each in statements.counted(statements.seen(register)))


def _explained(register: Register) -> Iterator[str]:
    found = statements.seen(register)
    yield from statements.counted(found)
    yield from statements.explained(register, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m bench", description=__doc__.partition("\n")[0])
    parser.add_argument("--profiles", type=int, default=20_000, help="size of the register (20,000)")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--keep", type=Path, help="keep the registers in this folder, and find them there again")
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="length of each run (5); the target's is thrice that"
    )
    parser.add_argument("--explain", action="store_true", help="print each statement's plan instead")
    parser.add_argument("--quick", action="store_true", help="a second for each run")
    return parser.parse_args()


if __name__ == "__main__":
    main()
