"""Findings as those who judge them see them: who, which entries, what was counted; nobody of the register. Pure."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from registry.core.ids import public_id
from registry.misuse.finding import Finding, Taken
from registry.misuse.rules import BY_ID


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that was taken."""

    state: str
    by: str
    agency: str
    at: datetime
    verdict: str | None
    words: str | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding, and what became of it."""

    id: str
    rule: str
    title: str
    counts: str
    why: str
    state: str
    score: float
    officer_id: str | None
    agency: str
    unit: str
    entries: tuple[int, ...]
    entry_count: int
    numbers: str
    """What was counted, as JSON."""
    made_at: datetime
    due_at: datetime | None
    assigned_to: str | None
    steps: tuple[StepView, ...]


def _officer(identifier: UUID | None) -> str | None:
    return public_id("officer", identifier) if identifier else None


def _step(step: Taken) -> StepView:
    verdict = step.verdict.value if step.verdict else None
    return StepView(step.state.value, public_id("officer", step.by), step.agency, step.at, verdict, step.words)


def finding(found: Finding) -> FindingView:
    """Return the view of a finding."""
    rule = BY_ID[found.rule]
    return FindingView(
        public_id("finding", found.id), found.rule, rule.title, rule.counts, rule.why, found.state.value,
        found.score / 1000, _officer(found.officer), found.agency, found.unit, found.entries, found.entry_count,
        orjson.dumps(dict(found.numbers)).decode(), found.made_at, found.due_at,
        _officer(found.assigned_to), tuple(map(_step, found.steps)),
    )  # fmt: skip
