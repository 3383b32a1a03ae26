"""The description of a record: whole, without a place for a victim, and each member with its meaning and source."""

from collections.abc import Iterator
from dataclasses import fields

import pytest

from registry.disclosure.vocabulary import FieldClass
from registry.profiles import parts, victims
from registry.profiles.forms import Group, Member, groups, members
from registry.profiles.parts import VERIFIED, NamePart
from registry.profiles.record import GROUPS, Record


def described() -> Iterator[tuple[str, Member]]:
    for group in GROUPS.values():
        for each in members(group.part) if group.part else ():
            yield f"{group.name}.{each.name}", each
    for each in members(NamePart):
        yield f"names.parts.{each.name}", each


MEMBERS = dict(described())


def test_every_group_of_a_record_is_described_in_its_order() -> None:
    assert list(GROUPS) == [each.name for each in fields(Record)] == [each.name for each in groups(Record)]


@pytest.mark.parametrize("group", GROUPS.values(), ids=lambda each: each.name)
def test_a_group_says_what_it_means_and_who_may_read_it(group: Group) -> None:
    assert group.meaning.endswith(".")
    assert isinstance(group.field_class, FieldClass)
    assert group.column in ("identity", "details", "sealed")
    assert (group.kind is None) != (group.part is None)
    assert group.many == (group.default == ()) or group.required


@pytest.mark.parametrize("place", MEMBERS)
def test_a_member_says_what_it_means(place: str) -> None:
    each = MEMBERS[place]

    assert each.meaning.endswith(".")
    assert (each.kind is None) == (each.part is NamePart)
    assert each.many == (each.default == ())
    assert (
        each.required or each.default is None or each.kind is None or each.many or each.default in (False, each.default)
    )


def test_no_place_is_described_for_a_victim_s_data_but_age_band_and_sex() -> None:
    for place in (*GROUPS, *MEMBERS):
        name = place.rpartition(".")[2]
        assert not victims.is_about_victim(name), place
    assert {place for place in MEMBERS if "victim" in place} == {
        "convictions.victim_age_band", "convictions.victim_sex",
    }  # fmt: skip
    assert {each.name for each in members(parts.Conviction) if each.name.startswith("victim")} == {
        "victim_age_band", "victim_sex",
    }  # fmt: skip


def test_what_is_required_stands_first_so_that_a_part_can_be_written_by_position() -> None:
    for group in GROUPS.values():
        required = [each.required for each in members(group.part)] if group.part else []
        assert required == sorted(required, reverse=True), group.name


def test_what_says_something_of_the_person_is_verified_and_nothing_else_is() -> None:
    about_the_record = {FieldClass.PROVENANCE, FieldClass.STANDING}

    assert set(VERIFIED) == {name for name, group in GROUPS.items() if group.field_class not in about_the_record}


def test_a_default_of_a_member_is_one_of_its_values() -> None:
    for place, each in MEMBERS.items():
        if not each.required and each.default is not None and each.kind is not None and not each.many:
            assert each.kind.revive(each.kind.show(each.default)) == each.default, place
