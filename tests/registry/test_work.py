"""One request's work: nothing is answered without a permission asked and an event left."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

import registry.oversight.operations
import registry.profiles.operations
import registry.search.operations
from auth.actor import Actor
from registry.audit.events import Event
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, NotFound
from registry.core.ids import new_id
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Role
from registry.oversight.queries import LogFilter
from registry.profiles.vetting import State
from registry.search.query import SearchQuery
from registry.work import OPERATIONS, Work, operation
from tests.approved import assert_approved
from tests.factories import EDITION, MOMENT, actor, read, record, statements, work

APPROVED = Path(__file__).parent / "operations.txt"
profiles, search, oversight = registry.profiles.operations, registry.search.operations, registry.oversight.operations

USE_CASES: dict[str, Callable[[Work], Any]] = {  # Any: each has its own answer
    "registry.oversight.operations.read_log": lambda work: oversight.read_log(work, LogFilter(), before=None, limit=9),
    "registry.profiles.operations.approve_change": lambda work: profiles.approve_change(work, new_id()),
    "registry.profiles.operations.approve_many": lambda work: profiles.approve_many(work, []),
    "registry.profiles.operations.list_proposals": lambda work: profiles.list_proposals(
        work, State.PENDING, after=None, limit=9
    ),
    "registry.profiles.operations.propose_amendment": lambda work: profiles.propose_amendment(
        work, new_id(), record(), "A reason"
    ),
    "registry.profiles.operations.propose_many": lambda work: profiles.propose_many(work, [read(record())], "A reason"),
    "registry.profiles.operations.propose_profile": lambda work: profiles.propose_profile(work, record(), "A reason"),
    "registry.profiles.operations.read_profile": lambda work: profiles.read_profile(work, new_id()),
    "registry.profiles.operations.read_proposal": lambda work: profiles.read_proposal(work, new_id()),
    "registry.profiles.operations.read_versions": lambda work: profiles.read_versions(work, new_id()),
    "registry.profiles.operations.reject_change": lambda work: profiles.reject_change(work, new_id(), "A reason"),
    "registry.search.operations.search": lambda work: search.search(work, SearchQuery(name="Juma"), limit=9),
}
"""How to ask for each use case; one that is missing here fails below."""


@pytest.fixture(scope="module")
def connection() -> Any:
    """A database without a single table: a use case that reaches it before asking fails."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def permitted(action: Action) -> Actor:
    """Return an actor who may do this."""
    role = min(rules.PERMISSIONS[action])
    return actor(role=role, purpose=min(rules.PURPOSES[action]))


@pytest.fixture
def listed() -> Any:
    """Use cases that a test lists are taken off the list again."""
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


# -- the list


def test_every_use_case_is_listed_with_its_permission() -> None:
    assert_approved(APPROVED, "".join(f"{name:<55} {action.value}\n" for name, action in sorted(OPERATIONS.items())))


def test_every_use_case_is_asked_for_below() -> None:
    assert set(USE_CASES) == set(OPERATIONS)


def test_every_permission_is_required_by_some_use_case() -> None:
    assert set(OPERATIONS.values()) == set(Action)


WITHOUT: dict[str, Callable[[Actor], Actor]] = {
    "officer": lambda actor: replace(actor, officer=None),
    "purpose": lambda actor: replace(actor, purpose=None),
    "case reference": lambda actor: replace(actor, case_reference=None),
    "an empty case reference": lambda actor: replace(actor, case_reference=""),
    "legal basis": lambda actor: replace(actor, legal_basis=None),
    "an empty legal basis": lambda actor: replace(actor, legal_basis=""),
}


@pytest.mark.parametrize("lacking", WITHOUT)
@pytest.mark.parametrize("name", USE_CASES)
def test_without_the_context_of_a_case_nothing_is_read_and_nothing_answered(
    connection: Connection, name: str, lacking: str
) -> None:
    asking = work(connection, WITHOUT[lacking](permitted(OPERATIONS[name])))

    with statements(connection) as seen, pytest.raises(Forbidden) as caught:
        USE_CASES[name](asking)

    assert caught.value.code == "CASE_CONTEXT_REQUIRED"
    assert seen == []
    assert [each.name for each in asking.events] == [f"{OPERATIONS[name].value}:refused"]


@pytest.mark.parametrize("name", USE_CASES)
def test_without_the_role_or_for_another_purpose_nothing_is_read_and_nothing_answered(
    connection: Connection, name: str
) -> None:
    action = OPERATIONS[name]
    refused = [
        actor(role=role, purpose=purpose)
        for role in Role
        for purpose in Purpose
        if not rules.may(action, [role], purpose)
    ]

    assert refused
    for each in refused:
        asking = work(connection, each)
        with statements(connection) as seen, pytest.raises(Forbidden) as caught:
            USE_CASES[name](asking)
        assert caught.value.code == "FORBIDDEN"
        assert seen == []
        assert [each.name for each in asking.events] == [f"{action.value}:refused"]


@pytest.mark.anyio
@pytest.mark.parametrize("name", USE_CASES)
async def test_with_both_each_use_case_is_let_in_and_leaves_one_event(database: Database, name: str) -> None:
    def ask(connection: Connection) -> Work:
        asking = work(connection, permitted(OPERATIONS[name]))
        with suppress(NotFound):
            USE_CASES[name](asking)
        return asking

    asking = await database.write(ask)

    assert asking.asked == {OPERATIONS[name]}
    assert len(asking.events) == 1


# -- the decorator


def test_an_answer_without_asking_is_refused(connection: Connection, listed: None) -> None:  # noqa: ARG001  tidies up
    @operation(Action.PROFILE_READ)
    def careless(work: Work) -> str:
        work.record("profile:read")
        return "an answer"

    with pytest.raises(AssertionError, match="careless answered without asking profile:read"):
        careless(work(connection, actor()))


def test_asking_for_another_permission_is_not_asking(connection: Connection, listed: None) -> None:  # noqa: ARG001
    @operation(Action.PROFILE_READ)
    def careless(work: Work) -> str:
        work.require(Action.PROFILE_SEARCH)
        work.record("profile:read")
        return "an answer"

    with pytest.raises(AssertionError, match="without asking"):
        careless(work(connection, actor()))


def test_what_an_earlier_use_case_asked_does_not_count(connection: Connection, listed: None) -> None:  # noqa: ARG001
    asking = work(connection, actor())
    asking.require(Action.PROFILE_READ)

    @operation(Action.PROFILE_READ)
    def careless(work: Work) -> str:
        work.record("profile:read")
        return "an answer"

    with pytest.raises(AssertionError, match="without asking"):
        careless(asking)


def test_an_answer_without_an_event_is_refused(connection: Connection, listed: None) -> None:  # noqa: ARG001
    asking = work(connection, actor())
    asking.record("an earlier one")

    @operation(Action.PROFILE_READ)
    def silent(work: Work) -> str:
        work.require(Action.PROFILE_READ)
        return "an answer"

    with pytest.raises(AssertionError, match="silent answered without leaving an event"):
        silent(asking)


def test_an_honest_use_case_is_listed_and_answers(connection: Connection, listed: None) -> None:  # noqa: ARG001
    @operation(Action.PROFILE_READ)
    def honest(work: Work, what: str, *, loudly: bool = False) -> str:
        """Answer."""
        work.require(Action.PROFILE_READ)
        work.record("profile:read", what=what)
        return what.upper() if loudly else what

    assert honest(work(connection, actor()), "an answer", loudly=True) == "AN ANSWER"
    assert OPERATIONS[f"{__name__}.{honest.__qualname__}"] is Action.PROFILE_READ
    assert honest.__doc__ == "Answer."


# -- what is refused


def attempt(connection: Connection, *arguments: Any, concerned: Any = (), **options: Any) -> Event:
    """Let a use case be refused; return what it leaves."""

    @operation(Action.PROFILE_READ)
    def refused(
        work: Work,
        what: object,  # noqa: ARG001  their names stand in the log
        profile: object = None,  # noqa: ARG001
        sought: object = None,  # noqa: ARG001
    ) -> None:
        work.concerned.extend(concerned)
        raise Conflict("This has moved on.")

    asking = work(connection, actor())
    asking.concerned.append(new_id())  # of another use case of the same request
    with pytest.raises(Conflict):
        refused(asking, *arguments, **options)
    (event,) = asking.events
    return event


def test_a_refused_attempt_leaves_the_profile_it_was_about(connection: Connection, listed: None) -> None:  # noqa: ARG001
    profile, proposal, found = new_id(), new_id(), new_id()

    event = attempt(connection, proposal, profile, concerned=[found, profile])

    assert event.name == "profile:read:refused"
    assert event.records == (profile, found)
    assert event.details == {"what": str(proposal), "profile": str(profile)}


def test_a_refused_attempt_leaves_its_criteria_or_filter(connection: Connection, listed: None) -> None:  # noqa: ARG001
    sought = SearchQuery(name="Juma")

    event = attempt(connection, LogFilter(outcome="denied"), sought=sought)

    assert event.records == ()
    assert event.details == {"what": LogFilter(outcome="denied").to_json(), "sought": sought.to_json()}


def test_a_refused_attempt_never_leaves_a_record_that_was_handed_in(
    connection: Connection,
    listed: None,  # noqa: ARG001
) -> None:
    for handed_in in (record(), read(record()), "Juma Hamisi Mwakio", [record()]):
        assert attempt(connection, handed_in).details == {}


# -- the work itself


def test_whoever_may_is_told_as_whom(connection: Connection) -> None:
    asking = work(connection, actor())

    assert asking.require(Action.PROFILE_SEARCH) is asking.actor.officer


def test_what_may_be_read_follows_from_role_and_purpose(connection: Connection) -> None:
    investigating = work(connection, actor())
    supervising = work(connection, actor(role=Role.SUPERVISOR, purpose=Purpose.OFFENDER_SUPERVISION))

    assert investigating.readable() == frozenset(FieldClass) - {FieldClass.PROVENANCE}
    assert FieldClass.IDENTIFIERS not in supervising.readable()


def test_without_a_purpose_nothing_may_be_read(connection: Connection) -> None:
    assert work(connection, replace(actor(), purpose=None)).readable() == frozenset()


def test_events_are_left_in_order_with_their_details(connection: Connection) -> None:
    asking = Work(connection, actor(), datetime(2026, 11, 21, tzinfo=UTC), EDITION)
    profile = new_id()

    asking.record("profile:read", (profile,), version=3)
    asking.record("log:read")

    assert [(each.name, each.records, each.details) for each in asking.events] == [
        ("profile:read", (profile,), {"version": 3}),
        ("log:read", (), {}),
    ]
    assert MOMENT.tzinfo is UTC
