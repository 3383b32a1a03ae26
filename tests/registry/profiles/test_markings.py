"""Codes of others on what is handed in: the stricter holds, nothing opens, and what goes out says no less."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from registry.disclosure.handling import CLEARANCES, CODES, LIMITS, ONWARD, VOCABULARIES
from registry.disclosure.vocabulary import Purpose, Role, Use
from registry.editions.terms import KNOWN
from registry.profiles import rows
from registry.profiles.facts import of_record
from registry.profiles.intake import Problems
from registry.profiles.markings import Marked, codes, met
from registry.profiles.parts import USE_LIMITS, Handling
from registry.profiles.standing import Standing
from tests.factories import read, record
from tests.registry.disclosure.cases import ABROAD, KE, case

PAGE = (Path(__file__).parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
OPEN: dict[str, Any] = {"releasable_to": ["NL", "UG"], "onward": "H0", "clearance": "open"}
COUNTRIES = st.lists(st.sampled_from(["KE", "NL", "UG"]), unique=True).map(tuple)
MARKED = st.builds(
    Marked, COUNTRIES, st.sampled_from(ONWARD), st.none() | st.just("Not for employment."),
    st.sampled_from(KNOWN["clearances"]), st.lists(st.sampled_from(list(CODES)), max_size=3).map(tuple), COUNTRIES,
)  # fmt: skip


def handling(**given: Any) -> Handling:
    """Return the handling of a record that is handed in so."""
    return read(record(handling=given)).handling


def refused(**given: Any) -> list[tuple[str | None, str]]:
    with pytest.raises(Problems) as found:
        handling(**given)
    return [(each.field, each.code) for each in found.value.found]


@pytest.mark.parametrize(("given", "releasable_to", "onward", "clearance", "limits"), [
    ({"codes": []}, "NL UG", "H0", "open", ""),
    ({"codes": ["SIENA:H0"]}, "NL UG", "H0", "open", "crime_only"),
    ({"codes": [" siena:h2 "]}, "NL UG", "H2", "open", "crime_only not_in_court ask_first"),
    ({"codes": ["SIENA:H3"]}, "", "H3", "open", "crime_only not_in_court ask_first by_hand"),
    ({"codes": ["INTERPOL:RESTRICTED"]}, "NL UG", "H2", "restricted", "ask_first police_cooperation confirm"),
    ({"codes": ["TLP:CLEAR"]}, "NL UG", "H0", "open", ""),
    ({"codes": ["TLP:GREEN", "TLP:GREEN"]}, "NL UG", "H1", "open", "community"),
    ({"codes": ["TLP:AMBER"]}, "", "H2", "restricted", "ask_first need_to_know"),
    ({"codes": ["SIENA:H1", "TLP:GREEN"]}, "NL UG", "H1", "open", "crime_only not_in_court community"),
    ({"codes": ["INTERPOL:OFFICIAL-USE-ONLY"], "excluded": ["UG"]}, "NL", "H2", "open",
     "ask_first police_cooperation confirm"),
    ({"excluded": ["UG", "NL"]}, "", "H0", "open", ""),
    ({"codes": ["TLP:CLEAR"], "onward": "H3", "clearance": "covert", "releasable_to": ["UG"]}, "UG", "H3", "covert",
     ""),
    ({"codes": ["TLP:CLEAR"], "onward": None, "clearance": None, "releasable_to": None}, "", "H1", "restricted", ""),
])  # fmt: skip
def test_codes_and_the_records_own_words_meet(
    given: dict[str, Any], releasable_to: str, onward: str, clearance: str, limits: str
) -> None:
    """What a row does not say itself is the default's, and no code loosens that either."""
    kept = handling(**OPEN | given)

    assert (" ".join(kept.releasable_to), kept.onward, kept.clearance) == (releasable_to, onward, clearance)
    assert kept.use_limits == (" ".join(LIMITS[each] for each in limits.split()) or None)


def test_limits_stand_before_the_records_own_and_once() -> None:
    kept = handling(codes=["TLP:GREEN"], use_limits="Not for employment.")

    assert kept.use_limits == "For the community; not to be published. Not for employment."
    assert handling(codes=["TLP:GREEN"], use_limits=kept.use_limits).use_limits == kept.use_limits


@given(MARKED)
def test_nothing_is_looser_than_what_is_given(marked: Marked) -> None:
    kept = met(marked)

    assert set(kept.releasable_to) <= set(marked.releasable_to) - set(marked.excluded)
    for each in marked.codes:
        assert ONWARD.index(kept.onward) >= max(map(ONWARD.index, (marked.onward, CODES[each].onward)))
        assert CODES[each].countries is None or not kept.releasable_to
        assert all(LIMITS[limit] in (kept.use_limits or "") for limit in CODES[each].limits)
        assert KNOWN["clearances"].index(kept.clearance) >= CLEARANCES.index(CODES[each].clearance)
    assert KNOWN["clearances"].index(kept.clearance) >= KNOWN["clearances"].index(marked.clearance)


@given(MARKED)
def test_the_same_codes_again_and_the_record_as_it_is_exported_change_nothing(marked: Marked) -> None:
    kept = met(marked)
    again = Marked(kept.releasable_to, kept.onward, kept.use_limits, kept.clearance, marked.codes, marked.excluded)

    assert met(again) == kept
    assert read(record(handling=rows.part_shown(kept))).handling == kept


@pytest.mark.parametrize("given", [["TLP:GREEN", "TLP:PURPLE"], ["TLP:GREEN", ""], ["TLP:GREEN", 3]], ids=str)
def test_a_code_that_nobody_knows_is_refused_where_it_stands(given: list[object]) -> None:
    assert refused(codes=given) == [("handling.codes[1]", "HANDLING_CODE_UNKNOWN")]


@pytest.mark.parametrize(("given", "field", "code"), [
    ({"codes": "TLP:RED"}, "handling.codes", "LIST_MALFORMED"),
    ({"excluded": ["Uganda"]}, "handling.excluded[0]", "COUNTRY_UNKNOWN"),
])  # fmt: skip
def test_codes_and_countries_are_lists_of_such(given: dict[str, Any], field: str, code: str) -> None:
    assert refused(**given) == [(field, code)]


def test_no_limit_is_cut_off() -> None:
    """All codes there are fit; the record's own words may be what is too much."""
    everything = handling(codes=list(CODES))
    assert everything.use_limits == " ".join(LIMITS.values())

    room = USE_LIMITS.most - len(everything.use_limits) - 1
    assert handling(codes=list(CODES), use_limits="x" * room).use_limits == f"{everything.use_limits} {'x' * room}"
    assert refused(codes=list(CODES), use_limits="x" * (room + 1)) == [("handling.use_limits", "TEXT_MALFORMED")]


def test_the_page_on_imports_has_the_table_of_what_codes_mean() -> None:
    rows_of = [
        line.strip("| ").split(" | ") for line in PAGE.splitlines() if re.match(r"\| `(SIENA|INTERPOL|TLP):", line)
    ]

    assert [tuple(each.strip("`") for each in row[:4]) for row in rows_of] == [
        (code, "whom the row names" if means.countries is None else "nobody", means.onward, means.clearance)
        for code, means in CODES.items()
    ]
    for row in rows_of:
        limits = {each.replace(" ", "_") for each in row[4].split("; ")} - {"none"}
        assert limits == CODES[row[0].strip("`")].limits


# -- on the way out


@pytest.mark.parametrize(("kept", "told"), [
    (Handling(), "SIENA:H3 INTERPOL:CONFIDENTIAL TLP:AMBER"),
    (Handling(("UG",), "H0", None, "open"), "SIENA:H0 INTERPOL:OFFICIAL-USE-ONLY TLP:CLEAR"),
    (Handling(("UG",), "H2", None, "open"), "SIENA:H2 INTERPOL:OFFICIAL-USE-ONLY TLP:AMBER"),
    (Handling(("UG",), "H1", None, "restricted"), "SIENA:H3 INTERPOL:RESTRICTED TLP:AMBER"),
    (Handling(("UG",), "H1", None, "secret"), "SIENA:H3 INTERPOL:CONFIDENTIAL TLP:RED"),
    (Handling(("UG",), "H1", None, "witness_protection"), "SIENA:H3 INTERPOL:CONFIDENTIAL TLP:RED"),
])  # fmt: skip
def test_each_vocabulary_has_its_code(kept: Handling, told: str) -> None:
    assert codes(kept) == tuple(told.split())


@given(MARKED)
def test_a_code_that_came_in_never_goes_out_as_a_looser_one(marked: Marked) -> None:
    said = dict(zip(VOCABULARIES, codes(met(marked)), strict=True))
    strictness = list(CODES)

    for each in marked.codes:
        out = said[each.partition(":")[0]]
        assert strictness.index(out) >= strictness.index(each) or each == "TLP:AMBER+STRICT"
        assert out.startswith("TLP:AMBER") or each != "TLP:AMBER+STRICT" or out == "TLP:RED"


# -- and nobody is told


@pytest.mark.parametrize(("given", "is_released"), [
    ([], True), (["TLP:CLEAR"], True), (["SIENA:H3"], False), (["TLP:RED"], False), (["TLP:AMBER"], False),
    (["TLP:CLEAR", "INTERPOL:CONFIDENTIAL"], False),
], ids=str)  # fmt: skip
def test_what_came_with_a_code_that_names_its_receivers_goes_to_no_partner(given: list[str], is_released: bool) -> None:
    access, _ = case(Role.PARTNER_OFFICER, Purpose.MISSING_CHILD, ABROAD)
    kept = read(record(handling=OPEN | {"codes": given}))

    decision = KE.decide(access, of_record(kept, Standing.SHAREABLE))

    assert bool(decision.may(Use.READ)) is is_released
