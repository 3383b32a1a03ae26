"""The doors side by side.

python -m bench.doors --profiles 20000 --keep DIR       node, REST twin and stock service on both databases
python -m bench.doors --quick                           every line once, small
"""

import argparse
import os
import sys
from pathlib import Path

from bench.doors import contest, table
from bench.measure import QUICK, Effort
from bench.register import DIALECTS, opened
from bench.report import preamble


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.doors", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profiles", type=int, help="size of the registers (20,000; 500 if quick)")
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    parser.add_argument("--keep", type=Path, help="keep the registers in this folder, and find them there again")
    parser.add_argument("--seconds", type=float, default=5.0, help="length of each measurement (5)")
    parser.add_argument("--quick", action="store_true", help="a second for each measurement, on a small register")
    options = parser.parse_args()
    size = options.profiles or (500 if options.quick else 20_000)
    effort = QUICK if options.quick else Effort(seconds=options.seconds)
    print("\n".join(preamble(os.getloadavg())), flush=True)
    for dialect in options.databases:
        print(f"\n{dialect}: opening a register of {size} profiles", file=sys.stderr, flush=True)
        with opened(dialect, size, options.keep) as register:
            found = contest.measured(register, effort, quick=options.quick)
            print("\n".join(table.lines(found)), flush=True)


if __name__ == "__main__":
    main()
