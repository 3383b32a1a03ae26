"""Chinese given names of two syllables in Latin letters."""

import pytest
from hypothesis import given, strategies as st

from registry.matching.romanised import SYLLABLES, given_names


@pytest.mark.parametrize(
    ("written", "pinyin"),
    [
        ("jianguo", "jianguo"), ("chienkuo", "jianguo"), ("kinkwok", "jianguo"), ("boryuk", "boyu"),
        ("chiming", "zhiming"), ("hsiaoming", "xiaoming"), ("kwokkeung", "guoqiang"), ("kuochiang", "guoqiang"),
        ("tsetung", "zedong"), ("meiling", "meiling"),
    ],
)  # fmt: skip
def test_a_given_name_is_read_in_whatever_manner_it_is_written(written: str, pinyin: str) -> None:
    assert pinyin in given_names(written)


@pytest.mark.parametrize("name", ["", "wei", "peter", "otieno", "wanjiku", "hassan", "kipchirchir", "gebremariam"])
def test_other_names_are_not_read(name: str) -> None:
    assert given_names(name) == ()


def test_pinyin_is_read_as_itself() -> None:
    heads = {head for heads in SYLLABLES.values() for head in heads}

    assert {head for head in heads if head not in SYLLABLES[head]} == set()


@given(st.text("abcdefghijklmnopqrstuwxyz", max_size=40))
def test_few_readings_are_given_and_each_once(text: str) -> None:
    found = given_names(text)

    assert len(set(found)) == len(found) <= 60
