import unicodedata

import pytest

from registry.editions import load
from registry.synthetic import traditions as module
from registry.synthetic.traditions import Part, Tradition, places, read_parts, respellings, traditions

ALL = traditions()
SCRIPTS = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Hani": "CJK", "Deva": "DEVANAGARI", "Ethi": "ETHIOPIC"}


def parts_of(tradition: Tradition) -> list[Part]:
    forms = [form for several in tradition.forms.values() for form in several]
    return list({part for form in forms for slot in form for part in slot.parts})


def test_seventeen_traditions_share_the_register() -> None:
    assert len(ALL) == 17
    assert sum(tradition.share for tradition in ALL) == pytest.approx(100)
    assert {tradition.name for tradition in places()} == {tradition.name for tradition in ALL}


@pytest.mark.parametrize("tradition", ALL, ids=lambda tradition: tradition.name)
def test_a_tradition_lives_in_counties_of_the_edition(tradition: Tradition) -> None:
    assert set(tradition.counties) <= set(load("ke").counties)


@pytest.mark.parametrize("tradition", ALL, ids=lambda tradition: tradition.name)
def test_every_form_has_somebody_to_name(tradition: Tradition) -> None:
    for forms in tradition.forms.values():
        assert all(form and all(slot.parts for slot in form) for form in forms)


@pytest.mark.parametrize("tradition", ALL, ids=lambda tradition: tradition.name)
def test_spellings_are_latin_and_originals_are_in_their_script(tradition: Tradition) -> None:
    for part in parts_of(tradition):
        assert all("LATIN" in unicodedata.name(text[0]) for text in part.spellings)
        assert len(set(part.spellings)) == len(part.spellings), part
        assert (part.original is None) == (tradition.script == "Latn"), part
        if part.original:
            assert SCRIPTS[tradition.script] in unicodedata.name(part.original[0])


def test_a_list_of_names_reads_originals_spellings_and_blanks() -> None:
    assert read_parts("Kibet/Kibett عبد_الله=Abdullah/Abd_Allah") == (
        Part(("Kibet", "Kibett")),
        Part(("Abdullah", "Abd Allah"), "عبد الله"),
    )


def test_other_spellings_are_known_by_each_spelling() -> None:
    assert "Xasan" in respellings()["Hassan"]
    assert "Kamao" in respellings()["Kamau"]
    assert all(text not in others for text, others in respellings().items())


def test_a_role_that_no_name_has_is_refused() -> None:
    with pytest.raises(ValueError, match="surname is no role"):
        module._slot("surname:own", {"own": ()}, None)
