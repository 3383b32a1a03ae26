"""What somebody who is signed in does with their session: look at it, list and end theirs, and open a case.

GET    /session              who it is, since when and until when, and which case is open
DELETE /session              sign out
GET    /session/list         the own sessions; an administrator's POST names any officer
DELETE /session/list/{id}    end one
POST   /session/case         {"purpose": …, "case_reference": …, "legal_basis": …}; DELETE closes it
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from auth import contexts, names, people, sessions
from auth.actor import STEP_UP, Actor
from auth.signing_in import is_administrator
from auth.visits import Answer, Visit
from registry.audit.events import Event
from registry.core.errors import Forbidden, NotFound
from registry.core.ids import read_public_id


async def current(visit: Visit) -> Answer:
    """Tell who is signed in here."""

    def read(connection: Connection) -> Answer:
        actor = visit.actor(connection)
        officer, session, proved = _parts(actor)
        own = next(each for each in sessions.listed(connection, officer, visit.at) if each.id == session)
        case = {"purpose": actor.purpose, "case_reference": actor.case_reference, "legal_basis": actor.legal_basis}
        if actor.agreement is not None:
            case["agreement"] = actor.agreement.code
        return Answer({
            "session": own.as_json(current=session),
            "roles": sorted(role.value for role in actor.roles),
            "steppedUpUntil": sessions.told(proved + STEP_UP) if visit.at - proved <= STEP_UP else None,
            "case": case if actor.purpose else None,
        })  # fmt: skip

    return await visit.done(read)


async def sign_out(visit: Visit) -> Answer:
    """End the own session, and have the browser forget all it has of us."""

    def end(connection: Connection) -> Answer:
        _, session, _ = _parts(visit.actor(connection))
        sessions.end(connection, session, "signed_out", visit.at)
        return Answer({"isSignedIn": False}, Event("session:ended", details={"why": "signed_out"}), is_over=True)

    return await visit.done(end)


async def list_sessions(visit: Visit) -> Answer:
    """Tell the sessions that are not over: the own ones, or an officer's whom an administrator names."""

    def read(connection: Connection) -> Answer:
        actor = visit.actor(connection)
        officer, session, _ = _parts(actor)
        if visit.body:
            officer = _named(visit, connection, actor)
        found = [each.as_json(current=session) for each in sessions.listed(connection, officer, visit.at)]
        return Answer({"sessions": found}, Event("session:listed", details={"officer": str(officer)}))

    return await visit.done(read)


def _named(visit: Visit, connection: Connection, actor: Actor) -> UUID:
    if not is_administrator(actor.roles):
        raise Forbidden("Only an administrator sees the sessions of others.")
    agency, reference = visit.body.get("agency"), visit.body.get("officer")
    found = None
    if isinstance(agency, str) and isinstance(reference, str) and names.AGENCY.fullmatch(agency):
        found = people.enrolled(connection, agency, reference) if names.OFFICER.fullmatch(reference) else None
    if found is None:
        raise NotFound("There is no such officer.", field="officer")
    return found


async def end_session(visit: Visit) -> Answer:
    """End a session: an own one, or as an administrator any."""

    def end(connection: Connection) -> Answer:
        actor = visit.actor(connection)
        officer, session, _ = _parts(actor)
        number = read_public_id("session", visit.place)
        owner = sessions.officer_of_session(connection, number, visit.at)
        if owner is None or (owner != officer and not is_administrator(actor.roles)):
            raise NotFound("There is no such session.", field="id")
        why = "ended_by_owner" if owner == officer else "ended_by_administrator"
        sessions.end(connection, number, why, visit.at)
        event = Event("session:ended", details={"session": str(number), "officer": str(owner), "why": why})
        return Answer({"ended": visit.place}, event, is_over=number == session)

    return await visit.done(end)


async def open_case(visit: Visit) -> Answer:
    """Open a case: from now on it is part of every question of this session."""

    def begin(connection: Connection) -> Answer:
        actor = visit.actor(connection)
        _, session, _ = _parts(actor)
        context = contexts.read(visit.body, actor, visit.node.edition)
        contexts.check_agreement(connection, context, actor, visit.at)
        contexts.open_case(connection, session, context, visit.at)
        visit.learn(
            purpose=context.purpose, case_reference=context.case_reference, legal_basis=context.legal_basis
        )  # fmt: skip
        agreement = {"agreement": context.agreement} if context.agreement else {}
        return Answer({"case": context.as_json()}, Event("case:opened", details=agreement))

    return await visit.done(begin)


async def close_case(visit: Visit) -> Answer:
    """Close the case that is open; without one nothing is left to do."""

    def end(connection: Connection) -> Answer:
        _, session, _ = _parts(visit.actor(connection))
        was_open = contexts.close(connection, session, visit.at)
        return Answer({"case": None}, Event("case:closed", details={"wasOpen": was_open}))

    return await visit.done(end)


def _parts(actor: Actor) -> tuple[UUID, UUID, datetime]:
    assert actor.officer is not None
    assert actor.session is not None
    assert actor.authenticated_at is not None
    return actor.officer.id, actor.session, actor.authenticated_at
