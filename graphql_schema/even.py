"""Even answers: to a partner's officer they leave at steps of time and in steps of size, whatever was found.

    asked 151 points, found nobody, took 11 ms          38,912 bytes, after 250 ms
    asked 151 points, found three people, took 19 ms    38,912 bytes, after 250 ms

Whoever watches the line, or measures, else learns from milliseconds and bytes whether somebody is in the register, and
of whom it says that it knows nothing. The size is what the question may be answered with, not what it was: its points
at so many bytes, filled up with spaces behind the JSON text (RFC 8259, section 2, lets them stand there). The step of
time is counted from the request's arrival, so how long the work took within it can't be seen.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import ceil
from time import perf_counter

from starlette.responses import Response

from graphql_schema.limits import Limits

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of time and size."""

    seconds: float
    bytes: int
    bytes_per_point: int
    most_bytes: int
    """Of an answer: the question's points ask for no more."""

    @classmethod
    def of(cls, limits: Limits) -> "Steps":
        """Return the rows of the limits table."""
        return cls(
            limits.even_milliseconds / 1000, limits.even_bytes, limits.even_bytes_per_point, limits.response_bytes
        )

    def size(self, length: int, asked: int) -> int:
        """Return how long an answer is sent that has this length, to a question of so many points."""
        expected = min(asked * self.bytes_per_point, self.most_bytes)
        return ceil(max(length, expected, 1) / self.bytes) * self.bytes

    def wait(self, passed: float) -> float:
        """Return how long an answer waits that is ready so many seconds after its request came."""
        return ceil(passed / self.seconds) * self.seconds - passed

    async def leave(
        self, response: Response, asked: int, begun: float, *,
        clock: Callable[[], float] = perf_counter, sleep: Sleep = asyncio.sleep,
    ) -> None:  # fmt: skip
        """Pad an answer, and wait for the step at which it leaves. A stream has no size, and is left alone."""
        body = getattr(response, "body", None)
        if not isinstance(body, bytes):
            return
        response.body = body.ljust(self.size(len(body), asked))
        response.headers["content-length"] = str(len(response.body))
        await sleep(self.wait(clock() - begun))
