"""How a record is described: members of parts, and groups of a record, each with its meaning and source.

    number: str = member(PHONE, "The number.", "ITU-T E.164")
    phones: tuple[Phone, ...] = several("Phones.", FieldClass.CONTACT, Phone, GUIDELINES, sealed=True)

The description is metadata of plain dataclasses, so values stay ordinary Python, and whatever is made from a record
(reading, storing, comparing, publishing) asks ``members`` and ``groups`` here.
"""

from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any

from registry.disclosure.vocabulary import FieldClass
from registry.profiles.kinds import Kind


def member(kind: Kind, meaning: str, source: str, *, default: Any = MISSING) -> Any:
    """Describe one member of a part: what it may hold, what it means, and which law or standard asks for it.

    dataclasses.field is typed as the field's own value, hence Any.
    """
    return field(default=default, metadata={"kind": kind, "meaning": meaning, "source": source})


def optional(kind: Kind, meaning: str, source: str) -> Any:  # Any: as above
    """Describe a member that may be unknown."""
    return member(kind, meaning, source, default=None)


def group(  # noqa: PLR0913  each is named where a group is described
    meaning: str, kind: FieldClass, *, source: str, part: type | None = None, value: Kind | None = None,
    sealed: bool = False, column: str = "details", default: Any = MISSING, many: bool = False,
) -> Any:  # fmt: skip
    """Describe one group of fields of a record: released and verified together. Any: as for ``member``."""
    return field(
        default=default,
        metadata={"meaning": meaning, "source": source, "class": kind, "part": part, "kind": value,
                  "many": many or default == (), "column": "sealed" if sealed else column},
    )  # fmt: skip


def several(meaning: str, kind: FieldClass, part: type, source: str, *, sealed: bool = False) -> Any:
    """Describe a group of which there may be several."""
    return group(meaning, kind, source=source, part=part, sealed=sealed, default=())


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a part, as the description has it."""

    name: str
    meaning: str
    source: str
    kind: Kind | None
    part: type | None
    many: bool
    required: bool
    default: Any


@dataclass(frozen=True, slots=True)
class Group:
    """One group of fields of a record, as the description has it."""

    name: str
    meaning: str
    source: str
    field_class: FieldClass
    column: str
    """``identity``, ``details`` or ``sealed``: where it is stored."""
    kind: Kind | None
    part: type | None
    many: bool
    required: bool
    default: Any


@cache
def members(part: type) -> tuple[Member, ...]:
    """Return the members of a part in their order."""
    return tuple(
        Member(each.name, each.metadata["meaning"], each.metadata["source"], each.metadata.get("kind"),
               each.metadata.get("part"), each.default == (), each.default is MISSING, _default(each))
        for each in fields(part)
    )  # fmt: skip


@cache
def groups(record: type) -> tuple[Group, ...]:
    """Return the groups of a record in their order."""
    return tuple(
        Group(each.name, each.metadata["meaning"], each.metadata["source"], each.metadata["class"],
              each.metadata["column"], each.metadata["kind"], each.metadata["part"], each.metadata["many"],
              each.default is MISSING, _default(each))
        for each in fields(record)
    )  # fmt: skip


def _default(each: Field[Any]) -> Any:
    return None if each.default is MISSING else each.default
