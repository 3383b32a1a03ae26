"""Numbers that the program tells about itself, for Prometheus. docs/observing.md explains each.

    REQUESTS.labels("query", "search", "200").inc()
    printed()                                        b"# HELP registry_requests_total Answers …"

A label holds one of a closed list: names of our schema, codes, stages. Nothing that a caller writes may become one: it
could name a person, and a thousand of them would fill the memory.

Several workers of one node write into files of one folder (``shared``), and whichever is asked adds them up, so what is
printed is the node's. The library decides that when it is first imported, by an environment variable.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

disable_created_metrics()  # type: ignore[no-untyped-call]  # when each series began: as many lines again, and several workers have none
METRICS = CollectorRegistry()

REQUESTS = Counter(
    "registry_requests", "Answers by kind, operation and status.", ["kind", "operation", "status"], registry=METRICS
)
SECONDS = Histogram(
    "registry_request_seconds", "Time from request to answer.", ["kind", "operation"], registry=METRICS,
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)  # fmt: skip
REFUSALS = Counter("registry_refusals", "Answers that tell an error, by its code.", ["code"], registry=METRICS)
STAGE_SECONDS = Counter(
    "registry_stage_seconds", "Time by stage of a request (auth, parse, candidates, score, …).", ["stage"],
    registry=METRICS,
)  # fmt: skip
DOCUMENTS = Counter(
    "registry_documents", "Documents found in memory (hit), or read and checked anew (miss).", ["end"], registry=METRICS
)
UNTRUSTED = Counter(
    "registry_untrusted_documents", "Documents that are not approved, of clients whose mode is log.", registry=METRICS
)
PLANS = Counter(
    "registry_plans", "Objects answered by compiled plans (hit), or left to the library (bail).", ["end"],
    registry=METRICS,
)  # fmt: skip
DEPRECATED = Counter(
    "registry_deprecated_fields", "Questions that select a deprecated field.", ["field"], registry=METRICS
)
KEYS_EXPIRING = Gauge(
    "registry_keys_expiring", "Enrolled keys that end within thirty days, or have ended.", registry=METRICS,
    multiprocess_mode="livemax",
)  # fmt: skip
ALARMS = Counter("registry_alarms", "Alarms that were raised, by kind.", ["kind"], registry=METRICS)
LOG_BATCH = Histogram(
    "registry_log_batch", "Entries made durable by one commit.", registry=METRICS, buckets=(1, 2, 4, 8, 16, 32, 64, 256)
)
LOG_WAITING = Gauge(
    "registry_log_waiting", "Entries that wait for the log.", registry=METRICS, multiprocess_mode="livesum"
)
STREAMS = Gauge("registry_streams", "Subscriptions that are open.", registry=METRICS, multiprocess_mode="livesum")
DOCUMENT_HIT, DOCUMENT_MISS = DOCUMENTS.labels("hit"), DOCUMENTS.labels("miss")
PLAN_HIT, PLAN_BAIL = PLANS.labels("hit"), PLANS.labels("bail")

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
FOLDER = os.environ.pop(_VARIABLE, None)
"""Where the workers of this node write, if they are several. Taken out of the environment once the lines above have
opened this process's files: the processes that check lists are born of this one, and need none."""


@contextmanager
def shared(workers: int) -> Iterator[None]:
    """Let the processes that are started meanwhile, if they are several, write their numbers where all find them."""
    if workers == 1:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="registry-metrics-", ignore_cleanup_errors=True) as folder:
        os.environ[_VARIABLE] = folder
        try:
            yield
        finally:
            os.environ.pop(_VARIABLE, None)


def printed() -> bytes:
    """Return the numbers of this node as Prometheus reads them."""
    if FOLDER is None:
        return generate_latest(METRICS)
    for pid in _ended(Path(FOLDER)):
        # What it had done stays counted; what waited in it waits no more.
        mark_process_dead(pid, FOLDER)  # type: ignore[no-untyped-call]
    whole = CollectorRegistry()
    MultiProcessCollector(whole, FOLDER)  # type: ignore[no-untyped-call]
    return generate_latest(whole)


def _ended(folder: Path) -> Iterator[int]:
    """Yield the workers of before that have ended: somebody killed them, and the server has started others."""
    for path in folder.glob("gauge_live*.db"):
        pid = int(path.stem.rpartition("_")[2])
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            yield pid
