"""Leaves: as the database tells them, and as texts, which are read strictly: what ``commitments.leaf`` prints. Pure.

read_leaf(b"roa2 1795344843120 5f0d…e7")      its moment, its commitment, its version
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from registry.audit.forms import WORDS
from registry.tlog.strict import Malformed

_FORM = re.compile(rf"({'|'.join(WORDS)}) (0|[1-9][0-9]{{0,14}}) ([0-9a-f]{{64}})".encode())
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Leaf(NamedTuple):
    """When an entry got its place, and what vouches for it."""

    at: datetime
    commitment: bytes
    v: int
    """Of what its entry says."""


@dataclass(frozen=True, slots=True)
class Row:
    """A leaf, and the entry that it commits to, as the database tells them. Nothing of it is believed yet."""

    index: int
    at: datetime
    commitment: bytes
    entry: Mapping[str, Any] | None  # Any: a column's value
    """By the names of the columns; none where it is gone."""
    v: int
    """As the leaf says it."""

    @property
    def is_erased(self) -> bool:
        """Whether the entry is gone, or can be checked by what is kept of it only."""
        return self.entry is None or self.entry.get("salt", b"") is None


def read_leaf(text: bytes) -> Leaf:
    """Read the text of a leaf. Raises Malformed."""
    found = _FORM.fullmatch(text)
    if not found:
        raise Malformed("is not of a form that this program knows", "leaf")
    try:
        at = _EPOCH + timedelta(milliseconds=int(found[2]))
    except OverflowError:
        raise Malformed("lies behind the year 9999", "leaf") from None
    return Leaf(at, bytes.fromhex(found[3].decode()), WORDS[found[1].decode()])
