"""The form of a record, published: JSON Schemas (draft 2020-12) made from its one description.

    record(edition)     docs/schemas/record.json    what ``registry import`` reads, one object a line
    export(edition)     docs/schemas/export.json    a line of ``registry export``: about itself, a record, a tombstone

What a schema accepts may still be refused: the calendar, the list of countries, rules across groups (coherence.py)
and whatever looks like a victim's data are looked at when a record is read. What a schema refuses, the reader
refuses too, but for spellings that it mends: small letters in numbers, spaces around a text, null for the unknown.
"""

import json
from collections.abc import Mapping
from typing import Any

from registry.disclosure.handling import CODES, VOCABULARIES
from registry.editions.edition import Edition
from registry.profiles.forms import Group, Member, members
from registry.profiles.intake import KIND_SYNONYMS, MOST, SHORTHAND
from registry.profiles.kinds import DIGEST, PUBLIC_ID, Form, Kind, Listed, Schema
from registry.profiles.markings import SOURCE, as_given
from registry.profiles.parts import NAME_PARTS, Name, NamePart, Risk
from registry.profiles.record import GROUPS
from registry.profiles.standing import Standing

DRAFT = "https://json-schema.org/draft/2020-12/schema"
REF = "#/$defs/"
PRECISIONS = ("year", "month", "day", "range", "unknown")
OLDER: Mapping[str, Schema] = {
    "id": {"description": "The file's own number of the record; it is not kept. Source: own."},
    "dob": {
        "description": "Older spelling of birth_date: a date with its precision. Source: own.",
        "type": "object",
        "properties": {
            "value": {"type": ["string", "null"], "description": "The date, or null. Source: own."},
            "precision": {"enum": list(PRECISIONS), "description": "What is known of it. Source: own."},
        },
        "required": ["value", "precision"],
        "additionalProperties": False,
    },
    "record_owner": {"description": "Older spelling of owner. Source: own.", "type": "string"},
}
"""Members of older files that are still read, and that nobody should write any more."""


LIVED = tuple(each.value for each in Standing if each not in (Standing.ENTERED, Standing.REMOVED))
"""What a record of the register can stand as, while there is one."""


def _like(form: Form, *types: str) -> Schema:
    return {"type": list(types), "pattern": f"^{form.pattern.pattern}$"}


_ID, _DIGEST = _like(PUBLIC_ID, "string"), _like(DIGEST, "string", "null")
LINES: Mapping[str, tuple[str, Mapping[str, Schema]]] = {
    "AboutTheExport": ("The first line.", {
        "register_export": {
            "description": "What this file is. Source: own.",
            "type": "object",
            "properties": {
                "version": {"const": 1, "description": "Version of the form of these lines. Source: own."},
                "schema": {"type": "string", "description": "The id of this schema. Source: own."},
                "edition": {"type": "string", "description": "Country edition. Source: own."},
                "catalogue": {"type": "string", "description": "Version of its offence catalogue. Source: own."},
                "agency": {"type": "string", "description": "Agency whose records these are. Source: own."},
                "canonical": {"type": "boolean", "description": "Whether it holds only what an import brings back, "
                              "in one order. Source: own."},
                "exported_at": {"type": "string", "format": "date-time", "description": "When. Source: own."},
            },
            "required": ["version", "schema", "edition", "catalogue", "agency", "canonical"],
            "additionalProperties": False,
        },
    }),
    "ExportedRecord": ("A record as it stands.", {
        "profile": _ID | {"description": "Its id in the register it comes from. Source: own."},
        "number": {"type": "integer", "minimum": 1, "description": "Its number there. Source: own."},
        "standing": {"enum": list(LIVED), "description": "What it stands as (docs/life-cycle.md). Source: own."},
        "contested": {"type": "boolean", "description": "Whether its accuracy is disputed. "
                      "Source: Data Protection Act 2019 s. 34."},
        "handling_codes": {
            "description": "What its handling amounts to in each vocabulary of others; an import passes them over. "
            f"Source: {SOURCE}.",
            "type": "array", "items": {"enum": list(CODES)}, "minItems": len(VOCABULARIES),
            "maxItems": len(VOCABULARIES),
        },
        "merged_into": _ID | {"description": "The record that answers for it, if it is merged. Source: own."},
        "record": {"$ref": f"{REF}Record", "description": "The record itself. Source: own."},
    }),
    "CanonicalRecord": ("A record in the canonical form of an export, the same in every register that holds it.", {
        "contested": {"type": "boolean", "description": "Whether its accuracy is disputed. "
                      "Source: Data Protection Act 2019 s. 34."},
        "record": {"$ref": f"{REF}Record", "description": "The record without photographs. Source: own."},
    }),
    "Tombstone": ("What is left of a record that was removed.", {
        "profile": _ID | {"description": "Its id in the register it comes from. Source: own."},
        "number": {"type": "integer", "minimum": 1, "description": "Its number there. Source: own."},
        "standing": {"const": Standing.REMOVED.value, "description": "That it was removed. Source: own."},
        "removed_at": {"type": ["string", "null"], "format": "date-time", "description": "When. Source: own."},
        "order_number": {"type": ["string", "null"], "description": "Number of the court's order. Source: own."},
        "digest": _DIGEST | {"description": "SHA-256 of the canonical form of the record. Source: own."},
    }),
}  # fmt: skip
"""The lines of an export, each with its members."""
_MAY_LACK = frozenset({"merged_into"})


def record(edition: Edition) -> Schema:
    """Return the schema of a record as it may be handed in: today's form, and older spellings marked as deprecated."""
    form = _Form(edition, reads_older=True)
    told = ("A record as `registry import` reads it. A member that is null is read as one that is not given: leave it "
            "out. Dates, countries and rules across groups are checked further when it is read.")  # fmt: skip
    written = form.record(
        form.groups() | {name: _older(each) for name, each in OLDER.items()},
        [name for name, group in GROUPS.items() if group.required and name != "owner"],
    )
    return form.document("record", told, written)


def export(edition: Edition) -> Schema:
    """Return the schema of a line of an export; a record stands in it as ``rows.shown`` shows it."""
    form = _Form(edition, reads_older=False)
    told = ("A line of `registry export`, one JSON object. In a record, members that have their default are left out. "
            "`registry import` reads those that were not closed into the same records.")  # fmt: skip
    written = form.record(form.groups(), [name for name, group in GROUPS.items() if group.required])
    form.defs["Record"] = {"description": "Everything the register holds of a person at one moment.", **written}
    for name, (meaning, properties) in LINES.items():
        required = [each for each in properties if each not in _MAY_LACK]
        form.defs[name] = {"description": meaning, **_object(properties, required)}
    return form.document("export", told, {"oneOf": [{"$ref": f"{REF}{name}"} for name in LINES]})


def printed(schema: Schema) -> str:
    """Return a schema as its file holds it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


class _Form:
    """One walk through the description; what several places refer to gathers in ``defs``."""

    def __init__(self, edition: Edition, *, reads_older: bool):
        self.edition = edition
        self.reads_older = reads_older
        self.defs: dict[str, Schema] = {}

    def document(self, name: str, told: str, written: Schema) -> Schema:
        edition = self.edition
        return {
            "$schema": DRAFT,
            "$id": f"urn:registry:schema:{name}:{edition.code}:v1",
            "title": f"{name.capitalize()} of the register, country edition {edition.code}",
            "description": f"{told} Offences are those of catalogue {edition.offence_catalogue_version}.",
            **written,
            "$defs": dict(sorted(self.defs.items())),
        }

    def record(self, properties: Mapping[str, Schema], required: list[str]) -> Schema:
        return {**_object(properties, required), "allOf": self.grounds()}

    def grounds(self) -> list[Schema]:
        """Say which categories need a conviction, and which a court's order."""
        categories = self.edition.categories.items()
        needs = {
            "convictions": [code for code, each in categories if each.needs_conviction],
            "orders": [code for code, each in categories if each.needs_order],
        }
        return [_if_category(codes, group) for group, codes in needs.items() if codes]

    def groups(self) -> dict[str, Schema]:
        return {name: self.group(group) for name, group in GROUPS.items()}

    def group(self, group: Group) -> Schema:
        value = self.part(group.part) if group.part else self.value(group.kind)
        if self.reads_older and group.name in SHORTHAND:
            told = f"Older spelling: the {SHORTHAND[group.name]} alone. Source: own."
            value = {"anyOf": [value, _older({"type": "string", "description": told})]}
        if group.many:
            value = _list(value, least=1 if group.required else 0)
        if group.name == "parents" and self.edition.parents_names is None:
            value |= {"maxItems": 0}  # no law of this country asks for them
        return _told(value, group)

    def part(self, part: type) -> Schema:
        """Return a reference to a part's schema."""
        if part.__name__ not in self.defs:
            described = members(as_given(part) if self.reads_older else part)
            properties = {each.name: self.member(part, each) for each in described}
            written = _object(properties, [each.name for each in described if each.required])
            if part is Risk:
                written |= {"allOf": self.levels()}
            self.defs[part.__name__] = {"description": part.__doc__, **written}
        return {"$ref": f"{REF}{part.__name__}"}

    def levels(self) -> list[Schema]:
        """Say which levels each instrument of risk assessment can give."""
        return [
            {"if": {"properties": {"instrument": {"const": code}}},
             "then": {"properties": {"level": {"enum": list(each.levels)}}}}
            for code, each in self.edition.risk_instruments.items()
        ]  # fmt: skip

    def member(self, part: type, member: Member) -> Schema:
        if member.part is NamePart:
            return _told(self.name_parts(), member)
        value = self.value(member.kind)
        if self.reads_older and part is Name and member.name == "kind":
            older = _older({"enum": list(KIND_SYNONYMS), "description": "Older words. Source: own."})
            value = {"anyOf": [value, older]}
        return _told(_list(value) if member.many else value, member)

    def name_parts(self) -> Schema:
        """Write the parts of a name as an object, each kind once."""
        text = members(NamePart)[1]
        kinds = {name: _told(self.value(text.kind), text, f"Words of the {name} part.") for name in NAME_PARTS}
        return _object(kinds, [])

    def value(self, kind: Kind | None) -> Schema:
        assert kind is not None
        if not isinstance(kind, Listed):
            return kind.schema(self.edition)
        name = kind.name.removeprefix("country edition's ").replace(" ", "_")
        told = f"Codes: {kind.name}, as edition {self.edition.code} has them."
        self.defs[name] = {"description": told, **kind.schema(self.edition)}
        return {"$ref": f"{REF}{name}"}


def _object(properties: Mapping[str, Schema], required: list[str]) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": required, "additionalProperties": False}


def _list(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "items": items, **({"minItems": least} if least else {}), "maxItems": MOST}


def _older(schema: Schema) -> Schema:
    return schema | {"deprecated": True}


def _told(value: Schema, described: Group | Member, meaning: str | None = None) -> Schema:
    """Return a schema with its meaning, the law or standard that asks for it, and what leaving it out means."""
    default: Any = described.default
    known = {"default": default} if isinstance(default, str | bool) else {}
    return {"description": f"{meaning or described.meaning} Source: {described.source}.", **value, **known}


def _if_category(codes: list[str], group: str) -> Schema:
    """Return the rule that records of these categories hold at least one value of a group."""
    given: Schema = {"properties": {"category": {"enum": codes}}}
    if GROUPS["category"].default not in codes:
        given["required"] = ["category"]
    return {"if": given, "then": {"required": [group], "properties": {group: {"minItems": 1}}}}
