"""Write a labelled set of our own.

python -m bench.labelled --profiles 20000 --out DIR     the register, and 50 questions of each class
"""

import argparse
from pathlib import Path

from bench.labelled.people import EACH, write


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.labelled", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--profiles", type=int, default=20_000, help="size of the register (20,000)")
    parser.add_argument("--each", type=int, default=EACH, help=f"questions of each class ({EACH})")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write into")
    options = parser.parse_args()
    asked = write(options.out, options.profiles, options.each)
    print(f"{options.profiles:,} profiles, {asked:,} questions in {options.out}")


if __name__ == "__main__":
    main()
