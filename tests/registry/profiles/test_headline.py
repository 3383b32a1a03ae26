"""What the register keeps of a record beside its versions: category, owner, and the days that matter."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given

from registry.core.partial_dates import PartialDate
from registry.editions import life
from registry.profiles.headline import Headline, day, headline
from registry.profiles.parts import Freshness
from registry.profiles.record import Record
from tests.factories import AGENCY, EDITION, read, record
from tests.registry.profiles.strategies import RECORDS

LET_IN = datetime(2026, 11, 21, 23, 59, tzinfo=UTC)
KNOWN = read(record())


def verified(group: str, on: PartialDate, due: PartialDate | None = None) -> Freshness:
    return Freshness(group, on, "An invented office", due_on=due)


def line(**changes: object) -> Headline:
    return headline(replace(KNOWN, **changes), EDITION, LET_IN)  # type: ignore[arg-type]  # any group


def test_a_headline_says_who_answers_and_what_is_due() -> None:
    found = line(owner_post="Invented post", review_on=PartialDate(2031, 3, 9), expires_on=PartialDate(2030, 3, 9))

    assert found == Headline(
        "convicted", AGENCY, "", "H1", "restricted", "Invented post", "2027-11-21", "2031-03-09", "2030-03-09"
    )


@pytest.mark.parametrize(("tier", "due"), [("one", "2027-11-21"), ("two", "2027-05-21"), ("three", "2027-02-21")])
def test_a_record_is_verified_every_twelve_six_or_three_months(tier: str, due: str) -> None:
    """34 USC 20918."""
    assert line(tier=tier).verify_on == due


def test_the_interval_runs_from_the_last_verification_of_any_group() -> None:
    told = (verified("places", PartialDate(2026, 3, 1)), verified("phones", PartialDate(2026, 8, 5)))

    assert line(freshness=told, tier="three").verify_on == "2026-11-05"


def test_a_group_may_be_due_earlier_but_not_later() -> None:
    early = (verified("places", PartialDate(2026, 8, 1), PartialDate(2026, 9, 1)),)
    late = (verified("places", PartialDate(2026, 8, 1), PartialDate(2030, 9, 1)),)

    assert line(freshness=early).verify_on == "2026-09-01"
    assert line(freshness=late).verify_on == "2027-08-01"


def test_without_a_day_there_is_none() -> None:
    assert (line().review_on, line().expires_on) == (None, None)


@given(RECORDS)
def test_verification_is_always_due_and_never_later_than_the_tier_s_interval(known: Record) -> None:
    found = headline(known, EDITION, LET_IN)
    last = max([each.verified_on.latest for each in known.freshness], default=LET_IN.date())

    assert date.fromisoformat(found.verify_on) <= life.next_verification(EDITION, known.tier, last)
    assert (found.category, found.owner, found.post) == (known.category, known.owner, known.owner_post)
    assert day(found.review_on) == (known.review_on.earliest if known.review_on else None)
    assert day(found.expires_on) == (known.expires_on.earliest if known.expires_on else None)


def test_days_are_texts_that_sort() -> None:
    assert day("2026-11-21") == date(2026, 11, 21)
    assert day(None) is None
    assert sorted(["2027-01-01", "9999-12-31", "2026-12-31"]) == ["2026-12-31", "2027-01-01", "9999-12-31"]
