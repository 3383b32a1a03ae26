"""Every invented record is one that the register takes, shows what it is, and holds what a complete register holds."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from registry.editions import load
from registry.profiles import coherence, intake
from registry.profiles.record import GROUPS, Record
from registry.synthetic.days import AS_OF
from registry.synthetic.record import Profile
from registry.synthetic.register import people

KE = load("ke")
OWNER = "demo-invented"
MANY = 4000


@pytest.fixture(scope="module")
def register() -> list[Profile]:
    return list(people(count=MANY, record_owner=OWNER))


@pytest.fixture(scope="module")
def records(register: list[Profile]) -> list[Record]:
    return [intake.record(each, KE, owner=OWNER) for each in register]


@pytest.mark.parametrize("seed", [1, 7])
@pytest.mark.parametrize("today", [AS_OF, date(2026, 2, 1), date(2029, 6, 30)], ids=str)
def test_the_register_takes_every_record_on_any_day_and_nothing_lies_ahead_that_cannot(seed: int, today: date) -> None:
    for profile in people(seed, 1200, record_owner=OWNER, today=today):
        record = intake.record(profile, KE, owner=OWNER)
        assert coherence.not_yet(record, today) == [], profile["id"]


def test_people_far_from_the_beginning_are_taken_too() -> None:
    for start in (800_000, 5_000_000, 9_000_000):
        for profile in people(count=200, start=start, record_owner=OWNER):
            assert intake.record(profile, KE, owner=OWNER).owner == OWNER


def test_every_group_is_filled_for_some_but_those_that_nothing_invented_can_fill(records: list[Record]) -> None:
    held = {name for record in records for name, group in GROUPS.items() if getattr(record, name) != group.default}

    assert set(GROUPS) - held == {"parents", "photographs", "review_on"}


def test_what_is_rare_in_life_is_rare_here(records: list[Record]) -> None:
    held = Counter(name for record in records for name, group in GROUPS.items()
                   if getattr(record, name) != group.default)  # fmt: skip

    share = {name: count / MANY for name, count in held.items()}
    assert share["places"] > 0.85
    assert share["freshness"] > 0.85
    assert 0.6 < share["sources"] < 0.85
    assert 0.2 < share["risks"] < 0.45
    assert max(share[name] for name in ("vehicles", "licences", "travels", "warrants", "notes")) < 0.08
    assert 0.6 < share["owner_post"] < 0.85


def test_most_are_convicted_few_ordered_and_very_few_were_under_age(register: list[Profile]) -> None:
    shares = Counter(profile["category"] for profile in people(count=30_000, start=100, record_owner=OWNER))

    assert shares["convicted"] > 29_000
    assert 100 < shares["ordered"] < 600
    assert 1 <= shares["juvenile"] < 60
    for profile in register:
        assert bool(profile["convictions"]) == (profile["category"] == "convicted")
        if not profile["convictions"]:
            assert profile["orders"]


def test_every_class_occurs_and_only_the_strictest_is_for_life(records: list[Record]) -> None:
    assert {record.tier for record in records} == set(KE.tiers)
    for record in records:
        if record.category == "convicted":
            assert (record.expires_on is None) == (record.tier == "three"), record


def test_nobody_but_one_scene_has_expired_when_the_register_is_filled(records: list[Record]) -> None:
    dated = [coherence.dated(record, KE, AS_OF) for record in records]

    expired = [place for place, each in enumerate(dated, 1) if each.expires_on and each.expires_on.earliest <= AS_OF]
    assert expired == [21]


def test_one_record_in_twenty_is_overdue_and_most_are_not(records: list[Record]) -> None:
    due = [min(each.due_on.latest for each in record.freshness if each.due_on)
           for record in records if record.freshness]  # fmt: skip

    overdue = sum(1 for day in due if day < AS_OF)
    assert 0.02 < overdue / MANY < 0.09
    assert max(due) <= AS_OF + timedelta(days=366)


def test_every_text_that_could_be_taken_for_real_says_that_it_is_not(register: list[Profile]) -> None:
    marked = ("address", "name", "court", "number", "reference", "institution", "assessor", "authority", "system",
              "carrier", "contact", "terms", "text", "plate", "issuer", "source", "use_limits", "register_entry",
              "case_number", "sentence", "birth_place", "owner_post")  # fmt: skip

    for profile in register:
        for name, text in texts(profile):
            if name in marked and name != "number":
                assert text.startswith("DEMO") or "@example." in text, (name, text)
            if name == "number":
                assert text.startswith(("DEMO ", "+")), text
            if name == "profile_url":
                assert ".example.org/" in text


def texts(value: Any, name: str = "") -> Iterator[tuple[str, str]]:  # Any: JSON
    """Yield every text within a value, with the name of its member."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each, key)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each, name)
    elif isinstance(value, str):
        yield name, value


def test_modus_operandi_and_levels_are_those_of_the_edition(records: list[Record]) -> None:
    assert {code for record in records for code in record.modus_operandi} == set(KE.modus_operandi)
    assert {risk.instrument for record in records for risk in record.risks} >= {"static_99r", "professional_judgement"}


def test_an_average_record_is_modest(records: list[Record]) -> None:
    filled = [sum(getattr(record, name) != group.default for name, group in GROUPS.items()) for record in records]

    assert 14 < sum(filled) / MANY < 22
