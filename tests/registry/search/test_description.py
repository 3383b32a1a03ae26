"""What is known without a name, read strictly: each criterion refused with its field, rule and remedy."""

from typing import Any

import pytest

from registry.core.errors import InputRefused
from registry.matching.types import Handle, Mark, Near
from registry.search import description
from registry.search.query import SearchQuery
from registry.search.replay import question
from tests.factories import EDITION
from tests.registry.search.test_query import WHOLE

HUGE = "a" * 10_000
NOWHERE = float("nan")

REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("marks", {"marks": (Mark("tattoo", "arm"),) * 6}),
    ("marks", {"marks": (Mark("brand", "arm"),)}),
    ("marks", {"marks": (Mark("tattoo", "arm", "", "up"),)}),
    ("marks", {"marks": (Mark(),)}),
    ("marks.place", {"marks": (Mark("tattoo", "nowhere"),)}),
    ("marks.place", {"marks": (Mark("tattoo", HUGE),)}),
    ("marks.description", {"marks": (Mark("tattoo", "arm", HUGE),)}),
    ("marks.description", {"marks": (Mark("tattoo", "arm", "a\u202eb"),)}),
    ("plate", {"plate": "****"}),
    ("plate", {"plate": "????"}),
    ("plate", {"plate": "4?7"}),
    ("plate", {"plate": ""}),
    ("plate", {"plate": HUGE}),
    ("near.radiusKm", {"near": Near(0.05, (0.0, 0.0))}),
    ("near.radiusKm", {"near": Near(200.1, (0.0, 0.0))}),
    ("near.radiusKm", {"near": Near(float("inf"), (0.0, 0.0))}),
    ("near.radiusKm", {"near": Near(NOWHERE, (0.0, 0.0))}),
    ("near", {"near": Near(5.0)}),
    ("near", {"near": Near(5.0, (0.0, 0.0), "Kwale")}),
    ("near", {"near": Near(5.0, (90.1, 0.0))}),
    ("near", {"near": Near(5.0, (0.0, -180.1))}),
    ("near", {"near": Near(5.0, (NOWHERE, 0.0))}),
    ("near", {"near": Near(5.0, (0.0, NOWHERE))}),
    ("near.subCounty", {"near": Near(5.0, (0.0, 0.0), "", "Westlands")}),
    ("near.county", {"near": Near(5.0, None, HUGE)}),
    ("modusOperandi", {"modus_operandi": tuple("abcdef")}),
    ("modusOperandi", {"modus_operandi": (HUGE,)}),
    ("handle", {"handle_part": Handle(None, "ab.c")}),
    ("handle.part", {"handle_part": Handle(None, HUGE)}),
    ("platform", {"platform": HUGE, "name": "Juma"}),
]


@pytest.mark.parametrize(("field", "criteria"), REFUSED)
def test_a_criterion_that_says_nothing_is_refused(field: str, criteria: dict[str, Any]) -> None:
    with pytest.raises(InputRefused) as refused:
        SearchQuery(**criteria)

    assert (refused.value.code, refused.value.field) == ("CRITERION_MALFORMED", field)
    assert refused.value.remedy
    assert len(str(refused.value)) < 600


@pytest.mark.parametrize(
    "criteria", [{"platform": "tiktok"}, {"marks": (Mark("tattoo"),)}, {"marks": (Mark("", "", "", "left"),)}]
)
def test_what_everybody_has_names_nobody(criteria: dict[str, Any]) -> None:
    with pytest.raises(InputRefused) as refused:
        SearchQuery(**criteria)

    assert refused.value.code == "CRITERIA_TOO_FEW"


@pytest.mark.parametrize(
    "criteria",
    [
        {"marks": (Mark("", "mkono wa kushoto"),)}, {"marks": (Mark("", "", "nge"),)}, {"plate": "KBZ 4?7"},
        {"near": Near(0.1, (90.0, 180.0))}, {"near": Near(200.0, None, "Kwale", "Msambweni")},
        {"modus_operandi": ("force",)}, {"handle_part": Handle(None, "king")},
    ],
)  # fmt: skip
def test_each_criterion_may_stand_alone_and_is_written_down_so_that_it_can_be_asked_again(
    criteria: dict[str, Any],
) -> None:
    sought = SearchQuery(**criteria)

    assert question(sought.to_json()) == sought


def test_every_criterion_of_a_question_is_read_back() -> None:
    assert question(WHOLE.to_json()) == WHOLE


@pytest.mark.parametrize(
    ("field", "near", "methods"),
    [("near.county", Near(5.0, None, "Atlantis"), ()), ("modusOperandi", None, ("no_such_code",))],
)
def test_a_county_or_code_that_the_edition_does_not_list_is_refused(
    field: str, near: Near | None, methods: tuple[str, ...]
) -> None:
    with pytest.raises(InputRefused) as refused:
        description.check_listed(near, methods, EDITION.counties, EDITION.modus_operandi)

    assert (refused.value.code, refused.value.field) == ("CRITERION_MALFORMED", field)


def test_every_county_and_code_of_the_edition_is_taken() -> None:
    for county in EDITION.counties:
        description.check_listed(Near(5.0, None, county.upper()), (), EDITION.counties, EDITION.modus_operandi)
    description.check_listed(None, tuple(EDITION.modus_operandi), EDITION.counties, EDITION.modus_operandi)
