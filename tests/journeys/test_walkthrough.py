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
    assert len(lines) == 11

    found, opened, contested, curled, overdue, offices, log = answers(pasted(lines))

    hits = [edge["node"] for edge in found["search"]["edges"]]
    assert hits[0]["profile"]["names"][0]["full"] == "Juma Hamisi Mwakio"
    assert hits[0]["reasons"]
    assert all(hits[0]["score"] >= hit["score"] for hit in hits)
    assert curled["search"]["edges"]
    _opened_as_it_stands(opened["profile"])
    _disputed_and_says_so(contested["search"]["edges"][0]["node"])
    _longest_overdue_first([edge["node"] for edge in overdue["verificationsOverdue"]["edges"]], offices["offices"])
    entries = [edge["node"] for edge in log["logEntries"]["edges"]]
    assert [each["operation"] for each in entries[:4]] == ["search", "profile", "search", "search"]
    assert {each["caseReference"] for each in entries[:4]} == {"CR 12/2026"}
    assert {each["agency"] for each in entries[:4]} == {"demo-dci"}
    searched = json.loads(entries[2]["events"][0]["details"])
    assert searched["criteria"]["name"] == "Jumaa Khamis Mwakyo"


def _opened_as_it_stands(profile: Any) -> None:
    """The profile of the best hit: what it says of itself, and how old that is."""
    assert profile["names"][0]["full"] == "Juma Hamisi Mwakio"
    assert (profile["county"], profile["standing"], profile["contested"]) == ("Mombasa", "VETTED", False)
    assert [each["number"] for each in profile["phones"]] == ["+254790000001"]
    told = {each["group"]: each for each in profile["freshness"]}
    assert {"names", "convictions", "phones"} <= set(told)
    for each in told.values():
        assert (each["verifiedOn"] is None) == (each["ageDays"] is None)
    withheld = {each["path"] for each in profile["redactions"]}
    assert withheld >= {"legalBasis", "recordOwner", "versions", "sources", "notes"}
    assert not withheld & {"names", "phones", "convictions", "freshness"}


def _disputed_and_says_so(hit: Any) -> None:
    """The hit on the contested entry."""
    assert hit["profile"]["names"][0]["full"] == "Nicodemus Kiplagat Sirma"
    assert hit["profile"]["contested"]
    assert hit["band"] == "STRONG"


def _longest_overdue_first(due: list[Any], offices: list[Any]) -> None:
    """The registrar's duties."""
    days = [each["daysOverdue"] for each in due]
    assert days == sorted(days, reverse=True)
    assert min(days) > 0
    assert sum(each["verificationsOverdue"] for each in offices) >= len(due)
    assert {each["owner"] for each in offices} == {"demo-dci"}
    assert len({each["post"] for each in offices}) > 5


def test_an_investigator_cannot_read_the_log(served: Served, walkthroughs: dict[str, list[str]]) -> None:
    *_, auditor, log = walkthroughs[served.url]
    investigator = auditor.replace("auditor.toml", "investigator.toml")
    assert investigator != auditor

    with pytest.raises(AssertionError, match="FORBIDDEN"):
        pasted([investigator, "PROFILE=cAGh_5r4dneKmLS3ToglzoY", log])
