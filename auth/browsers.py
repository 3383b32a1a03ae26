"""Officers at a browser, as callers of the GraphQL endpoint: the one that machines have, at ``/session/graphql``.

    browsers = Browsers(public_url, home)
    caller = browsers.caller(request)                             no I/O: our own page, and a cookie
    actor = browsers.actor(connection, caller, now, document)     the session, the case, and all else, by one statement

A session that is in use is written down as such once a minute at most, after the answer: what only reads stays a read.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from auth import cookies, sessions
from auth.actor import Actor
from auth.resource import Caller
from auth.tokens import Claims
from auth.visits import check_own
from registry.core.clock import Clock
from registry.core.db import Database
from registry.core.errors import Unauthenticated
from registry.core.telemetry import log, problem_of

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST_TURN = sessions.SEEN_EVERY
"""A stream that stays open does not keep a session: only the request itself says that somebody sits there."""


@dataclass(slots=True)
class Browsers:
    """Officers with a session."""

    public_url: str
    home: str
    """The register's country."""
    clock: Clock
    due: set[UUID] = field(default_factory=set)
    """Sessions whose use is to be written down."""

    def caller(self, request: Request) -> Caller:
        """Return who calls, by the cookie. Raises Forbidden for another site's page, and Unauthenticated."""
        check_own(request, self.public_url)
        secret = cookies.read(request, cookies.SESSION)
        if secret is None:
            raise Unauthenticated("Nobody has signed in.", code="SESSION_MISSING", remedy="Sign in.")
        return Caller(Claims(sessions.CLIENT, "", self.clock(), _NEVER, session=cookies.digest(secret)))

    def actor(self, connection: Connection, caller: Caller, now: datetime, document: str | None) -> Actor:  # noqa: ARG002  nobody approves documents of a browser
        """Return who that is. Raises Unauthenticated (SESSION_ENDED)."""
        assert caller.claims.session is not None
        actor, seen_at = sessions.actor(connection, caller.claims.session, now, home=self.home)
        assert actor.session is not None
        if sessions.is_due(seen_at, now) and now - caller.claims.issued_at < _FIRST_TURN:
            self.due.add(actor.session)
        return actor


@dataclass(frozen=True, slots=True)
class InUse:
    """An endpoint, and after each of its answers a word that the session is in use."""

    endpoint: ASGIApp
    browsers: Browsers
    database: Database

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then write down."""
        await self.endpoint(scope, receive, send)
        while self.browsers.due:
            session, now = self.browsers.due.pop(), self.browsers.clock()
            try:
                await self.database.write(lambda connection, one=session, at=now: sessions.seen(connection, one, at))  # type: ignore[misc]  # mypy infers no lambda with defaults
            except Exception as problem:  # noqa: BLE001  the answer has left: the session is idle a minute sooner
                log.warning("session_not_seen", problem=problem_of(problem))
