"""The decision: its four lines, what it says of what it withholds, and laws that no rule may break."""

import timeit
from dataclasses import replace
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given, settings, strategies as st

from registry.core.errors import InputRefused, NotFound
from registry.disclosure import cells, policy
from registry.disclosure.access import Access, Facts
from registry.disclosure.decision import Decision, Reason, Remedy, RemedyKind, Withheld
from registry.disclosure.policy import Policy
from registry.disclosure.table import AXES, OF_RECORDS, STANDINGS, Rule, name_of
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier, Use
from registry.profiles.standing import SEARCHABLE, Standing
from tests.factories import EDITION
from tests.registry.disclosure.cases import ABROAD, KE, OTHER, OWN, TODAY, USUAL, case


@st.composite
def _cases(draw: st.DrawFn) -> tuple[Access, Facts]:
    """Draw a case that some rule matches. Of all cells one in sixty is open; a law must be tried on those."""
    rule = draw(st.sampled_from(KE.rules))
    levels = {"tier": map(name_of, Tier), "attribution": map(name_of, Attribution), "step_up": ("no", "yes")}
    least = {"tier": rule.tier, "attribution": rule.attribution, "step_up": rule.step_up}
    values = {
        axis: draw(st.sampled_from(
            [value for value in known if value in rule.axes[axis]] if axis in AXES else [*levels[axis]][least[axis]:]
        ))
        for axis, known in cells.ORDER.items()
    }  # fmt: skip
    role = Role(draw(st.sampled_from(sorted(rule.axes["subjects"]))))
    return case(role, Purpose(draw(st.sampled_from(sorted(rule.axes["purposes"])))), values)


CASES = _cases() | st.builds(
    case,
    st.sampled_from(Role),
    st.sampled_from(Purpose),
    st.fixed_dictionaries({axis: st.sampled_from(values) for axis, values in cells.ORDER.items()}),
)
MANY = settings(max_examples=100, deadline=None)
INVESTIGATE = case(Role.INVESTIGATOR, Purpose.CRIMINAL_INVESTIGATION)
KEEP = case(Role.SUPERVISOR, Purpose.REGISTER_MAINTENANCE)
ASK_FROM_ABROAD = case(Role.PARTNER_OFFICER, Purpose.CRIMINAL_INVESTIGATION, ABROAD)


def opens(access: Access, facts: Facts | None, rules: Policy = KE) -> frozenset[tuple[Use, FieldClass]]:
    """Return every cell that is open in a case."""
    decision = rules.decide(access, facts)
    return frozenset((use, kind) for use in Use for kind in decision.may(use))


def withheld(decision: Decision, kind: FieldClass) -> Withheld:
    return next(each for each in decision.withheld if each.field_class is kind)


# -- the four lines


@MANY
@given(CASES)
def test_a_case_is_decided_by_the_four_lines(asked: tuple[Access, Facts]) -> None:
    """Read slowly, rule by rule, as a judge would: any forbid denies, else a permit allows, else it is denied."""
    access, facts = asked
    decision = KE.decide(access, facts)
    matching = [rule for rule in KE.rules if _matches(rule, access, facts)]

    assert decision.rules == tuple(rule.id for rule in matching)
    for use, kind in product(Use, FieldClass):
        about = [rule for rule in matching if kind in rule.fields and use in rule.uses]
        assert (kind in decision.may(use)) == (bool(about) and all(rule.permits for rule in about))


def _matches(rule: Rule, access: Access, facts: Facts) -> bool:
    cleared = facts.clearance in KE.table.clearances.get(access.clearance, ())
    values = {
        "parties": "partner" if access.is_partner else "home",
        "purposes": access.purpose,
        "standings": facts.standing,
        "categories": facts.category,
        "owners": "own" if access.agency == facts.owner else "other",
        "releasable": "yes" if access.country in facts.releasable_to else "no",
        "onward": facts.onward,
        "clearances": facts.clearance,
        "cleared": "yes" if cleared else "no",
    }
    return (
        (not rule.axes["subjects"].isdisjoint(access.roles) or not rule.asks("subjects"))
        and all(value in rule.axes[axis] for axis, value in values.items())
        and access.tier >= rule.tier
        and access.attribution >= rule.attribution
        and (access.stepped_up or not rule.step_up)
    )


def test_the_slow_reading_looks_at_every_axis() -> None:
    assert set(AXES) == {"subjects", "parties", "purposes", *OF_RECORDS}


@pytest.mark.parametrize(("named", "value"), [
    ("standing", "imagined"), ("category", "imagined"), ("onward", "H4"), ("clearance", "imagined"),
])  # fmt: skip
def test_a_record_of_a_value_that_nobody_knows_is_opened_to_nobody(named: str, value: str) -> None:
    for access, facts in (INVESTIGATE, KEEP, ASK_FROM_ABROAD):
        assert KE.decide(access, facts).is_open

        decision = KE.decide(access, replace(facts, **{named: value}))  # type: ignore[arg-type]

        assert not decision.is_open
        assert not decision.may(Use.EXPORT)
        assert decision.silent


def test_a_purpose_that_nobody_knows_opens_nothing() -> None:
    for access, facts in (INVESTIGATE, KEEP, ASK_FROM_ABROAD):
        assert opens(replace(access, purpose="curiosity"), facts) == frozenset()  # type: ignore[arg-type]
        assert opens(replace(access, purpose="curiosity"), None) == frozenset()  # type: ignore[arg-type]


def test_an_officer_of_a_clearance_that_nobody_knows_reads_open_records_at_most() -> None:
    access, facts = INVESTIGATE
    unknown = replace(access, clearance="imagined")

    assert KE.decide(unknown, replace(facts, clearance="open")).is_open is True
    assert KE.decide(unknown, facts).may(Use.READ) == frozenset()
    assert KE.decide(unknown, replace(facts, clearance="secret")).silent


# -- laws: more restriction never opens, more proof never closes

HANDLING = ("H0", "H1", "H2", "H3")


@MANY
@given(CASES, st.sampled_from(HANDLING))
def test_a_stricter_handling_never_opens_a_cell_and_lifts_no_obligation(
    asked: tuple[Access, Facts], onward: str
) -> None:
    access, facts = asked
    assume(HANDLING.index(onward) > HANDLING.index(facts.onward))
    stricter = replace(facts, onward=onward)

    assert opens(access, stricter) <= opens(access, facts)
    if KE.decide(access, stricter).is_open:
        assert set(KE.decide(access, facts).obligations) <= set(KE.decide(access, stricter).obligations)


@MANY
@given(CASES, st.frozensets(st.sampled_from(["KE", "NL", "UG"])))
def test_a_record_that_may_go_to_fewer_countries_opens_no_cell(
    asked: tuple[Access, Facts], fewer: frozenset[str]
) -> None:
    access, facts = asked

    assert opens(access, replace(facts, releasable_to=facts.releasable_to & fewer)) <= opens(access, facts)


OPENING = {each: {held for held, codes in KE.table.clearances.items() if each in codes} for each in KE.table.clearances}
NARROWER = [(wide, narrow) for wide in OPENING for narrow in OPENING if OPENING[narrow] < OPENING[wide]]


@MANY
@given(CASES, st.sampled_from(NARROWER))
def test_a_clearance_that_fewer_officers_hold_opens_no_cell(
    asked: tuple[Access, Facts], clearances: tuple[str, str]
) -> None:
    """What is open is raised to restricted, what is restricted to any of the hidden ones."""
    access, facts = asked
    wide, narrow = clearances

    assert opens(access, replace(facts, clearance=narrow)) <= opens(access, replace(facts, clearance=wide))


@MANY
@given(CASES, st.sampled_from(Tier))
def test_a_lower_tier_never_opens_a_cell(asked: tuple[Access, Facts], tier: Tier) -> None:
    access, facts = asked
    assume(tier < access.tier)

    assert opens(replace(access, tier=tier), facts) <= opens(access, facts)


@MANY
@given(CASES, st.sampled_from(Attribution))
def test_a_lower_attribution_never_opens_a_cell(asked: tuple[Access, Facts], level: Attribution) -> None:
    access, facts = asked
    assume(level < access.attribution)

    assert opens(replace(access, attribution=level), facts) <= opens(access, facts)


@MANY
@given(CASES)
def test_without_an_officer_without_a_role_and_without_a_new_proof_no_cell_opens(asked: tuple[Access, Facts]) -> None:
    access, facts = asked

    assert opens(replace(access, attribution=Attribution.AGENCY), facts) == frozenset()
    assert opens(replace(access, roles=frozenset()), facts) == frozenset()
    assert opens(replace(access, stepped_up=False), facts) <= opens(access, facts)


@MANY
@given(CASES, st.frozensets(st.sampled_from(FieldClass)))
def test_closing_a_field_class_closes_it_and_opens_nothing(
    asked: tuple[Access, Facts], closed: frozenset[FieldClass]
) -> None:
    access, facts = asked
    before = KE.decide(access, facts)

    after = KE.decide(replace(access, closed=closed), facts)

    assert opens(replace(access, closed=closed), facts) == {
        cell for cell in opens(access, facts) if cell[1] not in closed
    }
    assert after.silent == before.silent  # a class that is shut hides no record
    for kind in closed:
        assert withheld(after, kind) == Withheld(kind, Reason.CLOSED, "closed", Remedy(RemedyKind.NONE))


@MANY
@given(CASES)
def test_the_most_open_record_opens_whatever_any_record_does(asked: tuple[Access, Facts]) -> None:
    """What may be fetched and searched by is decided before there is a record: it must not hide what one would open."""
    access, facts = asked

    assert opens(access, facts) <= opens(access, None)
    assert not KE.decide(access, None).silent


def test_several_roles_open_what_each_of_them_opens_and_no_more() -> None:
    """No forbid is about a role: somebody who holds one more role never sees less."""
    assert not [rule.id for rule in KE.rules if not rule.permits and rule.asks("subjects")]
    for one, other, purpose in product(Role, Role, Purpose):
        if Role.PARTNER_OFFICER in {one, other}:
            continue
        access, facts = case(one, purpose, step_up="yes")
        both = replace(access, roles=frozenset({one, other}))
        assert opens(both, facts) == opens(access, facts) | opens(case(other, purpose, step_up="yes")[0], facts)


def test_what_may_be_read_may_be_searched_by() -> None:
    """A hit by a field that may not be read would tell it; what is read at home may be asked for."""
    for role, purpose in product(Role, Purpose):
        access, facts = case(role, purpose, ABROAD if role is Role.PARTNER_OFFICER else USUAL)
        assert KE.decide(access, facts).may(Use.READ) <= KE.decide(access, facts).may(Use.MATCH)


# -- abroad


def test_a_partner_sees_what_was_released_to_their_country_and_nothing_else() -> None:
    access, facts = ASK_FROM_ABROAD

    assert KE.decide(access, facts).is_open
    for standing in STANDINGS:
        assert KE.decide(access, replace(facts, standing=standing)).silent == (standing != "shareable")
    assert KE.decide(access, replace(facts, releasable_to=frozenset({"UG"}))).silent
    assert KE.decide(replace(access, country="UG"), replace(facts, releasable_to=frozenset({"UG"}))).is_open


@pytest.mark.parametrize(("tier", "attribution", "read", "match"), [
    ("none", "signed", "", ""),
    ("hit", "agency", "", ""),
    ("hit", "signed", "", "identity aliases identifiers"),
    ("full", "stated", "", "identity aliases identifiers"),
    ("standard", "granted", "identity aliases identifiers physical standing",
     "identity aliases identifiers physical standing"),
])  # fmt: skip
def test_what_an_agreement_opens_depends_on_its_tier_and_on_who_is_vouched_for(
    tier: str, attribution: str, read: str, match: str
) -> None:
    for purpose in (Purpose.CRIMINAL_INVESTIGATION, Purpose.MISSING_CHILD, Purpose.OFFENDER_SUPERVISION):
        decision = KE.decide(*case(Role.PARTNER_OFFICER, purpose, ABROAD, tier=tier, attribution=attribution))

        assert decision.may(Use.READ) == frozenset(map(FieldClass, read.split()))
        assert decision.may(Use.MATCH) == frozenset(map(FieldClass, match.split()))


def test_an_officer_whom_nobody_vouches_for_is_told_to_come_with_a_grant() -> None:
    decision = KE.decide(*case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD, attribution="stated"))

    assert withheld(decision, FieldClass.IDENTITY) == Withheld(
        FieldClass.IDENTITY, Reason.ATTRIBUTION, "default", Remedy(RemedyKind.OFFICER_GRANT)
    )
    assert not decision.silent


def test_no_partner_is_told_how_a_person_is_assessed_what_is_noted_and_by_whom() -> None:
    kept = {FieldClass.NOTES, FieldClass.RISK, FieldClass.PROVENANCE}
    for purpose, tier, level in product(Purpose, Tier, Attribution):
        asked = case(
            Role.PARTNER_OFFICER, purpose, ABROAD, tier=name_of(tier), attribution=name_of(level), step_up="yes"
        )
        assert not {kind for _, kind in opens(asked[0], None)} & kept
        assert not KE.decide(asked[0], None).may(Use.EXPORT)
        assert not KE.decide(asked[0], None).may(Use.COUNT)


def test_what_goes_abroad_has_its_obligations_and_the_owner_is_told_where_whereabouts_do() -> None:
    decision = KE.decide(*case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD, onward="H2"))

    assert [each.code for each in decision.obligations] == [
        "for_this_case_only", "not_in_court", "not_passed_on", "confirm_before_acting", "delete_when_done",
    ]  # fmt: skip
    assert decision.duties == ("notify_owner",)
    assert KE.decide(*ASK_FROM_ABROAD).duties == ()
    assert [each.code for each in KE.decide(*INVESTIGATE).obligations] == ["for_this_case_only", "not_in_court"]


def test_what_names_limits_of_its_own_goes_abroad_by_hand() -> None:
    decision = KE.decide(*case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD, onward="H3"))

    assert decision.may(Use.READ) == frozenset()
    assert decision.may(Use.MATCH)
    assert withheld(decision, FieldClass.IDENTITY) == Withheld(
        FieldClass.IDENTITY, Reason.HANDLING, "F4", Remedy(RemedyKind.REQUEST_OWNER, OTHER)
    )


# -- hidden records

HIDDEN = ("secret", "covert", "witness_protection")


@pytest.mark.parametrize("clearance", HIDDEN)
def test_of_a_hidden_record_only_cleared_officers_of_its_owner_learn(clearance: str) -> None:
    access, facts = INVESTIGATE
    hidden = replace(facts, clearance=clearance)
    cleared = replace(access, clearance=clearance)

    assert opens(cleared, hidden) == opens(access, facts)
    for stranger in (access, replace(cleared, agency=OTHER), *(replace(access, clearance=code) for code in HIDDEN)):
        if stranger != cleared:
            decision = KE.decide(stranger, hidden)
            assert decision.silent
            assert opens(stranger, hidden) == frozenset()
            assert decision.duties == ("alert_owner",)
            assert decision.obligations == ()


def test_a_rule_that_is_silent_hides_the_record_even_if_it_forbade_less_than_everything() -> None:
    """No table says so: it is refused when it is read. Who builds one otherwise still hides what is to be hidden."""
    of_notes = [replace(rule, fields=frozenset({FieldClass.NOTES})) if rule.silent else rule for rule in KE.rules]
    access, facts = INVESTIGATE
    rules = Policy(replace(KE.table, rules=tuple(of_notes)), TODAY)

    decision = rules.decide(access, replace(facts, clearance="covert"))

    assert decision.is_open
    assert decision.silent


def test_a_restricted_record_answers_whom_to_ask() -> None:
    access, facts = INVESTIGATE

    decision = KE.decide(replace(access, clearance="open"), facts)

    assert decision.may(Use.READ) == frozenset()
    assert decision.may(Use.MATCH) == KE.decide(access, facts).may(Use.MATCH)
    assert withheld(decision, FieldClass.NOTES).remedy == Remedy(RemedyKind.REQUEST_OWNER, OWN)


@MANY
@given(CASES)
def test_nobody_learns_of_a_record_of_which_nothing_is_open(asked: tuple[Access, Facts]) -> None:
    """Unless only a new proof is missing: who keeps a sealed record must learn that they have to prove who they are."""
    access, facts = asked
    decision, proved = KE.decide(access, facts), KE.decide(replace(access, stepped_up=True), facts)

    assert decision.silent == (not proved.is_open)
    if decision.silent:
        assert opens(access, facts) == frozenset()
        assert decision.obligations == ()


# -- sealed records and exports ask for a new proof


def test_a_sealed_record_is_opened_after_a_new_proof_only() -> None:
    access, facts = case(Role.SUPERVISOR, Purpose.REGISTER_MAINTENANCE, standings="sealed")

    assert opens(access, facts) == frozenset()
    assert not KE.decide(access, facts).silent
    assert withheld(KE.decide(access, facts), FieldClass.IDENTITY).remedy == Remedy(RemedyKind.STEP_UP)
    assert withheld(KE.decide(access, facts), FieldClass.IDENTITY).reason is Reason.STEP_UP
    assert KE.decide(replace(access, stepped_up=True), facts).may(Use.READ) == frozenset(FieldClass)


def test_an_export_takes_the_own_records_after_a_new_proof_only() -> None:
    access, facts = KEEP
    proved = replace(access, stepped_up=True)

    assert KE.decide(access, facts).may(Use.EXPORT) == KE.decide(access, None).may(Use.EXPORT) == frozenset()
    assert KE.decide(proved, None).may(Use.EXPORT) == frozenset(FieldClass)
    assert KE.decide(proved, replace(facts, owner=OTHER)).may(Use.EXPORT) == frozenset()
    for standing in STANDINGS:
        assert KE.decide(proved, replace(facts, standing=standing)).may(Use.EXPORT) == frozenset(FieldClass)


# -- why something is withheld


@pytest.mark.parametrize(("changed", "kind", "reason", "remedy"), [
    ({"roles": frozenset({Role.AUDITOR})}, FieldClass.IDENTITY, Reason.ROLE, Remedy(RemedyKind.NONE)),
    ({}, FieldClass.NOTES, Reason.ROLE, Remedy(RemedyKind.NONE)),
    ({"purpose": Purpose.OVERSIGHT}, FieldClass.IDENTITY, Reason.PURPOSE, Remedy(RemedyKind.NONE)),
    ({"attribution": Attribution.AGENCY}, FieldClass.IDENTITY, Reason.ATTRIBUTION, Remedy(RemedyKind.OFFICER_GRANT)),
    ({"clearance": "open"}, FieldClass.IDENTITY, Reason.CLEARANCE, Remedy(RemedyKind.REQUEST_OWNER, OWN)),
])  # fmt: skip
def test_what_is_lacking_is_said(changed: dict[str, object], kind: FieldClass, reason: Reason, remedy: Remedy) -> None:
    access, facts = INVESTIGATE

    found = withheld(KE.decide(replace(access, **changed), facts), kind)  # type: ignore[arg-type]

    assert (found.reason, found.remedy) == (reason, remedy)
    assert found.rule_id == ("F3" if reason is Reason.CLEARANCE else "default")


@pytest.mark.parametrize(("values", "kind", "reason"), [
    ({"tier": "standard"}, FieldClass.CONVICTIONS, Reason.AGREEMENT),
    ({"standings": "vetted"}, FieldClass.IDENTITY, Reason.STATUS),
    ({"categories": "ordered"}, FieldClass.IDENTITY, Reason.STATUS),
    ({"releasable": "no"}, FieldClass.IDENTITY, Reason.HANDLING),
])  # fmt: skip
def test_a_partner_is_told_whom_to_ask(values: dict[str, str], kind: FieldClass, reason: Reason) -> None:
    decision = KE.decide(*case(Role.PARTNER_OFFICER, Purpose.CRIMINAL_INVESTIGATION, ABROAD, **values))

    assert withheld(decision, kind) == Withheld(kind, reason, "default", Remedy(RemedyKind.REQUEST_OWNER, OTHER))


@MANY
@given(CASES)
def test_each_field_class_is_either_readable_or_withheld_with_a_reason(asked: tuple[Access, Facts]) -> None:
    decision = KE.decide(*asked)

    assert [each.field_class for each in decision.withheld] == [
        kind for kind in FieldClass if kind not in decision.may(Use.READ)
    ]
    ids = {rule.id for rule in KE.rules if not rule.permits} | {"default"}
    assert {each.rule_id for each in decision.withheld} <= ids
    assert decision.policy == KE.version


# -- what other rooms hold to


def test_the_words_are_those_of_the_rooms_above() -> None:
    assert tuple(each.value for each in Standing) == STANDINGS


def test_a_category_is_open_at_home_to_those_whom_the_edition_lets_know_of_it() -> None:
    """The desk answers the person themselves, whatever the category."""
    for role in set(Role) - {Role.DESK_OFFICER}:
        for code, category in EDITION.categories.items():
            known = any(
                KE.decide(*case(role, purpose, values, categories=code)).is_open
                for purpose in Purpose for values in (USUAL, ABROAD)
            )  # fmt: skip
            assert known == (role.value in category.roles), (role, code)


def test_records_at_rest_are_their_keepers() -> None:
    for standing, role, purpose in product(Standing, Role, Purpose):
        decision = KE.decide(*case(role, purpose, standings=standing.value, step_up="yes"))
        if decision.is_open and standing not in SEARCHABLE and role is not Role.DESK_OFFICER:
            assert (role, purpose) == (Role.SUPERVISOR, Purpose.REGISTER_MAINTENANCE) or standing is Standing.ENTERED


# -- where it comes from


def test_there_is_a_policy_for_the_edition_and_for_no_other() -> None:
    assert policy.load("ke", TODAY) is policy.load("ke", TODAY)
    for code in ("xx", "../ke", "", "KE", "./ke", "../editions/ke"):  # the last two would lead to a table
        with pytest.raises(NotFound):
            policy.load(code, TODAY)


def test_a_rule_holds_from_its_first_day_to_the_day_before_its_last() -> None:
    ending = [replace(rule, until=TODAY) if rule.id == "P1" else rule for rule in KE.table.rules]
    table = replace(KE.table, rules=tuple(ending))

    assert "P1" in Policy(table, date(2026, 11, 21)).decide(*INVESTIGATE).rules
    assert Policy(table, TODAY).decide(*INVESTIGATE).rules == ()
    assert Policy(table, KE.rules[0].since).decide(*INVESTIGATE).rules == ("P1",)
    assert Policy(table, date(2025, 12, 31)).decide(*INVESTIGATE).rules == ()


@MANY
@given(CASES, st.sets(st.sampled_from(FieldClass)))
def test_a_decision_is_made_again_from_the_text_of_its_policy(
    asked: tuple[Access, Facts], closed: set[FieldClass]
) -> None:
    access = replace(asked[0], closed=frozenset(closed))

    assert policy.recomputed(KE.table.text, TODAY, access, asked[1]) == KE.decide(access, asked[1])
    assert policy.recomputed(KE.table.text, TODAY, access, None) == KE.decide(access)


def test_an_altered_table_is_not_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "ke"
    folder.mkdir()
    source = Path(policy.__file__).parents[1] / "editions" / "ke"
    (folder / "disclosure.lock.toml").write_bytes((source / "disclosure.lock.toml").read_bytes())
    text = (source / "disclosure.toml").read_bytes()
    (folder / "disclosure.toml").write_bytes(text)
    assert policy.read_approved(folder).version == KE.version

    (folder / "disclosure.toml").write_bytes(text + b"\n# one line more\n")

    with pytest.raises(InputRefused) as refused:
        policy.read_approved(folder)
    assert refused.value.code == "POLICY_NOT_APPROVED"


def test_a_remembered_decision_costs_no_more_than_a_look() -> None:
    """Some 0.3 microseconds here, whatever the record; the bound leaves room for a slow machine."""
    access, facts = INVESTIGATE
    KE.decide(access, facts)

    assert min(timeit.repeat(lambda: KE.decide(access, facts), number=2_000, repeat=5)) / 2_000 < 5e-6
