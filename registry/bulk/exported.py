"""What an export looks like: lines of JSON, the first about itself, then a record a line. Pure.

    {"register_export": {"version": 1, "schema": "urn:registry:schema:export:ke:v1", "edition": "ke", …}}
    {"profile": "cAGX…", "number": 17, "standing": "vetted", "contested": false, "record": {"names": […], …}}

The canonical form holds what an import brings back, and nothing of the node: contested and record, members sorted,
lines in the order of their digests. Of two registers that hold the same it is the same, byte for byte.
"""

import hashlib
from typing import Any

import orjson

from registry.bulk.json_rows import EXPORT
from registry.core.ids import public_id
from registry.editions.edition import Edition
from registry.profiles import rows
from registry.profiles.markings import codes
from registry.profiles.record import Record
from registry.profiles.standing import SEARCHABLE, Standing

VERSION = 1
NOT_CARRIED = frozenset({"photographs"})
"""Groups that name what stays in the node."""
CARRIED = SEARCHABLE | {Standing.EXPIRED}
"""What stands so can be brought back: an entry whose day has come is as expired where it is brought to."""
Json = dict[str, Any]


def header(edition: Edition, agency: str, *, exported_at: str | None) -> bytes:
    """Return the first line; without a moment that of the canonical form."""
    told: Json = {
        "version": VERSION, "schema": f"urn:registry:schema:export:{edition.code}:v1", "edition": edition.code,
        "catalogue": edition.offence_catalogue_version, "agency": agency, "canonical": exported_at is None,
    }  # fmt: skip
    if exported_at is not None:
        told["exported_at"] = exported_at
    return orjson.dumps({EXPORT: told}, option=orjson.OPT_SORT_KEYS) + b"\n"


def line(row: Any, record: Record | None, standing: Standing) -> bytes:  # Any: a row of queries.owned
    """Return the line of a record, or of the tombstone that is left of one."""
    told: Json = {"profile": public_id("profile", row["id"]), "number": row["number"], "standing": standing.value}
    if record is None:
        removed_at = row["removed_at"].isoformat() if row["removed_at"] else None
        told |= {"removed_at": removed_at, "order_number": row["order_number"], "digest": row["digest"]}
        return orjson.dumps(told) + b"\n"
    told |= {"contested": bool(row["contested"]), "handling_codes": codes(record.handling)}
    if standing is Standing.MERGED:
        told["merged_into"] = public_id("profile", row["other"])
    return orjson.dumps(told | {"record": rows.shown(record)}) + b"\n"


def canonical_line(row: Any, record: Record | None, standing: Standing) -> bytes | None:  # Any: as above
    """Return the canonical line of a record; None for one that no import brings back."""
    if record is None or standing not in CARRIED:
        return None
    held = {name: value for name, value in rows.shown(record).items() if name not in NOT_CARRIED}
    told = {"contested": bool(row["contested"]), "record": held}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS) + b"\n"


def place(canonical: bytes) -> int:
    """Return where a canonical line stands among the others: the first 64 bits of its SHA-256."""
    return int.from_bytes(hashlib.sha256(canonical).digest()[:8])
