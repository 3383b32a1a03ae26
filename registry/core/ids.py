"""Identifiers: UUIDv7 (RFC 9562) within, opaque and typed without.

new_id()                         UUID('0197a4c2-…')
public_id("profile", id)         'cAGXpMIsf3aVqk1c3m6xVQE'   base64url of 'p' and the 16 bytes
read_public_id("profile", text)  the UUID again, or InputRefused
"""

import base64
import binascii
import secrets
import threading
import time
from uuid import UUID

from registry.core.errors import InputRefused, NotFound

KINDS = {
    "profile": b"p",
    "proposal": b"c",
    "officer": b"o",
    "photograph": b"f",
    "request": b"r",
    "recall": b"w",
    "certificate": b"n",
    "screening": b"s",
    "watch": b"v",
    "document": b"d",
    "enrolment": b"e",
    "session": b"l",
    "passkey": b"k",
    "decoy": b"y",
    "alarm": b"a",
    "alert": b"t",
    "finding": b"m",
    "meeting": b"b",
}
"""Leading byte of each kind's public ids. A letter, once given, is never used for another kind."""


_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """Return a new UUIDv7: 48 bits of Unix milliseconds, a counter of 12 bits, 62 random bits.

    Each is greater than the one this process made before (RFC 9562, section 6.2, method 1), so what is proposed at
    once keeps its order.
    """
    global _last  # noqa: PLW0603  the counter is the process's
    with _lock:
        _last = max(_last + 1, time.time_ns() // 1_000_000 << 12)
        milliseconds, count = _last >> 12, _last & 0xFFF
    return UUID(int=milliseconds << 80 | 7 << 76 | count << 64 | 0b10 << 62 | secrets.randbits(62))


def public_id(kind: str, identifier: UUID) -> str:
    """Return what the world calls this thing."""
    return public_id_of(KINDS[kind] + identifier.bytes)


def read_public_id(kind: str, text: str, *, field: str = "id") -> UUID:
    """Return the identifier within.

    Raises InputRefused (ID_MALFORMED) for what is no id, and NotFound for the id of another kind,
    which looks the same as one that does not exist.
    """
    content = _content(text, field)
    if content[:1] != KINDS[kind]:
        raise NotFound(f"No such {kind}.", field=field)
    return UUID(bytes=content[1:])


def kind_of(text: str, *, field: str = "id") -> str:
    """Return the kind that an id says it is of. Raises InputRefused (ID_MALFORMED)."""
    letter = _content(text, field)[:1]
    return next(kind for kind, each in KINDS.items() if each == letter)


def _content(text: str, field: str) -> bytes:
    try:
        content = base64.b64decode(text + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != 17 or content[:1] not in KINDS.values() or public_id_of(content) != text:
        raise InputRefused("is no id.", field=field, code="ID_MALFORMED", remedy="Use an id as an answer gave it.")
    return content


def public_id_of(content: bytes) -> str:
    """Return the one spelling of an id's 17 bytes."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
