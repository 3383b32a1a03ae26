"""An answer as a span of OpenTelemetry, and its stages as the spans below it; sent as OTLP over HTTP.

    query search                    SERVER    registry.request_id, graphql.operation.type, http.response.status_code, …
      ├ auth  ├ parse  ├ score …    INTERNAL

A span is made when the answer is complete, of an ``Answer`` and nothing else (registry/core/observing.py): no code of a
request holds a span, so none can write a name, a text or a variable into one.

What a caller says about traces (traceparent, tracestate, baggage) is not read. A stranger would decide which of our
requests are recorded and could fill the collector, and its numbers are 24 bytes of the caller's choice. Whoever wants
to join their trace with ours has ``X-Request-Id``, which stands on both sides.

The library is told here what it would otherwise take from the environment, among it detectors that put this process's
command line on every span. Left to the environment are the collector's credential and certificates
(OTEL_EXPORTER_OTLP_HEADERS, …_CERTIFICATE, …_CLIENT_CERTIFICATE, …_CLIENT_KEY).
"""

from importlib.metadata import version
from threading import Thread
from time import perf_counter, time_ns

import requests
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.sampling import TraceIdRatioBased
from opentelemetry.trace import Span, SpanKind, Status, StatusCode, set_span_in_context

from registry.core.ids import new_id
from registry.core.observing import Answer

QUEUE = 2048
"""Spans that may wait for the collector; what comes then is dropped, and nobody waits for it."""
SECONDS = 5
"""Longest wait for the collector, also when the node ends."""
_DOORS = {"photograph": ("/photographs/{ticket}", {"upload": "PUT", "delivery": "GET"}),
          "screening": ("/screenings/{ticket}", {"upload": "PUT"})}  # fmt: skip
"""Route and method of addresses, by kind and operation. All else came to /graphql."""
_QUESTIONS = frozenset({"query", "mutation", "subscription"})


def open_exporter(endpoint: str, *, share: float) -> "Spans":
    """Return what sends spans to a collector, in batches, by a thread of its own."""
    session = requests.Session()
    session.trust_env = False  # no proxy and no .netrc of the account: what leaves goes to the collector that is named
    exporter = OTLPSpanExporter(endpoint, timeout=SECONDS, compression=Compression.NoCompression, session=session)
    return Spans(exporter, BatchSpanProcessor(exporter, QUEUE, 1000, 512, SECONDS * 1000), share=share)


class Spans:
    """Makes a trace of each answer."""

    def __init__(self, exporter: SpanExporter, processor: SpanProcessor, *, share: float) -> None:
        self._exporter = exporter
        about = Resource({
            "service.name": "registry", "service.version": version("registry"), "service.instance.id": str(new_id()),
        })  # fmt: skip
        self._provider = TracerProvider(TraceIdRatioBased(share), about, shutdown_on_exit=False)
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("registry")

    def tell(self, answer: Answer) -> None:
        """Hand over the spans of an answer."""
        ended = time_ns()
        beginning = ended - int(answer.seconds * 1e9)
        name = f"{answer.kind} {answer.operation}"
        whole = Context()  # empty: whatever is current here, the trace begins with this span
        span = self._tracer.start_span(name, whole, SpanKind.SERVER, attributes(answer), start_time=beginning)
        if span.is_recording():
            if answer.status >= 500:
                span.set_status(Status(StatusCode.ERROR))
            self._stages(answer, span, ended - int(perf_counter() * 1e9))
        span.end(ended)

    def _stages(self, answer: Answer, span: Span, offset: int) -> None:
        within = set_span_in_context(span)
        for name, begun, ended in answer.stages.intervals:
            stage = self._tracer.start_span(name, within, start_time=offset + int(begun * 1e9))
            stage.end(offset + int(ended * 1e9))

    def close(self) -> None:
        """Send what waits, for as long as one wait for the collector may be, and end."""
        sending = Thread(target=self._provider.force_flush, name="traces", daemon=True)  # the library waits without end
        sending.start()
        sending.join(SECONDS)
        self._exporter.shutdown()  # what is tried again is given up
        self._provider.shutdown()


def attributes(answer: Answer) -> dict[str, str | int]:
    """Return what a span says; docs/observing.md lists it. What is not known is left out."""
    route, methods = _DOORS.get(answer.kind, ("/graphql", {}))
    is_question = answer.kind in _QUESTIONS
    told: dict[str, str | int | None] = {
        "http.request.method": methods.get(answer.operation, "POST"),
        "http.route": route,
        "http.response.status_code": answer.status,
        "error.type": answer.code,
        "graphql.operation.type": answer.kind if is_question else None,
        "graphql.operation.name": answer.name,
        "graphql.document.hash": f"sha256:{answer.document}" if answer.document else None,
        "registry.operation": answer.operation,
        "registry.request_id": answer.request_id,
        "registry.client": answer.client,
        "registry.agency": answer.agency,
    }
    return {name: value for name, value in told.items() if value is not None}
