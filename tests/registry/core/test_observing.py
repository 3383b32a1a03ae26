"""What one answer leaves for those who watch."""

import logging
from collections.abc import Iterator
from dataclasses import fields

import pytest
import structlog

from registry.core.metrics import METRICS
from registry.core.observing import Answer, tell
from registry.core.telemetry import Stages, configure_logging
from tests.nodes import lines


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    yield
    structlog.configure(**before)
    logging.getLogger().handlers = handlers


def answer(**changes: object) -> Answer:
    given: dict[str, object] = {"request_id": "r-1", "kind": "query", "operation": "search", "status": 200,
                                "seconds": 0.0071, "client": "ke-invented-desk"}  # fmt: skip
    return Answer(**given | changes)  # type: ignore[arg-type]


def value(name: str, **labels: str) -> float:
    return METRICS.get_sample_value(name, labels) or 0.0


def test_an_answer_is_counted_by_kind_operation_and_status() -> None:
    labels = {"kind": "query", "operation": "search", "status": "200"}
    before = value("registry_requests_total", **labels)

    tell(answer())

    assert value("registry_requests_total", **labels) == before + 1
    assert value("registry_request_seconds_count", kind="query", operation="search") >= 1


@pytest.mark.parametrize(
    ("code", "label"),
    [("FORBIDDEN", "FORBIDDEN"), ("juma mwakio", "OTHER"), ("A" * 65, "OTHER")],
    ids=["ours", "a name", "too long"],
)
def test_a_refusal_is_counted_by_its_code_and_by_nothing_that_is_none(code: str, label: str) -> None:
    before = value("registry_refusals_total", code=label)

    tell(answer(code=code, status=400))

    assert value("registry_refusals_total", code=label) == before + 1


def test_deprecated_fields_are_counted() -> None:
    before = value("registry_deprecated_fields_total", field="Query.old")

    tell(answer(deprecated=("Query.old", "Profile.old")))
    tell(answer(deprecated=("Query.old",)))

    assert value("registry_deprecated_fields_total", field="Query.old") == before + 2


def test_stages_are_added_up_once() -> None:
    stages = Stages()
    with stages("score"):
        pass
    before = value("registry_stage_seconds_total", stage="score")

    tell(answer(stages=stages))

    assert value("registry_stage_seconds_total", stage="score") == before + stages.seconds["score"]


def test_the_line_holds_ids_codes_and_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")

    tell(answer(code="NOT_FOUND", document="9f86", name="Find"))

    (line,) = lines(capsys.readouterr().err)
    del line["timestamp"]
    assert line == {
        "event": "answered", "level": "info", "request_id": "r-1", "kind": "query", "client": "ke-invented-desk",
        "operation": "search", "document": "9f86", "status": 200, "code": "NOT_FOUND", "ms": 7.1,
    }  # fmt: skip


def test_an_answer_has_no_place_for_what_nobody_may_be_told() -> None:
    assert {each.name for each in fields(Answer)} == {
        "request_id", "kind", "operation", "status", "seconds", "code", "client", "agency", "document", "name",
        "deprecated", "stages",
    }  # fmt: skip


class Lost:
    def tell(self, answer: Answer) -> None:
        raise ValueError(f"an invented secret: {answer.client}")

    def close(self) -> None:
        pass


def test_a_trace_that_fails_costs_no_answer_and_tells_no_words(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("info")

    tell(answer(), Lost())

    _, line = lines(capsys.readouterr().err)
    assert (line["event"], line["request_id"]) == ("trace_lost", "r-1")
    assert "secret" not in str(line)
