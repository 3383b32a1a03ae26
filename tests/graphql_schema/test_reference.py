"""docs/api is what the schema prints, leads from one page to the next, and leaves nothing out."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from graphql import GraphQLObjectType, build_schema

from graphql_schema import reference, schema
from graphql_schema.reference import Known
from registry.cli.main import main

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "api"
PAGES = reference.pages(reference.known())
SCHEMA = schema.build()
OPERATIONS = sorted(
    name for root in (SCHEMA.query_type, SCHEMA.mutation_type, SCHEMA.subscription_type) if root for name in root.fields
)
LINKED = [*sorted(FOLDER.rglob("*.md")), ROOT / "docs" / "api.md", ROOT / "docs" / "errors.md"]


def anchors(text: str) -> set[str]:
    """Return what a page's headings are called in links."""
    heads: list[str] = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).strip().lower().replace(" ", "-") for head in heads}


# -- the pages in git


def test_the_pages_in_git_are_those_that_the_schema_prints() -> None:
    """Or: registry schema pages --folder docs/api; what has no page any more is deleted by hand."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}

    assert sorted(kept) == sorted(PAGES)
    assert [name for name, text in PAGES.items() if kept[name] != text] == [], "registry schema pages"


def test_the_command_writes_the_pages_into_a_folder(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["schema", "pages", "--folder", str(tmp_path)])

    assert said.exit_code == 0
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == PAGES


@pytest.mark.parametrize("path", LINKED, ids=[str(each.relative_to(ROOT)) for each in LINKED])
def test_every_link_leads_somewhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("https://"):
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target.read_text(encoding="utf-8")), link


# -- nothing is left out


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_stands_on_one_page_with_its_permission_its_answer_and_its_cost(name: str) -> None:
    (section,) = [
        text.split(f"\n### `{name}`\n", 1)[1].split("\n### ")[0]
        for page, text in PAGES.items()
        if f"\n### `{name}`\n" in text and page not in ("types.md", "inputs.md", "enums.md")
    ]

    for fact in ("- Permission: [`", "- Answer: [`", "- Cost: ")[name == "node" :]:  # that is of the object's own query
        assert section.count(fact) == 1, section


@pytest.mark.parametrize("type_", [
    each for name, each in sorted(SCHEMA.type_map.items())
    if not name.startswith("__") and name not in (*reference.ROOTS, "Boolean", "Float", "ID", "Int", "String")
], ids=str)  # fmt: skip
def test_every_type_with_its_fields_is_told(type_: object) -> None:
    name = str(type_)
    told = "\n".join(PAGES.values())
    members = {*getattr(type_, "fields", ()), *getattr(type_, "values", ())}
    mutation = re.fullmatch(r"(\w+?)(Input|Payload|Error|ErrorCode)", name)
    operation = mutation and mutation[1][0].lower() + mutation[1][1:]
    if name.endswith(("Connection", "Edge")):
        assert f"| `{name.removesuffix('Edge').removesuffix('Connection')}Connection` |" in PAGES["types.md"]
        return
    place = f"\n### `{operation if operation in OPERATIONS else name}`\n"
    section = told.split(place, 1)[1].split("\n### ")[0]
    if operation not in OPERATIONS or name.endswith(("Input", "Payload")):
        assert {each for each in members if f"\n| `{each}` |" not in section} == set()
    elif name.endswith("ErrorCode"):
        assert {each for each in members if f"[`{each}`](codes.md)" not in section} == set()


def test_a_permission_names_every_role_and_purpose_that_has_it() -> None:
    rows = re.findall(r"^\| `([a-z:]+)` \| (\w+) \| ([\w, ]+) \|$", PAGES["README.md"], re.MULTILINE)

    assert ("log:read", "auditor", "oversight") in rows
    assert {purposes for action, role, purposes in rows if (action, role) == ("profile:read", "registrar")} == {
        "register_maintenance"
    }
    needed = {permission for text in PAGES.values() for permission in re.findall(r"Permission: \[`([a-z:]+)`", text)}
    assert needed <= {action for action, *_ in rows}


def test_a_code_leads_to_every_mutation_that_answers_it() -> None:
    (row,) = re.findall(r"^\| `PROPOSAL_NOT_PENDING` \| (.+) \|$", PAGES["codes.md"], re.MULTILINE)

    assert re.findall(r"`(\w+)`", row) == ["proposalApprove", "proposalReject", "proposalReturn", "proposalWithdraw"]


def test_every_code_on_the_page_stands_in_the_catalogue() -> None:
    catalogue = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `([A-Z_]+)` \|", PAGES["codes.md"], re.MULTILINE)

    assert len(codes) > 50
    assert [code for code in codes if f"\n| `{code}` |" not in catalogue] == []


# -- of what kind a schema may be beside ours

INVENTED = '''
"""An invented schema."""
type Query {
  "Ask for it. Permission: thing:read."
  thing(id: ID!, kind: Kind): Found @deprecated(reason: "Since 2026-12-01; use `things`.")
  things(first: Int!, after: String): [Thing!]
}
type Subscription { "Hear of it. Permission: thing:hear." heard: Thing }
"Either | or."
union Found = Thing | Person
"Whatever has a name."
interface Named { name: String }
"A thing."
type Thing implements Named {
  "Its name."
  name: String
  "Its colour, once."
  colour("As it is called there." language: String, old: Int @deprecated(reason: "Since 2026-12-02.")): Kind
}
"A person."
type Person { born: Day }
"Of what kind."
enum Kind { BLUE "Nearly blue." GREEN @deprecated(reason: "Since 2026-12-03; use `BLUE`.") }
"A day."
scalar Day @specifiedBy(url: "https://example.org/day")
'''
INVENTED_PAGES = reference.pages(Known(INVENTED, {"thing": "things", "things": "things"}, {"things": "Things"}))


def test_what_is_deprecated_says_so_where_it_stands_and_on_a_page_of_its_own() -> None:
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", INVENTED_PAGES["deprecations.md"], re.MULTILINE)

    assert rows == [
        ("Kind.GREEN", "Since 2026-12-03; use `BLUE`."),
        ("Query.thing", "Since 2026-12-01; use `things`."),
        ("Thing.colour(old:)", "Since 2026-12-02."),
    ]
    assert "**Deprecated**: Since 2026-12-01; use `things`." in INVENTED_PAGES["things.md"]
    assert "| `GREEN` | Nearly blue. **Deprecated**: Since 2026-12-03; use `BLUE`. |" in INVENTED_PAGES["enums.md"]


def test_unions_and_interfaces_name_their_types() -> None:
    types = INVENTED_PAGES["types.md"]

    assert "One of [`Thing`](types.md#thing), [`Person`](types.md#person)." in types
    assert "### `Named`\n\nWhatever has a name.\n\nOf [`Thing`](types.md#thing)." in types
    assert "### `Thing`\n\nA thing.\n\nIs a [`Named`](types.md#named)." in types


def test_arguments_of_a_field_stand_with_it() -> None:
    assert (
        "| `colour` | [`Kind`](enums.md#kind) | Its colour, once. Takes `language` `String`: As it is called there.; "
        "`old` `Int` |"
    ) in INVENTED_PAGES["types.md"]
    assert "| `first` | `Int!` | How many nodes, 1 to 100. |" in INVENTED_PAGES["things.md"]


def test_what_belongs_to_no_room_and_costs_nothing_known_has_its_page_too() -> None:
    assert "## Subscriptions\n\n### `heard`\n\nHear of it.\n" in INVENTED_PAGES["general.md"]
    assert "Cost" not in INVENTED_PAGES["general.md"]
    assert "| [`heard`](general.md#heard) |" in INVENTED_PAGES["README.md"]


def test_a_scalar_names_its_specification() -> None:
    assert "### `Day`\n\nA day.\n\nSpecified by <https://example.org/day>." in INVENTED_PAGES["scalars.md"]


def test_the_page_is_made_of_the_text_alone() -> None:
    """What was printed is read again: the pages hold what a partner can find in the schema, and no more."""
    read = build_schema(schema.sdl())

    assert isinstance(read.query_type, GraphQLObjectType)
    assert reference.pages(Known(schema.sdl(), {}, {})).keys() >= {"general.md", "types.md"}
