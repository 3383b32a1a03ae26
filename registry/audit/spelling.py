"""An entry spelt out, once: the bytes that its body is kept as are those that its leaf commits to.

    ready = committed(entry)
    ready.body                   b'{"fields":["Profile.names"],"microseconds":7100,"events":[…]}'
    ready.commitment             what ``commitments.commitment`` makes of the entry when it is read again

Every answer waits for this: it costs two thirds of what it costs to go by the row.
"""

from dataclasses import dataclass, replace
from datetime import UTC
from secrets import token_bytes
from typing import Any

import orjson
from orjson import OPT_PASSTHROUGH_DATACLASS, OPT_SORT_KEYS, dumps

from registry.audit import commitments
from registry.audit.commitments import SALT_LENGTH, canonical, is_plain
from registry.audit.events import Entry, Outcome
from registry.audit.forms import FORMS, VERSION, moment_text

FORM = FORMS[VERSION]
_OUTCOME, _CODE = FORM.names.index("outcome"), FORM.names.index("code")
_EXACT = 2**53
"""Below this every reader of JSON reads an integer as it is."""


@dataclass(frozen=True, slots=True)
class Committed:
    """An entry as it will stand in the log, but for its place."""

    entry: Entry
    salt: bytes
    body: bytes
    digests: list[bytes]
    """Of its fields."""
    commitment: bytes

    @property
    def columns(self) -> tuple[object, ...]:
        """Those of ``log_entries`` after the index, in their order; the body is spelt already."""
        entry = self.entry
        return (
            entry.at, entry.kind, entry.operation, entry.outcome.value, entry.code, entry.request_id, entry.client,
            entry.agency, entry.officer, entry.officer_reference, entry.purpose, entry.case_reference,
            entry.legal_basis, entry.token_id, entry.source, entry.document, self.body, self.salt, FORM.v,
            entry.country, entry.on_behalf_of, entry.attribution, entry.justification, entry.policy, entry.program,
            None,  # nothing of it is erased
        )  # fmt: skip

    def refused(self, code: str) -> "Committed":
        """Return the same attempt as one that was denied. Cheap, because this is done under the log's lock."""
        entry = replace(self.entry, outcome=Outcome.DENIED, code=code)
        others = {_OUTCOME: entry.outcome.value, _CODE: code}
        return _of(entry, self.salt, self.body, commitments.changed(FORM, self.salt, self.digests, others))


def committed(entry: Entry) -> Committed:
    """Draw an entry's salt, and commit to what it says.

    Raises TypeError and ValueError for what is no JSON, and for a moment without an offset.
    """
    (body, fields), salt = _spelt(entry), token_bytes(SALT_LENGTH)
    return _of(entry, salt, body, commitments.digests(FORM, salt, fields))


def _of(entry: Entry, salt: bytes, body: bytes, digests: list[bytes]) -> Committed:
    return Committed(entry, salt, body, digests, commitments.over(FORM, digests))


def _spelt(entry: Entry) -> tuple[bytes, tuple[bytes, ...]]:
    """Return an entry's body as it is kept, and the fields of its form as they are committed to."""
    coordinates = dumps(entry.fields)
    took, cost = _number(entry.microseconds), _number(entry.cost)
    names = [dumps(event.name) for event in entry.events]
    # PostgreSQL's driver has UUIDs of its own kind, which orjson does not know
    records = [dumps(event.records, default=str) for event in entry.events]
    details = [_details(event.details) for event in entry.events]
    events = [
        b'{"name":%b,"records":%b,"details":%b}' % (name, shown, kept)
        for name, shown, (kept, _) in zip(names, records, details, strict=True)
    ]
    body = b'{"fields":%b,"microseconds":%b,"cost":%b,"events":[%b]}' % (coordinates, took, cost, b",".join(events))
    (
        kind, operation, outcome, code, request_id, client, agency, country, reference, on_behalf_of, attribution,
        purpose, case, basis, justification, policy, program, token, source, document,
    ) = map(dumps, (
        entry.kind, entry.operation, entry.outcome.value, entry.code, entry.request_id, entry.client, entry.agency,
        entry.country, entry.officer_reference, entry.on_behalf_of, entry.attribution, entry.purpose,
        entry.case_reference, entry.legal_basis, entry.justification, entry.policy, entry.program, entry.token_id,
        entry.source, entry.document,
    ))  # fmt: skip
    return body, (
        _moment(entry), kind, operation, outcome, code, request_id, client, agency, country,
        dumps(entry.officer, default=str), reference, on_behalf_of, attribution, purpose, case, basis, justification,
        policy, program, token, source, document, coordinates, took, cost, b"[%b]" % b",".join(names),
        b"[%b]" % b",".join(records), b"[%b]" % b",".join([told for _, told in details]),
    )  # fmt: skip


def _moment(entry: Entry) -> bytes:
    if entry.at.tzinfo is UTC and entry.at.microsecond:  # as orjson spells it, then: a quarter of the cost
        return dumps(entry.at, option=orjson.OPT_UTC_Z)
    return b'"%b"' % moment_text(entry.at).encode()


def _number(value: int | None) -> bytes:
    return dumps(value) if value is None or -_EXACT < value < _EXACT else canonical(value)


def _details(value: dict[str, Any]) -> tuple[bytes, bytes]:
    """Return details as they are kept, and as they are committed to: nearly always the same."""
    try:
        kept = dumps(value, option=OPT_SORT_KEYS | OPT_PASSTHROUGH_DATACLASS)  # whose members it would not sort
    except TypeError:
        kept = dumps(value)
        return kept, canonical(orjson.loads(kept))
    return kept, kept if is_plain(kept) else canonical(orjson.loads(kept))
