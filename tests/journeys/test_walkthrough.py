"""What the demonstration prints can be pasted as it stands, and tells the story it promises."""

import json
import subprocess
from typing import Any

import pytest

from tests.journeys.served import ROOT, Served

MARK = "----8<----"


def pasted(lines: list[str]) -> list[str]:
    """Paste lines into one shell, one after the other; return what each prints."""
    script = "\n".join(f"{line}\necho '{MARK}'" for line in lines)
    done = subprocess.run(
        ["bash", "-euo", "pipefail"], input=script, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split(f"{MARK}\n")[:-1]


def answers(said: list[str]) -> list[Any]:
    """Return the JSON among what was printed: lines that set a variable print nothing."""
    return [json.loads(text)["data"] for text in said if text]


def test_each_line_works_and_the_story_holds(served: Served, walkthroughs: dict[str, list[str]]) -> None:
    lines = walkthroughs[served.url]
    assert len(lines) == 6

    found, opened, log = answers(pasted(lines))

    hits = [edge["node"] for edge in found["search"]["edges"]]
    assert hits[0]["profile"]["names"][0]["full"] == "Juma Hamisi Mwakio"
    assert hits[0]["reasons"]
    assert all(hits[0]["score"] >= hit["score"] for hit in hits)
    assert opened["profile"]["names"][0]["full"] == "Juma Hamisi Mwakio"
    assert opened["profile"]["county"] == "Mombasa"
    assert {each["path"] for each in opened["profile"]["redactions"]} == {"legalBasis", "recordOwner", "versions"}
    entries = [edge["node"] for edge in log["logEntries"]["edges"]]
    assert [each["operation"] for each in entries[:3]] == ["profile", "search", "search"]
    assert {each["caseReference"] for each in entries[:3]} == {"CR 12/2026"}
    assert {each["agency"] for each in entries[:3]} == {"demo-dci"}
    searched = json.loads(entries[1]["events"][0]["details"])
    assert searched["criteria"]["name"] == "Jumaa Khamis Mwakyo"


def test_an_investigator_cannot_read_the_log(served: Served, walkthroughs: dict[str, list[str]]) -> None:
    token, *_, auditors_token, log = walkthroughs[served.url]
    refused = auditors_token.replace("auditor.toml", "investigator.toml")
    assert refused != auditors_token

    with pytest.raises(AssertionError, match="FORBIDDEN"):
        pasted([token, refused, "PROFILE=cAGh_5r4dneKmLS3ToglzoY", log])
