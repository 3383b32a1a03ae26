from registry.synthetic.appearance import biometrics_of, descriptions_of, marks_of
from registry.synthetic.course import Course
from registry.synthetic.days import AS_OF, iso
from registry.synthetic.draws import stream

TODAY = AS_OF.toordinal()
COURSE = Course(7, "Meru", TODAY - 4000, TODAY - 2000, TODAY - 3000, TODAY, TODAY - 3000)


def test_a_description_is_of_a_grown_person() -> None:
    found = [each for index in range(300) for each in descriptions_of(COURSE, "female", stream(1, index))]

    assert found
    assert {each["described_on"] for each in found} == {iso(COURSE.judged)}
    assert all(150 <= each["height_cm"] < 180 and 45 < each["weight_kg"] < 110 for each in found)


def test_scars_marks_and_tattoos_occur() -> None:
    assert {each["kind"] for index in range(300) for each in marks_of(COURSE, stream(1, index))} == {
        "scar",
        "mark",
        "tattoo",
    }


def test_biometrics_are_numbers_in_another_system_and_nothing_more() -> None:
    found = [each for index in range(300) for each in biometrics_of(COURSE, stream(1, index))]

    assert {each["kind"] for each in found} == {"fingerprints", "dna"}
    assert all(set(each) == {"kind", "system", "number", "taken_on"} for each in found)
    assert all(each["number"].startswith("DEMO ") for each in found)
