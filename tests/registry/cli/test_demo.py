"""`registry demo`: sets up once, prints the walk-through, and starts what it has set up."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from registry import migrations
from registry.cli import main as program
from registry.cli.main import main
from registry.demo import walkthrough


def demo(folder: Path, *options: str, expected: int = 0) -> Result:
    done = CliRunner().invoke(main, ["demo", "--folder", str(folder), "--profiles", "5", "--port", "8222", *options])
    assert done.exit_code == expected, done.output
    return done


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_SETTINGS", "")  # the command sets it; this puts it back


def test_it_prints_the_walk_through_of_the_node_that_it_has_set_up(tmp_path: Path) -> None:
    said = demo(tmp_path / "demo", "--prepare-only")

    for line in walkthrough.lines(tmp_path / "demo", "http://127.0.0.1:8222"):
        assert line in said.stdout
    assert "5 synthetic profiles" in said.stderr


def test_with_a_sandbox_it_says_where_the_page_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "# The page to try it on: http://127.0.0.1:8222/sandbox (it shows how to get its token)\n"
    assert told not in demo(tmp_path, "--prepare-only").stdout

    monkeypatch.setenv("REGISTRY_SANDBOX_FOLDER", "var/tools/sandbox")

    assert demo(tmp_path, "--prepare-only").stdout.endswith(told)


def test_a_second_call_finds_everything_and_changes_nothing(tmp_path: Path) -> None:
    demo(tmp_path, "--prepare-only")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.suffix in (".pem", ".key", ".toml")}

    again = demo(tmp_path, "--prepare-only")

    assert "synthetic profiles in" not in again.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir() if path.name in before} == before


def test_a_set_up_that_was_broken_off_is_begun_anew(tmp_path: Path) -> None:
    demo(tmp_path, "--prepare-only")
    (tmp_path / "ready").rename(tmp_path / "unfinished")

    assert "5 synthetic profiles" in demo(tmp_path, "--prepare-only").stderr
    assert not (tmp_path / "unfinished").exists()


def test_a_folder_with_other_peoples_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "registry.db").write_text("somebody's own")

    assert "[FOLDER_NOT_EMPTY]" in demo(tmp_path, "--prepare-only", expected=1).stderr
    assert (tmp_path / "registry.db").read_text() == "somebody's own"


def test_options_that_would_be_passed_over_are_refused(tmp_path: Path) -> None:
    demo(tmp_path, "--prepare-only")

    assert "[DEMO_DIFFERS]" in demo(tmp_path, "--prepare-only", "--port", "8333", expected=1).stderr


def test_a_folder_that_another_version_has_made_is_refused(tmp_path: Path) -> None:
    demo(tmp_path, "--prepare-only")
    made = (tmp_path / "ready").read_text()
    (tmp_path / "ready").write_text(made.replace(migrations.head(), "0001_of_old"))

    assert "[DEMO_DIFFERS]" in demo(tmp_path, "--prepare-only", expected=1).stderr


def test_then_it_serves_with_the_settings_it_has_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []  # Any: the settings it is called with
    monkeypatch.setattr(program, "run_server", started.append)

    said = demo(tmp_path)

    (settings,) = started
    assert settings.listen_port == 8222
    assert settings.database_url == f"sqlite:///{tmp_path}/registry.db"
    assert "The server listens at http://127.0.0.1:8222" in said.stdout
