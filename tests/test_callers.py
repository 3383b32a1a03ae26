"""Who may call out: one module does, and each exception has its reason here."""

import ast
from pathlib import Path

import pytest

from tests.test_architecture import PACKAGES, ROOT

CALLS_OUT = frozenset({
    "aiohttp", "ftplib", "http.client", "httpcore", "httpx", "imaplib", "poplib", "requests", "smtplib", "socket",
    "ssl", "telnetlib", "urllib.request", "urllib3", "websockets", "xmlrpc",
})  # fmt: skip
"""Modules that open connections. urllib.parse opens none."""
ALLOWED = {
    "registry/core/outbound.py": "the one client: limits, addresses, certificates",
    "registry/core/otlp.py": "the OpenTelemetry exporter wants requests; one address, of a setting: https or loopback",
    "registry/cli/asking.py": "a client on an officer's own machine: it calls the node that their own file names",
    "registry/cli/proving.py": "on an auditor's own machine: it reads a published log at the address that they name",
}
"""Where they may be imported all the same."""
SOURCES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return what a module imports, and the functions of asyncio that connect."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found |= {node.module or "", *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Attribute) and node.attr in ("open_connection", "create_connection"):
            found.add("socket")
    return found


def calls_out(path: Path) -> bool:
    return any(name == each or name.startswith(f"{each}.") for name in imported(path) for each in CALLS_OUT)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_calls_out_through_the_one_client(path: Path) -> None:
    assert not calls_out(path) or str(path.relative_to(ROOT)) in ALLOWED


@pytest.mark.parametrize("path", ALLOWED)
def test_an_exception_is_one_still(path: str) -> None:
    assert calls_out(ROOT / path)
