"""Ours and other engines, side by side.

python -m bench.peers --set DIR                       all of them; ours is asked on SQLite, and on PostgreSQL
python -m bench.peers --set DIR --peers tantivy       one of them
"""

import argparse
import tempfile
from pathlib import Path

from bench.matching import asking, registers, sets
from bench.matching.runs import chosen
from bench.peers.comparison import PYTHON, Row, compared, table
from bench.peers.engines.names import NAMES


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--set", type=Path, dest="folder", help="a labelled set; without one, a set of our own is made")
    parser.add_argument("--profiles", type=int, default=20_000, help="size of a set of our own (20,000)")
    parser.add_argument("--peers", nargs="+", choices=NAMES, default=NAMES)
    parser.add_argument("--limit", type=int, help="ask the first so many questions only")
    parser.add_argument("--python", type=Path, default=PYTHON, help="the peers' own interpreter")
    parser.add_argument("--scratch", type=Path, help="keep our loaded registers here, and find them here again")
    options = parser.parse_args()
    with chosen(options.folder, options.profiles) as folder, tempfile.TemporaryDirectory() as passing:
        questions = sets.questions(folder, options.limit)
        with registers.opened(folder, databases=("sqlite", "postgresql"), keep=options.scratch) as opened:
            ours = [Row(f"ours, {register.dialect}", asking.asked(register, questions)) for register in opened]
        theirs = compared(folder, questions, options.peers, Path(passing), python=options.python)
        print("\n".join(table(ours, theirs)))


if __name__ == "__main__":
    main()
