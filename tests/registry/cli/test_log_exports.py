"""`registry audit export`: exactly the filtered set, with what it stands on; large ones take a second person."""

import csv
import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth import jose
from auth.jwk import of_material
from auth.keys import load_signing_key
from registry.audit import sealed
from registry.audit.events import Event, Outcome
from registry.audit.log import append
from registry.audit.models import heads, leaves
from registry.cli.log_exports import SIGNED_AS
from registry.core.ids import public_id
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Role
from registry.oversight import exporting
from registry.oversight.export_forms import COLUMNS
from tests import factories
from tests.registry.cli.conftest import Shell, on_behalf
from tests.servers import APP, NOTARY

AUDITOR = on_behalf(Role.AUDITOR, "AUDIT 1/2026")
PROFILE = UUID(int=7 << 76 | 2 << 62 | 1)
SECOND = "oversight/auditor/2"


def of_second() -> list[str]:
    return [SECOND if each.startswith("oversight/") else each for each in AUDITOR]


def signed(shell: Shell) -> None:
    """Let the notary have signed all that stands there."""

    def sign(connection: Connection) -> None:
        size = connection.execute(sa.select(sa.func.count()).select_from(leaves)).scalar_one()
        head = {"size": size, "root": bytes(32), "signed_at": factories.MOMENT, "note": "an invented note"}
        connection.execute(sa.insert(heads).values(head))

    url = shell.settings.database_url.replace(f"{APP}@", f"{NOTARY}@")
    replace(shell, settings=replace(shell.settings, database_url=url)).database(sign)


@pytest.fixture
def filled(shell: Shell) -> Shell:
    """A log of five entries, three of which were denied, under a signed checkpoint."""
    formula = factories.entry(outcome=Outcome.DENIED, code="FORBIDDEN", case_reference="=HYPERLINK(0)")
    waiting = [
        factories.concerning(PROFILE, source="192.0.2.7"),
        formula,
        factories.entry(outcome=Outcome.DENIED, code="FORBIDDEN", kind="mutation", operation="profilePropose"),
        factories.entry(operation="profile"),
        factories.concerning(PROFILE, outcome=Outcome.DENIED, code="FORBIDDEN"),
    ]

    def fill(connection: Connection) -> None:
        append(connection, waiting)
        factories.actor(connection, role=Role.AUDITOR, name="2")

    shell.database(fill)
    signed(shell)
    return shell


def exported(
    shell: Shell, out: Path, *more: object, by: list[str] = AUDITOR, expected: int = 0, few: int | None = None
) -> Any:
    limit = {"REGISTRY_LOG_EXPORT_ENTRIES": str(few)} if few else {}
    return shell.json("audit", "export", "--out", out, *more, *by, expected=expected, **limit)


@pytest.mark.parametrize("form", ["csv", "jsonl", "ocsf"])
def test_exactly_the_filtered_set_is_written_each_line_with_its_place(filled: Shell, tmp_path: Path, form: str) -> None:
    out = tmp_path / "log"
    told = exported(filled, out, "--as", form, "--filter", "outcome:denied")
    text = out.read_text("utf-8")
    if form == "csv":
        heading, *rows = csv.reader(text.splitlines())
        places = [int(row[0]) for row in rows]
        assert tuple(heading) == COLUMNS
        assert "'=HYPERLINK(0)" in rows[0]  # a value, and no formula
    else:
        lines = [json.loads(line) for line in text.splitlines()]
        places = [each["index"] if form == "jsonl" else each["metadata"]["sequence"] for each in lines]

    assert places == [1, 2, 4]
    assert (told["filter"], told["count"], told["size"], told["root"]) == ("outcome:denied", 3, 5, "00" * 32)
    assert (out.stat().st_mode | Path(f"{out}.jws").stat().st_mode) & 0o077 == 0
    assert public_id("profile", PROFILE) not in text  # persons are counted without a reason


def test_what_a_file_stands_on_is_signed_beside_it_and_stands_in_the_log(filled: Shell, tmp_path: Path) -> None:
    out = tmp_path / "log.jsonl"
    exported(filled, out, "--as", "jsonl", "--reason", "An invented complaint")
    profile = jose.Profile(frozenset({SIGNED_AS}), frozenset({"ES256"}), "INVENTED")
    compact = profile.parse(Path(f"{out}.jws").read_text().strip())
    key = load_signing_key(filled.settings.signing_key_file)
    begun, batch, ended = [each["body"]["events"][0] for each in filled.log()[-3:]]

    assert jose.is_signed(compact, dict(of_material(key.private.public_key()).jwk))
    assert compact.claims["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert compact.claims["note"] == "an invented note"
    assert public_id("profile", PROFILE) in out.read_text()
    assert [each["name"] for each in (begun, batch, ended)] == [
        "log:export:begun", "log:exported", "log:export:ended",
    ]  # fmt: skip
    assert (ended["details"]["count"], ended["details"]["sha256"]) == (5, compact.claims["sha256"])
    assert "An invented complaint" not in str(begun)


def test_a_large_export_takes_a_second_person(filled: Shell, tmp_path: Path) -> None:
    out = tmp_path / "log.csv"
    mine = filled.database(lambda connection: factories.actor(connection, role=Role.AUDITOR).officer)
    assert mine is not None
    asked = ["audit", "export-approve", "--filter", "outcome:denied", "--size", "5", "--reason", "An invented reason",
             "--for-officer", public_id("officer", mine.id)]  # fmt: skip
    take = ("--as", "csv", "--filter", "outcome:denied")

    assert exported(filled, out, *take, expected=3, few=2)["error"]["code"] == "EXPORT_NEEDS_SECOND"
    assert not out.exists()
    assert filled.json(*asked, *AUDITOR, expected=3)["error"]["code"] == "OWN_PROPOSAL"
    filled.json(*asked, *of_second())
    assert exported(filled, out, *take, "--size", "5", few=2)["count"] == 3
    assert exported(filled, tmp_path / "all.csv", "--as", "csv", expected=3, few=2)["error"]["code"] == (
        "EXPORT_NEEDS_SECOND"
    )


def test_slices_of_a_large_export_add_up(filled: Shell, tmp_path: Path) -> None:
    denied = ("--as", "csv", "--filter", "outcome:denied")
    exported(filled, tmp_path / "one.csv", *denied, few=4)

    assert exported(filled, tmp_path / "two.csv", *denied, expected=3, few=4)["error"]["code"] == "EXPORT_NEEDS_SECOND"
    assert exported(filled, tmp_path / "two.csv", *denied, few=6)["count"] == 3


def test_an_export_that_was_cut_off_goes_on_where_it_stopped(
    filled: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "log.jsonl"
    monkeypatch.setattr(exporting, "BATCH", 2)
    exported(filled, out, "--as", "jsonl", expected=3, few=3)  # the second batch is refused
    part = Path(f"{out}.part")
    assert len(part.read_text().splitlines()) == 2

    other = exported(filled, out, "--as", "csv", expected=1)
    filled.database(lambda connection: append(connection, [factories.entry(events=(Event("later"),))]))
    signed(filled)
    told = exported(filled, out, "--as", "jsonl")

    assert other["error"]["code"] == "EXPORT_IN_PROGRESS"
    assert [json.loads(line)["index"] for line in out.read_text().splitlines()] == [0, 1, 2, 3, 4]
    assert (told["size"], told["count"]) == (5, 5)  # up to the checkpoint that it began with
    assert not part.exists()


def test_a_summary_is_a_pdf_that_names_filter_and_checkpoint(filled: Shell, tmp_path: Path) -> None:
    out = tmp_path / "log.pdf"
    told = exported(filled, out, "--as", "pdf", "--filter", "outcome:denied")

    assert out.read_bytes().startswith(b"%PDF-")
    assert (told["count"], told["sha256"]) == (3, hashlib.sha256(out.read_bytes()).hexdigest())


def test_nothing_is_exported_that_nobody_could_prove(shell: Shell, tmp_path: Path) -> None:
    out = tmp_path / "log.csv"

    assert exported(shell, out, "--as", "csv", expected=1)["error"]["code"] == "NOTHING_SIGNED"
    assert exported(shell, out, "--as", "csv", "--size", "7", expected=4)["error"]["code"] == "CHECKPOINT_UNKNOWN"
    assert not out.exists()


def test_entries_about_a_person_are_exported_for_a_stated_reason_only(filled: Shell, tmp_path: Path) -> None:
    """Without one the filter itself would tell whom they are about; its words stand in the log, sealed."""
    about = ("--as", "csv", "--filter", f"profile:{public_id('profile', PROFILE)}")
    refused = exported(filled, tmp_path / "a.csv", *about, expected=2)
    exported(filled, tmp_path / "b.csv", "--as", "csv", "--filter", "denied")
    (begun,) = filled.log()[-3]["body"]["events"]

    assert refused["error"]["code"] == "REASON_REQUIRED"
    assert exported(filled, tmp_path / "c.csv", *about, "--reason", "An invented complaint")["count"] == 2
    opened = sealed.opened(begun["details"], open_sealer(filled.settings))
    assert opened["sought"] == {"words": "denied"}
    assert begun["details"]["filter"] == {"filter": "", "words": 1}
