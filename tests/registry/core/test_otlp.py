"""An answer as spans: what they say, what they never say, and how they travel."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context, use_span

from registry.core import otlp
from registry.core.observing import Answer
from registry.core.otlp import Spans, open_exporter
from registry.core.telemetry import Stages
from tests.collector import attributes_of, collecting
from tests.journeys.served import free_port

ROOT = Path(__file__).parents[3]


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def spans(kept: InMemorySpanExporter) -> Iterator[Spans]:
    made = Spans(kept, SimpleSpanProcessor(kept), share=1.0)
    yield made
    made.close()


def answer(**changes: object) -> Answer:
    given: dict[str, object] = {
        "request_id": "r-1", "kind": "query", "operation": "search", "status": 200, "seconds": 0.25,
        "client": "ke-invented-desk", "agency": "ke-invented", "document": "9f" * 32,
    }  # fmt: skip
    return Answer(**given | changes)  # type: ignore[arg-type]


def told(kept: InMemorySpanExporter) -> ReadableSpan:
    (span,) = [each for each in kept.get_finished_spans() if each.kind is SpanKind.SERVER]
    return span


def test_a_span_says_operation_type_and_hash_and_who_asked(spans: Spans, kept: InMemorySpanExporter) -> None:
    spans.tell(answer())

    span = told(kept)
    assert (span.name, span.parent, span.status.status_code) == ("query search", None, StatusCode.UNSET)
    assert dict(span.attributes or {}) == {
        "http.request.method": "POST", "http.route": "/graphql", "http.response.status_code": 200,
        "graphql.operation.type": "query", "graphql.document.hash": "sha256:" + "9f" * 32,
        "registry.operation": "search", "registry.request_id": "r-1", "registry.client": "ke-invented-desk",
        "registry.agency": "ke-invented",
    }  # fmt: skip
    assert span.start_time is not None
    assert span.end_time is not None
    assert span.end_time - span.start_time == 250_000_000


def test_a_name_is_told_that_was_reviewed_and_a_code_that_was_answered(
    spans: Spans, kept: InMemorySpanExporter
) -> None:
    spans.tell(answer(name="FindByName", code="UNAVAILABLE", status=503))

    span = told(kept)
    assert (span.attributes or {})["graphql.operation.name"] == "FindByName"
    assert (span.attributes or {})["error.type"] == "UNAVAILABLE"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)


@pytest.mark.parametrize(
    ("kind", "operation", "route", "method"),
    [
        ("photograph", "upload", "/photographs/{ticket}", "PUT"),
        ("photograph", "delivery", "/photographs/{ticket}", "GET"),
        ("screening", "upload", "/screenings/{ticket}", "PUT"),
        ("request", "none", "/graphql", "POST"),
    ],
)
def test_an_address_is_told_without_its_secret(
    spans: Spans, kept: InMemorySpanExporter, kind: str, operation: str, route: str, method: str
) -> None:
    spans.tell(answer(kind=kind, operation=operation, document=None))

    said = told(kept).attributes or {}
    assert (said["http.route"], said["http.request.method"]) == (route, method)
    assert not any(name.startswith("graphql.") for name in said)


def test_stages_stand_below_their_request_where_they_were(spans: Spans, kept: InMemorySpanExporter) -> None:
    stages, begun = Stages(), perf_counter()
    with stages("execute"), stages("score"):
        pass

    spans.tell(answer(stages=stages, seconds=perf_counter() - begun))

    whole = told(kept)
    parts = [each for each in kept.get_finished_spans() if each is not whole]
    assert [each.name for each in parts] == ["score", "execute"]
    assert whole.start_time is not None
    assert whole.end_time is not None
    slack = 5_000_000  # two clocks are read one after the other
    for each in parts:
        assert each.parent is not None
        assert whole.context is not None
        assert each.parent.span_id == whole.context.span_id
        assert not each.attributes
        assert each.start_time is not None
        assert each.end_time is not None
        assert whole.start_time - slack <= each.start_time <= each.end_time <= whole.end_time + slack


def test_of_a_request_without_end_a_hundred_stages_are_told() -> None:
    stages = Stages()
    for _ in range(150):
        with stages("page"):
            pass

    assert len(stages.intervals) == 100
    assert stages.seconds["page"] > 0


def test_whatever_is_current_a_trace_begins_with_its_own_span(spans: Spans, kept: InMemorySpanExporter) -> None:
    outer = spans._tracer.start_span("another", set_span_in_context(spans._tracer.start_span("root")))

    with use_span(outer):
        spans.tell(answer())

    assert told(kept).parent is None


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.5, 60, 140), (1.0, 200, 200)])
def test_the_share_decides_how_many_are_recorded(share: float, least: int, most: int) -> None:
    kept = InMemorySpanExporter()
    spans = Spans(kept, SimpleSpanProcessor(kept), share=share)

    for _ in range(200):
        spans.tell(answer())

    assert least <= len(kept.get_finished_spans()) <= most


def test_spans_travel_to_the_collector_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "authorization=invented")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "told.by=environment")
    monkeypatch.setenv("OTEL_EXPERIMENTAL_RESOURCE_DETECTORS", "process")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    with collecting() as collector:
        exporter = open_exporter(collector.url, share=1.0)
        exporter.tell(answer())
        exporter.close()

        (span,) = collector.spans()
        ((path, headers, _),) = collector.requests
        everything = collector.everything()

    assert attributes_of(span)["registry.request_id"] == "r-1"
    assert (path, {name.lower(): value for name, value in headers.items()}["authorization"]) == (
        "/v1/traces", "invented",
    )  # fmt: skip
    assert b"service.instance.id" in everything
    for unwanted in (b"told.by", b"process.", sys.executable.encode()):
        assert unwanted not in everything


def test_a_collector_that_is_not_there_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(otlp, "SECONDS", 1)
    exporter = open_exporter(f"http://127.0.0.1:{free_port()}/v1/traces", share=1.0)
    begun = perf_counter()

    for _ in range(3000):
        exporter.tell(answer())
    told_in = perf_counter() - begun
    exporter.close()

    assert told_in < 5
    assert perf_counter() - begun < told_in + 12


def run(program: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("REGISTRY_")}
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_a_node_without_a_collector_imports_nothing_of_the_extra() -> None:
    program = """
import sys
import registry.app
from registry.core.tracing import open_tracer
assert open_tracer("", share=1.0) is None
print([name for name in sys.modules if name.startswith(("opentelemetry", "requests"))])
"""
    done = run(program)

    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_a_collector_without_the_extra_is_a_wrong_setting() -> None:
    program = """
import sys
sys.modules["opentelemetry"] = None
from registry.core.errors import InputRefused
from registry.core.tracing import open_tracer
try:
    open_tracer("http://127.0.0.1:4318/v1/traces", share=1.0)
except InputRefused as refused:
    print(refused.code, refused.field, refused.remedy)
"""
    done = run(program)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("SETTING_INVALID otlp_endpoint Install it: pip install 'registry[telemetry]'")
