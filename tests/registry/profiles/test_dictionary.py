"""Pages that the code writes of itself say what the program does, and every field says who asks for it."""

import re
from pathlib import Path

import pytest

from registry.disclosure import policy
from registry.disclosure.vocabulary import FieldClass
from registry.profiles import dictionary
from registry.profiles.forms import members
from registry.profiles.markings import as_given
from registry.profiles.parts import OWN, VERIFIED, NamePart
from registry.profiles.record import GROUPS
from registry.profiles.standing import Change, Standing
from registry.profiles.vetting import Decision, State
from tests.approved import assert_approved
from tests.factories import EDITION

DOCS = Path(__file__).parents[3] / "docs"
LIFE_CYCLE = DOCS / "life-cycle.md"
PAGE = dictionary.page(EDITION)
PARTS = (*dict.fromkeys(group.part for group in GROUPS.values() if group.part), NamePart)
DESCRIBED = [(f"Record.{name}", group.meaning, group.source) for name, group in GROUPS.items()] + [
    (f"{part.__name__}.{each.name}", each.meaning, each.source) for part in PARTS for each in members(as_given(part))
]
TABLES = {"life": dictionary.life, "changes": dictionary.changes, "decisions": dictionary.decisions}


def section(heading: str) -> str:
    """Return what stands under a heading of the dictionary, up to the next one."""
    return PAGE.split(f"\n{heading}\n", 1)[1].split("\n#", 1)[0]


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of the tables in a text by their first cell."""
    cells = [[each.strip() for each in line.strip("|").split(" | ")] for line in text.splitlines() if line[:1] == "|"]
    return {first.strip("`"): rest for first, *rest in cells}


# -- sources


@pytest.mark.parametrize(("place", "meaning", "source"), DESCRIBED, ids=[place for place, _, _ in DESCRIBED])
def test_no_field_of_the_record_lacks_its_meaning_or_its_source(place: str, meaning: str, source: str) -> None:
    assert meaning.endswith("."), place
    assert source, place
    for each in source.split("; "):
        assert each == OWN or each.startswith(tuple(name for name in dictionary.CITED if name != OWN)), each


def test_every_law_or_standard_on_the_page_is_named_by_a_field() -> None:
    named = [each for _, _, source in DESCRIBED for each in source.split("; ")]

    assert [name for name in dictionary.CITED if not any(each.startswith(name) for each in named)] == []


def test_the_page_says_of_each_source_how_it_was_read() -> None:
    told = rows(section("## Sources"))

    assert set(dictionary.CITED) <= set(told)
    assert all(len(told[name]) == 2 and all(told[name]) for name in dictionary.CITED)


# -- the dictionary


def test_the_page_is_what_the_code_says() -> None:
    assert_approved(DOCS / "dictionary.md", PAGE)


@pytest.mark.parametrize("name", GROUPS)
def test_each_group_says_where_it_is_stored_who_may_read_it_and_whether_it_is_verified(name: str) -> None:
    group = GROUPS[name]

    _form, required, meaning, source, stored, kind, verified = rows(section("## Groups"))[name]

    assert (meaning, source) == (group.meaning, group.source)
    assert (stored == "sealed") == (group.column == "sealed")
    assert kind.startswith(group.field_class.value)
    assert (verified == "yes") == (name in VERIFIED)
    assert (required == "yes") == (group.required and name != "owner")


@pytest.mark.parametrize("part", PARTS[:-1])
def test_each_part_has_a_table_with_its_fields_in_their_order(part: type) -> None:
    fields = [name for name in rows(section(f"### {part.__name__}")) if name not in ("field", "---")]

    assert fields == [each.name for each in members(as_given(part))]


@pytest.mark.parametrize("kind", FieldClass)
def test_each_field_class_says_which_rules_open_it(kind: FieldClass) -> None:
    _, *opened = rows(section("## Who may read a field class"))[kind.value]

    permits = [rule for rule in policy.approved("ke").rules if rule.permits]
    assert [each == "yes" for each in opened] == [kind in rule.fields for rule in permits]


def test_a_link_of_the_page_leads_somewhere() -> None:
    headings = {line.lstrip("# ").lower().replace(" ", "-") for line in PAGE.splitlines() if line.startswith("#")}

    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert target[1:] in headings if target.startswith("#") else (DOCS / target).exists(), target


# -- the life cycle


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_life_cycle_are_what_the_code_says(name: str) -> None:
    said = LIFE_CYCLE.read_text(encoding="utf-8")
    before, found, after = re.split(rf"(?s)(?<=<!-- {name} -->\n)(.*?)(?=\n<!-- end -->)", said)

    assert found
    assert_approved(LIFE_CYCLE, before + TABLES[name]() + after)


@pytest.mark.parametrize("word", [*Standing, *Change, *Decision, *State], ids=lambda word: f"{word!r}")
def test_the_life_cycle_page_explains_each_standing_change_decision_and_state(
    word: Standing | Change | Decision | State,
) -> None:
    explained = re.sub(r"(?s)<!-- \w+ -->.*?<!-- end -->", "", LIFE_CYCLE.read_text(encoding="utf-8"))

    assert re.search(rf"(?m)^(- |\| )\*\*{word.value}\*\*", explained)
