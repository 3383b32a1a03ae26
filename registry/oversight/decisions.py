"""A decision of the log, made again: by the policy that was kept, from what the log says was known.

replay = replay_decisions(work, 4711)
replay.events[0].then            (("P1",), ("P1", "F3"))
replay.events[0].now             the same, or somebody has changed the log, the policy or the program
"""

from dataclasses import dataclass
from typing import Any

from registry.audit import erasing, erasures, policies
from registry.core.errors import NotFound
from registry.disclosure import decided, table
from registry.disclosure.decision import Obligation
from registry.disclosure.matrix import conditions
from registry.disclosure.policy import Policy, load
from registry.disclosure.table import Rule
from registry.disclosure.vocabulary import Action, FieldClass, Use
from registry.oversight import queries
from registry.work import Work, operation

Rules = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """The decisions of one event: the rules that decided, for each kind of record."""

    name: str
    policy: str
    facts: tuple[str, ...]
    """The kinds of records; none where the question itself was decided."""
    then: Rules
    now: Rules | None
    """None: the policy was never kept here, or what was kept is not what the log names."""

    @property
    def is_same(self) -> bool:
        """Whether the same rules decide again."""
        return self.then == self.now


@dataclass(frozen=True, slots=True)
class Replay:
    """What an entry decided, made again."""

    index: int
    events: tuple[Replayed, ...]

    @property
    def is_same(self) -> bool:
        """Whether all of it is."""
        return all(each.is_same for each in self.events)


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule of the policy."""

    rule_id: str
    title: str
    effect: str
    conditions: tuple[str, ...]
    field_classes: tuple[str, ...]
    uses: tuple[str, ...]
    silent: bool
    duties: tuple[str, ...]
    law: str
    since: str
    until: str | None
    approved_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyView:
    """The rules of disclosure that are in force."""

    edition: str
    version: str
    rules: tuple[RuleView, ...]
    obligations: tuple[Obligation, ...]


@operation(Action.POLICY_READ)
def read_policy(work: Work) -> PolicyView:
    """Read the rules by which fields are released or withheld today."""
    work.require(Action.POLICY_READ)
    policy = load(work.edition.code, work.now.date())
    work.record("policy:read", (), policy=policy.version)
    obligations = tuple(each.obligation for each in policy.table.obligations)
    return PolicyView(policy.table.edition, policy.version, tuple(map(_rule, policy.rules)), obligations)


def _rule(rule: Rule) -> RuleView:
    return RuleView(
        rule.id, rule.title, rule.effect.value, conditions(rule),
        tuple(kind.value for kind in FieldClass if kind in rule.fields),
        tuple(use.value for use in Use if use in rule.uses), rule.silent, rule.duties, rule.law,
        rule.since.isoformat(), rule.until.isoformat() if rule.until else None, rule.approved_by,
    )  # fmt: skip


@operation(Action.LOG_READ)
def replay_decisions(work: Work, index: int) -> Replay:
    """Make the decisions of an entry again. This reading is an entry of the log. Raises NotFound, EntryErased."""
    work.require(Action.LOG_READ)
    row = queries.entry(work.connection, index)
    work.record("log:decision:replayed", (), index=index)
    erasures.check_there(work.connection, index, row)
    if row is None:
        raise NotFound("There is no such entry.", field="index", remedy="registry audit list shows entries.")
    erasing.check(row, "details")
    told = [each for each in row["body"]["events"] if "decision" in each["details"]]
    return Replay(index, tuple(_again(work, row, each["name"], each["details"]["decision"]) for each in told))


def _again(work: Work, row: Any, name: str, told: dict[str, Any]) -> Replayed:  # Any: a row of the log
    text = policies.text(work.connection, told["policy"])
    now: Rules | None = None
    if text is not None and table.version_of(text) == told["policy"]:
        now = _rules(decided.again(told, Policy(table.read(text), row["at"].date()).decide))
    return Replayed(name, told["policy"], tuple(told["facts"]), _rules(told["rules"]), now)


def _rules(found: list[list[str]]) -> Rules:
    return tuple(map(tuple, found))
