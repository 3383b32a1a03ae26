"""The one decision of what is released: the edition's rule table, compiled to masks.

    policy = load("ke", date(2026, 11, 22))
    decision = policy.decide(access, facts)
    decision.may(Use.READ)

Each value of each axis knows, as the bits of one number, which rules match it. The rules that match a case are the
bits that all its values share; then any forbid denies, else a permit allows, else it is denied (table.py). A decision
is made once for each pair of access and facts and remembered; nothing else goes into it, so it can be made again.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from registry.core.errors import InputRefused, NotFound
from registry.disclosure.access import Access, Facts
from registry.disclosure.decision import (
    DEFAULT,
    KILL_SWITCH,
    Decision,
    Obligation,
    Reason,
    Remedy,
    RemedyKind,
    Withheld,
)
from registry.disclosure.table import APPROVERS, AXES, OF_RECORDS, Rule, Table, name_of, read, tables
from registry.disclosure.vocabulary import Attribution, FieldClass, Tier, Use
from registry.editions import strict

REMEMBERED = 16_384
"""Decisions that are kept: some thousands of kinds of records and a few hundred ways to ask."""
_EDITIONS = Path(strict.__file__).parent

_REASONS: Mapping[str, Reason] = {
    "subjects": Reason.ROLE,
    "parties": Reason.ROLE,
    "purposes": Reason.PURPOSE,
    "tier": Reason.AGREEMENT,
    "attribution": Reason.ATTRIBUTION,
    "standings": Reason.STATUS,
    "categories": Reason.STATUS,
    "owners": Reason.HANDLING,
    "releasable": Reason.HANDLING,
    "onward": Reason.HANDLING,
    "clearances": Reason.CLEARANCE,
    "cleared": Reason.CLEARANCE,
    "step_up": Reason.STEP_UP,
}
"""What is said where no rule permits because of this axis. In this order: the first that fails is told."""
_REMEDIES: Mapping[Reason, RemedyKind] = {
    Reason.STEP_UP: RemedyKind.STEP_UP,
    Reason.ATTRIBUTION: RemedyKind.OFFICER_GRANT,
    Reason.AGREEMENT: RemedyKind.REQUEST_OWNER,
    Reason.STATUS: RemedyKind.REQUEST_OWNER,
    Reason.HANDLING: RemedyKind.REQUEST_OWNER,
    Reason.CLEARANCE: RemedyKind.REQUEST_OWNER,
}


class Policy:
    """The rules of an edition that are in force on one day."""

    def __init__(self, table: Table, on: date):
        self.table: Final = table
        self.version: Final = table.version
        self.on: Final = on
        self.rules: Final = tuple(rule for rule in table.rules if rule.holds(on))
        self.masks: Final[Mapping[str, Mapping[str, int]]] = {
            **{axis: self._mask(axis) for axis in AXES},
            "tier": {name_of(tier): _bits(tier >= rule.tier for rule in self.rules) for tier in Tier},
            "attribution": {
                name_of(level): _bits(level >= rule.attribution for rule in self.rules) for level in Attribution
            },
            "step_up": {"yes": -1, "no": _bits(not rule.step_up for rule in self.rules)},
        }
        self._permits = _bits(rule.permits for rule in self.rules)
        self._any = {axis: _bits(rule.permits or not rule.asks(axis) for rule in self.rules) for axis in OF_RECORDS}
        self._unknown = {axis: _bits(not rule.permits and not rule.asks(axis) for rule in self.rules) for axis in AXES}
        self._decided = lru_cache(maxsize=REMEMBERED)(self._decide)
        self.outcome: Final = cache(self._opened)  # a few dozen: which rules match together

    def _mask(self, axis: str) -> dict[str, int]:
        return {value: _bits(value in rule.axes[axis] for rule in self.rules) for value in AXES[axis]}

    def decide(self, access: Access, facts: Facts | None = None) -> Decision:
        """Decide what one who asks so may do with such a record.

        Without facts it is about the most open record there may be: what may be fetched at all, and searched by.
        """
        return self._decided(access, facts)

    def _decide(self, access: Access, facts: Facts | None) -> Decision:
        case = self._case(access, facts)
        provable = _all(case.values())
        case["step_up"] = self.masks["step_up"]["yes" if access.stepped_up else "no"]
        matching = provable & case["step_up"]
        permits = self._of(matching & self._permits)
        forbids = self._of(matching & ~self._permits)
        opened = self.outcome(matching)
        withheld = tuple(
            self._withheld(kind, access, facts, forbids, case)
            for kind in FieldClass
            if kind in access.closed or kind not in opened[0]
        )
        is_open = bool(opened[0] or opened[1])
        return Decision(
            policy=self.version,
            rules=self.ids(matching),
            opened=tuple(each - access.closed for each in opened),
            withheld=withheld,
            obligations=self._obligations(access, facts) if is_open else (),
            duties=_duties(permits if is_open else [], forbids),
            silent=facts is not None and self.is_silent(matching, provable),
        )

    def _case(self, access: Access, facts: Facts | None) -> dict[str, int]:
        """Return the rules that match each value of the case. A value that nobody knows matches no permit at all."""
        masks, unknown = self.masks, self._unknown
        axes = {
            "subjects": _union(masks["subjects"].get(role, 0) for role in access.roles) | unknown["subjects"],
            "parties": masks["parties"]["partner" if access.is_partner else "home"],
            "purposes": masks["purposes"].get(access.purpose, unknown["purposes"]),
            "tier": masks["tier"][name_of(access.tier)],
            "attribution": masks["attribution"][name_of(access.attribution)],
        }
        for axis, value in self._record(access, facts):
            axes[axis] = self._any[axis] if value is None else masks[axis].get(value, unknown[axis])
        return axes

    def _record(self, access: Access, facts: Facts | None) -> Iterable[tuple[str, str | None]]:
        if facts is None:
            return ((axis, None) for axis in OF_RECORDS)
        cleared = facts.clearance in self.table.clearances.get(access.clearance, ())
        return (
            ("standings", facts.standing),
            ("categories", facts.category),
            ("owners", "own" if facts.owner == access.agency else "other"),
            ("releasable", "yes" if access.country in facts.releasable_to else "no"),
            ("onward", facts.onward),
            ("clearances", facts.clearance),
            ("cleared", "yes" if cleared else "no"),
        )

    def _opened(self, matching: int) -> tuple[frozenset[FieldClass], ...]:
        """Return what is open for each use where these rules match."""
        permits, forbids = self._of(matching & self._permits), self._of(matching & ~self._permits)
        return tuple(_opened(use, permits, forbids) for use in Use)

    def ids(self, matching: int) -> tuple[str, ...]:
        """Return the ids of these rules."""
        return tuple(rule.id for rule in self._of(matching))

    def is_silent(self, matching: int, provable: int) -> bool:
        """Whether nobody may learn that there is such a record, where these rules match, and these after a new proof.

        So it is where a rule says so, and where nothing may be read or searched by. Whom only the proof keeps from it
        may know that it is there: otherwise they could not tell what to prove.
        """
        read, match, *_ = self.outcome(provable)
        return any(rule.silent for rule in self._of(matching & ~self._permits)) or not (read or match)

    def _of(self, bits: int) -> list[Rule]:
        return [rule for place, rule in enumerate(self.rules) if bits >> place & 1]

    def _obligations(self, access: Access, facts: Facts | None) -> tuple[Obligation, ...]:
        party = "partner" if access.is_partner else "home"
        return tuple(
            each.obligation
            for each in self.table.obligations
            if party in each.parties and (len(each.onward) == len(AXES["onward"]) or _is_in(facts, each.onward))
        )

    def _withheld(
        self, kind: FieldClass, access: Access, facts: Facts | None, forbids: list[Rule], case: dict[str, int]
    ) -> Withheld:
        """Say why a field class may not be read: the kill switch, the first forbid, or what a permit lacks."""
        if kind in access.closed:
            return Withheld(kind, Reason.CLOSED, KILL_SWITCH, Remedy(RemedyKind.NONE))
        for rule in forbids:
            if rule.reason is not None and kind in rule.fields and Use.READ in rule.uses:
                return Withheld(kind, rule.reason, rule.id, _remedy(rule.reason, facts))
        reason = self._lacking(kind, case)
        return Withheld(kind, reason, DEFAULT, _remedy(reason, facts))

    def _lacking(self, kind: FieldClass, case: dict[str, int]) -> Reason:
        """Return what the permit lacks that comes nearest to opening a field class."""
        nearest: list[str] = list(_REASONS)
        for place, rule in enumerate(self.rules):
            if rule.permits and kind in rule.fields and Use.READ in rule.uses:
                failing = [axis for axis in _REASONS if not case[axis] >> place & 1]
                nearest = min(nearest, failing, key=_distance)
        return _REASONS[nearest[0]]


def _distance(failing: Sequence[str]) -> tuple[int, bool]:
    """Order what permits lack: the fewest things first, and of one thing first what the asker can bring."""
    return len(failing), failing[0] not in {"attribution", "step_up"}


def _bits(flags: Iterable[bool]) -> int:
    return sum(1 << place for place, flag in enumerate(flags) if flag)


def _all(masks: Iterable[int]) -> int:
    bits = -1
    for mask in masks:
        bits &= mask
    return bits


def _union(masks: Iterable[int]) -> int:
    bits = 0
    for mask in masks:
        bits |= mask
    return bits


def _opened(use: Use, permits: Iterable[Rule], forbids: Iterable[Rule]) -> frozenset[FieldClass]:
    opened = frozenset[FieldClass]().union(*(rule.fields for rule in permits if use in rule.uses))
    return opened.difference(*(rule.fields for rule in forbids if use in rule.uses))


def _is_in(facts: Facts | None, onward: frozenset[str]) -> bool:
    return facts is not None and facts.onward in onward


def _duties(permits: Iterable[Rule], forbids: Iterable[Rule]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(duty for rule in (*permits, *forbids) for duty in rule.duties))


def _remedy(reason: Reason, facts: Facts | None) -> Remedy:
    kind = _REMEDIES.get(reason, RemedyKind.NONE)
    return Remedy(kind, facts.owner if facts is not None and kind is RemedyKind.REQUEST_OWNER else None)


# -- where it comes from


@lru_cache(maxsize=64)
def load(edition: str, on: date) -> Policy:
    """Return the policy of an edition as it is in force on a day.

    Raises NotFound for an edition without one, and InputRefused (EDITION_MALFORMED, POLICY_NOT_APPROVED).
    """
    return Policy(approved(edition), on)


@cache
def approved(edition: str) -> Table:
    """Return the table of an edition, which two persons have approved as it stands.

    Raises NotFound for an edition without one, and InputRefused (EDITION_MALFORMED, POLICY_NOT_APPROVED).
    """
    folder = _EDITIONS / edition
    if not edition.isalnum() or not (folder / "disclosure.toml").is_file():
        raise NotFound("There is no such edition.", field="edition", remedy="Use ke.")
    return read_approved(folder)


def read_approved(folder: Path) -> Table:
    """Read a table and the approvals beside it. Raises InputRefused."""
    table = read((folder / "disclosure.toml").read_bytes().decode())
    if table.edition != folder.name:
        raise strict.refused("differs from the name of the folder.", "disclosure.toml", "edition")
    if table.version not in _approvals(folder / "disclosure.lock.toml"):
        raise InputRefused(
            "The disclosure policy is not the one that was approved.", field="disclosure.toml",
            code="POLICY_NOT_APPROVED",
            remedy="See what differs (registry policy diff), then let two persons enter its SHA-256 in the lock.",
        )  # fmt: skip
    return table


def recomputed(text: str, on: date, access: Access, facts: Facts | None) -> Decision:
    """Make a decision again, by the policy that was stored with it."""
    return Policy(read(text), on).decide(access, facts)


def _approvals(path: Path) -> frozenset[str]:
    """Return the versions that two persons have approved."""
    place = strict.name_of(path)
    table = strict.document(path)
    strict.keys(table, ["approved"], ["approved"], place)
    found = tables(table["approved"], place, "approved")
    keys = ("sha256", "on", "by")
    for number, each in enumerate(found, 1):
        where = (place, f"approved number {number}")
        strict.keys(each, keys, keys, *where)
        strict.value(each["sha256"], str, *where, "sha256")
        strict.value(each["on"], date, *where, "on")
        if len(strict.array(each["by"], str, *where, "by")) < APPROVERS:
            raise strict.refused("names fewer than two persons.", *where, "by")
    return frozenset(each["sha256"] for each in found)
