"""Keyset pages: cursors that only we can make, for the question and the asker they were made for.

    cursor = base64url( JSON of the place + HMAC-SHA-256 over question, principal and place )

A cursor holds the sort values of the last row, or where these move the rows shown so far, never an offset:
rows that come or go meanwhile neither repeat nor skip others. A cursor of another question, another officer
or another case is refused.
"""

import base64
import binascii
import hashlib
import hmac
from typing import Any

import orjson

from graphql_schema.limits import Limits
from registry.core.errors import InputRefused

MOST = Limits().page
"""Longest page, from the limits table."""
_MAC = 16


class Cursors:
    """Makes and reads cursors with the node's secret key."""

    def __init__(self, key: bytes):
        self._key = key

    def make(self, question: object, principal: str, place: object) -> str:
        """Return the cursor of a place in the answer to ``question``."""
        content = orjson.dumps(place)
        return base64.urlsafe_b64encode(self._mac(question, principal, content) + content).rstrip(b"=").decode()

    def read(self, question: object, principal: str, cursor: str) -> Any:
        """Return the place. Raises InputRefused (CURSOR_INVALID) for any cursor but ours for this question."""
        try:
            content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            content = b""
        mac, place = content[:_MAC], content[_MAC:]
        if not hmac.compare_digest(mac, self._mac(question, principal, place)):
            raise InputRefused(
                "is no cursor of this question.", field="after", code="CURSOR_INVALID",
                remedy="Pass endCursor of an answer to the same question, or leave it out.",
            )  # fmt: skip
        return orjson.loads(place)

    def _mac(self, question: object, principal: str, place: bytes) -> bytes:
        bound = orjson.dumps([question, principal], option=orjson.OPT_SORT_KEYS)
        return hmac.digest(self._key, hashlib.sha256(bound).digest() + place, "sha256")[:_MAC]


def checked_size(first: int) -> int:
    """Return the size of the page. Raises InputRefused (PAGE_SIZE) outside 1 to 100."""
    if not 1 <= first <= MOST:
        raise InputRefused(
            f"is not between 1 and {MOST}.", field="first", code="PAGE_SIZE", remedy="Ask for a smaller page."
        )
    return first
