"""One visit to an address under /session/: who it is, what was asked, and the entry it leaves whichever way it ends.

    visit = Visit.of(request, "case:open")             nothing is checked yet
    answer = await visit.done(work)                    one transaction, with its entry
    visit.refused(error)                               or the entry of a refusal

Three things keep other sites out (RFC 10017, 6.1.3.3): the cookie is SameSite=Strict, ``Origin`` has to be ours, and a
header of our own has to be there, which no form can send.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import ClientDisconnect, Request

from auth import cookies, nodes, sessions, strict
from auth.actor import STEP_UP, Actor
from auth.oidc import RelyingParty
from auth.passkeys import Passkeys
from auth.refusals import SignInRefused
from registry.audit.events import Entry, Event, Outcome, outcome_of
from registry.audit.log import append
from registry.audit.sequencing import Placed
from registry.core.errors import Forbidden, InputRefused, LimitExceeded, RegistryError, Unauthenticated
from registry.core.ids import new_id

HEADER = "x-registry-session"
MOST_BYTES = 64 * 1024
MOST_SECONDS = 10


class Node(nodes.Node, Protocol):
    """What visits need of the running node: the ways to sign in, besides."""

    @property
    def passkeys(self) -> Passkeys:
        """The ceremonies of passkeys."""

    @property
    def identity(self) -> RelyingParty | None:
        """The identity provider, where there is one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a browser, and given to it."""

    body: dict[str, Any] = field(default_factory=dict)
    """JSON."""
    event: Event | None = None
    """What the log says has happened; none of what only reads."""
    session: str | None = field(default=None, repr=False)
    """The secret of a session that begins, or is proved anew."""
    proof: str | None = field(default=None, repr=False)
    """The secret of a proof that begins."""
    is_over: bool = False
    """Whether the browser is to forget all it has of us."""


@dataclass(slots=True)
class Visit:
    """What is known so far."""

    node: Node
    at: datetime
    request_id: str
    session: str | None = field(repr=False)
    """The secret of the session's cookie."""
    proof: str | None = field(repr=False)
    """The secret of the cookie of a proof that has begun."""
    place: str
    """The id at the end of the address."""
    entry: Entry
    placed: Placed | None = None
    """Where its entry stands, once it is durable; whatever fails before that forgets it again."""
    begun: float = field(default_factory=perf_counter)
    body: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, request: Request, operation: str) -> "Visit":
        """Begin; nothing is checked yet."""
        node: Node = request.app.state.node
        at, identifier = node.clock(), str(new_id())
        entry = Entry(
            at, "session", operation, Outcome.FAILED, identifier, client=sessions.CLIENT,
            source=request.client.host if request.client else None,
        )  # fmt: skip
        return cls(
            node, at, identifier, cookies.read(request, cookies.SESSION), cookies.read(request, cookies.PROOF),
            request.path_params.get("id", ""), entry,
        )  # fmt: skip

    def learn(self, **facts: Any) -> None:  # Any: the members of Entry, each with its own type
        """Add what has become known to the entry."""
        self.entry = replace(self.entry, **facts)

    def learn_of(self, officer: UUID, agency: str, reference: str) -> None:
        """Add who it is."""
        self.learn(officer=officer, agency=agency, officer_reference=reference)

    def actor(self, connection: Connection) -> Actor:
        """Return who has signed in at this browser. Raises Unauthenticated: SESSION_MISSING, SESSION_ENDED."""
        if self.session is None:
            raise Unauthenticated("Nobody has signed in.", code="SESSION_MISSING", remedy="Sign in.")
        actor, _ = sessions.actor(
            connection, cookies.digest(self.session), self.at, home=self.node.edition.country
        )  # fmt: skip
        assert actor.officer is not None
        self.learn_of(actor.officer.id, actor.agency, actor.officer.reference)
        self.learn(
            token_id=str(actor.session), purpose=actor.purpose.value if actor.purpose else None,
            case_reference=actor.case_reference, legal_basis=actor.legal_basis, **actor.said,
        )  # fmt: skip
        return actor

    def stepped_up(self, connection: Connection) -> Actor:
        """Return who has signed in, if they proved so within the last minutes. Raises Forbidden."""
        actor = self.actor(connection)
        if actor.authenticated_at is None or self.at - actor.authenticated_at > STEP_UP:
            raise Forbidden(
                "You have to prove anew who you are.", code="STEP_UP_REQUIRED", remedy="Sign in again with anew: true."
            )
        return actor

    async def done(self, work: Callable[[Connection], Answer | RegistryError]) -> Answer:
        """Do it in one transaction, with its entry.

        A refusal that is returned stays done, such as a passkey that is revoked; one that is raised undoes all.
        """

        def transaction(connection: Connection) -> Answer | RegistryError:
            result = work(connection)
            entry = self.refused(result) if isinstance(result, RegistryError) else self.allowed(result)
            (self.placed,) = append(connection, [entry])
            return result

        result = await self.node.database.write(transaction)
        if isinstance(result, RegistryError):
            raise Entered(result)
        return result

    def allowed(self, answer: Answer) -> Entry:
        """Return the entry of what was done."""
        return self._closed(Outcome.ALLOWED, None, answer.event or Event(f"session:{self.entry.operation}"))

    def refused(self, error: Exception) -> Entry:
        """Return the entry of what was refused."""
        code = error.code if isinstance(error, RegistryError) else RegistryError.default_code
        reason = {"reason": error.reason} if isinstance(error, SignInRefused) else {}
        return self._closed(outcome_of(error), code, Event(f"session:{self.entry.operation}:refused", details=reason))

    def _closed(self, outcome: Outcome, code: str | None, event: Event) -> Entry:
        passed = int((perf_counter() - self.begun) * 1_000_000)
        return replace(self.entry, outcome=outcome, code=code, events=(event,), microseconds=passed)


class Entered(Exception):
    """A refusal that stands in the log already."""

    def __init__(self, refusal: RegistryError) -> None:
        super().__init__()
        self.refusal = refusal


def check_own(request: Request, public_url: str) -> None:
    """See that our own page asks. Raises Forbidden (CROSS_SITE)."""
    origins = request.headers.getlist("origin")
    is_safe = request.method == "GET" and not origins  # browsers leave it out when they only read from the same origin
    if request.headers.getlist(HEADER) != ["1"] or not (is_safe or origins == [public_url]):
        raise Forbidden(
            "This address answers pages of this node only.", code="CROSS_SITE",
            remedy=f"Send Origin: {public_url} and X-Registry-Session: 1.",
        )  # fmt: skip


async def read_body(request: Request, members: tuple[str, ...]) -> dict[str, Any]:
    """Return the JSON object of a request, which may have these members. Raises InputRefused, LimitExceeded."""
    media = [each.partition(";")[0].strip().lower() for each in request.headers.getlist("content-type")]
    if media != ["application/json"]:
        raise InputRefused("is not JSON.", field="Content-Type", code="CONTENT_TYPE_UNSUPPORTED",
                           remedy="Send application/json.")  # fmt: skip
    try:
        value = strict.parse((await _bytes(request)).decode("utf-8"))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise InputRefused("is not a JSON object.", field="body", code="BODY_NOT_JSON", remedy="Send one JSON object.")
    for member in value:
        if member not in members:
            raise InputRefused("is not known here.", field=member[:40], code="SESSION_INPUT_REFUSED",
                               remedy=f"Send {', '.join(members) or 'nothing'}.")  # fmt: skip
    return value


async def _bytes(request: Request) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(MOST_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise LimitExceeded(f"is longer than {MOST_BYTES} bytes.", field="body", code="BODY_TOO_LARGE")
    except (ClientDisconnect, TimeoutError):
        raise LimitExceeded("is not complete.", field="body", code="BODY_TOO_SLOW", remedy="Send it at once.") from None
    return bytes(body)
