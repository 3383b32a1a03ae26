"""What may leave the room: values already redacted, each record by the decision that is made of it.

A withheld group is None, with a redaction beside it that says why, by which rule, and what can be done. Nothing above
this file sees a row, so nothing above can forget to ask; and what may not be read is not even decrypted.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from registry.core.ids import public_id
from registry.core.partial_dates import PartialDate
from registry.core.sealing import Sealer
from registry.disclosure.access import Facts
from registry.disclosure.decision import Decision, Remedy
from registry.disclosure.vocabulary import FieldClass, Use
from registry.profiles import facts, rows
from registry.profiles.differences import Difference, differences
from registry.profiles.headline import day
from registry.profiles.moments import true_on
from registry.profiles.parts import VERIFIED, Name, Source
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import Change, Standing, on
from registry.profiles.vetting import Proposal, State

ALIAS_KINDS = frozenset({"alias", "nickname"})
CALLED = {"owner": "record_owner"}
"""Groups that GraphQL calls otherwise."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """A field that is withheld, why, by which rule, and what can be done about it."""

    path: str
    reason: str
    rule_id: str | None = None
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class ObligationView:
    """What the reader is bound to."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Mask:
    """What a decision lets out of a record: the one place where it becomes None is ``redacted``."""

    readable: frozenset[FieldClass]
    redactions: tuple[Redaction, ...] = ()
    obligations: tuple[ObligationView, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when: how each record is decided on for them, and what opens the envelopes."""

    decide: Callable[[Facts], Decision]
    sealer: Sealer
    now: datetime
    _masks: dict[Facts, Mask] = field(default_factory=dict)

    def mask(self, told: Facts) -> Mask:
        """Return what of a record of these facts may leave."""
        return self._masks.get(told) or self._masks.setdefault(told, mask(self.decide(told)))


@dataclass(frozen=True, slots=True)
class FreshnessView:
    """How old a group of fields is: None where nobody ever verified it."""

    group: str
    verified_on: PartialDate | None
    verified_by: str | None
    source_digest: str | None
    due_on: PartialDate | None
    age_days: int | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a record that was removed by order."""

    digest: str
    removed_at: datetime
    order_number: str | None


class ProfileView:
    """A profile as this actor may see it. A group that is None is withheld (see ``redactions``) or unknown.

    Groups are attributes by their names in record.py, ``owner`` as ``record_owner``.
    """

    def __init__(  # noqa: PLR0913  each is named where a view is made
        self, groups: dict[str, Any], *, id: str, register_number: int, version: int, recorded_at: datetime,  # noqa: A002
        standing: Standing, contested: bool, redactions: tuple[Redaction, ...],
        obligations: tuple[ObligationView, ...] = (), freshness: tuple[FreshnessView, ...] | None = None,
        merged_from: str | None = None, tombstone: Tombstone | None = None,
    ):  # fmt: skip
        self.__dict__.update(groups)  # a page reads hundreds of them, and nothing is read faster than what stands here
        if "owner" in groups:
            self.record_owner = self.__dict__.pop("owner")
        self.id, self.register_number, self.version, self.recorded_at = id, register_number, version, recorded_at
        self.standing, self.contested, self.redactions = standing.value, contested, redactions
        self.freshness, self.merged_from, self.tombstone = freshness, merged_from, tombstone
        self.obligations = obligations

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:  # Any: each group its own type
            """Return a group."""


for _name in GROUPS:
    setattr(ProfileView, CALLED.get(_name, _name), None)  # what no view was given is unknown, or withheld


@dataclass(frozen=True, slots=True)
class VersionView:
    """Who made a version, who let it in, and when."""

    version: int
    change: str
    standing: str
    contested: bool
    reason: str
    order_number: str | None
    proposed_by: str
    proposed_agency: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime
    note: str | None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal with the record it proposes and what differs from the present one, for those who vet."""

    id: str
    profile_id: str
    change: str
    other_profile_id: str | None
    state: str
    reason: str
    order_number: str | None
    proposed_by: str
    proposed_agency: str
    proposed_chain: str
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    note: str | None
    version: int | None
    documents: tuple[Source, ...] | None
    differences: tuple[Difference, ...]
    record: ProfileView


def groups(wanted: Iterable[str] | None, readable: frozenset[FieldClass]) -> tuple[str, ...]:
    """Return the groups to fetch: what is asked for and may be read."""
    return _groups(None if wanted is None else frozenset(wanted), readable)


@cache
def _groups(wanted: frozenset[str] | None, readable: frozenset[FieldClass]) -> tuple[str, ...]:
    asked = set(GROUPS) if wanted is None else {"owner" if name == "record_owner" else name for name in wanted}
    if "freshness" in asked:
        asked |= set(VERIFIED)  # freshness speaks of the groups that hold something
    return tuple(name for name in GROUPS if name in asked and may_read(name, readable))


def may_read(name: str, readable: frozenset[FieldClass]) -> bool:
    """Whether a group, or some of its values, may be read."""
    return GROUPS[name].field_class in readable or (name == "names" and FieldClass.ALIASES in readable)


def profile(
    reader: Reader, row: Mapping[Any, Any], fetched: tuple[str, ...], *, as_of: date | None = None,
    known_at: datetime | None = None, merged_from: UUID | None = None,
) -> ProfileView:  # fmt: skip
    """Return the view of a version, of which the columns of ``fetched`` were read.

    ``as_of`` keeps what held on that day; ``known_at`` is the moment whose version it is, if not the present one. What
    may leave of it is asked of the record as it stands today.
    """
    moment = known_at or reader.now
    allowed = reader.mask(facts.of_row(row, reader.now.date()))
    values = rows.read(row, _open(fetched, allowed.readable), rows.key_of(reader.sealer, row["id"], row))
    expires_on = row["expires_on"] if known_at is None else row["details"].get("expires_on")
    about: dict[str, Any] = {
        "id": public_id("profile", row["id"]), "register_number": row["number"], "version": row["version"],
        "recorded_at": row["decided_at"], "contested": bool(row["contested"]),
        "standing": on(Standing(row["standing"]), day(expires_on), moment.date()),
        "merged_from": public_id("profile", merged_from) if merged_from else None,
    }  # fmt: skip
    return redacted(values, allowed, moment.date(), as_of=as_of, **about)


@cache
def _open(fetched: tuple[str, ...], readable: frozenset[FieldClass]) -> tuple[str, ...]:
    return tuple(name for name in fetched if may_read(name, readable))


def whole(reader: Reader, row: Mapping[Any, Any]) -> Record:
    """Return the whole record of a row, for rules that compare it; it does not leave."""
    return rows.record(row, rows.key_of(reader.sealer, row["id"], row))


def tombstone(row: Mapping[Any, Any]) -> ProfileView:
    """Return the view of a record that was removed."""
    stone = Tombstone(row["digest"], row["removed_at"], row["order_number"])
    return ProfileView(
        {}, id=public_id("profile", row["id"]), register_number=row["number"], version=row["version"],
        recorded_at=row["decided_at"], standing=Standing.REMOVED, contested=False, tombstone=stone,
        redactions=(Redaction("*", "REMOVED"),),
    )  # fmt: skip


def closed(row: Mapping[Any, Any]) -> ProfileView:
    """Return the view of a record that a court's order closed, for the person it is about: that it is there."""
    return ProfileView(
        {}, id=public_id("profile", row["id"]), register_number=row["number"], version=row["version"],
        recorded_at=row["decided_at"], standing=Standing.SEALED, contested=bool(row["contested"]),
        redactions=(Redaction("*", "SEALED"),),
    )  # fmt: skip


def redacted(
    values: dict[str, Any], allowed: Mask, today: date, *, as_of: date | None = None, **about: Any
) -> ProfileView:
    """Return the view of groups of a record with what is withheld taken out."""
    may = _readable_groups(allowed.readable)
    opened = values if values.keys() <= may else {name: value for name, value in values.items() if name in may}
    kept = opened if as_of is None else true_on(opened, as_of)
    if kept.get("names") is not None:
        kept = kept | {"names": _names(kept["names"], allowed.readable)}
    freshness = _freshness(opened, today) if "freshness" in opened else None
    return ProfileView(
        kept, freshness=freshness, redactions=allowed.redactions, obligations=allowed.obligations, **about
    )  # fmt: skip


@cache
def _readable_groups(readable: frozenset[FieldClass]) -> frozenset[str]:
    return frozenset(name for name in GROUPS if may_read(name, readable))


def _freshness(values: dict[str, Any], today: date) -> tuple[FreshnessView, ...]:
    """Return how old each group that holds something is."""
    told = {each.group: each for each in values["freshness"]}
    held = [name for name in VERIFIED if values.get(name) not in (None, (), "unknown")]
    return tuple(
        FreshnessView(name, None, None, None, None, None, overdue=False)
        if (each := told.get(name)) is None
        else FreshnessView(
            name, each.verified_on, each.verified_by, each.source_digest, each.due_on,
            (today - each.verified_on.latest).days, overdue=each.due_on is not None and each.due_on.latest < today,
        )
        for name in held
    )  # fmt: skip


def _names(names: tuple[Name, ...], readable: frozenset[FieldClass]) -> tuple[Name, ...]:
    return tuple(
        name for name in names
        if (FieldClass.ALIASES if name.kind in ALIAS_KINDS else FieldClass.IDENTITY) in readable
    )  # fmt: skip


def mask(decision: Decision) -> Mask:
    """Return what a decision lets out of a record, and why the rest stays."""
    readable = decision.may(Use.READ)
    why = {each.field_class: each for each in decision.withheld}
    return Mask(
        readable,
        tuple(
            Redaction(path, str(why[kind].reason), why[kind].rule_id, why[kind].remedy)
            for path, kind in _PATHS if kind not in readable
        ),
        tuple(ObligationView(each.code, each.sentence) for each in decision.obligations),
    )  # fmt: skip


def both(masks: Collection[Mask]) -> Mask:
    """Return what all of these let out; what one of them withholds is withheld, as it says."""
    readable = frozenset.intersection(*(each.readable for each in masks))
    why = {each.path: each for one in masks for each in one.redactions}
    duties = dict.fromkeys(each for one in masks for each in one.obligations)
    return Mask(readable, tuple(why[path] for path, kind in _PATHS if kind not in readable), tuple(duties))


def shut(reason: str) -> Mask:
    """Return what lets nothing out, for a reason that no rule of the table gives."""
    return Mask(frozenset(), tuple(Redaction(path, reason) for path, _ in _PATHS))


def camel(name: str) -> str:
    """Return a name as GraphQL writes it."""
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


_PATHS = tuple(sorted([
    *((camel(CALLED.get(name, name)), group.field_class) for name, group in GROUPS.items()),
    ("names[kind in (ALIAS, NICKNAME)]", FieldClass.ALIASES), ("versions", FieldClass.PROVENANCE),
]))  # fmt: skip
"""Everything of a profile that can be withheld, and by which class."""


def version(row: Mapping[Any, Any]) -> VersionView:
    """Return the view of one version's decision."""
    return VersionView(
        version=row["version"],
        change=row["change"],
        standing=row["standing"],
        contested=bool(row["contested"]),
        reason=row["reason"],
        order_number=row["order_number"],
        proposed_by=public_id("officer", row["proposed_by"]),
        proposed_agency=row["proposed_agency"],
        proposed_at=row["proposed_at"],
        decided_by=public_id("officer", row["decided_by"]),
        decided_at=row["decided_at"],
        note=row["note"],
    )


def proposal(proposed: Proposal, base: Record | None, allowed: Mask, today: date) -> ProposalView:
    """Return the view of a proposal, and of how it differs from the state it was drawn from."""
    readable = allowed.readable
    values = {name: getattr(proposed.record, name) for name in groups(None, readable)}
    profile_id = public_id("profile", proposed.profile)
    return ProposalView(
        id=public_id("proposal", proposed.id),
        profile_id=profile_id,
        change=proposed.change.value,
        other_profile_id=public_id("profile", proposed.other) if proposed.other else None,
        state=proposed.state.value,
        reason=proposed.reason,
        order_number=proposed.order_number,
        proposed_by=public_id("officer", proposed.proposed_by),
        proposed_agency=proposed.proposed_agency,
        proposed_chain=proposed.proposed_chain,
        proposed_at=proposed.proposed_at,
        decided_by=public_id("officer", proposed.decided_by) if proposed.decided_by else None,
        decided_at=proposed.decided_at,
        note=proposed.note,
        version=proposed.version,
        documents=proposed.documents if FieldClass.PROVENANCE in readable else None,
        differences=readable_differences(differences(base, proposed.record), readable),
        record=redacted(
            values, allowed, today, id=profile_id, register_number=0, version=proposed.version or 0,
            recorded_at=proposed.proposed_at, standing=_proposed_standing(proposed), contested=proposed.contested,
        ),
    )  # fmt: skip


def _proposed_standing(proposed: Proposal) -> Standing:
    """Return what a proposed record stands as: a new one that nobody has let in is entered, and nothing more."""
    is_let_in = proposed.version is not None or proposed.state is State.IN_PART
    return Standing.ENTERED if proposed.change is Change.CREATE and not is_let_in else proposed.standing


def readable_differences(found: Collection[Difference], readable: frozenset[FieldClass]) -> tuple[Difference, ...]:
    """Return the differences of groups that may be read whole."""
    return tuple(
        each
        for each in found
        if GROUPS[each.group].field_class in readable
        and (each.group != "names" or FieldClass.ALIASES in readable)
        and (each.group != "freshness" or may_read(_told_of(each), readable))
    )


def _told_of(each: Difference) -> str:
    """Return the group that a difference of freshness speaks of."""
    group: str = orjson.loads(each.after or each.before or "{}")["group"]
    return group
