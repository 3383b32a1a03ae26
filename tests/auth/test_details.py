"""Officer, purpose, case and ground of a token: what is not understood is refused."""

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from auth.details import Details, parse
from registry import editions
from registry.core.errors import InputRefused
from registry.disclosure.vocabulary import Purpose
from tests.auth.household import DETAILS, InventedCountry

COUNTRY = InventedCountry()


def read(**changed: object) -> Details | None:
    item = {name: value for name, value in (DETAILS | changed).items() if value is not None}
    return parse(json.dumps([item]), COUNTRY)


def test_details_come_out_as_they_went_in() -> None:
    found = read()

    assert found is not None
    assert found.as_json() == [DETAILS]


def test_actions_narrow_what_a_token_is_good_for() -> None:
    found = read(actions=["search", "read"])

    assert found is not None
    assert found.as_json() == [DETAILS | {"actions": ["search", "read"]}]


def test_under_an_agreement_case_and_ground_are_those_of_another_country() -> None:
    abroad = {"agreement": "NL-2026-01", "case_reference": "2026-118842", "legal_basis": "nl:Wpg:8"}

    found = read(**abroad)

    assert found is not None
    assert found.as_json() == [DETAILS | abroad]


@pytest.mark.parametrize(
    ("member", "value"),
    [("case_reference", "x" * 65), ("case_reference", "2026\n"), ("case_reference", "Zaak №1"), ("legal_basis", "\x00"),
     ("legal_basis", "")],
)  # fmt: skip
def test_under_an_agreement_case_and_ground_are_still_plain_text(member: str, value: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read(**{"agreement": "NL-2026-01", "legal_basis": "nl:Wpg:8", member: value})

    assert caught.value.field == f"authorization_details[0].{member}"


def test_at_home_a_ground_that_is_not_known_is_answered_with_those_that_are_whatever_its_form() -> None:
    with pytest.raises(InputRefused) as caught:
        read(legal_basis="§ 8 and its like")

    assert caught.value.remedy == "Use one of KE-DPA-30-1-B."


def test_details_may_be_absent() -> None:
    assert parse(None, COUNTRY) is None


@pytest.mark.parametrize("purpose", list(Purpose))
def test_every_purpose_of_the_vocabulary_is_known(purpose: Purpose) -> None:
    found = read(purpose=purpose.value)

    assert found is not None
    assert found.purpose is purpose


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", None), ("type", "urn:registry:query:v2"), ("type", 1), ("type", ["urn:registry:query:v1"]),
        ("purpose", None), ("purpose", "curiosity"), ("purpose", ""), ("purpose", ["oversight"]),
        ("purpose", "CRIMINAL_INVESTIGATION"),
        ("case_reference", None), ("case_reference", "unknown"), ("case_reference", "OB 1/2/2026\n"),
        ("case_reference", "x" * 101), ("case_reference", "OB 1/2/2026\x00"), ("case_reference", 12),
        ("legal_basis", None), ("legal_basis", "KE-NONE"), ("legal_basis", {}), ("legal_basis", "\x00"),
        ("officer", None), ("officer", "'; DROP TABLE officers"), ("officer", "x" * 65), ("officer", {"id": "INV/1"}),
        ("officer", "\ud800"), ("officer", ""),
        ("actions", []), ("actions", "read"), ("actions", ["write"]), ("actions", ["read", "read"]),
        ("actions", [["read"]]), ("actions", {}), ("agreement", ""), ("agreement", 7), ("agreement", "a b"),
        ("agreement", ["NL-2026-01"]), ("expires", 0), ("", ""),
    ],
)  # fmt: skip
def test_a_member_that_is_not_understood_is_named_with_rule_and_remedy(member: str, value: object) -> None:
    with pytest.raises(InputRefused) as caught:
        read(**{member: value})

    assert caught.value.code == "DETAILS_REFUSED"
    assert caught.value.field == f"authorization_details[0].{member}"
    assert caught.value.remedy


def test_a_value_may_have_a_hundred_characters_and_no_more() -> None:
    longest = f"OB {'1' * 90}/2/2026"[:100]

    assert len(longest) == 100
    assert read(case_reference=longest) is not None
    with pytest.raises(InputRefused):
        read(case_reference=f"OB 1{longest[3:]}")


def test_details_may_have_4096_characters() -> None:
    text = json.dumps([DETAILS])

    assert parse(text + " " * (4096 - len(text)), COUNTRY) is not None


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}", "[]", "null", json.dumps([DETAILS, DETAILS]), json.dumps(DETAILS), '["urn:registry:query:v1"]',
     '[{"type":"urn:registry:query:v1","type":"urn:registry:query:v1"}]', "[" * 3000,
     json.dumps([DETAILS]) + " " * 4096],
    ids=["empty", "open", "object", "no item", "null", "two items", "bare", "text", "twice", "nested", "long"],
)  # fmt: skip
def test_anything_but_one_item_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        parse(text, COUNTRY)

    assert caught.value.field == "authorization_details"


@given(
    st.dictionaries(
        st.sampled_from([*DETAILS, "more"]), st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()))
    )
)
def test_any_item_is_understood_or_refused(item: dict[str, object]) -> None:
    try:
        found = parse(json.dumps([DETAILS | item]), COUNTRY)
    except InputRefused:
        return
    assert found is not None
    assert found.as_json() == [DETAILS | item]


def test_the_editions_of_this_repository_serve_as_a_country() -> None:
    for folder in Path(editions.__file__).parent.iterdir():
        if (folder / "edition.toml").exists():
            edition = editions.load(folder.name)
            ground = next(iter(edition.legal_bases))
            assert parse(json.dumps([DETAILS | {"legal_basis": ground}]), edition)
