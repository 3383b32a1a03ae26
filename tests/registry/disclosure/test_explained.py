"""A case explained names what is open by which rules, and why the rest is not."""

from registry.disclosure.decision import REASONS, REMEDIES, Reason, RemedyKind
from registry.disclosure.explained import Explanation, Line, explained, said
from registry.disclosure.vocabulary import FieldClass, Purpose, Role, Use
from tests.registry.disclosure.cases import ABROAD, KE, OTHER, case


def abroad(**others: str) -> Explanation:
    """Explain what a partner who looks for a missing child is told."""
    return explained(KE, *case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD, **others))


def line(told: Explanation, kind: FieldClass) -> Line:
    return next(each for each in told.lines if each.field_class is kind)


def test_a_field_class_names_its_uses_and_the_permits_that_open_it() -> None:
    told = abroad()

    assert [each.id for each in told.rules] == ["P20", "P21", "P23"]
    found = (Use.READ, Use.MATCH, Use.SORT)
    assert line(told, FieldClass.IDENTITY) == Line(FieldClass.IDENTITY, found, ("P20", "P21"), None, None, None)
    assert line(told, FieldClass.WHEREABOUTS) == Line(FieldClass.WHEREABOUTS, found, ("P23",), None, None, None)


def test_each_field_class_that_is_withheld_has_its_own_reason_and_remedy() -> None:
    told = abroad(tier="standard")
    asked = f"{REMEDIES[RemedyKind.REQUEST_OWNER]} ({OTHER})"

    assert line(told, FieldClass.CONTACT) == Line(FieldClass.CONTACT, (), (), "AGREEMENT", "default", asked)
    assert line(told, FieldClass.NOTES) == Line(FieldClass.NOTES, (), (), "ROLE", "default", None)
    assert f"withheld by default: AGREEMENT. {REASONS[Reason.AGREEMENT]} {asked}\n" in said(told)
    assert f"withheld by default: ROLE. {REASONS[Reason.ROLE]}\n" in said(told)


def test_a_forbid_that_decides_is_cited_and_opens_nothing() -> None:
    told = abroad(onward="H3")

    assert [each.id for each in told.rules] == ["P20", "P21", "P23", "F4"]
    assert line(told, FieldClass.IDENTITY).rules == ("P20", "P21")
    assert (line(told, FieldClass.IDENTITY).uses, line(told, FieldClass.IDENTITY).rule_id) == ((Use.MATCH,), "F4")
