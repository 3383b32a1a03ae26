"""The rules of misuse as one table: what each counts, from where, on what it rests, and what explains it. Pure.

    for rule in RULES: rule.hits(seen, thresholds)

What they rest on is told beside each. Minnesota: Office of the Legislative Auditor, Law Enforcement's Use of State
Databases, 2013: 53 % of users made questionable searches; more than a third searched for themselves, 25 % for their own
surname beyond chance, 9 % by one sex; a murder victim 158 times in a month. Hesse: 45,000 questions a day, one singer
83 times in a night; since 2019 one question in 200 asks for a reason. Thresholds are defaults of ours (thresholds.py).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from registry.misuse import about_persons, about_work
from registry.misuse.access import Hit
from registry.misuse.facts import Kind
from registry.misuse.seen import Seen
from registry.misuse.thresholds import Thresholds

_NONE: frozenset[Kind] = frozenset()
_WORK = frozenset({Kind.CASE, Kind.DISPATCH, Kind.COURT})
"""What explains that somebody looked at a person: their case, where they were sent, a court's list."""
_SENT = frozenset({Kind.DISPATCH, Kind.COURT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule."""

    id: str
    title: str
    why: str
    """What it rests on."""
    hits: Callable[[Seen, Thresholds], Iterator[Hit]]
    weight: float
    """How much a plain hit says, 0 to 1: it ranks, it does not accuse."""
    rests_on: frozenset[Kind] = _NONE
    """Facts without which it sees nothing, or less."""
    explained_by: frozenset[Kind] = _NONE
    always: bool = False
    """Whether a person looks at it whatever the budget says."""
    asked_again: bool = True
    """Whether it is asked again of what nothing explains; else a hit is explained by its own accesses alone."""

    @property
    def is_of_work(self) -> bool:
        """Whether work on a case would explain it; to look at oneself no case does."""
        return Kind.COURT in self.explained_by

    @property
    def counts(self) -> str:
        """What it counts."""
        return (self.hits.__doc__ or "").strip()


RULES: tuple[Rule, ...] = (
    Rule(id="decoy", title="Decoy", hits=about_persons.decoy, weight=1.0, always=True,
         why="Nobody has a reason to ask for somebody who does not exist."),
    Rule(id="close", title="Own record, household, colleague", hits=about_persons.close, weight=0.9,
         rests_on=frozenset({Kind.SELF, Kind.HOUSEHOLD}), explained_by=frozenset({Kind.DISPATCH}),
         why="Minnesota: more than a third searched for themselves."),
    Rule(id="surname", title="Own surname", hits=about_persons.surname, weight=0.7, rests_on=frozenset({Kind.SELF}),
         explained_by=_WORK, why="Minnesota: 25 % searched for their own surname beyond chance."),
    Rule(id="hot", title="Hot record", hits=about_persons.hot, weight=0.6, explained_by=_WORK, asked_again=False,
         why="Hesse: 83 times in a night. Minnesota: 158 times in a month."),
    Rule(id="no_case", title="No valid case", hits=about_work.no_case, weight=0.8, rests_on=frozenset({Kind.CASE}),
         explained_by=_WORK,
         why="Regulation (EU) 2019/816 art. 31: the reference number is recorded, so it can be checked."),
    Rule(id="many_people", title="One case, many people", hits=about_work.many_people, weight=0.6,
         explained_by=_SENT, why="A reference that is used again covers what has no case."),
    Rule(id="repeat", title="Again and again one person", hits=about_persons.repeat, weight=0.7, explained_by=_WORK,
         why="The pattern of stalking."),
    Rule(id="skew", title="Skew of sex, age or area", hits=about_persons.skew, weight=0.6,
         why="Minnesota: 9 % of users; of one man's searches 94 % were for women."),
    Rule(id="volume", title="Volume", hits=about_work.volume, weight=0.6, why="Copying the register."),
    Rule(id="off_duty", title="Off duty, gone, elsewhere", hits=about_work.off_duty, weight=0.8,
         rests_on=frozenset({Kind.LEFT, Kind.SHIFT, Kind.DISTRICT}), explained_by=_SENT,
         why="Minnesota: people who had left still searched."),
    Rule(id="break_glass", title="Urgent access", hits=about_work.break_glass, weight=0.5, always=True,
         explained_by=frozenset({Kind.CASE, Kind.DISPATCH}), why="What opens at once is looked at afterwards."),
    Rule(id="probing", title="Probing", hits=about_work.probing, weight=0.7,
         why="Refusals in a row are somebody trying what is closed."),
    Rule(id="sample", title="Sample", hits=about_work.sample, weight=0.1, always=True,
         why="Hesse: nobody avoids what is drawn by chance. Rules alone found none of 58 (Boxwala and others, 2011)."),
    Rule(id="reasons", title="Empty reasons", hits=about_work.reasons, weight=0.5,
         why='Hesse: "Mickey Mouse" stood as a reason.'),
    Rule(id="audit_reader", title="Reader of the log", hits=about_work.audit_reader, weight=0.8,
         why="Whoever watches is watched."),
    Rule(id="partner", title="Partner", hits=about_work.partner, weight=0.6,
         rests_on=frozenset({Kind.NEXUS, Kind.NEWS}),
         why="A question from abroad has a reason that has to do with abroad."),
)  # fmt: skip
"""The fourteen of the design, close ones and surname apart, and decoys: those that weigh most stand first."""

BY_ID = {rule.id: rule for rule in RULES}
