"""Lines of a file that no import takes: what is no record at all, and records as older files spoil them.

    ImportCase("a line that ends after 6 bytes", "RECORD_MALFORMED", b'{"name')

Records that break a rule of the description are made in records.py; here stands what only a file can be.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests import factories
from tests.malformed.cases import SECRET


@dataclass(frozen=True)
class ImportCase:
    """A line that no import takes."""

    name: str
    code: str
    line: bytes

    def __str__(self) -> str:
        return self.name


def _line(**changed: Any) -> bytes:
    return json.dumps(factories.record() | changed).encode()


def import_lines() -> Iterator[ImportCase]:
    good = _line()
    for length in range(6, 60, 6):
        yield ImportCase(f"a line that ends after {length} bytes", "RECORD_MALFORMED", good[:length])
    for line in (
        b"null",
        b"[]",
        b"5",
        b'"x"',
        b"\xff\xfe",
        b"{'a': 1}",
        good[:-1] + b',"sex":"male"}',
        b'{"names":"\\ud800"}',
        b"[" * 10_000,
        good + good,
        b"\0",
    ):
        yield ImportCase(f"a line {line[:12]!r} of {len(line)} bytes", "RECORD_MALFORMED", line)
    yield ImportCase("a line of 200 kB", "RECORD_TOO_LONG", _line(county="x" * 200_000))
    rows: list[tuple[str, dict[str, Any]]] = [
        ("FIELD_UNKNOWN", {SECRET: 1}),
        ("FIELD_UNKNOWN", {"": 1}),
        ("FIELD_UNKNOWN", {"surname": "x"}),
        ("VICTIM_DATA", {"victim_name": "x"}),
        ("VICTIM_DATA", {"child": "x"}),
        ("VICTIM_DATA", {"complainant": {}}),
        ("LEGAL_BASIS_MISSING", {"legal_basis": None}),
        ("LEGAL_BASIS_MISSING", {"legal_basis": "KE"}),
        ("CODE_UNKNOWN", {"legal_basis": {"code": SECRET, "article": "x"}}),
        ("FIELD_MISSING", {"legal_basis": {"code": "KE-SOA-39-13"}}),
        ("LIST_MALFORMED", {"names": []}),
        ("LIST_MALFORMED", {"names": None}),
        ("LIST_MALFORMED", {"names": {"full": "x"}}),
        ("LIST_MALFORMED", {"names": "x"}),
        ("LIST_MALFORMED", {"convictions": []}),
        ("LIST_MALFORMED", {"phones": "0712345678"}),
        ("NAME_MALFORMED", {"names": ["x"]}),
        ("NAME_MALFORMED", {"names": [{"full": "x", "parts": []}]}),
        ("FIELD_MISSING", {"names": [{}]}),
        ("TEXT_MALFORMED", {"names": [{"full": 5}]}),
        ("TEXT_MALFORMED", {"names": [{"full": "a\u0000b"}]}),
        ("TEXT_MALFORMED", {"names": [{"full": "a\u202eb"}]}),
        ("CODE_UNKNOWN", {"names": [{"full": "x", "kind": SECRET}]}),
        ("CODE_UNKNOWN", {"names": [{"full": "x", "script": "Xxxx"}]}),
        ("CODE_UNKNOWN", {"names": [{"full": "x", "kind": ["legal"]}]}),
        ("DATE_MALFORMED", {"birth_date": SECRET}),
        ("DATE_MALFORMED", {"birth_date": 1970}),
        ("DATE_MALFORMED", {"birth_date": "1970-02-30"}),
        ("DATE_OUT_OF_RANGE", {"birth_date": "1700"}),
        ("DATE_MALFORMED", {"dob": {"value": "1970", "precision": "day"}}),
        ("CODE_UNKNOWN", {"sex": "M"}),
        ("CODE_UNKNOWN", {"sex": 1}),
        ("CODE_UNKNOWN", {"county": "Atlantis"}),
        ("COUNTRY_UNKNOWN", {"nationalities": ["ke"]}),
        ("COUNTRY_UNKNOWN", {"nationalities": [None]}),
        ("IDENTIFIER_MALFORMED", {"identifiers": ["X1"]}),
        ("CODE_UNKNOWN", {"identifiers": [{"type": "x", "value": "A12"}]}),
        ("FORM_MALFORMED", {"identifiers": [{"type": "passport", "value": ""}]}),
        ("FORM_MALFORMED", {"identifiers": [{"type": "passport", "value": 5}]}),
        ("COUNTRY_UNKNOWN", {"identifiers": [{"type": "passport", "value": "A12", "country": "XX"}]}),
        ("PHONE_MALFORMED", {"phones": [SECRET]}),
        ("PART_MALFORMED", {"phones": [254712345678]}),
        ("FORM_MALFORMED", {"emails": ["x"]}),
        ("FORM_MALFORMED", {"emails": ["a\u0000@b.example"]}),
        ("HANDLE_MALFORMED", {"handles": ["x"]}),
        ("FIELD_MISSING", {"handles": [{"platform": "x"}]}),
        ("CONVICTION_MALFORMED", {"convictions": ["x"]}),
        ("CODE_UNKNOWN", {"convictions": [factories.conviction(offence=SECRET)]}),
        ("FIELD_UNKNOWN", {"convictions": [factories.conviction(note="x")]}),
        ("VICTIM_DATA", {"convictions": [factories.conviction(victim_name="x")]}),
        ("CODE_UNKNOWN", {"convictions": [factories.conviction(victim_sex="f")]}),
        ("FIELD_MISSING", {"convictions": [factories.conviction(convicted_on=None)]}),
        ("TEXT_MALFORMED", {"record_owner": ""}),
        ("TEXT_MALFORMED", {"record_owner": 5}),
    ]
    for place, (code, changed) in enumerate(rows):
        yield ImportCase(f"a record {place} with {str(changed)[:50]}", code, _line(**changed))


LINES = list(import_lines())
