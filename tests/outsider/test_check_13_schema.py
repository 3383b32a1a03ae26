"""Check 13: the schema in git is a fresh print, and what would hurt clients of the last release is refused."""

import re
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from graphql import build_schema

from graphql_schema import changes, schema
from registry.cli.main import main

ROOT = Path(__file__).parents[2]
SCHEMA = "graphql_schema/schema.graphql"
CURRENT = schema.sdl()


def git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=False)


def last_release(folder: Path) -> str | None:
    """Name the tag of the last release, if there has been one."""
    return git(folder, "describe", "--tags", "--abbrev=0", "--match", "v*").stdout.strip() or None


def test_check_13_the_schema_in_git_is_a_fresh_print() -> None:
    assert (ROOT / SCHEMA).read_text(encoding="utf-8") == CURRENT


def test_check_13_nothing_hurts_clients_of_the_last_release() -> None:
    """Until there is a release nobody can be hurt: then the changelog must know of none, either."""
    tag = last_release(ROOT)
    if tag is None:
        released = re.findall(
            r"^## (\d+\.\d+\.\d+)(?! \S+ unreleased)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE
        )
        assert released == [], "a released version has its tag, v and the number"
        assert changes.accepted() == {}, "changes are decided on against a release"
    else:
        before = git(ROOT, "show", f"{tag}:{SCHEMA}").stdout
        assert changes.refused(before, CURRENT, changes.accepted()) == []


@pytest.fixture
def released(tmp_path: Path) -> Path:
    """A repository with one release: the schema as it is now."""
    (tmp_path / "graphql_schema").mkdir()
    (tmp_path / SCHEMA).write_text(CURRENT, encoding="utf-8")
    who = ("-c", "user.name=DEMO", "-c", "user.email=demo@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "release"), ("tag", "v9.9.9")):
        assert git(tmp_path, *words).returncode == 0
    return tmp_path


def test_the_last_release_is_found_by_its_tag(released: Path) -> None:
    assert last_release(released) == "v9.9.9"
    assert git(released, "show", f"v9.9.9:{SCHEMA}").stdout == CURRENT


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  pageInfo: PageInfo!\n", "", "FIELD_REMOVED: CertificateConnection.pageInfo was removed."),
        ("  score: Float!\n", "  score: Float\n", "FIELD_CHANGED_KIND"),
        ("  STRONG\n", "", "VALUE_REMOVED_FROM_ENUM: STRONG was removed from enum type Band."),
        ("  POSSIBLE\n", "  POSSIBLE\n  PERHAPS\n", "VALUE_ADDED_TO_ENUM: PERHAPS was added to enum type Band."),
        ("  radiusKm: Float!\n", "  radiusKm: Float!\n  floor: Int\n", "OPTIONAL_INPUT_FIELD_ADDED"),
        ("  radiusKm: Float!\n", "  radiusKm: Float!\n  floor: Int!\n", "REQUIRED_INPUT_FIELD_ADDED"),
    ],
)
def test_a_change_that_hurts_is_told_and_refused_until_somebody_decides(old: str, new: str, told: str) -> None:
    assert old in CURRENT
    changed = CURRENT.replace(old, new)

    found = changes.hurting(CURRENT, changed)

    assert any(each.startswith(told) for each in found), found
    assert changes.refused(CURRENT, changed, {}) == found
    assert changes.refused(CURRENT, changed, dict.fromkeys(found, "decided")) == []
    assert changes.refused(CURRENT, CURRENT, {found[0]: "decided"}) == [f"ACCEPTED_IN_VAIN: {found[0]}"]


def test_a_new_field_hurts_nobody() -> None:
    changed = CURRENT.replace("  discriminator: Boolean!\n", "  discriminator: Boolean!\n  invented: Int\n")

    assert changed != CURRENT
    assert changes.hurting(CURRENT, changed) == []


def test_the_command_says_what_would_hurt(tmp_path: Path) -> None:
    before = tmp_path / "released.graphql"
    before.write_text(CURRENT, encoding="utf-8")
    kept = CliRunner().invoke(main, ["schema", "changes", str(before)])
    before.write_text(CURRENT.replace("type Hit {\n", "type Hit {\n  invented: Int\n"), encoding="utf-8")
    broken = CliRunner().invoke(main, ["schema", "changes", str(before)])

    assert (kept.exit_code, kept.stdout) == (0, "")
    assert (broken.exit_code, broken.stdout) == (1, "FIELD_REMOVED: Hit.invented was removed.\n")
    assert "SCHEMA_BREAKS" in broken.stderr


def test_a_decision_names_the_change_and_its_reason() -> None:
    text = '[[accepted]]\nchange = "FIELD_REMOVED: Hit.invented was removed."\nbecause = "Nobody asked for it."\n'

    assert changes.accepted(text) == {"FIELD_REMOVED: Hit.invented was removed.": "Nobody asked for it."}


# -- deprecation


def test_whatever_is_deprecated_says_since_when_and_what_to_use_instead() -> None:
    assert changes.unexplained(schema.build()) == []


@pytest.mark.parametrize(
    ("reason", "explained"),
    [
        ("Since 2027-01-31: use `names`.", True),
        ("Since 2027-01-31: use `names`. It holds every script.", True),
        ("Use names.", False),
        ("Since January: use `names`.", False),
        ("No longer supported", False),
    ],
)
def test_a_deprecation_without_day_or_replacement_is_found_wherever_it_stands(reason: str, explained: bool) -> None:
    told = f'@deprecated(reason: "{reason}")'
    made = build_schema(
        f"type Query {{ a: Int {told} b(c: Int {told}): E }} enum E {{ F {told} G }} input I {{ d: Int {told} }}"
    )

    assert changes.unexplained(made) == ([] if explained else ["Query.a", "Query.b(c:)", "E.F", "I.d"])
