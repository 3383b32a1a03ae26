"""docs/errors.md lists every code of the source and no other: a code is a promise."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graphql_schema import negotiation
from graphql_schema.profiles import mutations

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "errors.md"
FORM = re.compile(r"[A-Z]+(?:_[A-Z]+)+")
NO_CODES = {
    "REGISTRY_SETTINGS",
    "REGISTRY_WITNESS",
    "REGISTRY_TOKEN",
    "REGISTRY_CLIENT",
    "CREDENTIALS_DIRECTORY",
    "RAY_USAGE_STATS_ENABLED",
    "PROMETHEUS_MULTIPROC_DIR",
    "STEP_UP",
    "REQUEST_OWNER",
    "OFFICER_GRANT",
}
"""Constants of the same form that mean something else."""


@cache
def codes_told() -> frozenset[str]:
    """Return the codes that the page lists: the first column of its tables."""
    return frozenset(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))


def codes_of(source: str) -> Iterator[str]:
    """Yield the codes in a module: what is handed over as ``code``, is a default, or has a code's form."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "code" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(each, ast.Name) and each.id in ("default_code", "INTERNAL") for each in targets):
                yield str(node.value.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and FORM.fullmatch(node.value):
            yield node.value


def raised() -> dict[str, set[str]]:
    """Return every code of the source with the modules it stands in."""
    found: dict[str, set[str]] = {}
    for folder in ("registry", "auth", "graphql_schema", "alembic"):
        for path in (ROOT / folder).rglob("*.py"):
            for code in codes_of(path.read_text(encoding="utf-8")):
                found.setdefault(code, set()).add(str(path.relative_to(ROOT)))
    listed = (mutations.RECORD_CODES, mutations.DECISION_CODES, mutations.REJECTION_CODES, negotiation.EVENTS)
    for code in frozenset[str]().union(*listed):
        found.setdefault(code, set()).add("graphql_schema")
    return {code: places for code, places in found.items() if code.isupper() and code not in NO_CODES and code != "KE"}


def test_every_code_of_the_source_stands_on_the_page() -> None:
    missing = {code: places for code, places in raised().items() if code not in codes_told()}

    assert not missing


def test_the_page_lists_no_code_that_is_gone() -> None:
    assert codes_told() - raised().keys() == set()


def test_a_code_is_listed_once_with_its_meaning_and_its_remedy() -> None:
    rows = re.findall(r"^\| `[A-Z_]+` \|.*$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(rows) == len(codes_told())
    for row in rows:
        *_, meaning, remedy = [cell.strip() for cell in row.strip("|").split("|")]
        assert meaning.endswith("."), row
        assert remedy.endswith("."), row
