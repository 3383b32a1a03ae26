"""What becomes of a finding, and that two people of whom neither is near close it."""

from dataclasses import replace
from datetime import timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth.actor import Actor
from registry.audit.events import Event
from registry.audit.sealed import opened
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound, RegistryError
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Role
from registry.misuse import finding, operations, queries
from registry.misuse.access import Hit
from registry.misuse.finding import STATES, Finding, State, Step, Taken, Verdict
from registry.misuse.queries import FindingFilter
from registry.misuse.weighing import Count, Scored, Weighed
from registry.tlog.tiles import Edge
from tests.factories import AGENCY, ELSEWHERE, MOMENT, SEALER, actor, work

pytestmark = pytest.mark.anyio
OFFICER = UUID(int=7 << 76 | 2 << 62 | 1)
FIRST, SECOND = (actor(role=Role.AUDITOR, name=name) for name in ("1", "2"))
FOREIGN = actor(role=Role.AUDITOR, agency=ELSEWHERE)
BARE = Finding(
    id=new_id(), rule="repeat", officer=OFFICER, agency=AGENCY, unit="child-protection", score=500, entries=(1,),
    entry_count=1, numbers={}, made_at=MOMENT,
)  # fmt: skip


def _id_of(by: Actor) -> UUID:
    assert by.officer is not None
    return by.officer.id


STEPS = {
    State.OPEN: (), State.ASSIGNED: (State.ASSIGNED,), State.ASSESSED: (State.ASSESSED,),
    State.CLOSED: (State.ASSESSED, State.CLOSED),
}  # fmt: skip


def standing(state: State) -> Finding:
    assert FIRST.officer is not None
    taken = tuple(Taken(each, FIRST.officer.id, AGENCY, (), MOMENT) for each in STEPS[state])
    return replace(BARE, steps=taken)


@pytest.mark.parametrize(("state", "step"), sorted(STATES))
def test_a_finding_goes_the_way_of_the_table(state: State, step: Step) -> None:
    made = finding.taken(standing(state), step, by=SECOND, acts_for=frozenset(), at=MOMENT)

    assert made.state == STATES[state, step]


@pytest.mark.parametrize(("state", "step"), sorted(set(product(State, Step)) - set(STATES)))
def test_it_goes_no_other_way(state: State, step: Step) -> None:
    with pytest.raises(Conflict) as refusal:
        finding.taken(standing(state), step, by=SECOND, acts_for=frozenset(), at=MOMENT)

    assert refusal.value.code == "FINDING_STATE"


@pytest.mark.parametrize(
    ("found", "by", "acts_for", "code"),
    [
        (replace(BARE, officer=_id_of(FIRST)), FIRST, set(), "FINDING_TOO_NEAR"),
        (replace(BARE, unit="oversight"), FIRST, set(), "FINDING_TOO_NEAR"),
        (BARE, FIRST, {OFFICER}, "FINDING_TOO_NEAR"),
        (replace(BARE, rule="sample"), FIRST, set(), "FINDING_OTHER_AGENCY"),
    ],
    ids=["oneself", "the own unit", "whom one acts for", "a sample of the own agency"],
)
def test_who_is_near_takes_no_step(found: Finding, by: Actor, acts_for: set[UUID], code: str) -> None:
    with pytest.raises(Forbidden) as refusal:
        finding.taken(found, Step.ASSESS, by=by, acts_for=frozenset(acts_for), at=MOMENT)

    assert refusal.value.code == code


def test_another_agency_reviews_a_sample() -> None:
    step = finding.taken(replace(BARE, rule="sample"), Step.ASSESS, by=FOREIGN, acts_for=frozenset(), at=MOMENT)

    assert step.state is State.ASSESSED


def test_whoever_assessed_does_not_close_nor_does_a_delegate() -> None:
    assert FIRST.officer is not None
    assessed = standing(State.ASSESSED)

    for by, acts_for in ((FIRST, frozenset[UUID]()), (SECOND, frozenset({FIRST.officer.id}))):
        with pytest.raises(Forbidden) as refusal:
            finding.taken(assessed, Step.CLOSE, by=by, acts_for=acts_for, at=MOMENT)
        assert refusal.value.code == "FINDING_SECOND_PERSON"


# -- in a register


def kept(connection: Connection, *rules: str, unit: str = "child-protection", size: int = 10) -> list[UUID]:
    """Keep a run with a finding of each of these rules."""
    hits = [
        Scored(Hit(rule=rule, about=(size, n), officer=OFFICER, agency=AGENCY, unit=unit, entries=(1, 2), strength=0.5,
                   numbers={"times": 3}), 500)
        for n, rule in enumerate(rules)
    ]  # fmt: skip
    weighed = Weighed(tuple(hits), tuple(hits), {"repeat": Count(1)}, 10, ())
    edge = Edge().extended([bytes(32)] * size)[0]
    return queries.add_run(connection, 0, bytes(32), edge, weighed, MOMENT, lambda _each: MOMENT + timedelta(hours=72))


async def test_two_people_close_a_finding_and_each_step_is_an_event(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[str], list[Event], str]:
        (identifier,) = kept(connection, "repeat")
        one, other = (work(connection, actor(connection, role=Role.AUDITOR, name=name)) for name in ("1", "2"))
        states = [
            operations.assign(one, identifier).state,
            operations.assess(one, identifier, Verdict.MISUSE, "It was their neighbour").state,
            operations.close(other, identifier, Verdict.LAWFUL, "The neighbour was a suspect").state,
        ]
        view = operations.read_finding(other, identifier)
        assert [(each.state, each.verdict) for each in view.steps] == [
            ("assigned", None), ("assessed", "misuse"), ("closed", "lawful")
        ]  # fmt: skip
        return states, [*one.events, *other.events], str(identifier)

    states, events, identifier = await database.write(run)

    assert states == ["assigned", "assessed", "closed"]
    assert [each.name for each in events] == ["finding:assigned", "finding:assessed", "finding:closed", "finding:read"]
    assert opened(events[2].details, SEALER) == {
        "finding": identifier, "rule": "repeat", "verdict": "lawful", "said": {"words": "The neighbour was a suspect"},
    }  # fmt: skip
    assert "neighbour" not in str(events[2].details)


async def test_a_finding_about_the_own_unit_is_neither_listed_nor_there(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[str], str | None]:
        kept(connection, "repeat", "sample")
        (near,) = kept(connection, "hot", unit="oversight", size=20)
        reading = work(connection, actor(connection, role=Role.AUDITOR))
        page = operations.list_findings(reading, FindingFilter(), after=None, limit=10)
        with pytest.raises(NotFound):
            operations.read_finding(reading, near)
        with pytest.raises(NotFound):
            operations.assess(reading, near, Verdict.LAWFUL, "Nothing to see here")
        return [each.rule for each in page.nodes], page.nodes[0].officer_id

    rules, officer = await database.write(run)

    assert rules == ["sample", "repeat"]
    assert officer == public_id("officer", OFFICER)


async def test_findings_are_chosen_by_rule_state_officer_and_time_and_paged(database: Database) -> None:
    def run(connection: Connection) -> list[list[str]]:
        first, _, _ = kept(connection, "repeat", "hot", "probing")
        reading = work(connection, actor(connection, role=Role.AUDITOR))
        operations.assess(reading, first, Verdict.MISTAKE, "The wrong person")
        filters = (
            FindingFilter(rule="hot"), FindingFilter(state=State.OPEN), FindingFilter(state=State.ASSESSED),
            FindingFilter(officer=OFFICER), FindingFilter(officer=new_id()), FindingFilter(overdue_at=MOMENT),
            FindingFilter(overdue_at=MOMENT + timedelta(days=4)),
        )  # fmt: skip
        found = [operations.list_findings(reading, each, after=None, limit=10) for each in filters]
        page = operations.list_findings(reading, FindingFilter(), after=None, limit=2)
        assert (page.has_next, page.last) == (True, read_public_id("finding", page.nodes[-1].id))
        rest = operations.list_findings(reading, FindingFilter(), after=page.last, limit=2)
        return [[each.rule for each in one.nodes] for one in (*found, page, rest)]

    assert await database.write(run) == [
        ["hot"], ["probing", "hot"], ["repeat"], ["probing", "hot", "repeat"], [], [], ["probing", "hot", "repeat"],
        ["probing", "hot"], ["repeat"],
    ]  # fmt: skip


async def test_of_two_who_take_the_same_step_one_is_too_late(database: Database) -> None:
    identifier = (await database.write(lambda connection: kept(connection, "repeat")))[0]

    def twice(connection: Connection) -> None:
        before = queries.by_id(connection, identifier)
        assert before is not None
        step = finding.taken(before, Step.ASSIGN, by=FIRST, acts_for=frozenset(), at=MOMENT)
        queries.add_step(connection, before, step)
        queries.add_step(connection, before, step)

    with pytest.raises(Conflict) as refusal:
        await database.write(twice)

    assert refusal.value.code == "FINDING_STATE"


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ("nothing", "FACTS_MALFORMED"),
        ("case,,CR 1/2026,,2026-11-01,,,,,", "FACTS_MALFORMED"),
        ("case,,,,2026-11-01T00:00:00Z,,,,,", "FACTS_MALFORMED"),
        ("shift,7,,,2026-11-01T00:00:00Z,,,,,", "FACTS_MALFORMED"),
        ("shift,7,,,2026-11-02T00:00:00Z,2026-11-01T00:00:00Z,,,,", "FACTS_MALFORMED"),
        ("district,7,,,2026-11-01T00:00:00Z,,Atlantis,,,", "FACTS_MALFORMED"),
        ("court,,,,2026-11-01T00:00:00Z,2026-11-02T00:00:00Z,,,,", "FACTS_MALFORMED"),
        ("left,7,,,2026-11-01T00:00:00Z,,,Juma,,", "FACTS_MALFORMED"),
        ("self,7,,,2026-11-01T00:00:00Z,,,Juma,yesterday,", "FACTS_MALFORMED"),
        ("left,7,,,2026-11-01T00:00:00Z,,,,,", "NOT_FOUND"),
        ("left,administration/administrator/1,,,2026-11-01T00:00:00Z,,,,,", "FACTS_OF_ONESELF"),
        ("case,,CR 1/2026,,2026-11-01T00:00:00Z,,,,,", "FACTS_THERE"),
    ],
)
async def test_facts_are_read_strictly_and_once(database: Database, rows: str, code: str) -> None:
    heading = "kind,officer,case,profile,since,until,area,name,birth_date,country\n"

    def bring(connection: Connection) -> None:
        bringing = work(connection, actor(connection, role=Role.ADMINISTRATOR))
        content = f"{heading}{rows}\n".encode()
        operations.add_facts(bringing, content)
        operations.add_facts(bringing, content)

    with pytest.raises(RegistryError) as refusal:
        await database.write(bring)

    assert refusal.value.code == code
    assert isinstance(refusal.value, InputRefused | NotFound | Forbidden | Conflict)
