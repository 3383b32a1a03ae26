"""An entry as a line of a file: CSV, JSON, or an event of OCSF. Pure.

    told = said(row, names_persons=False)        what an export says of an entry, the same in every form
    FORMS["csv"].line(told)                      b"4711,2026-11-21T09:14:03.120456Z,query,…"

Each line bears the entry's place in the log, by which it is proved: ``registry audit prove`` against the checkpoint
that the file stands on. What the log keeps sealed is not opened. Persons are named where ``names_persons``, else
counted.

OCSF (https://schema.ocsf.io, 1.x) has a class for a use of an API, 6003, and no place for its legal ground: purpose,
case and legal basis stand in an object of an extension of ours, ``registry_access`` (docs/log-exports.md).
"""

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from registry.audit.events import Outcome
from registry.core.ids import public_id

Said = Mapping[str, Any]  # Any: JSON
PLAIN = ("kind", "operation", "outcome", "code", "request_id", "client", "agency", "country", "officer_reference",
         "on_behalf_of", "attribution", "purpose", "case_reference", "legal_basis", "token_id", "source", "document",
         "policy")  # fmt: skip
"""Columns that are told as they stand."""
COLUMNS = ("index", "at", *PLAIN, "officer", "milliseconds", "events", "persons", "profiles", "fields")
OCSF_VERSION = "1.6.0"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def said(row: Mapping[Any, Any], *, names_persons: bool) -> Said:
    """Return what an export says of an entry. What is erased of it is nothing."""
    body = row["body"]
    profiles = dict.fromkeys(each for event in body["events"] for each in event["records"] or ())
    named = [public_id("profile", UUID(each)) for each in profiles] if names_persons else None
    return {
        "index": row["index"], "at": row["at"].isoformat().replace("+00:00", "Z"),
        **{name: row[name] for name in PLAIN},
        "officer": public_id("officer", row["officer"]) if row["officer"] else None,
        "milliseconds": body["microseconds"] / 1000,
        "events": [event["name"] for event in body["events"]],
        "persons": len(profiles), "profiles": named, "fields": body["fields"],
    }  # fmt: skip


# -- CSV


def csv_line(told: Said) -> bytes:
    """Return a row of RFC 4180; a value that a program would take for a formula begins with an apostrophe."""
    return _row([_cell(told[name]) for name in COLUMNS])


def _row(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = " ".join(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


# -- JSON


def json_line(told: Said) -> bytes:
    """Return an object on a line."""
    return orjson.dumps(told) + b"\n"


# -- OCSF

READ, UPDATE, OTHER = 2, 3, 99
ACTIVITIES = {"query": READ, "subscription": READ, "photograph": READ, "export": READ, "screening": READ,
              "mutation": UPDATE}  # fmt: skip
"""What kinds of entries are, as OCSF names activities; all others are ``OTHER``."""
CLASS, CATEGORY = 6003, 6
_SUCCESS, _FAILURE = (1, "Success"), (2, "Failure")
PRODUCT = {"name": "Offender register", "vendor_name": "The register's node"}
EXTENSION = {"name": "registry", "uid": "999", "version": "1.0.0"}
"""999 is what OCSF leaves for extensions that are not registered with it."""
_GROUND = ("purpose", "case_reference", "legal_basis", "country", "on_behalf_of", "attribution", "policy", "officer",
           "document", "kind", "persons", "fields", "events")  # fmt: skip


def ocsf_line(told: Said) -> bytes:
    """Return an event of class 6003 on a line."""
    return orjson.dumps(ocsf(told)) + b"\n"


def ocsf(told: Said) -> dict[str, Any]:
    """Return an entry as an event of OCSF's API Activity."""
    activity = ACTIVITIES.get(told["kind"], OTHER)
    names = {READ: "Read", UPDATE: "Update", OTHER: told["kind"]}
    is_done = told["outcome"] in (Outcome.ALLOWED.value, Outcome.PARTIAL.value)
    status_id, status = _SUCCESS if is_done else _FAILURE
    event: dict[str, Any] = _without_nothing({
        "activity_id": activity, "activity_name": names[activity],
        "category_uid": CATEGORY, "category_name": "Application Activity",
        "class_uid": CLASS, "class_name": "API Activity", "type_uid": CLASS * 100 + activity,
        "severity_id": 1, "severity": "Informational",
        "time": _milliseconds(told["at"]), "duration": round(told["milliseconds"]),
        "status_id": status_id, "status": status, "status_code": told["code"], "status_detail": told["outcome"],
        "actor": {
            "user": {"uid": told["officer"] or told["officer_reference"], "name": told["officer_reference"],
                     "org": {"uid": told["agency"]} if told["agency"] else None},
            "session": {"uid": told["token_id"]} if told["token_id"] else None,
            "app_uid": told["client"], "app_name": told["client"] or "unknown",
        },
        "api": {"operation": told["operation"], "request": {"uid": told["request_id"]},
                "service": {"name": "registry"}},
        "src_endpoint": _endpoint(told["source"]),
        "resources": [{"uid": each, "type": "profile"} for each in told["profiles"] or ()],
        "metadata": {"version": OCSF_VERSION, "product": PRODUCT, "uid": str(told["index"]), "sequence": told["index"],
                     "log_name": "log", "extensions": [EXTENSION]},
        "registry_access": {name: told[name] for name in _GROUND},
    })  # fmt: skip
    return event


def _endpoint(source: str | None) -> dict[str, str]:
    """Return where a request came from: an address, or what the entry says instead."""
    is_address = source is not None and any(each in source for each in ".:")
    return {"ip": str(source)} if is_address else {"name": source or "unknown"}


def _milliseconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp() * 1000)


def _without_nothing(value: Any) -> Any:  # Any: JSON
    """Return an event without members that say nothing: OCSF leaves out what is unknown."""
    if not isinstance(value, dict):
        return value
    found = {name: _without_nothing(each) for name, each in value.items() if each not in (None, [], {})}
    return {name: each for name, each in found.items() if each != {}}


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file."""

    line: Callable[[Said], bytes]
    heading: bytes = b""


FORMS: Mapping[str, Form] = {
    "csv": Form(csv_line, _row(list(COLUMNS))),
    "jsonl": Form(json_line),
    "ocsf": Form(ocsf_line),
}
"""By the names that ``--as`` takes; the PDF summary has lines of its own (summary.py)."""
