"""What makes two rows look like one person: digests of 64 bits, the last two of which say of what.

    of the whole record      keyed by the node's index key; kept, so that a row is known when it comes again
    of a number, a phone, a name with its whole birth date      keyed for one run only, and forgotten after it

Only equality can be seen in them. One false match is to be expected among some thousand million rows.
"""

import hashlib
from array import array
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator, Mapping
from enum import IntEnum
from typing import Any

import orjson

from registry.profiles.record import Record

TYPECODE = "Q"
_MASK = ~0b11 & 0xFFFF_FFFF_FFFF_FFFF


class Of(IntEnum):
    """What a digest is of."""

    ROW = 0
    IDENTIFIER = 1
    PHONE = 2
    PERSON = 3


WORDS = {Of.ROW: "the same record", Of.IDENTIFIER: "the same number of a document", Of.PHONE: "the same phone",
         Of.PERSON: "the same name and birth date"}  # fmt: skip


def of_row(shown: Mapping[str, Any], blind: Callable[[str, str], str]) -> int:
    """Return the digest of a record as ``rows.shown`` shows it, before days were reckoned for it. Any: JSON."""
    text = hashlib.sha256(orjson.dumps(shown)).hexdigest()
    return int.from_bytes(urlsafe_b64decode(blind("import row", text))[:8]) & _MASK


def of_person(record: Record, key: bytes) -> Iterator[int]:
    """Yield the digests of what another row of the same person would share."""
    for identifier in record.identifiers:
        plain = "".join(each for each in identifier.value if each.isalnum())
        yield _keyed(f"{identifier.type} {identifier.country} {plain}", key) | Of.IDENTIFIER
    for phone in record.phones:
        yield _keyed(phone.number, key) | Of.PHONE
    born = record.birth_date
    if born is not None and born.precision == "day":
        for name in record.names:
            words = " ".join(sorted(name.full.casefold().split()))
            yield _keyed(f"{words} {born}", key) | Of.PERSON


def _keyed(text: str, key: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=key).digest()) & _MASK


def stored(digests: "array[int]") -> bytes:
    """Return digests as they are kept."""
    return digests.tobytes()


def revived(content: bytes) -> "array[int]":
    """Inverse of ``stored``."""
    made = array(TYPECODE)
    made.frombytes(content)
    return made
