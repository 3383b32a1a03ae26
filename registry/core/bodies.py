"""A body that says beforehand how long it is and what its SHA-256 is, and is held to both.

    Content-Length: 18
    Content-Digest: sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:

Whoever keeps bytes for years must have exactly those that were sent: a line that breaks, a proxy that cuts or rewrites,
a wrong file picked by a script show here, before anything is looked at. Content-Digest is RFC 9530, section 2; of its
algorithms one is taken, so that there is one way to say it. The length is RFC 9110, section 8.6.
"""

import asyncio
import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import AsyncIterable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from registry.core.errors import InputRefused, LimitExceeded

LENGTH, DIGEST = "content-length", "content-digest"
_LENGTH = re.compile(r"[0-9]{1,15}", re.ASCII)
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):", re.ASCII)


class Headers(Protocol):
    """Headers of a request; starlette's are."""

    def getlist(self, key: str) -> Sequence[str]:
        """Return every value that was sent under a name."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a body is said to be."""

    length: int
    sha256: bytes


def content_digest(content: bytes) -> str:
    """Return what Content-Digest says of these bytes; ``promised`` reads it."""
    return f"sha-256=:{b64encode(sha256(content).digest()).decode()}:"


def promised(headers: Headers) -> Promise:
    """Return what a request says of its body.

    Raises InputRefused (LENGTH_REQUIRED, LENGTH_MALFORMED, DIGEST_MISSING, DIGEST_MALFORMED, HEADER_REPEATED).
    """
    return Promise(_length(headers), _digest(headers))


def _length(headers: Headers) -> int:
    value = _single(headers, LENGTH)
    if value is None or headers.getlist("transfer-encoding"):
        raise InputRefused(
            "is needed: the body must say how long it is.", field=LENGTH, code="LENGTH_REQUIRED",
            remedy="Send Content-Length, and the body in one piece, not chunked.",
        )  # fmt: skip
    if not _LENGTH.fullmatch(value):
        raise InputRefused(
            "is no number of bytes.", field=LENGTH, code="LENGTH_MALFORMED", remedy="Write it in decimal digits."
        )
    return int(value)


def _digest(headers: Headers) -> bytes:
    value = _single(headers, DIGEST)
    remedy = "Send Content-Digest: sha-256=:<base64 of the 32 bytes>: (RFC 9530)."
    if value is None:
        raise InputRefused(
            "is needed: the body must say its SHA-256.", field=DIGEST, code="DIGEST_MISSING", remedy=remedy
        )
    match = _DIGEST.fullmatch(value.strip(" \t"))
    if match is None or not _is_canonical(match[1]):
        raise InputRefused("is not one sha-256 of RFC 9530.", field=DIGEST, code="DIGEST_MALFORMED", remedy=remedy)
    return b64decode(match[1])


def _is_canonical(text: str) -> bool:
    """Whether the text is how base64 writes these bytes: its last character has two bits that nobody reads."""
    return b64encode(binascii.a2b_base64(text)).decode() == text


def _single(headers: Headers, name: str) -> str | None:
    values = headers.getlist(name)
    if len(values) > 1:
        raise InputRefused("is sent more than once.", field=name, code="HEADER_REPEATED", remedy="Send it once.")
    return values[0] if values else None


async def receive(
    pieces: AsyncIterable[bytes], promise: Promise, keep: Callable[[bytes], object], *, seconds: float, remedy: str
) -> None:
    """Hand each piece of a body to ``keep``, and hold the whole to its promise.

    At most the promised length is kept, so whoever calls has compared that with its limit. Raises InputRefused
    (LENGTH_DIFFERS, DIGEST_DIFFERS), LimitExceeded (BODY_TOO_SLOW, with the caller's remedy).
    """
    length, digest = 0, sha256()
    try:
        async with asyncio.timeout(seconds):
            async for piece in pieces:
                length += len(piece)
                if length > promise.length:
                    raise length_differs()
                digest.update(piece)
                keep(piece)
    except TimeoutError:
        raise LimitExceeded(
            f"took longer than {seconds} s.", field="body", code="BODY_TOO_SLOW", remedy=remedy
        ) from None
    if length < promise.length:
        raise length_differs()
    if digest.digest() != promise.sha256:
        raise InputRefused(
            "is not what its Content-Digest says.", field="body", code="DIGEST_DIFFERS",
            remedy="Take the SHA-256 of exactly the bytes that are sent, and send them again.",
        )  # fmt: skip


def length_differs() -> InputRefused:
    """Return the refusal of a body that is shorter or longer than it was said to be."""
    return InputRefused(
        "is not as long as its Content-Length says.", field="body", code="LENGTH_DIFFERS", remedy="Send it again."
    )
