"""What an entry says, version by version: the fields that its leaf commits to, in their order. Pure.

    FORMS[1]                       22 fields; leaves of these entries begin with roa1
    FORMS[2]                       six more, and roa2; what is entered from now on
    FORMS[row["v"]].fields[0]      Field("at", …), and how it is read from an entry's row, as JSON

The law of this table: what is written once is read for ever. Neither names, order nor values of a version change; a
field more is a version more, with another first word, and each entry and each leaf says its own version.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

VERSION = 2
"""Of what is entered now."""


class Row(Protocol):
    """An entry as ``log_entries`` holds it, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:  # Any: a column's value
        """Return a column's value."""


class Field(NamedTuple):
    """One thing that an entry says, and how it is read from the entry's row, as JSON."""

    name: str
    value: Callable[[Row], Any]  # Any: JSON


class Form(NamedTuple):
    """One version of what an entry says."""

    v: int
    word: str
    """The first word of its leaves: register of offenders, audit, and the version."""
    fields: tuple[Field, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of its fields, in their order."""
        return tuple(field.name for field in self.fields)


def moment_text(moment: datetime) -> str:
    """Return a moment of an entry: RFC 3339 in UTC, always with six places."""
    if moment.tzinfo is None:
        raise TypeError("a moment without an offset")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _column(name: str) -> Field:
    return Field(name, lambda row: row[name])


def _of_events(member: str) -> Callable[[Row], Any]:
    return lambda row: [event[member] for event in row["body"]["events"]]


_EVERY = {
    "at": Field("at", lambda row: moment_text(row["at"])),
    "officer": Field("officer", lambda row: None if row["officer"] is None else str(row["officer"])),
    "fields": Field("fields", lambda row: row["body"]["fields"]),
    "microseconds": Field("microseconds", lambda row: row["body"]["microseconds"]),
    "cost": Field("cost", lambda row: row["body"].get("cost")),
    "events": Field("events", _of_events("name")),
    "records": Field("records", _of_events("records")),
    "details": Field("details", _of_events("details")),
}
"""Fields that are no column as it stands. The last three stand side by side, one of each for an event: so it can be
shown who was seen, and not by which words."""


def _form(v: int, *names: str) -> Form:
    return Form(v, f"roa{v}", tuple(_EVERY.get(name) or _column(name) for name in names))


FORMS: Mapping[int, Form] = {
    1: _form(
        1, "at", "kind", "operation", "outcome", "code", "request_id", "client", "agency", "officer",
        "officer_reference", "purpose", "case_reference", "legal_basis", "token_id", "source", "document", "fields",
        "microseconds", "cost", "events", "records", "details",
    ),
    2: _form(
        2, "at", "kind", "operation", "outcome", "code", "request_id", "client", "agency", "country", "officer",
        "officer_reference", "on_behalf_of", "attribution", "purpose", "case_reference", "legal_basis",
        "justification", "policy", "program", "token_id", "source", "document", "fields", "microseconds", "cost",
        "events", "records", "details",
    ),
}  # fmt: skip
WORDS: Mapping[str, int] = {form.word: form.v for form in FORMS.values()}
"""Versions, by the first word of a leaf."""
