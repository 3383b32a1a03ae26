"""What it costs each request that nobody gets in who doesn't belong: token, proof and its use, live state, policy.

    python -m bench.admission                     a search, 1,000 times, on both databases

A node in this process is asked through its ASGI stack, one question after the other; the stages are those that its own
metrics tell (docs/observing.md). The proof is used up in the transaction that makes the entry durable, so its statement
is timed there. The bar is 2 ms of median for all of it.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import replace
from io import StringIO
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Connection

from bench.register import UNSPENT
from registry.audit.submission import Once
from tests.nodes import Node, running
from tests.registers import migrated, new_register
from tests.servers import postgres_server

TIMES, WARM_UP, BAR_MS = 1_000, 100, 2.0
FIND = (
    "query ($name: String!) { search(criteria: {name: $name}, first: 10) "
    "{ edges { node { score profile { id names { full } birthDate } } } } }"
)
STAGES = ("auth", "live_state", "policy")
PROOF = "proof"
DIALECTS = ("sqlite", "postgresql")


def _listen(node: Node) -> dict[str, list[float]]:
    """Collect from now on what each answer spent, by stage."""
    spent: dict[str, list[float]] = defaultdict(list)
    observer, writer = node.endpoint.observer, node.app.state.node.writer
    tell, beside = observer.tell, writer._beside  # noqa: SLF001  what is timed is not told by the node itself

    def heard(exchange: Any, status: int) -> None:  # Any: as the observer has it
        for stage in STAGES:
            spent[stage].append(exchange.stages.seconds.get(stage, 0.0))
        tell(exchange, status)

    def used(connection: Connection, uses: Sequence[Once]) -> frozenset[int]:
        begun = perf_counter()
        before: frozenset[int] = beside.used(connection, uses)
        spent[PROOF].append(perf_counter() - begun)
        return before

    observer.tell = heard
    writer._beside = replace(beside, used=used)  # noqa: SLF001  as above
    return spent


async def _spent(url: str, folder: Path, times: int) -> Mapping[str, list[float]]:
    ample = {name.removeprefix("REGISTRY_LIMIT_").lower(): int(value) for name, value in UNSPENT.items()}
    async with running(url, folder, limits=ample) as node:
        token = node.token()
        spent = _listen(node)
        for _ in range(WARM_UP + times):
            answer = await node.ask(FIND, {"name": "Achieng Invented"}, token=token)
            answer.raise_for_status()
        return {stage: values[WARM_UP:] for stage, values in spent.items()}


def _on(dialect: str, folder: Path, times: int) -> Mapping[str, list[float]]:
    if dialect == "sqlite":
        url = f"sqlite:///{folder}/register.db"
        asyncio.run(migrated(url))
        return asyncio.run(_spent(url, folder / "keys", times))
    with postgres_server() as server:

        async def run() -> Mapping[str, list[float]]:
            return await _spent(await new_register(server, "admission"), folder / "keys", times)

        return asyncio.run(run())


def measured(times: int = TIMES, databases: Sequence[str] = DIALECTS) -> Iterator[str]:
    """Ask, and yield what it cost."""
    for dialect in databases:
        with tempfile.TemporaryDirectory(prefix="registry-admission-") as folder, redirect_stderr(StringIO()):
            spent = _on(dialect, Path(folder), times)
        whole = [sum(each) * 1000 for each in zip(*spent.values(), strict=True)]
        parts = ", ".join(f"{stage} {statistics.median(values) * 1000:.2f}" for stage, values in spent.items())
        early, late = (sorted(whole)[int(share * len(whole))] for share in (0.1, 0.99))
        median = statistics.median(whole)
        verdict = "within" if median <= BAR_MS else "BEYOND"
        figures = f"median {median:.2f} ms, p10 {early:.2f}, p99 {late:.2f} ({parts})"
        yield f"  {dialect}: {figures}: {verdict} {BAR_MS:.0f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--databases", nargs="+", choices=DIALECTS, default=DIALECTS)
    options = parser.parse_args()
    for line in measured(options.times, options.databases):
        print(line, file=sys.stdout, flush=True)


if __name__ == "__main__":
    main()
