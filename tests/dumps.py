"""All that a database leaves on a disk, and every way in which a value may stand there.

    whole = dumped(url, request)        {"register.db": b"…", "register.db-wal": b"…"}, or pg_dump and a cluster's files
    found(whole, "+254712345678")       ["register.db: utf-8 at 40960: …"], nothing where it stands nowhere

What PostgreSQL compresses (values of more than two kilobytes) is read in its dump, where it stands uncompressed.
"""

import subprocess
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.servers import ENVIRONMENT, PostgresServer, binaries

AROUND = 40
"""Bytes shown before what was found."""


def dumped(url: str, request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Return the database of this address, as a thief of its disk or of its backup has it."""
    if url.startswith("sqlite"):
        return _files_of(Path(url.removeprefix("sqlite:///")))
    server: PostgresServer = request.getfixturevalue("postgres")
    return {"pg_dump": pg_dump(server, url)} | _cluster(server, url)


def _files_of(file: Path) -> dict[str, bytes]:
    """Return the file and what SQLite lays beside it."""
    return {each.name: each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*"))}


def pg_dump(server: PostgresServer, url: str) -> bytes:
    """Return the database as statements, values of bytea in hexadecimal digits."""
    return _said(server, url, "pg_dump", "--inserts")


def _cluster(server: PostgresServer, url: str) -> dict[str, bytes]:
    """Return every file of the cluster once all of memory is written, the write-ahead log among them."""
    _said(server, url, "psql", "--command", "CHECKPOINT")
    return {str(each.relative_to(server.data)): each.read_bytes() for each in server.data.rglob("*") if each.is_file()}


def _said(server: PostgresServer, url: str, program: str, *arguments: str) -> bytes:
    where = [f"--host={server.home}", f"--port={server.port}", f"--dbname={make_url(url).database}"]
    command = [str(binaries() / program), *where, "--username=registry", *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, check=True).stdout


# -- in how many ways a value may stand


def found(whole: Mapping[str, bytes], value: str | bytes) -> list[str]:
    """Return every place where a value stands, however it is written."""
    return [
        f"{name}: {how} at {place}: {content[max(0, place - AROUND) : place + len(written) + AROUND]!r}"
        for how, written in spellings(value)
        for name, content in whole.items()
        if (place := content.find(written)) >= 0
    ]


def spellings(value: str | bytes) -> Iterator[tuple[str, bytes]]:
    """Yield each way to write a value, with its name; none twice."""
    seen: set[bytes] = set()
    for how, written in _spellings(value):
        if written not in seen:
            seen.add(written)
            yield how, written


def _spellings(value: str | bytes) -> Iterator[tuple[str, bytes]]:
    plain = value.encode() if isinstance(value, str) else value
    yield "utf-8", plain
    yield "hexadecimal", plain.hex().encode()
    yield "hexadecimal capitals", plain.hex().upper().encode()
    yield from _base64(plain)
    if isinstance(value, str):
        for encoding in ("utf-16-le", "utf-16-be"):
            yield encoding, value.encode(encoding)
        escaped = value.encode("unicode-escape")
        yield "JSON escapes", escaped.replace(b"/", b"\\/")
        yield "JSON escapes of all", "".join(f"\\u{ord(each):04x}" for each in value).encode()
        yield "small letters", value.lower().encode()
        yield "capitals", value.upper().encode()


def _base64(plain: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield what base64 makes of the value wherever it begins, without the letters that its neighbours share."""
    for offset in range(3):
        first, last = -(-offset * 8 // 6), (offset + len(plain)) * 8 // 6
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            yield f"{name} at {offset}", encode(bytes(offset) + plain)[first:last]
