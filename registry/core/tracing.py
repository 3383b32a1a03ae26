"""Traces to a collector, if the settings name one (OpenTelemetry; the extra ``telemetry``).

    tracer = open_tracer("http://127.0.0.1:4318/v1/traces", share=1.0)      None for an empty address

Nothing of the library is imported before: a node without a collector neither has it nor needs it.
"""

from registry.core.errors import InputRefused
from registry.core.observing import Tracer


def open_tracer(endpoint: str, *, share: float) -> Tracer | None:
    """Return who carries traces to this address. Raises InputRefused (SETTING_INVALID) when the extra is missing."""
    if not endpoint:
        return None
    check(endpoint)
    from registry.core.otlp import open_exporter  # noqa: PLC0415  an extra that not every node has

    return open_exporter(endpoint, share=share)


def check(endpoint: str) -> None:
    """Raise InputRefused (SETTING_INVALID) where a collector is named, and the extra is missing."""
    if not endpoint:
        return
    try:
        import registry.core.otlp  # noqa: F401, PLC0415  as above
    except ImportError as problem:
        raise InputRefused(
            "needs an extra that is not installed.", field="otlp_endpoint", code="SETTING_INVALID",
            remedy="Install it: pip install 'registry[telemetry]'. Or leave the setting empty.",
        ) from problem  # fmt: skip
