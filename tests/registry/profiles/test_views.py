"""What may leave the room: nothing that role and purpose withhold."""

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings, strategies as st

from registry.core.ids import new_id, public_id
from registry.core.partial_dates import PartialDate
from registry.core.sealing import DataKey
from registry.disclosure.decision import Decision, Obligation, Reason, Remedy, RemedyKind, Withheld
from registry.disclosure.vocabulary import FieldClass, Use
from registry.profiles import rows, views
from registry.profiles.differences import differences
from registry.profiles.parts import VERIFIED, Freshness, Phone, Place
from registry.profiles.record import GROUPS, Record
from registry.profiles.standing import Change, Standing
from registry.profiles.vetting import Proposal
from registry.profiles.views import ALIAS_KINDS, CALLED, Reader
from tests.factories import MOMENT, SEALER, read, record
from tests.registry.profiles.strategies import CHANGES, RECORDS

EVERYTHING = frozenset(FieldClass)
_DRAW = Random(7)
CLASS_SETS = [
    frozenset(), EVERYTHING,
    *(frozenset({each}) for each in FieldClass),
    *(EVERYTHING - {each} for each in FieldClass),
    *(frozenset(_DRAW.sample(sorted(FieldClass), _DRAW.randint(2, len(FieldClass) - 2))) for _ in range(60)),
]  # fmt: skip
"""None, all, each alone, all but each, and sixty more; every one of 32768 would only take longer."""
KNOWN = read(record())
PROFILE = new_id()
SETS = [pytest.param(each, id=str(number)) for number, each in enumerate(CLASS_SETS)]


def row(known: Record = KNOWN, **about: Any) -> dict[str, Any]:  # Any: a column's value
    key, wrapped = SEALER.new_key(PROFILE)
    stored = {name: orjson.loads(orjson.dumps(value)) for name, value in rows.columns(known, key).items()}
    return stored | {
        "id": PROFILE, "number": 7, "version": 2, "decided_at": MOMENT, "standing": "vetted", "contested": 0,
        "standing_now": about.get("standing", "vetted"), "category": known.category, "owner": known.owner,
        "releasable_to": "", "onward": "H1", "clearance": "restricted", "expires_on": None,
        "key_id": wrapped.key_id, "content": wrapped.content,
    } | about  # fmt: skip


def deciding(readable: frozenset[FieldClass]) -> Decision:
    """Return a decision that opens these classes for reading."""
    nothing = frozenset[FieldClass]()
    withheld = tuple(
        Withheld(each, Reason.PURPOSE, "default", Remedy(RemedyKind.NONE))
        for each in FieldClass
        if each not in readable
    )
    opened = tuple(readable if use is Use.READ else nothing for use in Use)
    return Decision("none", ("P0",), opened, withheld, (Obligation("invented", "Keep to it."),), (), silent=False)


def reading(readable: frozenset[FieldClass]) -> Reader:
    return Reader(lambda _: deciding(readable), SEALER, MOMENT)


def seen(readable: frozenset[FieldClass], known: Record = KNOWN, **options: Any) -> views.ProfileView:
    fetched = views.groups(None, readable)
    about = {name: options.pop(name) for name in ("standing", "contested", "expires_on") if name in options}
    return views.profile(reading(readable), row(known, **about), fetched, **options)


def shown(found: views.ProfileView, name: str) -> Any:
    return getattr(found, CALLED.get(name, name))


# -- what is withheld


def test_with_every_class_everything_is_seen() -> None:
    found = seen(EVERYTHING)

    assert {name: shown(found, name) for name in GROUPS if name != "freshness"} == {
        name: getattr(KNOWN, name) for name in GROUPS if name != "freshness"
    }
    assert found.redactions == ()
    assert (found.id, found.register_number, found.version) == (public_id("profile", PROFILE), 7, 2)
    assert (found.recorded_at, found.standing, found.contested) == (MOMENT, "vetted", False)
    assert (found.merged_from, found.tombstone) == (None, None)


@given(readable=st.sampled_from(CLASS_SETS), known=RECORDS)
@settings(max_examples=400)
def test_a_withheld_group_is_none_and_named_among_the_redactions(
    readable: frozenset[FieldClass], known: Record
) -> None:
    found = seen(readable, known)
    paths = {each.path for each in found.redactions}

    for name, group in GROUPS.items():
        path = views.camel(CALLED.get(name, name))
        open_to = group.field_class in readable
        assert (path in paths) == (not open_to)
        if name in ("names", "freshness"):
            continue
        assert shown(found, name) == (getattr(known, name) if open_to else None)
    assert {each.reason for each in found.redactions} <= {"PURPOSE"}


@pytest.mark.parametrize("readable", SETS)
def test_aliases_are_withheld_apart_from_other_names(readable: frozenset[FieldClass]) -> None:
    names = seen(readable).names
    told = {name.kind in ALIAS_KINDS for name in names or ()}

    assert (names is None) == readable.isdisjoint({FieldClass.IDENTITY, FieldClass.ALIASES})
    assert told == {
        is_alias
        for is_alias, kind in ((True, FieldClass.ALIASES), (False, FieldClass.IDENTITY))
        if kind in readable
    }  # fmt: skip


@pytest.mark.parametrize("readable", SETS)
def test_only_groups_that_are_asked_for_and_may_be_read_are_fetched(readable: frozenset[FieldClass]) -> None:
    names = FieldClass.IDENTITY in readable or FieldClass.ALIASES in readable

    assert views.groups([], readable) == ()
    assert views.groups(["names"], readable) == (("names",) if names else ())
    assert views.groups(["record_owner"], readable) == (("owner",) if FieldClass.PROVENANCE in readable else ())
    assert views.groups(["redactions", "id", "versions", "standing"], readable) == ()
    assert set(views.groups(None, readable)) == {
        name for name, group in GROUPS.items() if group.field_class in readable or (name == "names" and names)
    }
    assert list(views.groups(None, readable)) == [name for name in GROUPS if views.may_read(name, readable)]


def test_what_may_not_be_read_is_not_even_opened() -> None:
    """Its envelope may hold anything at all: nobody looks."""
    spoilt = row() | {"sealed": dict.fromkeys(row()["sealed"], "bm90IGFuIGVudmVsb3Bl"), "key_id": "gone"}
    readable = frozenset({FieldClass.IDENTITY, FieldClass.STANDING})

    found = views.profile(reading(readable), spoilt, views.groups(["names", "sex"], readable))

    assert (found.names is not None, found.sex, found.phones) == (True, "male", None)


def test_what_was_not_fetched_is_none() -> None:
    found = views.profile(reading(EVERYTHING), row(), ("sex",))

    assert (found.sex, found.names, found.freshness, found.redactions) == ("male", None, None, ())
    with pytest.raises(AttributeError):
        _ = found.nothing_of_the_kind


def test_the_versions_are_withheld_with_their_provenance() -> None:
    assert "versions" in {each.path for each in views.mask(deciding(EVERYTHING - {FieldClass.PROVENANCE})).redactions}


# -- standing and moments


@pytest.mark.parametrize("standing", Standing)
@pytest.mark.parametrize("contested", [False, True])
def test_an_answer_says_what_the_record_stands_as_and_whether_it_is_contested(
    standing: Standing, contested: bool
) -> None:
    found = seen(frozenset(), standing=standing.value, contested=int(contested))

    assert (found.standing, found.contested) == (standing.value, contested)


def test_an_entry_whose_day_has_come_is_expired() -> None:
    assert seen(EVERYTHING, expires_on="2026-11-21").standing == "expired"
    assert seen(EVERYTHING, expires_on="2026-11-22").standing == "vetted"


def test_of_a_day_only_what_held_then_is_seen() -> None:
    summer, winter = Place("residence", "Invented summer", until=PartialDate(2019)), Place(
        "residence", "Invented winter", since=PartialDate(2020)
    )  # fmt: skip
    known = replace(KNOWN, places=(summer, winter))

    assert seen(EVERYTHING, known).places == (summer, winter)
    assert seen(EVERYTHING, known, as_of=date(2019, 6, 1)).places == (summer,)
    assert seen(EVERYTHING, known, as_of=date(2021, 6, 1)).places == (winter,)
    assert seen(EVERYTHING, known, as_of=date(2014, 1, 1)).convictions == ()


# -- freshness


def told(*freshness: Freshness, today: datetime = MOMENT) -> dict[str, Any]:
    known = replace(KNOWN, freshness=freshness)
    fetched = views.groups(["freshness"], EVERYTHING)
    view = views.profile(Reader(lambda _: deciding(EVERYTHING), SEALER, today), row(known), fetched)
    return {each.group: (each.age_days, each.overdue) for each in view.freshness or ()}


def test_every_group_that_holds_something_says_how_old_it_is() -> None:
    found = told(
        Freshness("names", PartialDate(2026, 11, 20), "Invented office", due_on=PartialDate(2026, 11, 21)),
        Freshness("phones", PartialDate(2025, 11, 21), "Invented office", due_on=PartialDate(2026, 11, 20)),
        Freshness("emails", PartialDate(2025, 11, 21), "Invented office"),
        Freshness("marks", PartialDate(2025, 11, 21), "Invented office"),
    )

    assert found == {
        "names": (1, False), "birth_date": (None, False), "sex": (None, False), "nationalities": (None, False),
        "identifiers": (None, False), "phones": (365, True), "emails": (365, False), "handles": (None, False),
        "county": (None, False), "convictions": (None, False),
    }  # fmt: skip
    assert [each for each in VERIFIED if each in found] == list(found)


def test_freshness_is_withheld_with_the_standing_of_a_record() -> None:
    assert seen(EVERYTHING - {FieldClass.STANDING}).freshness is None


def test_freshness_speaks_of_readable_groups_only() -> None:
    readable = frozenset({FieldClass.STANDING, FieldClass.IDENTITY})
    found = {each.group for each in seen(readable).freshness or ()}

    assert found == {"names", "birth_date", "sex", "nationalities"}


# -- tombstones, versions, proposals


def test_of_a_removed_record_a_digest_a_date_and_the_order_s_number_are_left() -> None:
    found = views.tombstone(
        row(standing="removed", digest="0" * 64, removed_at=MOMENT, order_number="MISC 7/2026")
    )  # fmt: skip

    assert found.tombstone == views.Tombstone("0" * 64, MOMENT, "MISC 7/2026")
    assert [(each.path, each.reason) for each in found.redactions] == [("*", "REMOVED")]
    assert all(shown(found, name) is None for name in GROUPS)
    assert (found.standing, found.register_number) == ("removed", 7)


def test_people_and_profiles_bear_public_ids() -> None:
    officer, other = new_id(), new_id()
    found = views.version({
        "version": 1, "change": "seal", "standing": "sealed", "contested": 1, "reason": "A reason",
        "order_number": "MISC 7/2026", "proposed_by": officer, "proposed_agency": "ke-invented",
        "proposed_at": MOMENT, "decided_by": other, "decided_at": MOMENT, "note": None,
    })  # fmt: skip

    assert (found.proposed_by, found.decided_by) == (public_id("officer", officer), public_id("officer", other))
    assert (found.change, found.standing, found.contested, found.order_number) == (
        "seal",
        "sealed",
        True,
        "MISC 7/2026",
    )


def proposal(known: Record) -> Proposal:
    return Proposal(
        id=new_id(), profile=PROFILE, change=Change.AMEND, base=new_id(), reason="A reason", proposed_by=new_id(),
        proposed_agency="ke-invented", proposed_chain="records", proposed_at=datetime(2026, 1, 1, tzinfo=UTC),
        standing=Standing.VETTED, record=known,
    )  # fmt: skip


@given(change=CHANGES, readable=st.sampled_from(CLASS_SETS))
def test_a_proposal_tells_differences_of_readable_groups_only(
    change: tuple[Record, Record], readable: frozenset[FieldClass]
) -> None:
    before, after = change

    found = views.proposal(proposal(after), before, views.mask(deciding(readable)), MOMENT.date())

    assert [each for each in found.differences if each.group != "freshness"] == [
        each for each in differences(before, after)
        if GROUPS[each.group].field_class in readable and (each.group != "names" or FieldClass.ALIASES in readable)
        and each.group != "freshness"
    ]  # fmt: skip
    for each in found.differences:
        if each.group == "freshness":  # it is told of groups that may be read
            assert views.may_read(orjson.loads(each.after or each.before or "")["group"], readable)
    for name, group in GROUPS.items():
        if name not in ("names", "freshness"):
            assert shown(found.record, name) == (getattr(after, name) if group.field_class in readable else None)


def test_names_of_a_proposal_are_masked_like_any_others() -> None:
    found = views.proposal(proposal(KNOWN), None, views.mask(deciding(frozenset({FieldClass.IDENTITY}))), MOMENT.date())

    assert [each.kind for each in found.record.names] == ["legal"]
    assert "names" not in {each.group for each in found.differences}


def test_names_in_graphql_are_camel_case() -> None:
    assert [views.camel(each) for each in ("names", "birth_date", "modus_operandi", "record_owner")] == [
        "names", "birthDate", "modusOperandi", "recordOwner",
    ]  # fmt: skip


def test_a_reader_s_key_opens_one_record() -> None:
    key = rows.key_of(SEALER, PROFILE, row())()

    assert isinstance(key, DataKey)
    assert views.whole(reading(EVERYTHING), row()) == KNOWN
    assert Phone("+254712345678") in KNOWN.phones
