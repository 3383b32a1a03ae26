"""``python -m bench.misuse``: recall and precision of the rules on invented forces, beside a logistic regression.

python -m bench.misuse                     five forces (seeds 301 to 305), trained on five others (201 to 205)
python -m bench.misuse --quick             one force that was looked at while the rules were written

How the budget is dealt was decided on the forces 1 and 101, and how hits are ranked on 9001 to 9003; no threshold was
changed after any run.
"""

import argparse

from bench.misuse.measuring import measured


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser("python -m bench.misuse", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)  # fmt: skip
    parser.add_argument("--quick", action="store_true")
    for line in measured(quick=parser.parse_args().quick):
        print(line, flush=True)


if __name__ == "__main__":
    main()
