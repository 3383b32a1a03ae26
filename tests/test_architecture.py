"""The promises of the house: floors, rooms, docstrings, lengths, and a documented list of settings."""

import ast
import configparser
import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from registry.core.config import Settings

ROOT = Path(__file__).parent.parent
PACKAGES = ("registry", "auth", "graphql_schema")
SOURCES = sorted(
    path
    for folder in (*PACKAGES, "alembic", "bench")
    for path in (ROOT / folder).rglob("*.py")
)  # fmt: skip
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if "node_modules" not in path.parts)
LONGEST_FILE = 400
PROGRAMS = Path(sys.executable).parent


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    return parser


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


# -- floors


def test_every_import_keeps_the_floors(tmp_path: Path) -> None:
    done = subprocess.run(
        [PROGRAMS / "lint-imports", "--cache-dir", str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    kept = len([each for each in contracts().sections() if ":contract:" in each])
    assert f"Contracts: {kept} kept, 0 broken." in done.stdout


def test_a_room_stands_on_a_floor() -> None:
    """A room that the contract doesn't name could import whatever it likes."""
    layers = re.split(r"[\s|]+", contracts()["importlinter:contract:floors"]["layers"].strip())
    rooms = {
        f"registry.{path.stem}"
        for path in (ROOT / "registry").iterdir()
        if (path / "__init__.py").exists() or (path.suffix == ".py" and path.stem != "__init__")
    }

    assert set(layers) == rooms | {"auth", "graphql_schema"}
    assert len(layers) == len(set(layers))


def test_every_package_of_the_program_is_looked_at() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}

    assert packages - {"bench"} == set(contracts()["importlinter"]["root_packages"].split())


def test_the_folder_of_migrations_hides_no_library() -> None:
    assert not (ROOT / "alembic" / "__init__.py").exists()


# -- files


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_module_opens_with_what_lives_here(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))

    assert docstring
    assert re.search(r"[.:?]", docstring)


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=name_of)
def test_a_file_is_read_in_one_sitting(path: Path) -> None:
    """A table, and a test that exhausts one, may be as long as it must; a module may not."""
    lines = path.read_text(encoding="utf-8").count("\n")
    most = LONGEST_FILE if path in SOURCES else 2 * LONGEST_FILE

    assert lines <= most


def test_words_that_hide_what_a_thing_is_name_no_module() -> None:
    hiding = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base_classes"}

    assert not {path.stem for path in SOURCES} & hiding


def test_nobody_commits_below_the_edge() -> None:
    """One request, one transaction: the database commits when the use case returns."""
    committing = [name_of(path) for path in SOURCES if re.search(r"\.commit\(\)", path.read_text(encoding="utf-8"))]

    assert [each for each in committing if not each.startswith("bench/")] == []


# -- documents


@pytest.mark.parametrize("setting", [each.name for each in fields(Settings)])
def test_every_setting_is_documented_with_its_default(setting: str) -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{setting}` \|([^|]*)\|(.+)\|$", text, re.MULTILINE)

    assert row
    assert row[1].strip(" `") == str(getattr(Settings(), setting))
    assert row[2].strip().endswith(".")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == {each.name for each in fields(Settings)}
