"""A dry run keeps a reason for each row that is not ready, in the order of the file, and watches the file meanwhile."""

import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from registry.bulk import dry_run, files
from registry.bulk.checking import Checked, Conditions
from registry.bulk.digests import Of
from registry.bulk.dry_run import Trial
from registry.bulk.reading import Plan
from registry.bulk.report import Report
from registry.bulk.sameness import Sameness
from registry.bulk.verdicts import Problem, Verdict
from registry.core.errors import Conflict, InputRefused
from tests import factories
from tests.nodes import settings_for


@pytest.fixture
def trial() -> Iterator[Trial]:
    with tempfile.TemporaryFile() as kept:
        yield Trial(Report(["Name"]), 1, kept)


def checked(first: int, *verdicts: Verdict) -> Checked:
    bad: dict[int, tuple[Problem, ...]] = {first + at: (Problem("sex", "CODE_UNKNOWN", "is none.", "Mend it.", 0),)
           for at, each in enumerate(verdicts) if each is Verdict.NEEDS_FIXING}  # fmt: skip
    return Checked(first, bytearray(verdicts), bad)


def test_doubles_that_are_found_at_the_end_stand_among_the_others(trial: Trial) -> None:
    bad, ready = Verdict.NEEDS_FIXING, Verdict.READY
    trial.take(checked(0, ready, bad, ready, bad))
    trial.take(checked(4, ready, bad, ready))
    seen = Sameness()
    for row in (0, 2, 4, 5, 6):
        seen.add(4 | Of.PHONE, row)

    trial.finish(seen)

    notes = list(trial.notes().each())
    assert [status for status, _ in notes] == [
        "ready", "needs fixing", "possible duplicate", "needs fixing", "possible duplicate", "needs fixing",
        "possible duplicate",
    ]  # fmt: skip
    assert [reason[:30] for _, reason in notes] == [
        "", "A3 sex is none. Mend it.", "record has the same phone as r", "A5 sex is none. Mend it.",
        "record has the same phone as r", "A7 sex is none. Mend it.", "record has the same phone as r",
    ]  # fmt: skip
    assert trial.report.counts[Verdict.DUPLICATE] == 3


def check(file: Path, folder: Path) -> Trial:
    plan = Plan("jsonl", (), None, factories.AGENCY, "ke")
    conditions = Conditions(plan, settings_for(f"sqlite:///{folder}/x.db", folder), factories.actor(), True)
    with tempfile.TemporaryFile() as kept:
        return dry_run.check(
            files.opened(file), conditions, Sameness(), kept=kept, processes=0, advance=lambda _: os.utime(file, (0, 0))
        )


def test_a_file_that_somebody_writes_to_is_not_read_on(tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    file.write_text(f"{json.dumps(factories.record())}\n" * 3_000, encoding="utf-8")

    with pytest.raises(Conflict) as refused:
        check(file, tmp_path / "keys")

    assert refused.value.code == "FILE_CHANGED"


def test_a_file_has_no_more_rows_than_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dry_run, "MOST_ROWS", 2)
    file = tmp_path / "old.jsonl"
    file.write_text(f"{json.dumps(factories.record())}\n" * 3, encoding="utf-8")

    with pytest.raises(InputRefused) as refused:
        check(file, tmp_path / "keys")

    assert refused.value.code == "FILE_REFUSED"
