"""Does Cedar agree in every case? The whole enumeration behind tests/registry/disclosure/test_cedar.py.

python -m bench.oracle              some 750,000 cases, a few minutes
python -m bench.oracle --every 50   each fiftieth
"""

import argparse
import sys
from itertools import islice

from registry.disclosure.vocabulary import Use
from tests.registry.disclosure.cases import KE, all_unlike, case
from tests.registry.disclosure.test_cedar import matching, opened


def main() -> None:
    """Ask Cedar and our masks, count what they disagree on, and fail if that is anything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    asked = mismatches = 0
    together: set[tuple[str, ...]] = set()
    for role, purpose, values in islice(all_unlike(KE), 0, None, parser.parse_args().every):
        access, facts = case(role, purpose, values)
        decision = KE.decide(access, facts)
        asked += 1
        mismatches += matching(access, facts) != set(decision.rules)
        if decision.rules not in together:
            together.add(decision.rules)
            mismatches += {use: decision.may(use) for use in Use} != opened(access, facts)
    print(f"{asked:,} cases, {len(together)} sets of rules that decide together: {mismatches} mismatches")
    sys.exit(1 if mismatches else 0)


if __name__ == "__main__":
    main()
