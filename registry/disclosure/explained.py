"""One case explained: what is open, what is withheld, by which rule and which law.

partner_officer, missing_child: abroad, agreement full, attribution granted …

identity      read match sort                   P20 P21
notes         withheld: ROLE (default)

P20  A partner learns whether somebody is known, and whom to ask.
     Data Protection Act 2019 s. 48(c)(iii); the agreement …
"""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.disclosure.access import Access, Facts
from registry.disclosure.decision import REASONS, REMEDIES, Obligation, Reason, Remedy, RemedyKind
from registry.disclosure.policy import Policy
from registry.disclosure.vocabulary import FieldClass, Use


@dataclass(frozen=True, slots=True)
class Line:
    """What is decided on one field class."""

    field_class: FieldClass
    uses: tuple[Use, ...]
    rules: tuple[str, ...]
    """Permits that open it."""
    reason: str | None
    """Why it may not be read."""
    rule_id: str | None
    """What withholds it."""
    remedy: str | None


@dataclass(frozen=True, slots=True)
class Cited:
    """A rule that decided, and its law."""

    id: str
    title: str
    law: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision for people."""

    policy: str
    silent: bool
    lines: tuple[Line, ...]
    rules: tuple[Cited, ...]
    obligations: tuple[Obligation, ...]
    duties: tuple[str, ...]


def explained(policy: Policy, access: Access, facts: Facts | None) -> Explanation:
    """Explain a decision."""
    decision = policy.decide(access, facts)
    deciding = [rule for rule in policy.rules if rule.id in decision.rules]
    why = {each.field_class: each for each in decision.withheld}
    lines = []
    for kind in FieldClass:
        withheld = why.get(kind)
        lines.append(Line(
            kind, tuple(use for use in Use if kind in decision.may(use)),
            tuple(rule.id for rule in deciding if rule.permits and kind in rule.fields),
            withheld.reason.value if withheld else None, withheld.rule_id if withheld else None,
            _remedy_said(withheld.remedy) if withheld else None,
        ))  # fmt: skip
    return Explanation(
        decision.policy, decision.silent, tuple(lines),
        tuple(Cited(rule.id, rule.title, rule.law) for rule in deciding), decision.obligations, decision.duties,
    )  # fmt: skip


def _remedy_said(remedy: Remedy) -> str | None:
    if remedy.kind is RemedyKind.NONE:
        return None
    return f"{REMEDIES[remedy.kind]} ({remedy.contact})" if remedy.contact else REMEDIES[remedy.kind]


def said(told: Explanation) -> str:
    """Return an explanation as text."""
    return "\n".join(_lines(told))


def _lines(told: Explanation) -> Iterator[str]:
    yield f"Policy {told.policy}"
    if told.silent:
        yield "Silent: the answer is as if there were no such record."
    yield ""
    for line in told.lines:
        uses = " ".join(use.value for use in line.uses)
        yield f"{line.field_class.value:<12}  {uses:<30}  {' '.join(line.rules) if uses else ''}".rstrip()
        if line.reason is not None:
            sentence = REASONS[Reason(line.reason)]
            yield f"{'':<14}withheld by {line.rule_id}: {line.reason}. {sentence} {line.remedy or ''}".rstrip()
    for rule in told.rules:
        yield ""
        yield f"{rule.id:<5} {rule.title}"
        yield f"{'':<6}{rule.law}"
    if told.obligations or told.duties:
        yield ""
    for obligation in told.obligations:
        yield f"obliges: {obligation.code}. {obligation.sentence}"
    for duty in told.duties:
        yield f"the register: {duty}"
