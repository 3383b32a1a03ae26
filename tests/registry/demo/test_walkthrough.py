"""The walk-through's lines, as text; that they work is the business of tests/journeys/test_walkthrough.py."""

import json
import shlex
from pathlib import Path

from graphql import parse, validate

from graphql_schema import schema
from registry.demo import walkthrough
from registry.synthetic.first_question import SEARCH
from registry.synthetic.scenes import CONTESTED, SCENES

LINES = walkthrough.lines(Path("var/demo"), "http://127.0.0.1:8000")


def test_every_step_has_a_remark_that_says_what_it_does() -> None:
    remarks = [line for line in LINES if line.startswith("#")]

    assert [remark[:4] for remark in remarks] == ["# 1.", "# 2.", "# 3.", "# 4.", "# 5.", "# 6.", "# 7."]


def test_every_line_is_one_command_of_ours() -> None:
    for line in LINES:
        if not line.startswith("#"):
            assert "\n" not in line
            assert shlex.split(line)
            assert ".venv/bin/registry" in line or line.startswith("export REGISTRY_CLIENT=")


def test_the_documents_are_questions_that_the_schema_answers() -> None:
    for document in (SEARCH, walkthrough.OPEN, walkthrough.CONTESTED, walkthrough.OVERDUE,
                     walkthrough.OFFICES, walkthrough.LOG):  # fmt: skip
        assert validate(schema.build(), parse(document)) == []


def test_the_card_is_that_of_the_contested_scene() -> None:
    (identifier,) = json.loads(walkthrough.CARD)["criteria"]["identifiers"]

    assert identifier["value"] == SCENES[CONTESTED].identifiers[0]["value"]


def test_folder_address_and_program_are_those_of_the_node() -> None:
    lines = walkthrough.lines(Path("/elsewhere"), "http://127.0.0.1:9999", program="registry")

    text = "\n".join(lines)
    assert "/elsewhere/investigator.toml" in text
    assert "/elsewhere/registrar.toml" in text
    assert "/elsewhere/auditor.toml" in text
    assert "http://127.0.0.1:8000" not in text
    assert ".venv" not in text
