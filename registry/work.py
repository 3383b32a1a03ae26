"""Work: one request's connection, actor and moment, and proof that it asked and recorded.

    @operation(Action.PROFILE_READ)
    def read_profile(work: Work, profile: UUID, …) -> ProfileView:
        work.require(Action.PROFILE_READ)
        …
        work.record(Event("profile:read", (profile,)))
        return view

A use case that returns without having asked its permission, or without leaving an event, is a
bug that must not answer: the decorator raises before the commit.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar, runtime_checkable
from uuid import UUID

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor, Officer
from auth.reasons import NONE, Demand, Draw
from registry.audit import sealed
from registry.audit.events import REFUSED, Event
from registry.core.errors import Forbidden, RegistryError
from registry.core.sealing import Sealer
from registry.core.telemetry import Stages
from registry.disclosure import policy, rules
from registry.disclosure.access import Access, Facts
from registry.disclosure.decision import NOTHING, Decision
from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Use
from registry.editions.edition import Edition
from registry.notices.notice import News

P = ParamSpec("P")
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@runtime_checkable
class Described(Protocol):
    """A question that can be told to the log."""

    def to_json(self) -> dict[str, object]:
        """Return it as JSON values."""


@runtime_checkable
class Impersonal(Described, Protocol):
    """A question that says nothing of anybody who is sought: the log keeps it in clear. All others it seals."""

    is_impersonal: ClassVar[bool]


@dataclass(slots=True)
class Work:
    """Who asks, in which transaction, at what moment. The first argument of every use case."""

    connection: Connection
    actor: Actor
    now: datetime
    edition: Edition
    sealer: Sealer
    stages: Stages = field(default_factory=Stages)
    events: list[Event] = field(default_factory=list)
    asked: set[Action] = field(default_factory=set)
    concerned: list[UUID] = field(default_factory=list)
    """Profiles that a use case has found to be about, in case it is refused."""
    news: list[News] = field(default_factory=list)
    """What others are to be told once this is done: kept in its transaction, behind its entry."""
    alerts: list[News] = field(default_factory=list)
    """What others are to be told although nothing was changed or shown: kept with the entry, whatever comes of it."""
    justification: str | None = None
    """Why, in the asker's own words, where a use case wanted to know: the entry says it."""
    on_behalf_of: frozenset[UUID] = frozenset()
    """As whose delegate the officer acts, where a use case asked."""
    draw: Draw = NONE
    """How reasons are asked for, and of how many words one is."""
    demand: Demand | None = None
    """That the officer is to say afterwards why they asked: kept with the entry."""
    past: Callable[[str, Mapping[str, Any]], Any] | None = None
    """Answers use cases as they were answered once, by name and arguments, where an answer is made again."""

    def require(self, action: Action) -> Officer:
        """Raise Forbidden unless the actor names an officer, a purpose and a case, and may do this.

        Codes: CASE_CONTEXT_REQUIRED, ACTION_NOT_GRANTED, FORBIDDEN.
        """
        self.asked.add(action)
        actor = self.actor
        if actor.officer is None or actor.purpose is None or not actor.case_reference or not actor.legal_basis:
            raise Forbidden(
                "Officer, purpose, case reference and legal basis are required to see a person.",
                code="CASE_CONTEXT_REQUIRED",
                remedy="Ask for a token whose authorization_details name all four.",
            )
        if actor.actions and not rules.is_covered(action, actor.actions):
            raise Forbidden(
                f"The token is not good for {action.value}.", code="ACTION_NOT_GRANTED",
                remedy="Ask for a token whose authorization_details name the action, or none.",
            )  # fmt: skip
        if action in rules.OF_PERSONS and actor.owes:
            raise Forbidden(
                f"First say why you asked in request {actor.owes}.", code="REASON_OWED",
                remedy="State it: reasonState(input: {requestId, text}).",
            )  # fmt: skip
        is_blind = action in rules.OF_PERSONS and not self.decide().is_open
        if is_blind or not rules.may(action, actor.roles, actor.purpose):
            raise Forbidden(f"No rule permits {action.value} to this officer for this purpose.")
        return actor.officer

    def access(self) -> Access | None:
        """Return who asks under what, as disclosure sees it; None without an officer and a purpose."""
        return self.actor.access(self.now)

    def decide(self, facts: Facts | None = None) -> Decision:
        """Return what this actor may do with such a record; without facts, with the most open one there may be."""
        access = self.access()
        return NOTHING if access is None else policy.load(self.edition.code, self.now.date()).decide(access, facts)

    def readable(self) -> frozenset[FieldClass]:
        """Return the field classes that this actor may read of some record."""
        return self.decide().may(Use.READ)

    def categories(self) -> frozenset[str]:
        """Return the categories of records whose existence this actor may learn of."""
        held = {role.value for role in self.actor.roles}
        return frozenset(code for code, each in self.edition.categories.items() if not held.isdisjoint(each.roles))

    def is_keeper(self) -> bool:
        """Say whether this actor keeps the records that are sealed, expired, retired, merged or removed."""
        purpose = self.actor.purpose
        return purpose is not None and rules.keeps(self.actor.roles, Purpose(purpose))

    def record(self, name: str, records: tuple[UUID, ...] = (), **details: object) -> None:
        """Leave an event for the log entry of this request."""
        self.events.append(Event(name, records, details))

    @property
    def said(self) -> dict[str, Any]:  # Any: the members of Entry, each with its own type
        """What the entry says besides the events."""
        behalf = " ".join(sorted(map(str, self.on_behalf_of)))
        return {"justification": self.justification, "on_behalf_of": behalf or None}

    def acts_for(self) -> frozenset[UUID]:
        """Return the officers whose delegate the actor's officer is at this moment; the entry says so."""
        officer = self.actor.officer
        found = directory.acts_for(self.connection, officer.id, self.now) if officer else frozenset()
        self.on_behalf_of |= found
        return found

    def tell(self, *news: News) -> None:
        """Leave word for those who follow what has happened."""
        self.news.extend(news)

    def alert(self, *news: News) -> None:
        """Leave word that stays even where the answer is a refusal."""
        self.alerts.extend(news)

    def told(self, question: Described) -> dict[str, object]:
        """Return a question as the log keeps it. Raises Unavailable when a token that wraps does not answer."""
        told = question.to_json()
        return told if isinstance(question, Impersonal) else sealed.sealed(told, self.sealer)

    def closed(self, **said: str) -> dict[str, object]:
        """Return words about a person as the log keeps them. Raises Unavailable as ``told`` does."""
        return sealed.closed(said, self.sealer)


def _record_attempt(work: Work, action: Action, arguments: Mapping[str, object]) -> None:
    """Leave what a refused use case was about: ids, and criteria or filters; never a record that was handed in."""
    about = {name: str(value) for name, value in arguments.items() if isinstance(value, UUID)}
    told = {name: work.told(value) for name, value in arguments.items() if isinstance(value, Described)}
    profile = arguments.get("profile")
    records = dict.fromkeys([*([profile] if isinstance(profile, UUID) else []), *work.concerned])
    work.record(f"{action.value}{REFUSED}", tuple(records), **about, **told)


class UseCase(Protocol[P, T_co]):
    """A function whose first argument is the Work."""

    __module__: str
    __qualname__: str

    def __call__(self, work: Work, /, *arguments: P.args, **options: P.kwargs) -> T_co:
        """Do it."""


OPERATIONS: dict[str, Action] = {}
"""Every use case by its name, with the permission it requires."""


def operation(
    action: Action,
) -> Callable[[UseCase[P, T]], UseCase[P, T]]:
    """List a use case, and refuse its answer unless it asked ``action`` and left an event."""

    def listed(use_case: UseCase[P, T]) -> UseCase[P, T]:
        OPERATIONS[f"{use_case.__module__}.{use_case.__qualname__}"] = action
        signature = inspect.signature(use_case)

        @wraps(use_case)
        def proved(work: Work, /, *arguments: P.args, **options: P.kwargs) -> T:
            if work.past is not None:
                again: T = work.past(
                    f"{use_case.__module__}.{use_case.__qualname__}",
                    signature.bind(work, *arguments, **options).arguments,
                )
                return again
            work.asked.discard(action)
            work.concerned.clear()
            left = len(work.events)
            try:
                answer = use_case(work, *arguments, **options)
            except RegistryError:
                _record_attempt(work, action, signature.bind(work, *arguments, **options).arguments)
                raise
            if action not in work.asked:
                raise AssertionError(f"{use_case.__qualname__} answered without asking {action}")
            if len(work.events) == left:
                raise AssertionError(f"{use_case.__qualname__} answered without leaving an event")
            return answer

        return proved

    return listed
