"""An entry as an event of OCSF 6003: what that class requires is there, and of the kinds that it names."""

from typing import Any

import pytest

from registry.audit.events import Outcome
from registry.oversight.export_forms import ACTIVITIES, csv_line, ocsf
from registry.oversight.export_summary import MOST_ROWS, Counted

REQUIRED: dict[str, type] = {
    "activity_id": int, "actor": dict, "api": dict, "category_uid": int, "class_uid": int, "metadata": dict,
    "severity_id": int, "src_endpoint": dict, "time": int, "type_uid": int,
}  # fmt: skip
"""What OCSF 1.x requires of API Activity (ocsf-schema: events/application/api_activity.json and its bases)."""
KNOWN = {
    *REQUIRED, "activity_name", "category_name", "class_name", "duration", "resources", "severity", "status",
    "status_code", "status_detail", "status_id", "registry_access",
}  # fmt: skip
"""Those, the optional ones that are used, and the one of our extension."""


def told(**changes: Any) -> dict[str, Any]:  # Any: JSON
    usual = {
        "index": 7, "at": "2026-11-21T09:14:03.120456Z", "kind": "query", "operation": "search", "outcome": "allowed",
        "code": None, "request_id": "r-1", "client": "c", "agency": "demo-dci", "country": "KE",
        "officer_reference": "O-1", "on_behalf_of": None, "attribution": "stated", "purpose": "missing_child",
        "case_reference": "CR 1/2026", "legal_basis": "KE", "token_id": "t", "source": "192.0.2.1", "document": "d",
        "policy": "p", "officer": "cAGX", "milliseconds": 7.1, "events": ["profile:searched"], "persons": 1,
        "profiles": ["cP1"], "fields": ["Profile.names"],
    }  # fmt: skip
    return usual | changes


@pytest.mark.parametrize("changes", [
    {}, {"kind": "mutation"}, {"kind": "token", "outcome": "failed", "code": "UNAVAILABLE"},
    {"officer": None, "officer_reference": None, "agency": None, "client": None, "source": None, "profiles": None,
     "token_id": None, "document": None, "purpose": None},
    {"source": "local", "outcome": "denied"}, {"source": "2001:db8::7"},
], ids=lambda each: "-".join(each) or "usual")  # fmt: skip
def test_an_event_holds_what_its_class_requires_and_nothing_unknown(changes: dict[str, Any]) -> None:
    event = ocsf(told(**changes))

    assert event.keys() <= KNOWN
    assert all(isinstance(event[name], kind) and event[name] != {} for name, kind in REQUIRED.items())
    assert (event["class_uid"], event["category_uid"], event["time"]) == (6003, 6, 1_795_252_443_120)
    assert event["type_uid"] == 600_300 + event["activity_id"]
    assert event["activity_id"] in (2, 3) or event["activity_name"] == changes["kind"]
    assert event["api"]["operation"]
    assert event["metadata"].keys() >= {"product", "version"}
    assert event["actor"].keys() & {"user", "session", "app_uid", "app_name"}
    assert event["src_endpoint"].keys() & {"ip", "name"}
    is_done = event["status_detail"] in (Outcome.ALLOWED, Outcome.PARTIAL)
    assert event["status_id"] == (1 if is_done else 2)
    assert event["registry_access"]["kind"] == changes.get("kind", "query")
    assert ACTIVITIES["query"] == 2


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t"])
def test_no_cell_is_a_formula(begins: str) -> None:
    assert f"'{begins}1".encode() in csv_line(told(case_reference=f"{begins}1"))


def test_what_is_rare_is_counted_together() -> None:
    counted = Counted()
    for place in range(MOST_ROWS + 3):
        counted.add(told(agency=f"demo-{place}", persons=2))

    assert (counted.entries, counted.shown) == (MOST_ROWS + 3, 2 * (MOST_ROWS + 3))
    assert counted.rows("agency")[-1] == ("all others", 3)
    assert counted.rows("day") == [("2026-11-21", MOST_ROWS + 3)]
