"""Whether two words are one name."""

import pytest
from hypothesis import given, strategies as st

from registry.matching.agreement import agreement
from registry.matching.words import word

WAYS = [
    ("name.exact", "kamau", "kamau"),
    ("name.spelling", "wanjiku", "wanjiko"),
    ("name.spelling", "rajab", "rajap"),
    ("name.spelling", "ghamdi", "alghamdi"),
    ("name.spelling", "michail", "mikhail"),
    ("name.spelling", "mhmd", "mohamad"),
    ("name.form", "bill", "william"),
    ("name.form", "bob", "robert"),
    ("name.near", "onyagno", "onyango"),
    ("name.near", "mathenge", "mathengte"),
    ("name.near", "pctcr", "peter"),
    ("name.short", "jack", "jackson"),
    ("name.short", "abdi", "abdirahman"),
    ("name.initial", "o", "otieno"),
    ("name.initial", "o", "o"),
    (None, "o", "kamau"),
    (None, "otieno", "atieno"),
    (None, "wafula", "nafula"),
    (None, "kiprono", "cheprono"),
    (None, "kipkoech", "jepkoech"),
    (None, "maina", "munyao"),
    (None, "ali", "alex"),
    (None, "ann", "wycliffe"),
]


@pytest.mark.parametrize(("way", "one", "other"), WAYS)
def test_two_words_meet_in_a_named_way_or_not_at_all(way: str | None, one: str, other: str) -> None:
    assert agreement(word(one), word(other)) == way
    assert agreement(word(other), word(one)) == way


@given(*[st.text("aeioubcdhkmnrstw", min_size=1, max_size=9)] * 2)
def test_agreement_has_no_direction(one: str, other: str) -> None:
    assert agreement(word(one), word(other)) == agreement(word(other), word(one))
