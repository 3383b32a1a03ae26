"""Quality and speed of matching on a labelled set.

python -m bench.matching --set DIR                                 on SQLite
python -m bench.matching --set DIR --databases sqlite postgresql   on both; the answers have to be the same
python -m bench.matching --set DIR --order both                    also with register numbers in file order
python -m bench.matching --profiles 20000 100000                   sets of our own (python -m bench.labelled)
python -m bench.matching --each 200 --page docs/error-rates.md     the page of error rates, written anew
"""

import argparse
import shlex
import sys
from pathlib import Path

from bench.labelled.people import EACH
from bench.matching import page, quality, runs, tables
from bench.matching.registers import IN_FILE_ORDER, SHUFFLED
from registry.core.clock import now

ORDERS = {"shuffled": (SHUFFLED,), "file": (IN_FILE_ORDER,), "both": (SHUFFLED, IN_FILE_ORDER)}


OWN = "a set of our own, drawn from registry/synthetic"


def main() -> None:
    """Run from the command line."""
    options = _options()
    plan = runs.Plan(options.databases, ORDERS[options.order], options.scratch, options.limit)
    command = shlex.join(["python", "-m", "bench.matching", *sys.argv[1:]])
    pages = []
    for named, size in [(folder, 0) for folder in options.folders] or [(None, size) for size in options.profiles]:
        with runs.chosen(named, size, options.each) as folder:
            done = runs.ask(folder, plan)
            first = done[0]
            print(
                *runs.lines(folder, done), *tables.failures(first.answers, options.failures), "", sep="\n", flush=True
            )
            title, rates = named.name if named else OWN, runs.grouped(folder, first.answers)
            pages.append(page.Run(title, first.register.loaded.size, first.answers, rates))
            if options.results:
                quality.write_results(first.answers, options.results)
    if options.page:
        page.write(options.page, pages, now().date(), command)


def _options() -> argparse.Namespace:
    given = argparse.ArgumentParser(
        "python -m bench.matching", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    given.add_argument("--set", nargs="+", type=Path, default=(), dest="folders", help="labelled sets")
    given.add_argument(
        "--profiles", nargs="+", type=int, default=(20_000,), help="without --set: sizes of sets of our own (20,000)"
    )
    given.add_argument("--each", type=int, default=EACH, help=f"questions of each class in a set of our own ({EACH})")
    given.add_argument("--databases", nargs="+", choices=("sqlite", "postgresql"), default=("sqlite",))
    given.add_argument("--order", choices=tuple(ORDERS), default="shuffled", help="how register numbers are given")
    given.add_argument("--limit", type=int, help="ask the first so many questions only")
    given.add_argument("--failures", type=int, default=0, help="print so many failures")
    given.add_argument("--scratch", type=Path, help="keep the loaded registers here, and find them here again")
    given.add_argument("--results", type=Path, help="write the answers to the last set here, one line a question")
    given.add_argument("--page", type=Path, help="write the page of error rates here")
    return given.parse_args()


if __name__ == "__main__":
    main()
