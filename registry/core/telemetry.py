"""What the program says about itself: JSON log lines, and where a request's time goes.

    {"event": "answered", "request_id": "0197…", "operation": "search", "status": 200, "ms": 7.1, "level": "info", …}

Lines carry ids and codes, never people: only the keys named in ``ALLOWED`` pass.
"""

import logging
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from errno import errorcode
from time import perf_counter
from typing import Any

import orjson
import structlog

from registry.core.metrics import STAGE_SECONDS

ALLOWED = frozenset({
    "event", "level", "timestamp", "request_id", "operation", "kind", "status", "code", "ms", "problem", "where",
    "client", "agency", "officer", "index", "count", "size", "port", "workers", "dialect", "revision", "document",
    "setting", "witness",
})  # fmt: skip
"""A key that is not here is dropped: what nobody may write cannot leak."""


def _only_allowed(_logger: Any, _name: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in line.items() if key in ALLOWED}


def configure_logging(level: str) -> None:
    """Write JSON lines to standard error, this program's and its libraries'."""
    number = getattr(logging, level.upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_allowed,
            structlog.processors.JSONRenderer(serializer=lambda line, **_: orjson.dumps(line, default=str).decode()),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [*(each for each in root.handlers if not isinstance(each, _Libraries)), _Libraries(logging.WARNING)]


class _Libraries(logging.Handler):
    """Warnings of libraries: who, how bad and where, not in their words, which may quote a person's data.

    Without a handler Python itself would print the words, and the message of an exception with them.
    """

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line of ours for a line of theirs."""
        error = record.exc_info[1] if record.exc_info else record.msg  # uvicorn hands over an OSError as the message
        told = problem_of(error) if isinstance(error, BaseException) else f"at {record.module}:{record.lineno}"
        code = errorcode.get(error.errno or 0) if isinstance(error, OSError) else None
        write = log.error if record.levelno >= logging.ERROR else log.warning
        write("library", where=record.name, problem=told, **({"code": code} if code else {}))


def problem_of(error: BaseException) -> str:
    """Where an unexpected error comes from, without its message: messages may quote a person's data."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_globals.get('__name__', '?')}:{place.tb_lineno}" if place else "?"
    return f"{type(error).__name__} at {where}"


log = structlog.get_logger()


MOST_INTERVALS = 100
"""Blocks of one request that are remembered one by one; a search has about a dozen."""


class Stages:
    """Where a request's time goes: ``with stages("score"): …``; added to the metrics once, at the end."""

    __slots__ = ("intervals", "seconds")

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.intervals: list[tuple[str, float, float]] = []
        """Stage, begin and end, by ``perf_counter``."""

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Add the time of the block to the stage ``name``."""
        begun = perf_counter()
        try:
            yield
        finally:
            ended = perf_counter()
            self.seconds[name] = self.seconds.get(name, 0.0) + ended - begun
            if len(self.intervals) < MOST_INTERVALS:
                self.intervals.append((name, begun, ended))

    def publish(self) -> None:
        """Add every stage to ``registry_stage_seconds_total``."""
        for name, seconds in self.seconds.items():
            STAGE_SECONDS.labels(name).inc(seconds)
