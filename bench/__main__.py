"""``make bench``: what the register is held to, measured in one run; the lines stay in ``var/bench/latest.txt``.

make bench                                              20,000 profiles, about half an hour
make bench BENCH="--only matching peers --set DIR"      some parts, on any labelled set
make bench BENCH="--profiles 1000000 --keep DIR"        the full size; DIR holds the registers for the next run
python -m bench --quick                                 every line once, small: does the bench still work?

searches    audited searches against the same query without GraphQL and audit
hostile     documents that cost more than they weigh, while a probe is answered
doors       the GraphQL door beside a REST twin and beside a graphene and ORM service as most would write it
screening   people a second of a list, in one process and in two
import      a file of an old register brought in
matching    is the right person found: recall, false hits, error rates of groups and bands, latency, memory
peers       other engines with the same questions
febrl       FEBRL4 linked, beside engines made for that
growth      latency at several sizes
fuzz        compiled plans beside the library alone, on random documents and broken data
stranger    whatever schemathesis asks with full rights: no 5xx, nothing unmasked
admission   what token, proof, live state and policy cost each request
evenness    hit, no hit and silent told apart by time or size, if they can be
proofs      proofs of one entry among a million, made and checked
auditing    an auditor's pages of ten million entries, by each kind of filter
sequencing  entries a second with place, leaf and tree, beside a lock for each request
audited     what the log costs the emptiest question
lives       the log's writer killed a thousand times while its database fails: is every answer entered?
together    four processes write one log for 128 clients each
flood       a million calls of strangers: what the log grows by, and whether a call is lost
misuse      what the rules of misuse find of what is planted among invented officers, beside a logistic regression
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bench import (
    admission,
    audited,
    auditing,
    evenness,
    finding,
    flood,
    fuzz,
    growth,
    hostile_documents,
    imports,
    lives,
    proofs,
    screening,
    sequencing,
    statements,
    stranger,
    together,
)
from bench.doors import contest, table as table_of_doors
from bench.labelled.people import EACH
from bench.matching import runs
from bench.measure import QUICK, Effort, Say, measure
from bench.misuse import measuring
from bench.register import DIALECTS, Register, opened
from bench.report import preamble, table
from registry.screening.engines import Engine

LATEST = Path("var/bench/latest.txt")
MOST_ROWS = 100_000
"""Rows of the file that is imported; more of them take longer and say the same (python -m bench.imports)."""
QUICK_PROFILES, QUICK_EACH, QUICK_SIZES, QUICK_SEARCHES, QUICK_RECORDS = 500, 4, (300, 600), 50, 200
FUZZED, QUICK_FUZZED = 500_000, 5_000
"""Executions by plans and by the library."""
STRANGE, QUICK_STRANGE = 10_000, 200
"""Questions of a stranger, on each database."""
LIVES, QUICK_LIVES, QUICK_FLOOD = 1_000, 10, 5_000
"""Processes that are killed, on each database, and calls of strangers."""
ADMITTED, QUICK_ADMITTED, QUICK_PAIRS = 1_000, 50, 40
ALONE: dict[str, Callable[[bool, Sequence[str]], Iterable[str]]] = {
    "fuzz": lambda quick, _databases: fuzz.measured(QUICK_FUZZED if quick else FUZZED),
    "stranger": lambda quick, databases: stranger.measured(QUICK_STRANGE if quick else STRANGE, databases),
    "admission": lambda quick, databases: admission.measured(QUICK_ADMITTED if quick else ADMITTED, databases),
    "evenness": lambda quick, _databases: evenness.measured(QUICK_PAIRS if quick else evenness.PAIRS),
    "misuse": lambda quick, _databases: measuring.measured(quick=quick),
    "sequencing": lambda quick, databases: sequencing.measured(quick=quick, databases=databases),
    "audited": lambda quick, databases: audited.measured(quick=quick, databases=databases),
    "lives": lambda quick, databases: lives.measured(QUICK_LIVES if quick else LIVES, databases),
    "together": lambda quick, _databases: together.measured(2 if quick else together.EACH),
    "flood": lambda quick, _databases: flood.measured(QUICK_FLOOD if quick else flood.CALLS),
    "auditing": lambda quick, databases: auditing.lines(databases, *(auditing.QUICK if quick else auditing.FULL)),
    "proofs": lambda quick, _databases: proofs.measured(proofs.QUICK_LEAVES if quick else proofs.LEAVES),
}
"""Parts that need no register filled before: whether it is to be quick, and on which databases."""
PARTS = ("searches", "hostile", "doors", "screening", "import", *finding.PARTS, *ALONE)
PEOPLE, QUICK_PEOPLE = 10_000, 300
"""Of the list that is screened."""
SCREENED_BY = (Engine.INLINE, Engine.PROCESSES)
"""Ray is an extra: python -m bench.screening measures it."""


class Report:
    """Lines that are printed as they come, and kept."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def add(self, lines: Iterator[str] | Sequence[str]) -> None:
        """Print some lines, and write all so far."""
        for line in lines:
            print(line, flush=True)
            self._lines.append(line)
        LATEST.parent.mkdir(parents=True, exist_ok=True)
        LATEST.write_text("\n".join(self._lines) + "\n", encoding="utf-8")


def main() -> None:
    options = _options()
    report = Report()
    report.add(list(preamble(os.getloadavg())))
    if options.explain or not {"searches", "hostile", "doors", "screening"}.isdisjoint(options.only):
        _searches(options, report)
    if options.explain:
        return
    rows = min(options.profiles, MOST_ROWS)
    if "import" in options.only and "postgresql" in options.databases:
        print(f"\nimporting a file of {rows} rows", file=sys.stderr, flush=True)
        report.add(["", *imports.measured(rows, "jsonl")])
    parts = [part for part in finding.PARTS if part in options.only]
    if parts:
        _finding(options, report, parts)
    for part, lines in ALONE.items():
        if part in options.only:
            report.add(["", f"-- {part}"])
            report.add(iter(lines(options.quick, options.databases)))


def _searches(options: argparse.Namespace, report: Report) -> None:
    effort = QUICK if options.quick else Effort(seconds=options.seconds, target_seconds=3 * options.seconds)
    for dialect in options.databases:
        print(f"\n{dialect}: opening a register of {options.profiles} profiles", file=sys.stderr, flush=True)
        with opened(dialect, options.profiles, options.keep) as register:
            if options.explain:
                print("\n".join(_explained(register)))
                continue
            if "searches" in options.only:
                report.add([*table(measure(register, effort, Say())), "", *_counted(register)])
            if "hostile" in options.only:
                report.add(["", "-- hostile"])
                report.add(hostile_documents.measured(register, 0.5 if options.quick else hostile_documents.SECONDS))
            if "doors" in options.only:
                report.add(list(table_of_doors.lines(contest.measured(register, effort, quick=options.quick))))
            if "screening" in options.only:
                report.add(["", "-- screening"])
                report.add(screening.measured(register, QUICK_PEOPLE if options.quick else PEOPLE, SCREENED_BY))


def _finding(options: argparse.Namespace, report: Report, parts: Sequence[str]) -> None:
    each = QUICK_EACH if options.quick else EACH
    with (
        tempfile.TemporaryDirectory(prefix="registry-finding-") as passing,
        runs.chosen(options.folder, options.profiles, each) as folder,
    ):
        Path(passing).chmod(0o755)  # PostgreSQL may run as another account, which has to pass
        keep = options.keep or Path(passing)  # all parts ask the same registers, loaded once
        scope = finding.Scope(folder, options.databases, options.sizes, keep, each=each)
        if options.quick:
            scope = replace(scope, searches=QUICK_SEARCHES, most=QUICK_RECORDS)
        for part in parts:
            print(f"\n{part}", file=sys.stderr, flush=True)
            report.add(["", f"-- {part}"])
            report.add(finding.PARTS[part](scope))


def _counted(register: Register) -> Iterator[str]:
    yield "SQL statements of one search:"
    yield from (f"  {each}" for each in statements.counted(statements.seen(register)))


def _explained(register: Register) -> Iterator[str]:
    found = statements.seen(register)
    yield from statements.counted(found)
    yield from statements.explained(register, found)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="these parts")
    parser.add_argument("--profiles", type=int, help="size of the registers (20,000; 500 if quick)")
    parser.add_argument("--set", type=Path, dest="folder", help="a labelled set instead of one of our own")
    parser.add_argument("--sizes", nargs="+", type=int, help=f"sizes at which growth is measured {growth.SIZES}")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--keep", type=Path, help="keep the registers in this folder, and find them there again")
    parser.add_argument(
        "--seconds", type=float, default=5.0, help="length of each run (5); the target's is thrice that"
    )
    parser.add_argument("--explain", action="store_true", help="print each statement's plan instead")
    parser.add_argument("--quick", action="store_true", help="a second for each run, and little of everything")
    options = parser.parse_args()
    options.profiles = options.profiles or (QUICK_PROFILES if options.quick else 20_000)
    options.sizes = options.sizes or (QUICK_SIZES if options.quick else growth.SIZES)
    return options


if __name__ == "__main__":
    main()
