"""What one answer leaves for those who look after the node: numbers, a line of the program's own log, and a trace.

    tell(Answer("0197…", "query", "search", 200, 0.0071, client="ke-dci-desk"), tracer)

An ``Answer`` holds names of ours, ids, codes and numbers. Text, variables, the names that a caller gives, addresses,
officers and profiles are no members of it, so none of the three can tell them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from registry.core.metrics import DEPRECATED, REFUSALS, REQUESTS, SECONDS
from registry.core.telemetry import Stages, log, problem_of

NONE, SEVERAL = "none", "several"
"""What the metrics call the operation of a request that never became one, and of one with several root fields."""
_CODE = re.compile(r"[A-Z][A-Z_]{0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be told of one answer."""

    request_id: str
    kind: str
    """``query``, ``mutation``, ``subscription``, ``photograph``, ``screening``; ``request`` of what was not read."""
    operation: str
    """A root field of the schema, ``several`` or ``none``; of addresses what they are for."""
    status: int
    seconds: float
    code: str | None = None
    client: str | None = None
    agency: str | None = None
    document: str | None = None
    """SHA-256 of the document, in hexadecimal digits."""
    name: str | None = None
    """The operation's name in a document that was reviewed; other names are their callers' text."""
    deprecated: Iterable[str] = ()
    """Coordinates of deprecated fields that were selected."""
    stages: Stages = field(default_factory=Stages)


class Tracer(Protocol):
    """Whoever carries traces to a collector."""

    def tell(self, answer: Answer) -> None:
        """Take an answer down; it is sent later, by a thread of its own."""

    def close(self) -> None:
        """Send what waits, and end."""


def tell(answer: Answer, tracer: Tracer | None = None) -> None:
    """Count an answer, write its line, and hand it to the tracer if there is one."""
    REQUESTS.labels(answer.kind, answer.operation, answer.status).inc()
    SECONDS.labels(answer.kind, answer.operation).observe(answer.seconds)
    if answer.code is not None:
        REFUSALS.labels(answer.code if _CODE.fullmatch(answer.code) else "OTHER").inc()
    for coordinate in answer.deprecated:
        DEPRECATED.labels(coordinate).inc()
    answer.stages.publish()
    log.info(
        "answered", request_id=answer.request_id, kind=answer.kind, client=answer.client, operation=answer.operation,
        document=answer.document, status=answer.status, code=answer.code, ms=round(answer.seconds * 1000, 1),
    )  # fmt: skip
    if tracer is None:
        return
    try:
        tracer.tell(answer)
    except Exception as problem:  # noqa: BLE001  whatever a trace lacks, the answer is complete and leaves
        log.warning("trace_lost", request_id=answer.request_id, problem=problem_of(problem))
