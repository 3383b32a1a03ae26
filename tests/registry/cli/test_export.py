"""`registry export`: the owner's whole register, in the log before it leaves, and the same again once imported."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.audit import disclosures
from registry.bulk import exporting
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role
from registry.profiles import queries
from registry.profiles.operations import deciding
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from registry.synthetic.register import people
from tests import factories
from tests.nodes import settings_for
from tests.registry.cli.conftest import Shell, on_behalf

SUPERVISOR, REGISTRAR = on_behalf(Role.SUPERVISOR), on_behalf(Role.REGISTRAR)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def exported(shell: Shell, out: Path, *more: str) -> list[dict[str, Any]]:
    shell.json("export", out, *more, *SUPERVISOR)
    return lines(out)


def vet_everything(connection: Connection) -> int:
    """Let everything in that waits, by an officer of another chain."""
    supervisor = factories.work(
        connection, factories.actor(connection, role=Role.SUPERVISOR, agency=factories.ELSEWHERE)
    )
    waiting = queries.proposals(connection, factories.SEALER, State.PENDING, after=None, limit=10_000)
    return deciding.approve_many(supervisor, waiting)


def register(connection: Connection) -> dict[str, Any]:
    """Make a register with a record of each standing; return their ids."""
    made = {
        each: factories.vetted(connection, factories.named(f"Invented {each}", birth_date="1971"))
        for each in ("Live", "Contested", "Sealed", "Retired", "Removed")
    }
    made["Abroad"] = factories.vetted(
        connection, factories.named("Invented Abroad", owner=factories.ELSEWHERE), agency=factories.ELSEWHERE
    )
    for each, change in (("Contested", Change.CONTEST), ("Sealed", Change.SEAL), ("Retired", Change.RETIRE),
                         ("Removed", Change.REMOVE)):  # fmt: skip
        factories.changed(connection, made[each], change)
    return made


def test_everything_that_the_agency_owns_is_written_and_nothing_else(shell: Shell, tmp_path: Path) -> None:
    made = shell.database(register)

    head, *found = exported(shell, tmp_path / "out.jsonl")

    told = head["register_export"]
    assert (told["version"], told["edition"], told["agency"], told["canonical"]) == (1, "ke", factories.AGENCY, False)
    assert told["schema"] == "urn:registry:schema:export:ke:v1"
    assert [each["number"] for each in found] == [1, 2, 3, 4, 5]
    by_id = {each["profile"]: each for each in found}
    standings = {name: by_id[public_id("profile", made[name])]["standing"] for name in made if name != "Abroad"}
    assert standings == {
        "Live": "vetted", "Contested": "vetted", "Sealed": "sealed", "Retired": "retired", "Removed": "removed",
    }  # fmt: skip
    assert [each["profile"] for each in found if each.get("contested")] == [public_id("profile", made["Contested"])]
    assert by_id[public_id("profile", made["Sealed"])]["record"]["names"] == [{"full": "Invented Sealed"}]


def test_of_a_removed_record_only_its_tombstone_is_written(shell: Shell, tmp_path: Path) -> None:
    made = shell.database(register)

    *_, tomb = exported(shell, tmp_path / "out.jsonl")

    assert tomb["profile"] == public_id("profile", made["Removed"])
    assert tomb.keys() == {"profile", "number", "standing", "removed_at", "order_number", "digest"}
    assert tomb["order_number"] == "MISC 7/2026"


def test_the_log_is_told_before_data_leaves_and_counts_it_as_a_disclosure(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shell.database(register)
    monkeypatch.setattr(exporting, "BATCH", 2)

    exported(shell, tmp_path / "out.jsonl")

    entries = [each for each in shell.log() if each["kind"] == "export"]
    told = [event for entry in entries for event in entry["body"]["events"]]
    assert [each["name"] for each in told] == ["register:export:begun", *["register:exported"] * 4]
    assert [len(each["records"]) for each in told] == [0, 2, 2, 1, 0]
    received = shell.database(lambda connection: disclosures.recipients(connection, made["Live"]))
    assert [agency for agency, _ in received] == [factories.AGENCY]


def test_a_line_that_the_log_did_not_take_is_not_written(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell.database(register)
    monkeypatch.setattr(exporting, "BATCH", 2)
    whole = exporting.export_batch

    def failing(work: Any, after: int, *, canonical: bool) -> Any:
        if after == 2:
            raise RuntimeError("an invented failure")
        return whole(work, after, canonical=canonical)

    monkeypatch.setattr(exporting, "export_batch", failing)
    (tmp_path / "out.jsonl").write_text("as it was", encoding="utf-8")

    shell.run("export", tmp_path / "out.jsonl", *SUPERVISOR, expected=1)

    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "as it was"
    assert not (tmp_path / "out.jsonl.part").exists()


def test_the_file_is_its_owners_only(shell: Shell, tmp_path: Path) -> None:
    exported(shell, tmp_path / "out.jsonl")

    assert (tmp_path / "out.jsonl").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.SUPERVISOR])
def test_only_who_may_export_does(shell: Shell, tmp_path: Path, role: Role) -> None:
    said = shell.json("export", tmp_path / "out.jsonl", *on_behalf(role), expected=3)

    assert said["error"]["code"] == "FORBIDDEN"
    assert not (tmp_path / "out.jsonl").exists()
    assert [(each["kind"], each["outcome"]) for each in shell.log()] == [("export", "denied")]


# -- there and back


@pytest.mark.parametrize("way", ["sqlite to postgresql", "postgresql to sqlite"])
def test_an_export_that_is_imported_and_vetted_is_the_same_register(
    both_urls: list[str], tmp_path: Path, way: str
) -> None:
    """Byte for byte in canonical form, from one kind of database to the other."""
    first, second = both_urls if way == "sqlite to postgresql" else reversed(both_urls)
    source, target = node(first, tmp_path / "first"), node(second, tmp_path / "second")
    old = tmp_path / "old.jsonl"
    old.write_text("".join(f"{json.dumps(each)}\n" for each in records()), encoding="utf-8")
    source.json("import", old, "--yes", "--with-duplicates", *REGISTRAR)
    many = source.database(vet_everything)
    source.database(contest_the_first)
    exported(source, tmp_path / "full.jsonl")

    entered = target.json("import", tmp_path / "full.jsonl", "--yes", "--with-duplicates", *REGISTRAR)
    assert entered["entered"] == many == target.database(vet_everything)

    one, two = (canonical(each, tmp_path / f"{at}.jsonl") for at, each in enumerate((source, target)))
    assert one == two
    assert len(one.splitlines()) == many + 1
    assert any(json.loads(line).get("contested") for line in one.splitlines())


def canonical(shell: Shell, out: Path) -> bytes:
    exported(shell, out, "--canonical")
    return out.read_bytes()


def node(url: str, folder: Path) -> Shell:
    settings = settings_for(url, folder)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).chmod(0o600)
    names = ("database_url", "signing_key_file", "cursor_key_file", "sealing_key_file", "index_key_file")
    started = Shell(settings, {f"REGISTRY_{each.upper()}": getattr(settings, each) for each in names})
    started.database(factories.enrol_cast)
    return started


def records() -> list[dict[str, Any]]:
    """Return small records, whole ones, and those of the synthetic register: everything that a record may hold."""
    whole: list[dict[str, Any]] = [dict(each) for each in people(count=120, record_owner=factories.AGENCY)]
    for each in whole:
        if "handling" in each:  # what the supervisor is not cleared for would be left out
            each["handling"] = each["handling"] | {"clearance": "restricted"}
    coded = factories.named("Invented Coded", handling={"codes": ["SIENA:H2", "TLP:AMBER"], "excluded": ["UG"]})
    return [factories.record(), factories.named("Invented Elsewhere", birth_date="1968/1971"), coded, *whole]


def contest_the_first(connection: Connection) -> None:
    row = queries.by_number(connection, [1], ())[1]
    factories.changed(connection, row["id"], Change.CONTEST)


def test_the_canonical_form_has_one_order_and_nothing_of_the_node(shell: Shell, tmp_path: Path) -> None:
    shell.database(register)

    head, *found = exported(shell, tmp_path / "out.jsonl", "--canonical")

    assert "exported_at" not in head["register_export"]
    assert [each.keys() for each in found] == [{"contested", "record"}] * 2, "what is closed does not come back"
    places = [
        hashlib.sha256(line + b"\n").digest()[:8] for line in (tmp_path / "out.jsonl").read_bytes().splitlines()[1:]
    ]
    assert places == sorted(places)
    assert all(line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
               for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines())  # fmt: skip


def test_what_was_closed_is_refused_when_it_comes_back(shell: Shell, tmp_path: Path) -> None:
    shell.database(register)
    exported(shell, tmp_path / "out.jsonl")

    said = shell.json("import", tmp_path / "out.jsonl", "--dry-run", *REGISTRAR, expected=2)

    assert (said["rows"], said["refused"]) == (5, 3)
    assert "STANDING_NOT_CARRIED" in {each["code"] for each in said["problems"]}


def test_an_empty_register_is_an_export_too(shell: Shell, tmp_path: Path) -> None:
    assert len(exported(shell, tmp_path / "out.jsonl")) == 1
    assert shell.json("export", tmp_path / "out.jsonl", *SUPERVISOR)["records"] == 0
