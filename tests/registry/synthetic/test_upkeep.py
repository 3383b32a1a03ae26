from typing import get_args

import pytest

from registry.editions import life, load
from registry.synthetic.course import Course
from registry.synthetic.days import AS_OF, iso
from registry.synthetic.draws import stream
from registry.synthetic.record import Tier
from registry.synthetic.register import people
from registry.synthetic.upkeep import expires_on, freshness_of, sources_of

KE = load("ke")
TODAY = AS_OF.toordinal()
FREE = Course(1, "Meru", TODAY - 4000, TODAY - 2000, TODAY - 3000, TODAY, TODAY - 3000)


@pytest.mark.parametrize(("tier", "years"), [("one", 15), ("two", 25)])
def test_an_entry_ends_so_many_years_after_the_last_day_of_the_sentence(tier: Tier, years: int) -> None:
    ends = iso(TODAY - 2000)

    assert KE.tiers[tier].expires_after_years == years
    assert abs(int(str(expires_on(FREE, tier))[:4]) - int(ends[:4]) - years) <= 1


def test_the_strictest_class_and_a_sentence_for_life_end_never() -> None:
    assert expires_on(FREE, "three") is None
    assert expires_on(FREE._replace(ends=None), "one") is None


@pytest.mark.parametrize("tier", get_args(Tier))
def test_the_next_verification_is_the_editions(tier: Tier) -> None:
    profile = next(each for each in people(count=500) if each["tier"] == tier and "freshness" in each)

    for each in profile["freshness"]:
        verified, due = each["verified_on"], each["due_on"]
        assert due == life.next_verification(KE, tier, AS_OF.fromisoformat(verified)).isoformat()
        assert profile.get(each["group"])


def test_nobody_is_verified_before_the_judgment_or_ahead() -> None:
    profile = next(each for each in people(count=500) if each["tier"] == "three")
    lately = FREE._replace(judged=TODAY - 20)

    days = {each["verified_on"] for index in range(300) for each in freshness_of(profile, lately, stream(1, index))}
    assert min(days) >= iso(TODAY - 6)
    assert max(days) <= AS_OF.isoformat()


def test_a_document_has_the_digest_of_its_reference() -> None:
    profile = next(each for each in people(count=500) if "sources" in each and each["category"] == "convicted")
    same = sources_of(profile["convictions"], [], lambda: 0.5)

    assert len(same[0]["digest"]) == 64
    assert same == sources_of(profile["convictions"], [], lambda: 0.6)
    assert sources_of(profile["convictions"], [], lambda: 0.9) == []
