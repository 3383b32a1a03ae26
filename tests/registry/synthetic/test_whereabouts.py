from registry.synthetic.course import Course
from registry.synthetic.days import AS_OF
from registry.synthetic.draws import stream
from registry.synthetic.whereabouts import licences_of, places_of, travels_of, vehicles_of

TODAY = AS_OF.toordinal()
FREE = Course(7, "Meru", TODAY - 4000, TODAY - 2000, TODAY - 3000, TODAY, TODAY - 3000)
HELD = FREE._replace(released=TODAY + 400, free_since=None)


def test_somebody_in_prison_has_the_residence_of_before_and_nothing_else() -> None:
    places = [each for index in range(300) for each in places_of(HELD, stream(1, index))]

    assert {each["kind"] for each in places} == {"residence"}
    assert {each["until"] for each in places} == {AS_OF.fromordinal(HELD.judged).isoformat()}
    assert vehicles_of(HELD, stream(1, 1)) == []
    assert travels_of(HELD, stream(1, 1)) == []


def test_somebody_free_lives_works_helps_and_lodges() -> None:
    places = [each for index in range(400) for each in places_of(FREE, stream(1, index))]

    assert {each["kind"] for each in places} == {"residence", "work", "volunteering", "temporary"}
    assert all(each["since"] <= AS_OF.isoformat() for each in places)


def test_a_journey_is_notified_before_it_begins_and_told_as_it_stands() -> None:
    journeys = [each for index in range(400) for each in travels_of(FREE, stream(1, index))]

    assert {each["state"] for each in journeys} == {"intended", "past", "cancelled"}
    for each in journeys:
        assert each["notified_on"] < each["departs_on"] < each["returns_on"]
        assert (each["departs_on"] > AS_OF.isoformat()) == (each["state"] == "intended")
        assert each["notified_on"] < AS_OF.isoformat()


def test_a_licence_ends_with_the_judgment() -> None:
    (licence,) = licences_of(FREE, stream(1, 1))

    assert licence["since"] < licence["until"] == AS_OF.fromordinal(FREE.judged).isoformat()


def test_a_plate_belongs_to_one_person() -> None:
    plates = {vehicles_of(FREE._replace(number=number), stream(1, 1))[0]["plate"] for number in range(500)}

    assert len(plates) == 500
