"""Subscriptions: streams of server-sent events, one connection each ("distinct connections mode").

    1 the endpoint has read and priced the question, as any other
    2 a place: so many streams a worker, a client, an officer        429
    3 the first turn: live state, permission, what there is to tell   entered, then sent
    4 each further turn the same, when the bell rings or time passes

A turn is one execution of the document: its resolver asks one use case for the next notice. What a turn tells is
entered in the log before its bytes leave. The database is the queue: a reader that is slow, or away, goes on behind the
last event that it has got, so nothing is lost and nothing told twice.

How a stream ends: with ``complete`` when nothing more can come, or after an error; without it when it is to be asked
for again: the token has expired, the node stops, the reader is too slow. Silence must not look like an end.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import Connection
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from auth.tokens import Claims
from graphql_schema import errors as telling, negotiation, sse
from graphql_schema.bell import Bell, Ear, Key
from graphql_schema.budgets import Budgets
from graphql_schema.context import Context
from graphql_schema.exchange import Exchange
from graphql_schema.limits import Limits
from graphql_schema.turns import Turn
from registry.audit.events import Outcome, outcome_of
from registry.audit.receipts import MEMBER
from registry.core.errors import BudgetSpent, InputRefused, LimitExceeded, RegistryError, Unavailable
from registry.core.metrics import STREAMS
from registry.core.telemetry import log, problem_of

if TYPE_CHECKING:
    from graphql_schema.endpoint import Answered, Service
    from graphql_schema.question import Question

Run = Callable[[Connection, Exchange, "Question", Callable[..., Context]], "Answered"]
"""Executes a question with a context of this kind."""


class Places:
    """How many streams are open in this worker, and for whom."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()

    def take(self, claims: Claims) -> Callable[[], None]:
        """Take a place; return how to give it back. Raises BudgetSpent (TOO_MANY_STREAMS)."""
        officer = claims.details.officer if claims.details else ""
        client = claims.session.hex() if claims.session else claims.client  # a browser is a client of its own
        keys = {"streams": "", "streams_per_client": client, "streams_per_officer": f"{client} {officer}"}
        for row, key in keys.items():
            most = getattr(self._limits, row)
            if self._taken[f"{row} {key}"] >= most:
                raise BudgetSpent(
                    f"More than {most} streams can't be open at once.", code="TOO_MANY_STREAMS",
                    remedy="Close one that nobody reads.", retry_after=self._limits.stream_heartbeat_seconds,
                )  # fmt: skip
        taken = [f"{row} {key}" for row, key in keys.items()]
        self._taken.update(taken)
        STREAMS.inc()
        return partial(self._give_back, taken)

    def _give_back(self, taken: list[str]) -> None:
        self._taken.subtract(taken)
        self._taken = +self._taken
        STREAMS.dec()

    def __len__(self) -> int:
        return self._taken["streams "]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a turn sends."""

    content: bytes = b""
    """Nothing when there was nothing to tell."""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What a turn has to say, until its entry is durable."""

    answer: dict[str, Any]
    identifier: str | None = None
    is_over: bool = True

    def delivery(self, receipt: str) -> Delivery:
        """Return what is sent: with the receipt of its entry, as an event has no header of its own."""
        extensions = self.answer.get("extensions", {}) | {MEMBER: receipt}
        content = orjson.dumps(self.answer | {"extensions": extensions})
        return Delivery(sse.event(content, self.identifier), self.is_over)


@dataclass(frozen=True, slots=True)
class First:
    """The first turn of a stream, and where the next goes on."""

    delivery: Delivery
    after: int | None = None
    key: Key | None = None


class Subscriptions:
    """The streams of one worker."""

    def __init__(self, service: "Service", budgets: Budgets, run: Run) -> None:
        self.service = service
        self.bell = Bell(service.database, service.clock)
        self.places = Places(service.limits)
        self._budgets = budgets
        self._run = run

    async def open(self, exchange: Exchange, question: "Question", last_event_id: str | None) -> Response:
        """Take the first turn, and answer with the stream, or with why there is none."""
        if not exchange.streams:
            raise InputRefused(
                "does not admit a stream of events.", field="Accept", code="EVENT_STREAM_REQUIRED",
                remedy=f"Accept {negotiation.EVENT_STREAM}.",
            )  # fmt: skip
        exchange.media = negotiation.EVENT_STREAM
        if self.bell.is_closed:
            raise Unavailable("This node stops.")
        give_back = self.places.take(exchange.claims)
        try:
            answered = await self._executed(exchange, question, partial(Turn, last_event_id=last_event_id))
            charge = self._budgets.charge(answered.actor, question.operation.cost.answered(answered.result.data), 0)
            beside = self._budgets.told(answered.actor, question.asked, charge)
            told = self._rendered(exchange, question, answered, beside)
            placed = await self.service.writer.submit(exchange.entry, charge, once=exchange.once)
            exchange.once = None  # used up: what goes wrong from here on is entered without it
            first = told.delivery(self.service.promises.receipt(placed))
            turn = answered.context
            begun = First(first, turn.after, turn.key) if isinstance(turn, Turn) else First(first)
            stream = Stream(self, exchange, question, begun)
            return EventStream(exchange, stream, self.service.limits.stream_patience_seconds, give_back)
        except BaseException:
            give_back()
            raise

    async def turn(self, exchange: Exchange, question: "Question", after: int | None) -> tuple[Delivery, int | None]:
        """Look once more; enter what is told. Raises Unavailable, BudgetSpent: then it is to be tried again."""
        try:
            answered = await self._executed(exchange, question, partial(Turn, after=after))
            turn = answered.context
            if isinstance(turn, Turn) and not turn.has_news and not answered.result.errors:
                return Delivery(is_over=turn.is_over), turn.after
            told = self._rendered(exchange, question, answered, {})
        except (Unavailable, BudgetSpent):
            raise
        except RegistryError as refusal:
            turn, told = None, self._refused(exchange, refusal)
        except Exception as problem:  # noqa: BLE001  the last border: nothing of it may reach the caller
            log.error("internal", request_id=exchange.request_id, problem=problem_of(problem))
            turn, told = None, self._refused(exchange, RegistryError("Internal error."))
        placed = await self.service.writer.submit(exchange.entry)
        delivery = told.delivery(self.service.promises.receipt(placed))
        return delivery, turn.after if isinstance(turn, Turn) else after

    async def _executed(self, exchange: Exchange, question: "Question", kind: Callable[..., Context]) -> "Answered":
        try:
            async with asyncio.timeout(self.service.limits.operation_seconds):
                return await self.service.database.read(
                    lambda connection: self._run(connection, exchange, question, kind)
                )
        except TimeoutError:
            raise LimitExceeded("The operation took too long.", code="TIMEOUT", remedy="Ask for less.") from None

    def _rendered(
        self, exchange: Exchange, question: "Question", answered: "Answered", beside: dict[str, Any]
    ) -> Told:  # fmt: skip
        """Return what a turn says; its entry is in the exchange."""
        result, turn = answered.result, answered.context
        errors = result.errors or []
        answer: dict[str, Any] = {}
        if errors:
            most = self.service.limits.execution_errors
            answer["errors"] = telling.format_errors(errors, exchange.request_id, most=most)
        identifier = None
        if isinstance(turn, Turn):
            answer["data"] = result.data
            answer["extensions"] = beside
            if not errors and turn.key is not None:
                identifier = turn.event_id
                answer["extensions"] = beside | {"eventId": identifier}
        outcome = outcome_of(telling.origin_of(errors[0])) if errors else Outcome.ALLOWED
        code = answer["errors"][0]["extensions"]["code"] if errors else None
        work = turn.work if turn else None
        fields = question.answered(result.data, turn, self.service.schema) if turn and not errors else None
        exchange.entry = exchange.closed(outcome, code, work.events if work else (), work, fields)
        is_over = bool(errors) or not isinstance(turn, Turn) or turn.key is None or turn.is_over
        return Told(answer, identifier, is_over)

    def _refused(self, exchange: Exchange, refusal: RegistryError) -> Told:
        told = telling.format_refusal(refusal, exchange.request_id)
        exchange.entry = exchange.closed(outcome_of(refusal), told[0]["extensions"]["code"])
        return Told({"errors": told})


class Stream:
    """One open stream: its turns, as bytes."""

    def __init__(self, door: Subscriptions, exchange: Exchange, question: "Question", first: "First") -> None:
        self._door = door
        self._exchange = exchange
        self._question = replace(question, asked=0)  # the first turn has paid
        self._first = first.delivery
        self._after = first.after
        self._ear = Ear(first.key, exchange.claims.expires_at) if first.key else None

    def close(self) -> None:
        """Let it end: whoever read it has left."""
        if self._ear is not None:
            self._ear.close()

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """Yield events as they come, and heartbeats between."""
        yield self._first.content
        if self._first.is_over or self._ear is None:
            yield sse.COMPLETE
            return
        with self._door.bell.listening(self._ear):
            try:
                async for part in self._further(self._ear):
                    yield part
            except (Unavailable, BudgetSpent) as passing:  # the reader asks again, and is told when
                log.info("stream_left", request_id=self._exchange.request_id, code=passing.code)

    async def _further(self, ear: Ear) -> AsyncGenerator[bytes, None]:
        heartbeat = self._door.service.limits.stream_heartbeat_seconds
        while True:
            await ear.wait(heartbeat)
            told = False
            while True:
                if ear.is_over or ear.until <= self._door.service.clock():
                    return
                delivery = await self._turn()
                if delivery.content:
                    told = True
                    yield delivery.content
                if delivery.is_over:
                    yield sse.COMPLETE
                    return
                if not delivery.content:
                    break
            if not told:
                yield sse.HEARTBEAT

    async def _turn(self) -> Delivery:
        exchange = self._exchange.anew(self._door.service.clock())
        delivery, self._after = await self._door.turn(exchange, self._question, self._after)
        return delivery


class EventStream(Response):
    """A stream as ASGI sends it."""

    def __init__(self, exchange: Exchange, stream: Stream, patience: float, give_back: Callable[[], None]) -> None:
        self.status_code = 200
        self.background = None
        self._request_id = exchange.request_id
        self._stream = stream
        self._patience = patience
        self._give_back = give_back
        self.init_headers({
            "content-type": f"{negotiation.EVENT_STREAM}; charset=utf-8", "vary": "Accept", "cache-control": "no-store",
            "x-request-id": exchange.request_id,
            "x-accel-buffering": "no",  # a proxy that collects would keep back what happens now
        })  # fmt: skip

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream to its end, or until the reader has left or takes nothing any more."""
        leaving = asyncio.create_task(self._left(receive), name="stream-leaving")
        begun = perf_counter()
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            async with aclosing(self._stream.parts()) as parts:
                async for part in parts:
                    await self._sent(send, part, more=True)
            await self._sent(send, b"", more=False)
        except TimeoutError:
            log.info("stream_too_slow", request_id=self._request_id)
        finally:
            leaving.cancel()
            self._give_back()
            log.info("stream_ended", request_id=self._request_id, seconds=round(perf_counter() - begun))

    async def _sent(self, send: Send, body: bytes, *, more: bool) -> None:
        async with asyncio.timeout(self._patience):
            await send({"type": "http.response.body", "body": body, "more_body": more})

    async def _left(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._stream.close()
