from registry.editions import load
from registry.synthetic.course import REGION_OF, Course, course_of, custody_of
from registry.synthetic.days import AS_OF, iso, ordinal
from registry.synthetic.draws import stream
from registry.synthetic.record import Conviction

TODAY = AS_OF.toordinal()


def conviction(day: str, sentence: str, appeal: str = "dismissed") -> Conviction:
    return {
        "offence": "KE-SOA-9", "court": "DEMO court", "case_number": "DEMO CR 1/2015", "convicted_on": day,
        "sentence": sentence, "victim_age_band": "12-15", "victim_sex": "unknown", "appeal": appeal,  # type: ignore[typeddict-item]
    }  # fmt: skip


def course(*convictions: Conviction) -> Course:
    return course_of(1, "Meru", list(convictions), TODAY, stream(1, 1))


def test_release_lies_between_judgment_and_the_last_day_of_the_sentence() -> None:
    way = course(conviction("2015-03-02", "DEMO 8 years imprisonment"))

    assert iso(way.judged) == "2015-03-02"
    assert way.ends == way.judged + 8 * 365
    assert way.released is not None
    assert way.judged < way.released < way.ends
    assert way.free_since == way.released


def test_whoever_is_sentenced_for_life_stays() -> None:
    way = course(
        conviction("2015-03-02", "DEMO life imprisonment"), conviction("2016-01-01", "DEMO 2 years imprisonment")
    )

    assert (way.ends, way.released, way.free_since) == (None, None, None)
    assert custody_of(way, stream(1, 2)) == {
        "state": "in_custody",
        "institution": "DEMO Prison, Eastern",
        "since": "2016-01-01",
    }


def test_a_quashed_conviction_holds_nobody() -> None:
    way = course(
        conviction("2011-03-02", "DEMO life imprisonment", "quashed"),
        conviction("2012-03-02", "DEMO 6 years imprisonment"),
    )

    assert iso(way.judged) == "2012-03-02"
    assert way.free_since is not None


def test_the_longest_sentence_counts() -> None:
    way = course(
        conviction("2010-03-02", "DEMO 45 years imprisonment"), conviction("2012-03-02", "DEMO 6 years imprisonment")
    )

    assert way.ends == ordinal("2010-03-02") + 45 * 365
    assert "release_due_on" in custody_of(way, stream(1, 2))


def test_somebody_free_is_at_large_since_the_release() -> None:
    way = course(conviction("2010-03-02", "DEMO 3 years imprisonment"))

    states = {custody_of(way, stream(1, index))["state"] for index in range(100)}
    assert states == {"at_liberty", "on_parole", "on_probation"}


def test_every_county_belongs_to_a_region() -> None:
    assert set(REGION_OF) == set(load("ke").counties)
    assert REGION_OF["Mombasa"] == "Coast"
    assert REGION_OF["Nairobi"] == "Nairobi"
