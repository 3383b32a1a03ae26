"""What is asked under load: searches as officers ask them, as bodies for the node and for its twins."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from registry.synthetic.queries import searches
from registry.synthetic.record import Fields

DOCUMENT = (
    "query Find($criteria: SearchCriteriaInput!) { search(criteria: $criteria, first: 10) { edges { node "
    "{ score band reasons { sentence weight } profile { id registerNumber names { full kind } birthDate } } } } }"
)
_DOCUMENTS = {"national_id": "NATIONAL_ID", "passport": "PASSPORT"}


def criteria(fields: Fields) -> dict[str, Any]:
    """Return a search of the synthetic register as the API takes it."""
    given: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "dob":
            given["birthDate"] = value
        elif name == "sex":
            given["sex"] = str(value).upper()
        elif name in _DOCUMENTS:
            given["identifiers"] = [{"type": _DOCUMENTS[name], "value": value}]
        elif name == "handle":
            given["handle"] = {"handle": value}
        else:
            given[name] = value
    return given


def questions(count: int, register_size: int) -> Iterator[bytes]:
    """Yield request bodies; the twins read only their variables."""
    for search in searches(count=count, register_size=register_size):
        yield orjson.dumps({"query": DOCUMENT, "variables": {"criteria": criteria(search["fields"])}})


def write(file: Path, count: int, register_size: int) -> Path:
    """Write bodies to a file, one a line, unless an earlier run has."""
    if not file.exists():
        file.write_bytes(b"\n".join(questions(count, register_size)))
    return file
