"""Codes of others through `registry import` and `registry export`: what they mean is kept, and disclosure follows."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth.actor import Agreement
from registry.core.ids import read_public_id
from registry.disclosure.vocabulary import Attribution, Role, Tier
from registry.profiles import queries
from registry.profiles.operations import deciding, proposing
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf
from tests.registry.profiles.scenes import cleared, found

REGISTRAR, SUPERVISOR = on_behalf(Role.REGISTRAR), on_behalf(Role.SUPERVISOR)
OPEN = {"releasable_to": ["NL", "UG"], "onward": "H0", "clearance": "open"}
GIVEN: dict[str, dict[str, Any]] = {
    "Plain": {},
    "Excluded": {"codes": ["SIENA:H1"], "excluded": ["UG"]},
    "Named": {"codes": ["SIENA:H3"]},
    "Red": {"codes": ["tlp:red", "SIENA:H0"]},
}
PARTNER = replace(
    factories.actor(role=Role.PARTNER_OFFICER, agency="xa-invented"),
    is_partner=True, agreement=Agreement("XA-1", Tier.FULL, 50), attribution=Attribution.GRANTED,
)  # fmt: skip


def written(path: Path, given: dict[str, dict[str, Any]]) -> Path:
    records = [factories.named(f"Invented {name}", handling=OPEN | more) for name, more in given.items()]
    path.write_text("".join(f"{json.dumps(each)}\n" for each in records), encoding="utf-8")
    return path


def released(connection: Connection) -> dict[str, UUID]:
    """Vet and release everything that waits, by officers who are cleared for it; return the profiles by their names."""
    registrar, supervisor = (
        factories.work(connection, cleared(factories.actor(connection, role=role), "secret"))
        for role in (Role.REGISTRAR, Role.SUPERVISOR)
    )
    waiting = queries.proposals(connection, factories.SEALER, State.PENDING, after=None, limit=9)
    deciding.approve_many(supervisor, waiting)
    known = {each.record.names[0].full.split()[1]: each.profile for each in waiting}
    for profile in known.values():
        change = proposing.propose_change(registrar, profile, Change.RELEASE, "An invented change")
        deciding.approve_change(supervisor, read_public_id("proposal", change.id))
    return known


def waiting(connection: Connection) -> int:
    return len(queries.proposals(connection, factories.SEALER, State.PENDING, after=None, limit=9))


def test_what_comes_with_codes_of_others_is_kept_told_and_disclosed_by_what_they_mean(
    shell: Shell, tmp_path: Path
) -> None:
    source = written(tmp_path / "in.jsonl", GIVEN)

    shell.json("import", source, "--yes", "--with-duplicates", *REGISTRAR)
    known = shell.database(released)
    shell.json("export", tmp_path / "out.jsonl", *SUPERVISOR)

    def seen(connection: Connection, name: str, country: str) -> bool:
        return known[name] in found(connection, by=replace(PARTNER, country=country), name=f"Invented {name}")

    for country, told in (("NL", {"Plain", "Excluded"}), ("UG", {"Plain"})):
        assert {name for name in GIVEN if shell.database(lambda each: seen(each, name, country))} == told  # noqa: B023
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()[1:]]
    out = {line["record"]["names"][0]["full"].split()[1]: line for line in lines}
    assert {name: line["handling_codes"] for name, line in out.items()} == {
        "Plain": ["SIENA:H0", "INTERPOL:OFFICIAL-USE-ONLY", "TLP:CLEAR"],
        "Excluded": ["SIENA:H1", "INTERPOL:OFFICIAL-USE-ONLY", "TLP:GREEN"],
        "Named": ["SIENA:H3", "INTERPOL:CONFIDENTIAL", "TLP:RED"],
    }  # what is secret does not leave by an officer who is not cleared
    assert out["Excluded"]["record"]["handling"] == {
        "releasable_to": ["NL"], "clearance": "open",
        "use_limits": "For preventing and fighting crime only. Not for use in court without the provider's permission.",
    }  # fmt: skip


def test_a_file_with_a_code_that_nobody_knows_enters_nothing(shell: Shell, tmp_path: Path) -> None:
    source = written(tmp_path / "in.jsonl", {"Plain": {}, "Odd": {"codes": ["TLP:PURPLE"]}})

    said = shell.json("import", source, "--yes", "--with-duplicates", *REGISTRAR, expected=2)

    (problem,) = said["problems"]
    assert (problem["code"], problem["field"]) == ("HANDLING_CODE_UNKNOWN", "handling.codes[0]")
    assert "PURPLE" not in json.dumps(said)
    assert shell.database(waiting) == 0
