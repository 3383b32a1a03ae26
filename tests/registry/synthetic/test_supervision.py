from registry.editions import load
from registry.synthetic.course import Course
from registry.synthetic.days import AS_OF, iso
from registry.synthetic.draws import stream
from registry.synthetic.supervision import order_alone, orders_of, restrictions_of, risks_of, warrants_of

KE = load("ke")
TODAY = AS_OF.toordinal()
FREE = Course(7, "Meru", TODAY - 4000, TODAY - 2000, TODAY - 3000, TODAY, TODAY - 3000)
COURT = "DEMO High Court at Meru"


def test_supervision_is_ordered_with_the_sentence_and_outlasts_it() -> None:
    orders = [each for index in range(200) for each in orders_of(FREE, COURT, stream(1, index))]

    assert 20 < len(orders) < 80
    for each in orders:
        assert (each["kind"], each["court"], each["made_on"]) == ("supervision", COURT, iso(FREE.judged))
        assert each["ends_on"] > iso(TODAY - 2000)


def test_nobody_in_prison_for_life_is_supervised() -> None:
    assert not [each for index in range(100) for each in orders_of(FREE._replace(ends=None), COURT, stream(1, index))]


def test_a_restriction_stands_in_its_order() -> None:
    order = order_alone(FREE, COURT, stream(1, 3))
    found = [each for index in range(100) for each in restrictions_of([order], stream(1, index))]

    assert found
    assert {(each["order"], each["since"]) for each in found} == {(order["number"], order["made_on"])}
    assert restrictions_of([], stream(1, 1)) == []


def test_a_level_is_one_of_its_instrument() -> None:
    for index in range(400):
        for risk in risks_of(FREE, stream(1, index)):
            assert risk["level"] in KE.risk_instruments[risk["instrument"]].levels
            assert iso(FREE.judged) <= risk["assessed_on"] <= AS_OF.isoformat()


def test_a_warrant_is_out_for_somebody_free_only() -> None:
    assert {each["state"] for index in range(80) for each in warrants_of(FREE, stream(1, index))} == {
        "outstanding",
        "executed",
        "withdrawn",
    }
    assert warrants_of(FREE._replace(free_since=None), stream(1, 1)) == []
