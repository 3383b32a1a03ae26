"""A written name as words."""

import pytest
from hypothesis import given, strategies as st

from registry.matching.limits import NAME_CHARACTERS, WORD_CHARACTERS, WORDS
from registry.matching.scripts import latin_words
from registry.matching.words import name_words, word


def texts(name: str) -> list[str]:
    return [w.text for w in name_words(name)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("NG'ANG\u2019A, Peter", ["nganga", "peter"]),
        ("Wanjik\u0169 M\u0169thoni", ["wanjiku", "muthoni"]),
        ("Wanjiku\u0303", ["wanjiku"]),
        ("Hassan bin Omar", ["hassan", "omar"]),
        ("Joseph arap Sang", ["joseph", "sang"]),
        ("Saning'o ole Kipury", ["saningo", "kipury"]),
        ("Dr. Rose Achieng'", ["rose", "achieng"]),
        ("Abd al-Rahman Abu Bakr", ["abdrahman", "abubakr"]),
        ("Mac Donald", ["macdonald"]),
        ("Akinyi-Odhiambo", ["akinyi", "odhiambo"]),
        ("J. R. Otieno", ["j", "r", "otieno"]),
        ("Gro\u00df \u00d8stergaard \u0141ukasz", ["gross", "ostergaard", "lukasz"]),
        ("M0ses 0tien0", ["moses", "otieno"]),
        ("Peter 1984", ["peter"]),
    ],
)
def test_a_name_is_split_into_the_words_that_tell_people_apart(written: str, words: list[str]) -> None:
    assert texts(written) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Мария Волкова", ["mariya", "volkova"]),
        ("محمد الحسيني", ["mohamed", "husseini"]),
        ("هشام زياد", ["hisham", "ziad"]),
        ("ياسمين", ["yasmin"]),
        ("آدم", ["adam"]),
        ("عبدالمجيد كريمة", ["abdmajid", "karima"]),
        ("سهيلان", ["shilan"]),
        ("曾国强", ["zeng", "guoqiang"]),
        ("अरोड़ा ज़फ़र", ["arora", "zafar"]),
        ("ኃይሌ ሐጎስ", ["hayle", "hagos"]),
        ("ንጉሤ እሸቱ መኮንን", ["niguse", "eshetu", "mekonin"]),
        ("陈波平", ["chen", "boping"]),
        ("欧阳娜", ["ouyang", "na"]),
        ("李", ["li"]),
        ("राजेश शर्मा", ["rajesh", "sharma"]),
        ("इन्दिरा गुरुंग", ["indira", "gurung"]),
        ("አበበ", ["abebe"]),
        ("Ελένη", ["eleni"]),
    ],
)
def test_every_script_becomes_latin_words(written: str, words: list[str]) -> None:
    assert texts(written) == words


def test_soft_particles_are_names_where_little_else_is() -> None:
    assert texts("Sheikh Omar") == ["sheikh", "omar"]
    assert texts("Sheikh Omar Hassan") == ["omar", "hassan"]


@pytest.mark.parametrize("written", ["", "   ", "bin", "van der", "Dr", "\u202e\u202d", "***", "12345", "\ud800"])
def test_a_name_with_nothing_usable_has_no_words(written: str) -> None:
    assert texts(written) == []


def test_bidirectional_marks_are_not_seen() -> None:
    assert texts("\u202ePe\u200dter\u202c Kamau") == ["peter", "kamau"]


def test_the_written_form_is_kept_only_where_it_says_more() -> None:
    accented, plain = name_words("Wanjik\u0169 KAMAU")

    assert accented.written == "Wanjik\u0169"
    assert plain.written == ""


def test_a_short_form_also_has_the_sound_of_its_family() -> None:
    assert word("bill").family == word("william").skeleton
    assert word("alghamdi").family == word("ghamdi").skeleton


@given(st.text(max_size=3000))
def test_whatever_is_written_stays_within_the_limits(written: str) -> None:
    words = name_words(written)

    assert len(words) <= WORDS
    assert all(w.text.isascii() and w.text.isalnum() for w in words)
    assert all(0 < len(w.text) <= 2 * WORD_CHARACTERS * WORDS for w in words)


def test_what_lies_beyond_the_limit_is_not_read() -> None:
    assert texts("a" * NAME_CHARACTERS + " kamau") == ["a" * WORD_CHARACTERS]


@given(st.text(min_size=1, max_size=60))
def test_a_word_in_any_script_becomes_lower_case_latin(written: str) -> None:
    for text in latin_words(written):
        assert text == text.lower()
        assert len(text) <= WORD_CHARACTERS
