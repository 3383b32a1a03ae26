"""What the log keeps of a question about a person: all that it says of them sealed, and digests to find its like.

    sealed({"name": "Juma Mwakio", "phone": "0712 345 678", "email": None}, sealer)
    {"email": None, "sought": {"question": "pX0v-3kQz_7a", "words": ["9fKe0aWqB21x", …]},
     "sealed": {"fields": ["name", "phone"], "record": "0197…", "key_id": "7c1e…", "key": "…", "content": "…"}}

    opened({"criteria": …}, sealer)      {"criteria": {"name": "Juma Mwakio", "phone": …, …}}, for an auditor

Which criteria were given is told (``fields``), and none of what they say. ``sought`` is of sought.py.

Each question has a data key of its own, which lies wrapped beside what it seals. The log is never rewritten, so no
rotation reaches these keys: the key-encryption key that wrapped them is kept for as long as the log (docs/keys.md).
Pure, but for randomness.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from registry.audit import sought
from registry.core.ids import new_id
from registry.core.sealing import KeyUnknown, Sealer, Tampered, WrappedKey

MEMBER = "sealed"
"""The member of a question that holds what is sealed; no question has a field of this name, nor of the next."""
SOUGHT = "sought"
"""The member that holds the digests."""
CLOSED = "sealed"
"""What an auditor reads where the key is gone."""
ALTERED = "altered"
"""What an auditor reads where the entry is not as it was written."""
_PLACE = {"table": "log_entries", "field": "criteria"}
"""What an envelope's associated data names."""


def sealed(question: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """Return the question as the log keeps it: what is given is sealed, what is not stands as it is."""
    asked = {name: value for name, value in question.items() if value}
    if not asked:
        return dict(question)
    rest = {name: value for name, value in question.items() if name not in asked}
    return rest | closed(asked, sealer) | {SOUGHT: sought.digests(asked, sealer.blind)}


def closed(said: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """Return words that nobody looks for, sealed: a reason, a text; ``opened`` opens them as it does a question."""
    record = new_id()
    key, wrapped = sealer.new_key(record)
    box = {
        "fields": list(said),
        "record": str(record),
        "key_id": wrapped.key_id,
        "key": b64encode(wrapped.content).decode(),
        "content": b64encode(key.seal(orjson.dumps(said), **_PLACE)).decode(),
    }
    return {MEMBER: box}


def opened(details: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """Return an event's details with every question whole again, as far as it opens."""
    return {name: _whole(value, sealer) if _is_sealed(value) else value for name, value in details.items()}


def _is_sealed(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get(MEMBER), dict)


def _whole(question: Mapping[str, Any], sealer: Sealer) -> dict[str, Any]:
    """Put what was sealed back. What does not open must not hide the rest of the entry, nor of the page."""
    box = question[MEMBER]
    kept = {name: value for name, value in question.items() if name not in (MEMBER, SOUGHT)}
    try:
        return kept | _open(box, sealer)
    except KeyUnknown:
        return kept | dict.fromkeys(box["fields"], CLOSED)
    except (Tampered, KeyError, TypeError, ValueError, binascii.Error):
        return kept | {MEMBER: ALTERED}


def _open(box: Mapping[str, str], sealer: Sealer) -> dict[str, Any]:
    wrapped = WrappedKey(box["key_id"], b64decode(box["key"], validate=True))
    key = sealer.open_key(UUID(box["record"]), wrapped)
    content: dict[str, Any] = orjson.loads(key.open(b64decode(box["content"], validate=True), **_PLACE))
    return content
