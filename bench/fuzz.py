"""Check 14 at length: the plans beside the library alone, on random documents and random, also broken data.

    python -m bench.fuzz --executions 500000
    python -m bench.fuzz --seed 3735928559 --executions 1250    again what a failure of the suite printed

Two schemas in turn: an invented one that has everything GraphQL knows, and the register's own over stubs. The documents
on which data or errors differ are printed with their seed, and the program ends with 1.
"""

import argparse
import secrets
import sys
import time
from collections.abc import Iterator
from multiprocessing import Pool
from typing import NamedTuple

from tests.graphql_schema import invented, stubbed
from tests.graphql_schema.differential import differences

CHUNK = 1_250
"""Executions with one seed: what the suite takes, so that its seeds are found again here."""
SCHEMAS = {"invented": invented.SCHEMA, "the register's": stubbed.SCHEMA}


class Part(NamedTuple):
    """Executions over one schema with one seed."""

    schema: str
    executions: int
    seed: int


def differing(part: Part) -> list[str]:
    """Return the documents of a part that library and plans answer differently."""
    return [f"{part.schema}, {each}" for each in differences(SCHEMAS[part.schema], part.executions, part.seed)]


def parts(executions: int, seed: int | None) -> Iterator[Part]:
    """Split the executions over both schemas, each part with a fresh seed; a seed that is given is all there is."""
    if seed is not None:
        yield from (Part(schema, executions, seed) for schema in SCHEMAS)
        return
    for place in range(-(-executions // CHUNK)):
        yield Part(list(SCHEMAS)[place % len(SCHEMAS)], min(CHUNK, executions), secrets.randbits(32))


def measured(executions: int, *, seed: int | None = None, processes: int = 2) -> Iterator[str]:
    """Execute, and say how many differ; then which."""
    begun = time.monotonic()
    todo = list(parts(executions, seed))
    with Pool(processes) as pool:
        found = [each for some in pool.imap_unordered(differing, todo) for each in some]
    done = sum(part.executions for part in todo)
    yield f"{done} executions by plans and by the library alone: {len(found)} differ ({time.monotonic() - begun:.0f} s)"
    yield from found


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        "python -m bench.fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--executions", type=int, default=500_000)
    parser.add_argument("--seed", type=int, help="of a failure, to see it again")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    told = list(measured(options.executions, seed=options.seed, processes=options.processes))
    print("\n".join(told))
    sys.exit(len(told) > 1)


if __name__ == "__main__":
    main()
