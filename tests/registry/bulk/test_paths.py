"""Paths into a record are read strictly, against the description of a record."""

import pytest

from registry.bulk.paths import target
from registry.core.errors import InputRefused


@pytest.mark.parametrize(
    ("path", "group", "at", "member"),
    [
        ("birth_date", "birth_date", None, None),
        ("names[0].full", "names", 0, "full"),
        ("names[1].parts.family", "names", 1, "parts"),
        ("convictions[2].convicted_on", "convictions", 2, "convicted_on"),
        ("phones[]", "phones", None, "number"),
        ("phones[3]", "phones", 3, "number"),
        ("nationalities[]", "nationalities", None, None),
        ("nationalities[1]", "nationalities", 1, None),
        ("custody.state", "custody", None, "state"),
        ("handling.releasable_to[]", "handling", None, "releasable_to"),
        ("handling.codes[]", "handling", None, "codes"),
    ],
)
def test_a_path_says_where_a_value_goes(path: str, group: str, at: int | None, member: str | None) -> None:
    found = target(path)

    assert (found.path, found.group, found.at, found.member) == (path, group, at, member)


def test_one_more_entry_and_one_more_value_are_told_apart() -> None:
    assert (target("phones[]").one_more, target("phones[]").several) == (True, False)
    assert (target("handling.releasable_to[]").one_more, target("handling.releasable_to[]").several) == (False, True)


@pytest.mark.parametrize(
    "path",
    [
        "", "name", "names", "names[0]", "names[].full", "names[0].fool", "names[0].full.x", "names[0].parts",
        "names[0].parts.knee", "names[50].full", "names[0].full[]", "birth_date[0]", "birth_date.year",
        "phones[].number",
        "handling.releasable_to", "handling.onward[]", "handling", "victims[0].name", "names[0].full ", "Names[0].full",
        "names[-1].full", "names[٣].full",
    ],
)  # fmt: skip
def test_what_is_no_path_of_a_record_is_refused(path: str) -> None:
    with pytest.raises(InputRefused) as refused:
        target(path, field='columns."X"')

    assert (refused.value.code, refused.value.field) == ("MAPPING_MALFORMED", 'columns."X"')
    assert refused.value.remedy
