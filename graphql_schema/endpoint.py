"""The HTTP endpoint: `POST /graphql`, from bytes to bytes.

    1 method and media types         405, 406, 415
    2 token                          401: nothing is read of a stranger's body
    3 body, counted while it comes   413
    4 parameters, document, limits   400; nothing has touched the database yet
    5 live state, then execution     one Work in one transaction
    6 the entry in the log           durable, or 503 and not one byte of data
    7 the answer

Every request that arrives whole leaves exactly one entry, whatever becomes of it; of strangers that ask again and again
the log holds a number (registry/audit/strangers.py). Each answer carries the receipt of its entry.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLSchema
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, TimeoutError as PoolTimeoutError
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from auth import reasons, replay
from auth.actor import Actor
from auth.callers import Callers
from auth.reasons import Draw
from auth.signatures import Signer
from graphql_schema import errors as telling, negotiation, sse
from graphql_schema.budgets import Budgets
from graphql_schema.context import Context
from graphql_schema.even import Steps
from graphql_schema.exchange import Exchange, read_body, single
from graphql_schema.executor import execute
from graphql_schema.kept import kept
from graphql_schema.limits import Limits
from graphql_schema.negotiation import Event
from graphql_schema.observed import Observer
from graphql_schema.paging import Cursors
from graphql_schema.question import Question, Questions
from graphql_schema.subscriptions import Subscriptions
from graphql_schema.trusted import door
from registry.audit.events import REFUSED, Entry, Outcome, outcome_of, outcome_of_all
from registry.audit.log import LOG_UNAVAILABLE, Replayed, Settled, Writer, enter, log_unavailable
from registry.audit.promises import Promises
from registry.audit.quotas import Charge
from registry.audit.strangers import Strangers
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import InputRefused, LimitExceeded, RegistryError, Unavailable
from registry.core.ids import new_id
from registry.core.observing import Tracer
from registry.core.sealing import Sealer
from registry.core.telemetry import log, problem_of
from registry.disclosure import policy, rules
from registry.disclosure.vocabulary import Action
from registry.editions.edition import Edition
from registry.notices import queries as notices
from registry.work import Work

_INTROSPECTION = frozenset({"Query.__schema", "Query.__type"})


@dataclass(frozen=True, slots=True)
class Service:
    """What the endpoint is made of; put together in ``registry.app``."""

    schema: GraphQLSchema
    database: Database
    writer: Writer
    promises: Promises
    strangers: Strangers
    callers: Callers
    edition: Edition
    sealer: Sealer
    clock: Clock
    cursors: Cursors
    limits: Limits
    profile: negotiation.Profile
    compiled: bool
    """Whether plain subtrees are compiled; without it the library executes everything."""
    tracer: Tracer | None
    """Who carries traces away, if anybody does."""
    signer: Signer | None = None
    """Who signs answers for those who want it, if anybody does."""
    draw: Draw = reasons.NONE
    """Of which answers the officer has to say afterwards why they asked."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question."""

    result: ExecutionResult
    actor: Actor
    context: Context | None
    """Nothing where the variables were refused."""


class RolledBack(Exception):
    """A mutation was refused: nothing of it may stay."""

    def __init__(self, answered: Answered):
        super().__init__()
        self.answered = answered


class Endpoint:
    """The ASGI application at ``/graphql``."""

    def __init__(self, service: Service):
        self.service = service
        self.questions = Questions(service.schema, service.limits, service.database)
        self.observer = Observer(service.schema, service.tracer)
        self.budgets = Budgets(service.limits)
        self.policy = policy.approved(service.edition.code).version
        self.steps = Steps.of(service.limits)
        self.subscriptions = Subscriptions(service, self.budgets, self._run)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        exchange = self._exchange(request)
        try:
            response = await self._answered(request, exchange)
        except ClientDisconnect:
            return
        self.observer.tell(exchange, response.status_code)
        if exchange.is_even:
            await self.steps.leave(response, exchange.asked, exchange.begun)
        if self.service.signer is not None:
            self.service.signer.sign(request, response)
        await response(scope, receive, send)

    def _exchange(self, request: Request) -> Exchange:
        identifier = str(new_id())
        entry = Entry(
            at=self.service.clock(), kind="request", operation="unknown", outcome=Outcome.FAILED,
            request_id=identifier, source=request.client.host if request.client else None, policy=self.policy,
        )  # fmt: skip
        return Exchange(identifier, entry, perf_counter())

    async def _answered(self, request: Request, exchange: Exchange) -> Response:
        """Answer, or refuse: both only once the entry is durable."""
        try:
            try:
                return await self._answer(request, exchange)
            except RegistryError as refusal:
                return await self._refusal(exchange, refusal)
        except Unavailable as refusal:
            return await self._unavailable(exchange, refusal)
        except ClientDisconnect:
            raise
        except Exception as problem:  # noqa: BLE001  the last border: nothing of it may reach the caller
            log.error("internal", request_id=exchange.request_id, problem=problem_of(problem))
            return await self._internal(exchange)

    async def _internal(self, exchange: Exchange) -> Response:
        try:
            return await self._refusal(exchange, RegistryError("Internal error."))
        except Unavailable as refusal:
            return await self._unavailable(exchange, refusal)

    async def _unavailable(self, exchange: Exchange, refusal: Unavailable) -> Response:
        """Answer 503, or 504, which holds nothing; entered too, if only the register and not the log fails."""
        exchange.entry = exchange.closed(Outcome.FAILED, refusal.code)
        exchange.placed = None
        if refusal.code != LOG_UNAVAILABLE:
            with suppress(Unavailable, Settled):
                exchange.placed = await self.service.writer.submit(exchange.entry, once=exchange.once)
        return self._told(exchange, refusal)

    async def _refusal(self, exchange: Exchange, refusal: RegistryError) -> Response:
        """Tell why nothing was executed. Raises Unavailable when the log can't take the entry."""
        if isinstance(refusal, Unavailable):
            raise refusal
        told = telling.format_refusal(refusal, exchange.request_id)
        code = told[0]["extensions"]["code"]  # a document's mistakes have codes of their own
        exchange.entry = exchange.closed(outcome_of(refusal), code)
        exchange.placed = None
        if exchange.is_stranger and not self.service.strangers.admits(exchange.entry.source, code):
            return self._told(exchange, refusal)
        try:
            exchange.placed = await self.service.writer.submit(exchange.entry, once=exchange.once)
        except Settled as found:
            return self._settled(exchange, found)
        return self._told(exchange, refusal)

    def _settled(self, exchange: Exchange, refusal: Settled) -> Response:
        """Tell what the log found while it entered the answer; it has been entered as that."""
        exchange.placed = refusal.placed
        exchange.entry = replace(exchange.entry, outcome=Outcome.DENIED, code=refusal.code)
        return self._told(exchange, refusal)

    def _told(self, exchange: Exchange, refusal: RegistryError) -> Response:
        told = telling.format_refusal(refusal, exchange.request_id)
        return self._response(exchange, negotiation.event_of(refusal), told, headers=telling.headers(refusal))

    async def _answer(self, request: Request, exchange: Exchange) -> Response:
        service = self.service
        accept = ", ".join(request.headers.getlist("accept"))
        exchange.media = negotiation.response_media(accept)
        exchange.streams = negotiation.admits_stream(accept)
        if request.method != "POST":
            raise InputRefused(
                "This endpoint answers POST only: what is asked must not stand in an address.",
                code="METHOD_NOT_ALLOWED", remedy="Send the document as JSON by POST.",
            )  # fmt: skip
        negotiation.require_json(single(request, "content-type"))
        with exchange.stages("auth"):
            single(request, "authorization")  # of two a proxy may have looked at the other one
            exchange.learn_caller(service.callers.caller(request))
        if service.writer.is_full:
            raise log_unavailable()
        body = await read_body(request, service.limits)
        if exchange.caller is not None and exchange.caller.signed is not None:
            exchange.caller.signed.check_body(body)
        parameters = negotiation.parse_parameters(body, service.limits)
        question = await self.questions.read(exchange, parameters)
        exchange.asked = question.asked
        if question.operation.kind == "mutation":
            return await self._mutated(exchange, question)
        if question.operation.kind == "subscription":
            return await self.subscriptions.open(exchange, question, single(request, "last-event-id"))
        return await self._read(exchange, question)

    async def _read(self, exchange: Exchange, question: Question) -> Response:
        """Execute a query; its entry goes to the writer."""
        try:
            async with asyncio.timeout(self.service.limits.operation_seconds):
                answered = await self.service.database.read(
                    lambda connection: self._run(connection, exchange, question)
                )
        except TimeoutError:
            raise LimitExceeded("The operation took too long.", code="TIMEOUT", remedy="Ask for less.") from None
        content, _, charge = self._rendered(exchange, question, answered)
        with exchange.stages("audit"):
            try:
                await self._submit(exchange, answered, charge)
            except Settled as refusal:
                return self._settled(exchange, refusal)
        return self._respond(exchange, answered.result, content)

    async def _mutated(self, exchange: Exchange, question: Question) -> Response:
        """Execute a mutation; its entry is part of its own transaction, which its statements' time limits bound."""

        def change(connection: Connection) -> tuple[ExecutionResult, bytes]:
            answered = self._run(connection, exchange, question)
            if answered.result.errors or (answered.context and answered.context.refused):
                raise RolledBack(answered)
            content, entry, charge = self._rendered(exchange, question, answered)
            if exchange.once and replay.used(connection, [exchange.once]):
                raise Replayed
            exchange.placed = enter(connection, entry, charge)  # forgotten again where the commit fails
            if answered.context is not None:
                notices.keep(connection, entry.at, [*answered.context.work.news, *answered.context.work.alerts])
            return answered.result, content

        try:
            result, content = await self.service.database.write(change)
        except RolledBack as refused:
            result = refused.answered.result
            content, _, charge = self._rendered(exchange, question, refused.answered)
            try:
                await self._submit(exchange, refused.answered, charge)
            except Settled as found:
                return self._settled(exchange, found)
        return self._respond(exchange, result, content)

    async def _submit(self, exchange: Exchange, answered: Answered, charge: Charge) -> None:
        """Make the entry durable, and with it what the answer takes, uses up, and has to tell."""
        work = answered.context.work if answered.context else None
        news = [*work.alerts, *([work.demand] if work.demand else [])] if work else []
        exchange.placed = await self.service.writer.submit(exchange.entry, charge, once=exchange.once, news=news)

    def _run(
        self, connection: Connection, exchange: Exchange, question: Question, kind: Callable[..., Context] = Context
    ) -> Answered:  # fmt: skip
        service, operation = self.service, question.operation
        assert exchange.caller is not None
        with exchange.stages("live_state"):
            actor = service.callers.actor(connection, exchange.caller, exchange.entry.at, question.document.sha256)
        exchange.learn_of(actor)
        door.admit(exchange, actor, by_id=question.by_id)
        exchange.reviewed_name = operation.name if actor.is_approved else None
        if not actor.may_introspect and not _INTROSPECTION.isdisjoint(operation.coordinates):
            raise InputRefused(
                "asks for the schema, which this client may not.", field="query", code="GRAPHQL_VALIDATION_FAILED",
                remedy="Use the published schema.",
            )  # fmt: skip
        variables = question.variables
        if isinstance(variables, list):
            return Answered(ExecutionResult(None, variables), actor, None)
        work = Work(connection, actor, exchange.entry.at, service.edition, service.sealer, exchange.stages,
                    draw=service.draw)  # fmt: skip
        context = kind(work, service.cursors, service.limits, operation.coordinates)
        admitted = self.budgets.admitted(
            actor, question.asked, exchange.entry.at, shows_records=question.shows_records
        )  # fmt: skip
        with exchange.stages("execute"), admitted:
            result = execute(
                question.document, operation, root=None, context=context, variables=variables, schema=service.schema,
                compiled=service.compiled,
            )  # fmt: skip
        for error in result.errors or ():
            origin = telling.origin_of(error)
            if isinstance(origin, DBAPIError | PoolTimeoutError | Unavailable):
                raise origin  # nothing is answered when the database fails half-way
        return Answered(result, actor, context)

    def _rendered(self, exchange: Exchange, question: Question, answered: Answered) -> tuple[bytes, Entry, Charge]:
        """Return the answer's bytes, its entry, and what it takes from its principal."""
        result, context = answered.result, answered.context
        told: list[dict[str, Any]] = []
        answer: dict[str, Any] = {}
        if result.errors:
            most = self.service.limits.execution_errors
            told = answer["errors"] = telling.format_errors(result.errors, exchange.request_id, most=most)
        refused = context.refused if context else []
        codes = [*(each["extensions"]["code"] for each in told), *(each.code for each in refused)]
        refusals = [*map(telling.origin_of, result.errors or ()), *refused]
        outcome = outcome_of_all(
            refusals, released=not refused and any(v is not None for v in (result.data or {}).values())
        )
        with exchange.stages("json"):
            data = orjson.dumps(result.data)
        if context is not None and question.operation.kind == "query":
            self._draw(exchange, context.work)
        events = kept(context.work, question.given, data) if context else ()
        has_shown = outcome in (Outcome.ALLOWED, Outcome.PARTIAL)
        fields = question.answered(result.data, context, self.service.schema) if context and has_shown else None
        entry = exchange.closed(
            outcome, codes[0] if codes else None, events, context.work if context else None, fields
        )  # fmt: skip
        charge = self.budgets.charge(
            answered.actor, question.operation.cost.answered(result.data), entry.shown if has_shown else 0,
            subjects=entry.shown_subjects if has_shown else (), seeks=question.seeks_persons,
        )  # fmt: skip
        if context is not None:
            answer["data"] = orjson.Fragment(data)
            answer["extensions"] = self.budgets.told(answered.actor, question.asked, charge)
            if context.work.demand is not None:
                answer["extensions"]["reasonAsked"] = {"requestId": exchange.request_id}
        with exchange.stages("json"):
            content = orjson.dumps(answer)
        if len(content) > self.service.limits.response_bytes:
            raise LimitExceeded("The answer would be too large.", code="RESPONSE_TOO_LARGE", remedy="Ask for less.")
        exchange.entry = replace(entry, cost=charge.cost)
        return content, exchange.entry, charge

    def _draw(self, exchange: Exchange, work: Work) -> None:
        """Ask, by chance, for a reason afterwards, where an officer who may state one was shown somebody."""
        actor, officer = work.actor, work.actor.officer
        is_shown = any(each.records and not each.name.endswith(REFUSED) for each in work.events)
        if officer is None or actor.purpose is None or actor.is_partner or not is_shown or work.demand is not None:
            return
        if not rules.may(Action.REASON_STATE, actor.roles, actor.purpose):
            return
        work.demand = self.service.draw.demand(exchange.request_id, officer.id, work.now)
        if work.demand is not None:
            work.record("reason:asked")

    def _respond(self, exchange: Exchange, result: ExecutionResult, content: bytes) -> Response:
        if not result.errors:
            event = Event.ANSWERED
        else:
            event = Event.PARTIAL if result.errors[0].path is not None else Event.QUESTION_REFUSED
        return self._response(exchange, event, content=content)

    def _response(
        self,
        exchange: Exchange,
        event: Event,
        told: list[dict[str, Any]] | None = None,
        *,
        content: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Response:
        status = negotiation.status(event, exchange.media, self.service.profile)
        if told is not None:
            content = orjson.dumps({"errors": told})
        media = exchange.media
        if media == negotiation.EVENT_STREAM:
            media, content = (media, sse.whole(content)) if status == 200 else (negotiation.JSON, content)
        fixed = {
            "content-type": f"{media}; charset=utf-8",
            "vary": "Accept",
            "cache-control": "no-store",
            "x-request-id": exchange.request_id,
            **self.service.promises.headers(exchange.placed),
        }
        if event is Event.UNAVAILABLE:
            fixed["retry-after"] = "1"
        return Response(content, status, fixed | (headers or {}))
