"""Strict readers of what the formats have in common: decimals, base64, lines. One text stands for one value.

decimal("20852163", "size")                    20852163; "020852163", "+1" and "1_000" are malformed
octets("CsUYap…2I=", "root", length=32)        32 bytes; spare bits, other alphabets and white space are malformed
"""

import base64
import binascii
from collections.abc import Iterable

HASH = 32
"""Bytes of a SHA-256 hash."""
LARGEST = 2**63 - 1
"""The largest size, index and time-stamp: what fits a signed number in every language that reads logs."""
MOST_HASHES = 63
"""The longest proof: a tree of `LARGEST` leaves is no higher."""


class Malformed(ValueError):
    """Bytes, or a value, that the format does not allow: what is wrong, and where."""

    def __init__(self, what: str, where: str) -> None:
        super().__init__(f"{where}: {what}")
        self.what = what
        self.where = where


class Unproved(Malformed):
    """Well formed, but a signature or a hash does not bear out what is claimed."""


def decimal(text: str, where: str) -> int:
    """Read a decimal number from 0 to `LARGEST` without sign, space or leading zeros."""
    is_plain = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))
    if not is_plain or str(int(text)) != text:
        raise Malformed("is not a decimal number without leading zeros", where)
    return natural(int(text), where)


def natural(number: int, where: str) -> int:
    """Return the number if sizes and indexes may have it."""
    if not 0 <= number <= LARGEST:
        raise Malformed("is not from 0 to 2^63 - 1", where)
    return number


def octets(text: str, where: str, *, length: int | None = None) -> bytes:
    """Read standard base64 (RFC 4648 section 4), padded, in its one canonical form."""
    try:
        read = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # ValueError: not ASCII
        raise Malformed("is not base64", where) from None
    if printed(read) != text:
        raise Malformed("is not canonical base64", where)
    if length is not None and len(read) != length:
        raise Malformed(f"is not {length} bytes", where)
    return read


def printed(data: bytes) -> str:
    """Print bytes as base64."""
    return base64.b64encode(data).decode("ascii")


def hashes(given: Iterable[bytes], where: str) -> tuple[bytes, ...]:
    """Return hashes if each is as long as a hash: a longer one could stand for two."""
    found = tuple(given)
    if any(len(each) != HASH for each in found):
        raise Malformed("is not 32 bytes", where)
    return found


def path(given: Iterable[bytes], where: str) -> tuple[bytes, ...]:
    """Return the hashes of a proof if there are no more than the highest tree needs."""
    found = hashes(given, where)
    if len(found) > MOST_HASHES:
        raise Malformed(f"has more than {MOST_HASHES} hashes", where)
    return found


def hash_lines(lines: Iterable[str], where: str) -> tuple[bytes, ...]:
    """Read the hashes of a proof, one in a line."""
    return path((octets(line, where, length=HASH) for line in lines), where)


def text_of(data: bytes, where: str, *, most: int) -> str:
    """Read UTF-8 that is no longer than `most` bytes and holds no control character below U+0020 but newlines."""
    if len(data) > most:
        raise Malformed(f"is longer than {most} bytes", where)
    try:
        return plain(data.decode("utf-8"), where)
    except UnicodeDecodeError:
        raise Malformed("is not UTF-8", where) from None


def plain(text: str, where: str) -> str:
    """Return text if UTF-8 can hold it, and no control character below U+0020 but newlines is in it."""
    if any(character < " " and character != "\n" for character in text):
        raise Malformed("holds a control character", where)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Malformed("holds half a character", where)
    return text
