"""A collector of traces that listens on this machine and keeps every byte it is sent.

with collecting() as collector:
    settings(otlp_endpoint=collector.url)
    …
    collector.spans()
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@dataclass
class Collector:
    """What came."""

    url: str
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def spans(self) -> list[Span]:
        """Return the spans of all requests."""
        return [
            span
            for _, _, body in self.requests
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def everything(self) -> bytes:
        """Return every byte that came, paths and headers too."""
        return b"\n".join(repr((path, headers)).encode() + body for path, headers, body in self.requests)


def attributes_of(span: Span) -> dict[str, str | int]:
    """Return what a span says."""
    return {each.key: each.value.string_value or each.value.int_value for each in span.attributes}


@contextmanager
def collecting() -> Iterator[Collector]:
    """Listen until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        collector: ClassVar[Collector]

        def do_POST(self) -> None:
            """Take a request in."""
            body = self.rfile.read(int(self.headers["content-length"]))
            self.collector.requests.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base's own name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    Handler.collector = Collector(f"http://127.0.0.1:{server.server_port}/v1/traces")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Handler.collector
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
