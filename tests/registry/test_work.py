"""One request's work: nothing is answered without a permission asked and an event left."""

import importlib
import inspect
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

import registry.cli.main  # noqa: F401  brings every use case, the roof's and the command line's
from auth.actor import Actor
from auth.scope import Scope
from registry.audit.events import Event
from registry.audit.sealed import opened
from registry.bulk.operations import Choice, Findings
from registry.bulk.preparing import Entering
from registry.bulk.sameness import Sameness
from registry.certificates.intake import Asked as CertificateAsked, Person, Presented
from registry.certificates.issuing import Why
from registry.certificates.numbers import EXAMPLE
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused, NotFound
from registry.core.ids import new_id
from registry.core.partial_dates import PartialDate
from registry.desk.intake import Asked
from registry.desk.requests import Channel, Kind
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Role
from registry.documents.intake import Asked as DocumentAsked
from registry.documents.queries import DocumentFilter
from registry.enrolment.act import Kind as EnrolmentKind
from registry.enrolment.intake import Closing, Handed
from registry.misuse.finding import Verdict
from registry.misuse.looking import Look
from registry.misuse.queries import FindingFilter, Head, Run
from registry.misuse.thresholds import Thresholds
from registry.misuse.weighing import Weighed
from registry.oversight.exporting import Begun
from registry.oversight.filters import LogFilter
from registry.oversight.operations import ReportLimits
from registry.oversight.reports import By
from registry.profiles import rows
from registry.profiles.prepared import prepare
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from registry.screening.operations import Asked as ScreeningAsked, Listed
from registry.search.query import SearchQuery
from registry.tlog.tiles import Edge
from registry.work import OPERATIONS, Work, operation
from tests.approved import assert_approved
from tests.factories import EDITION, MOMENT, SEALER, actor, proved, read, record, statements, work

APPROVED = Path(__file__).parent / "operations.txt"


def asked_for(name: str, given: Callable[[str, str], Any]) -> Callable[[Work], Any]:  # Any: each has its own answer
    """Return a call of a use case; ``given`` says what stands for each argument that it needs."""
    module, _, called = name.rpartition(".")
    use_case = getattr(importlib.import_module(module), called)
    every = list(inspect.signature(use_case).parameters.values())[1:]
    parameters = [each for each in every if each.default is each.empty]
    named = {each.name: given(name, each.name) for each in parameters if each.kind is each.KEYWORD_ONLY}
    plain = [given(name, each.name) for each in parameters if each.kind is not each.KEYWORD_ONLY]
    return lambda work: use_case(work, *plain, **named)


USE_CASES = {name: asked_for(name, lambda *_: object()) for name in sorted(OPERATIONS)}
"""How to ask for each use case with nothing in its arguments: it asks before it looks at them."""

ID, DIGEST = new_id(), "0" * 64
GIVEN: dict[str, Any] = {
    **dict.fromkeys(("profile", "other", "proposal", "identifier", "photograph", "request", "watch"), ID),
    **dict.fromkeys(("reason", "note", "ground", "content"), "An invented sentence"),
    "record": record(), "records": [read(record())], "prepared": [prepare(rows.shown(read(record())), SEALER)],
    "proposals": [], "change": Change.RETIRE, "state": State.PENDING, "same": True, "since": MOMENT, "until": MOMENT,
    "sought": SearchQuery(name="Juma"), "by": (By.DAY,), "limits": ReportLimits(5, 9, 99),
    "chosen": LogFilter(), "after": None, "before": None, "limit": 9,
    "canonical": True, "file_digest": DIGEST, "choice": Choice(DIGEST, "ke"), "entering": Entering(0, 0, [], b""),
    "found": Findings(DIGEST, DIGEST, "ke", b"", ()), "fingerprint": None, "mapping": None, "entered": Sameness(),
    "documents": (), "presented": Presented(EXAMPLE), "number": EXAMPLE, "why": Why.ASKED, "request_id": "1",
    "handed": Handed(EnrolmentKind.GRANT_KEY_END, {"agency": "ke-nobody", "kid": "1"}), "agency": "ke-nobody",
    "closing": Closing(Scope.FIELD_CLASS, "contact"), "index": 1, "names": ("at",), "read": lambda _: (),
    "listed": Listed(DIGEST, 1), "listed_digest": DIGEST,
    "dry": True, "text": "An invented sentence", "verdict": Verdict.LAWFUL, "words": "An invented sentence",
    "thresholds": Thresholds(),
    "look": Look(Run(0, Edge()), Head(0, bytes(32)), Edge(), Weighed((), (), {}, 0, ()), 0),
    "form": "csv", "size": 1, "most": 1, "count": 0, "digest": DIGEST, "officer": ID, "at": MOMENT,
    "begun": Begun(1, DIGEST, "", names_persons=False, is_approved=False), "execute": lambda *_: b"",
    "asked": Asked(kind=Kind.ACCESS, channel=Channel.LETTER, reference="DS 1/2026", applicant="Invented Applicant",
                   contact="applicant@mail.example", subject="Invented Applicant"),
}  # fmt: skip
"""An argument of every name that a use case has: one that is missing here fails below."""
CERTIFYING = CertificateAsked(
    against=(ID,), person=Person(names=("Invented Person",), birth_date=PartialDate(1990, 1, 2)), reason="Invented"
)  # fmt: skip
OTHERWISE = {
    ("registry.bulk.exporting.export_batch", "after"): 0,
    ("registry.screening.operations.begin", "asked"): ScreeningAsked(),
    ("registry.screening.operations.begin_command", "asked"): ScreeningAsked(),
    ("registry.screening.operations.cancel_command", "asked"): ScreeningAsked(),
    ("registry.certificates.operations.propose", "asked"): CERTIFYING,
    ("registry.certificates.operations.propose_for_subject", "asked"): CERTIFYING,
    ("registry.desk.operations.propose_certificate", "asked"): CERTIFYING,
    ("registry.documents.operations.propose", "asked"): DocumentAsked("ke-nobody", "DEMO", "{ a }", "Invented"),
    ("registry.documents.operations.list_documents", "chosen"): DocumentFilter(),
    ("registry.misuse.operations.list_findings", "chosen"): FindingFilter(),
    ("registry.misuse.operations.add_facts", "content"): b"An invented sentence",
}
"""Where one name means something else."""


@pytest.fixture(scope="module")
def connection() -> Any:
    """A database without a single table: a use case that reaches it before asking fails."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as opened:
        yield opened
    engine.dispose()


def permitted(action: Action) -> Actor:
    """Return an actor who may do this."""
    cells = product(sorted(rules.PERMISSIONS[action]), sorted(rules.PURPOSES[action]))
    role, purpose = next((role, purpose) for role, purpose in cells if rules.may(action, [role], purpose))
    return actor(role=role, purpose=purpose)


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


def test_every_permission_is_required_by_some_use_case() -> None:
    asked_besides = {Action.PROFILE_LIFE_DECIDE}  # by those who decide, where the change is a supervisor's

    assert set(OPERATIONS.values()) == set(Action) - asked_besides


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
    use_case = asked_for(name, lambda name, argument: OTHERWISE.get((name, argument), GIVEN[argument]))

    def ask(connection: Connection) -> Work:
        asking = work(connection, proved(permitted(OPERATIONS[name])))
        with suppress(NotFound, Conflict, InputRefused):
            use_case(asking)
        return asking

    asking = await database.write(ask)

    assert asking.asked == {OPERATIONS[name]}
    assert len([each for each in asking.events if not each.name.endswith(":refused")] or asking.events) == 1


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

    event = attempt(connection, LogFilter.where(outcome="denied"), sought=sought)

    assert event.records == ()
    assert opened(event.details, SEALER) == {
        "what": LogFilter.where(outcome="denied").to_json(), "sought": sought.to_json(),
    }  # fmt: skip


class Foreign:
    """A question of which nobody has said that it is about nobody."""

    def to_json(self) -> dict[str, object]:
        """Return it."""
        return {"text": "Juma"}


def test_a_question_that_may_be_about_a_person_is_sealed(connection: Connection) -> None:
    asking = work(connection, actor())

    assert asking.told(DocumentFilter(client="demo")) == DocumentFilter(client="demo").to_json()
    assert "Juma" not in str(asking.told(Foreign()))
    assert opened({"asked": asking.told(Foreign())}, SEALER) == {"asked": {"text": "Juma"}}


def test_what_somebody_is_sought_by_a_refused_attempt_leaves_sealed(connection: Connection, listed: None) -> None:  # noqa: ARG001
    sought = SearchQuery(name="Juma", phone="0712 345 678")

    event = attempt(connection, LogFilter(), sought=sought)

    assert not any(value in str(event.details) for value in ("Juma", "0712"))
    assert opened(event.details, SEALER)["sought"] == sought.to_json()


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

    assert investigating.readable() == frozenset(FieldClass) - {FieldClass.PROVENANCE, FieldClass.NOTES}
    assert FieldClass.IDENTIFIERS not in supervising.readable()


def test_without_a_purpose_nothing_may_be_read(connection: Connection) -> None:
    assert work(connection, replace(actor(), purpose=None)).readable() == frozenset()
    assert not work(connection, replace(actor(role=Role.SUPERVISOR), purpose=None)).is_keeper()


@pytest.mark.parametrize("role", Role)
def test_which_categories_one_may_know_of_follows_from_the_roles(connection: Connection, role: Role) -> None:
    known = work(connection, actor(role=role)).categories()

    assert known == {code for code, each in EDITION.categories.items() if role.value in each.roles}
    assert ("juvenile" in known) == (role in (Role.REGISTRAR, Role.SUPERVISOR))


def test_records_at_rest_are_kept_by_supervisors_who_maintain_the_register(connection: Connection) -> None:
    keepers = [
        (role, purpose) for role in Role for purpose in Purpose
        if work(connection, actor(role=role, purpose=purpose)).is_keeper()
    ]  # fmt: skip

    assert keepers == [(Role.SUPERVISOR, Purpose.REGISTER_MAINTENANCE)]


def test_events_are_left_in_order_with_their_details(connection: Connection) -> None:
    asking = Work(connection, actor(), datetime(2026, 11, 21, tzinfo=UTC), EDITION, SEALER)
    profile = new_id()

    asking.record("profile:read", (profile,), version=3)
    asking.record("log:read")

    assert [(each.name, each.records, each.details) for each in asking.events] == [
        ("profile:read", (profile,), {"version": 3}),
        ("log:read", (), {}),
    ]
    assert MOMENT.tzinfo is UTC
