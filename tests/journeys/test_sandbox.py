"""A person uses the page of a sandbox in a real browser: it answers, keeps nothing, and asks nobody else."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from registry import sandbox
from tests.journeys.served import PROGRAM, ROOT, Served, free_port, prepare, run, serving

BUNDLE = ROOT / "var" / "tools" / "sandbox"
BROWSER = ROOT / "tests" / "browser"


@pytest.fixture(scope="module")
def node_with_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demonstration with the page that deploy/bootstrap.sh builds beside it."""
    run("deploy/bootstrap.sh", "sandbox", "browser")
    folder, port = tmp_path_factory.mktemp("sandbox"), free_port()
    prepare(folder, port, profiles=40)
    with serving(folder, port, sandbox_folder=str(BUNDLE)) as started:
        yield started


@pytest.fixture(scope="module")
def seen(node_with_page: Served) -> dict[str, Any]:
    """What the browser saw: tests/browser/sandbox.mjs says what was done."""
    chromium = shutil.which("chromium")
    assert chromium
    said = run(
        "node", BROWSER / "sandbox.mjs", f"{node_with_page.url}/sandbox", CHROMIUM=chromium, PROGRAM=str(PROGRAM),
        CLIENT=str(node_with_page.folder / "investigator.toml"),
    )  # fmt: skip
    report: dict[str, Any] = json.loads(said.stdout)
    return report


@pytest.fixture(scope="module")
def used(seen: dict[str, Any]) -> dict[str, Any]:
    """What an ordinary use of the page brought."""
    part: dict[str, Any] = seen["used"]
    return part


def test_the_demonstrations_question_is_answered_and_shown_with_its_extensions(used: dict[str, Any]) -> None:
    first = used["answers"][0]

    assert first["status"] == 200
    assert "errors" not in first["body"]
    assert "Juma Hamisi Mwakio" in used["hit"]
    assert "extensions" in used["hit"]


def test_a_subscription_is_shown_event_by_event_until_it_is_stopped(used: dict[str, Any]) -> None:
    assert '"watched": null' in used["told"].replace("\N{NO-BREAK SPACE}", " ")
    assert '"eventId"' in used["told"]


def test_without_a_token_nothing_is_asked(used: dict[str, Any]) -> None:
    assert used["askedWithoutToken"] == 0
    assert "Paste an access token" in used["withoutToken"]


def test_a_refusal_is_shown_with_its_code_and_the_request_by_which_the_log_knows_it(used: dict[str, Any]) -> None:
    assert '"FORBIDDEN"' in used["refused"]
    assert '"requestId"' in used["refused"]


def test_the_schema_is_there_without_introspection(used: dict[str, Any]) -> None:
    assert "Search the register by what is known of a person." in used["described"]
    assert "cursor" in used["completed"]
    assert not [each for each in used["requests"] if "__schema" in (each["sent"] or "")]


def test_questions_go_by_post_to_the_one_address_and_everything_else_comes_from_the_page(
    node_with_page: Served, used: dict[str, Any]
) -> None:
    files = {f"{node_with_page.url}/sandbox/{name}" for name in sandbox.load(BUNDLE)}

    posted = {each["url"] for each in used["requests"] if each["method"] == "POST"}
    got = {each["url"] for each in used["requests"] if each["method"] != "POST"}

    assert posted == {f"{node_with_page.url}/graphql"}
    assert got == {f"{node_with_page.url}/sandbox", *files - {f"{node_with_page.url}/sandbox/index.html"}}
    assert used["elsewhere"] == []


def test_no_rule_of_the_policy_is_broken_and_nothing_complains(used: dict[str, Any]) -> None:
    assert used["opened"] == ["Settings", "Short Keys"]
    assert used["violations"] == []
    assert used["complaints"] == []


def test_nothing_is_kept_not_even_the_token(node_with_page: Served, used: dict[str, Any]) -> None:
    assert used["kept"] == {
        "local": {}, "session": {}, "cookies": "", "databases": [], "caches": [], "workers": 0,
        "address": f"{node_with_page.url}/sandbox",
    }  # fmt: skip
    assert used["markup"] is False
    assert used["afterReload"]["token"] == ""
    assert used["afterReload"]["asked"].startswith("1\nquery Find(")


def test_what_a_hole_in_the_page_would_try_is_stopped_by_the_policy(seen: dict[str, Any]) -> None:
    assert seen["provoked"]["ran"] == []
    assert set(seen["provoked"]["stopped"]) == {
        "connect-src", "form-action", "frame-src", "img-src", "script-src", "script-src-attr", "script-src-elem",
        "style-src-elem", "worker-src",
    }  # fmt: skip
