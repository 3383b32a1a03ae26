"""The commands that print the form of a record: what they print is what is published."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from registry.cli.main import main

DOCS = Path(__file__).parents[3] / "docs"
PUBLISHED = {"record": "schemas/record.json", "export": "schemas/export.json", "dictionary": "dictionary.md"}


@pytest.mark.parametrize(("name", "file"), PUBLISHED.items(), ids=list(PUBLISHED))
def test_a_form_is_printed_as_it_is_published_and_nothing_else(name: str, file: str) -> None:
    said = CliRunner().invoke(main, ["schema", name])

    assert said.exit_code == 0
    assert said.stdout == (DOCS / file).read_text(encoding="utf-8")
    assert not said.stderr


@pytest.mark.parametrize("name", PUBLISHED)
def test_an_edition_that_is_not_there_is_not_found(name: str) -> None:
    said = CliRunner().invoke(main, ["schema", name, "--edition", "xx"])

    assert said.exit_code == 4
    assert "There is no such edition. Use ke." in said.stderr
    assert not said.stdout
