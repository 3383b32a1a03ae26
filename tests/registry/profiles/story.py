"""A story of the register, told step by step at random, beside a model of what the register must know by then.

    story = Story(connection, choose)       choose(things) picks one: hypothesis, or a Random
    for _ in range(20): story.step()        each step is made as the model foretells, or refused so
    story.check()                           every past moment is told as it was

The model is a list of what was let in, by profile. Nothing in it knows of tables, of search keys, or of the sweep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection

from registry.core.errors import RegistryError
from registry.core.ids import public_id, read_public_id
from registry.profiles import coherence, queries
from registry.profiles.operations import deciding, duplicates, duties, proposing, reading
from registry.profiles.operations.duplicates import Different
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import LIFE, NEEDS_OTHER, SEARCHABLE, Change, Standing
from registry.profiles.vetting import Decision
from registry.work import Work
from tests.factories import EDITION, MOMENT, SEALER, named, read
from tests.registry.profiles.invariant import check_register
from tests.registry.profiles.scenes import found, proposal_of, registrar, supervisor

T = TypeVar("T")
Choose = Callable[[Sequence[Any]], Any]  # Any: one of what is given
NAMES = ("Ali Bakari Omar", "Cheptoo Dorcas", "Eunice Furaha", "Ali Furaha")
MOST = 5
"""Persons in one story: few, so that they meet."""
ENDS = (4, 30, 1000, None)
"""Days until an entry is over; or when its class ends."""
PARTS = (("names", "convictions"), ("names", "phones", "convictions"), ("sex", "convictions", "phones"))
DECISIONS = (*Decision, *[Decision.APPROVE] * 6)
"""Most are let in, or nothing would ever happen."""
CHANGES = tuple(each for each in Change if each is not Change.CREATE)


@dataclass(frozen=True, slots=True)
class Known:
    """What was let in at a moment."""

    at: datetime
    record: Record
    standing: Standing
    contested: bool
    leads_to: UUID | None = None
    merged: UUID | None = None
    """Of a merge: the record that leads here from then on."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal that nobody has decided on."""

    profile: UUID
    change: Change
    record: Record
    base: int
    contested: bool
    other: UUID | None = None
    other_base: int = 0


def _others(by: Work, record: Record) -> list[Different]:
    """Say of whoever is alike that it is somebody else: invented people are alike."""
    return [Different(each.profile, "An invented record") for each in duplicates.likely(by, record)]


@dataclass(slots=True)
class Story:
    """The register and the model of it."""

    connection: Connection
    choose: Choose
    now: datetime = MOMENT
    known: dict[UUID, list[Known]] = field(default_factory=dict)
    waiting: dict[UUID, Waiting] = field(default_factory=dict)
    closed: list[UUID] = field(default_factory=list)
    phones: dict[UUID, str] = field(default_factory=dict)
    """Each person's own."""
    told: list[str] = field(default_factory=list)
    """What happened, to read when a story fails."""

    # -- the model

    def version(self, profile: UUID, at: datetime | None = None) -> Known | None:
        past = [each for each in self.known.get(profile, []) if each.at <= (at or self.now)]
        return past[-1] if past else None

    def standing(self, profile: UUID, at: datetime | None = None) -> Standing:
        version = self.version(profile, at)
        assert version is not None
        ends = version.record.expires_on
        over = ends is not None and ends.earliest <= (at or self.now).date()
        return Standing.EXPIRED if over and version.standing in SEARCHABLE else version.standing

    def answering(self, profile: UUID, at: datetime | None = None) -> UUID | None:
        """Return the profile that answers for one at a moment; None before it was known."""
        version = self.version(profile, at)
        while version is not None and version.leads_to is not None:
            profile = version.leads_to
            version = self.version(profile, at)
        return profile if version is not None else None

    def let_in(self, profile: UUID, record: Record, standing: Standing, **more: Any) -> None:
        self.known.setdefault(profile, []).append(Known(self.now, record, standing, **more))

    # -- steps

    def step(self) -> None:
        self.now += timedelta(hours=self.choose((1, 7, 100)))
        steps: list[Callable[[], None]] = [self.sweep, *[self.enter] * (2 if len(self.phones) < MOST else 0)]
        if self.known:
            steps += [self.propose] * 4
        if self.waiting:
            steps += [self.decide] * 5
        self.choose(steps)()
        check_register(self.connection)

    def enter(self) -> None:
        phone = f"+2547000000{len(self.phones):02d}"
        by = registrar(self.connection, now=self.now)
        value = self.value(phone)
        view = proposing.propose_profile(by, value, "An invented reason", _others(by, read(value)))
        self.phones[read_public_id("profile", view.profile_id)] = phone
        self.wait(read_public_id("proposal", view.id), contested=False)
        self.told.append(f"{self.now} entered {view.profile_id}")

    def value(self, phone: str) -> dict[str, Any]:
        days = self.choose(ENDS)
        ends = (self.now + timedelta(days=days)).date().isoformat() if days else None
        return named(self.choose(NAMES), sex=self.choose(("male", "female")), phones=[phone], expires_on=ends)

    def wait(self, proposal: UUID, *, contested: bool) -> None:
        kept = queries.proposal(self.connection, SEALER, proposal)
        assert kept is not None
        base = len(self.known.get(kept.profile, []))
        self.waiting[proposal] = Waiting(
            kept.profile, kept.change, kept.record, base, contested, kept.other,
            len(self.known[kept.other]) if kept.other else 0,
        )  # fmt: skip

    def sweep(self) -> None:
        duties.expire_due(self.connection, self.now)
        self.told.append(f"{self.now} swept")

    def propose(self) -> None:
        profile, change = self.choose(list(self.known)), self.choose(CHANGES)
        more: dict[str, Any] = {}
        if change in NEEDS_OTHER:
            more["other"] = self.choose(list(self.known))
        may_bring = change in (Change.RESTORE, Change.SPLIT) and self.choose((True, False))
        if change in (Change.AMEND, Change.MERGE) or may_bring:
            more["record"] = self.value(self.phones[profile])
        foretold = self.foretold(profile, change, more)
        code, proposal = self.attempt(
            lambda: proposal_of(self.connection, profile, change, now=self.now, **more)
        )  # fmt: skip
        self.told.append(f"{self.now} proposed {change} of {public_id('profile', profile)}: {code}")
        assert (code, self.told[-9:]) == (foretold, self.told[-9:])
        if proposal is not None:
            contested = self.contested(profile, change, more.get("other"))
            self.wait(proposal, contested=contested)

    def contested(self, profile: UUID, change: Change, other: UUID | None) -> bool:
        disputes = [self.version(each) for each in (profile, other if change is Change.MERGE else None) if each]
        disputed = any(each is not None and each.contested for each in disputes)
        return change is Change.CONTEST or (disputed and change is not Change.SETTLE)

    def foretold(  # noqa: C901, PLR0911  the model tells each refusal in its order
        self, profile: UUID, change: Change, more: dict[str, Any]
    ) -> str | None:
        """Return the code that refuses a proposal; None where it is taken."""
        version, other = self.version(profile), more.get("other")
        assert version is not None
        if other is not None:
            second = self.version(other)
            assert second is not None
            if other == profile:
                return "OTHER_PROFILE"
            if change is Change.MERGE and (self.standing(other), change) not in LIFE:
                return "STANDING"
            if change is Change.SPLIT and second.leads_to != profile:
                return "NOT_MERGED"
            if change is Change.SPLIT and "record" not in more and version.merged != other:
                return "FIELD_MISSING"  # it was changed since the merge: what was before holds no more
        if change is Change.RESTORE:
            ends = more["record"].get("expires_on") if "record" in more else str(version.record.expires_on or "")
            if ends and ends <= self.now.date().isoformat():
                return "EXPIRY_PAST"
        if (self.standing(profile), change) not in LIFE:
            return "STANDING"
        if change is Change.CONTEST and version.contested:
            return "CONTESTED"
        if change is Change.SETTLE and not version.contested:
            return "NOT_CONTESTED"
        return None

    def attempt(self, use: Callable[[], T]) -> tuple[str | None, T | None]:
        """Do something that is undone when it is refused."""
        try:
            with self.connection.begin_nested():
                return None, use()
        except RegistryError as refused:
            return refused.code, None

    def decide(self) -> None:
        proposal, decision = self.choose(list(self.waiting)), self.choose(DECISIONS)
        waiting = self.waiting[proposal]
        fields = self.choose(PARTS) if decision is Decision.APPROVE_IN_PART else None
        foretold = self.foretold_of(waiting, decision)
        code, view = self.attempt(lambda: self.decided(proposal, decision, fields))
        self.told.append(f"{self.now} {decision} {waiting.change} of {public_id('profile', waiting.profile)}: {code}")
        assert (code, self.told[-9:]) == (foretold, self.told[-9:])
        if view is None:
            return
        del self.waiting[proposal]
        self.closed.append(proposal)
        if decision in (Decision.APPROVE, Decision.APPROVE_IN_PART):
            self.publish(waiting, fields)

    def decided(self, proposal: UUID, decision: Decision, fields: Sequence[str] | None) -> Any:
        if decision is Decision.WITHDRAW:
            return deciding.withdraw_change(registrar(self.connection, now=self.now), proposal, "A note")
        by = supervisor(self.connection, now=self.now)
        if decision is Decision.REJECT:
            return deciding.reject_change(by, proposal, "A note")
        if decision is Decision.RETURN:
            return deciding.return_change(by, proposal, "A note")
        waiting = self.waiting[proposal]
        others = _others(by, waiting.record) if waiting.change is Change.CREATE else ()
        return deciding.approve_change(by, proposal, "A note", fields=fields, different_from=others)

    def foretold_of(self, waiting: Waiting, decision: Decision) -> str | None:
        """Return the code that refuses a decision; None where it stands."""
        if decision not in (Decision.APPROVE, Decision.APPROVE_IN_PART):
            return None
        if len(self.known.get(waiting.profile, [])) != waiting.base:
            return "PROPOSAL_OUTDATED"
        if waiting.change is not Change.CREATE:
            concerned = [
                waiting.profile,
                *([waiting.other] if waiting.other and waiting.change is Change.MERGE else []),
            ]
            if any((self.standing(each), waiting.change) not in LIFE for each in concerned):
                return "STANDING"
        if decision is Decision.APPROVE_IN_PART and waiting.change not in (Change.CREATE, Change.AMEND):
            return "NOT_IN_PARTS"
        moved = waiting.other is not None and len(self.known[waiting.other]) != waiting.other_base
        return "PROPOSAL_OUTDATED" if moved else None

    def publish(self, waiting: Waiting, fields: Sequence[str] | None) -> None:
        """Write into the model what was let in."""
        if waiting.change is Change.CREATE:
            before, standing = None, Standing.ENTERED
        else:
            before = self.version(waiting.profile)
            standing = self.standing(waiting.profile)
        record = waiting.record if fields is None else self.in_part(waiting.record, before, fields)
        merged = waiting.change is Change.MERGE
        self.let_in(
            waiting.profile, record, LIFE[standing, waiting.change], contested=waiting.contested,
            merged=waiting.other if merged else None,
        )  # fmt: skip
        if waiting.other is not None:
            past = [each for each in self.known[waiting.other] if each.leads_to is None]
            self.let_in(
                waiting.other, past[-1].record, Standing.MERGED if merged else Standing.VETTED,
                contested=past[-1].contested or (waiting.contested and not merged),
                leads_to=waiting.profile if merged else None,
            )  # fmt: skip

    def in_part(self, record: Record, before: Known | None, fields: Sequence[str]) -> Record:
        if before is not None:
            return replace(before.record, **{name: getattr(record, name) for name in fields})
        always = {"names", "owner", "legal_basis", "category"}
        left = {name: group.default for name, group in GROUPS.items() if name not in {*fields, *always}}
        return coherence.dated(replace(record, **left), EDITION, self.now.date())

    # -- what must be true of it all

    def check(self) -> None:
        """See that search finds the live and no other, and that each past moment is told as it was."""
        for phone in self.phones.values():
            live = {
                profile for profile in self.known
                if self.standing(profile) in SEARCHABLE and any(
                    each.number == phone for each in self.known[profile][-1].record.phones
                )
            }  # fmt: skip
            assert set(found(self.connection, now=self.now, phone=phone)) == live, self.told[-9:]
        moments = sorted({each.at for history in self.known.values() for each in history})
        for profile in self.known:
            for moment in (*moments, self.now):
                self.check_moment(profile, moment)

    def check_moment(self, profile: UUID, moment: datetime) -> None:
        by = supervisor(self.connection, now=self.now)
        now = self.answering(profile)
        answering = self.answering(profile, moment)
        assert now is not None
        code, view = self.attempt(lambda: reading.read_profile(by, profile, known_at=moment))
        if self.standing(now) is Standing.REMOVED:
            assert view is not None
            assert (view.id, view.standing) == (public_id("profile", now), "removed"), self.told[-9:]
            assert view.tombstone is not None
            return
        if answering is None:
            assert code == "NOT_FOUND", self.told[-9:]
            return
        version = self.version(answering, moment)
        assert version is not None
        assert view is not None, (code, self.told[-9:])
        assert view.id == public_id("profile", answering), self.told[-9:]
        disputed = version.contested or self.known[now][-1].contested  # who reads of the past is told of it too
        assert (view.recorded_at, view.contested) == (version.at, disputed), self.told[-9:]
        if version.standing is Standing.REMOVED:  # restored since: what it held then is told again
            assert view.standing == "removed", self.told[-9:]
        else:
            assert view.standing == self.standing(answering, moment), self.told[-9:]
        held = {name: getattr(view, "record_owner" if name == "owner" else name) for name in GROUPS}
        for name in GROUPS:
            if name != "freshness":
                assert held[name] == getattr(version.record, name), (name, self.told[-9:])
