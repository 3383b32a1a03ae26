"""Numbers of one process, and of several that write into one folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from registry.core import metrics

ROOT = Path(__file__).parents[3]
COUNT = """
import os
from registry.core import metrics
assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ, "the processes that this one starts need no files"
metrics.REQUESTS.labels("query", "search", 200).inc({0})
metrics.LOG_WAITING.set({0})
metrics.LOG_BATCH.observe({0})
"""


def count(folder: Path, times: int, *, then: str = "") -> str:
    """Count in a process of its own, as a worker does; return what it prints."""
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(folder)}
    program = COUNT.format(times) + then
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_one_process_prints_its_own_numbers() -> None:
    metrics.DEPRECATED.labels("Query.invented").inc(3)

    assert 'registry_deprecated_fields_total{field="Query.invented"} 3.0' in metrics.printed().decode()
    assert metrics.FOLDER is None


def test_whichever_worker_is_asked_adds_all_up_and_the_ended_wait_no_more(tmp_path: Path) -> None:
    count(tmp_path, 2)
    count(tmp_path, 3)

    said = count(tmp_path, 4, then="print(metrics.printed().decode())")

    assert 'registry_requests_total{kind="query",operation="search",status="200"} 9.0' in said
    assert "registry_log_batch_sum 9.0" in said
    assert "registry_log_waiting 4.0" in said


@pytest.mark.parametrize(("workers", "is_set"), [(1, False), (2, True)])
def test_a_folder_is_there_for_several_workers_and_gone_with_them(workers: int, is_set: bool) -> None:
    with metrics.shared(workers):
        folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
        was_there = folder is not None and Path(folder).is_dir() and Path(folder).stat().st_mode & 0o077 == 0

    assert was_there is is_set
    assert "PROMETHEUS_MULTIPROC_DIR" not in os.environ
    assert folder is None or not Path(folder).exists()


def test_what_is_labelled_is_described_on_the_page() -> None:
    """Each metric has its row, with its labels."""
    page = (ROOT / "docs" / "observing.md").read_text(encoding="utf-8")

    for family in metrics.METRICS.collect():
        assert f"| `{family.name}" in page, family.name


def test_no_metric_has_a_label_that_is_not_bounded() -> None:
    labels = {each for metric in set(metrics.METRICS._names_to_collectors.values()) for each in metric._labelnames}  # type: ignore[attr-defined]

    assert labels <= {"kind", "operation", "status", "code", "stage", "end", "field"}
