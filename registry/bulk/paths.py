"""Paths into a record, as a mapping writes them, checked against the one description of a record.

    names[0].full            a member of one part of a list
    names[0].parts.family    one part of a name
    phones[]                 one more phone, in the order of the columns
    birth_date               a group that is one value
    handling.onward          a member of a group that is one part
    handling.codes[]         one more value of such a member

What can't be written so can't be mapped.
"""

import re
from dataclasses import dataclass

from registry.core.errors import InputRefused
from registry.profiles.forms import Group, Member, members
from registry.profiles.intake import MOST, SHORTHAND
from registry.profiles.kinds import Kind
from registry.profiles.markings import as_given
from registry.profiles.parts import NAME_PARTS, NamePart
from registry.profiles.record import GROUPS

_FORM = re.compile(
    r"(?P<group>[a-z_]+)(?P<list>\[(?P<at>[0-9]{0,2})\])?"
    r"(?:\.(?P<member>[a-z_]+)(?:\.(?P<part>[a-z_]+))?)?(?P<several>\[\])?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a value goes."""

    path: str
    group: str
    at: int | None
    """Place in the group's list; None for a group that is no list, or for one more at its end."""
    one_more: bool
    """Whether the value is one more entry of the group's list."""
    several: bool
    """Whether the value is one more of the member's list."""
    member: str | None
    name_part: str | None
    kind: Kind


def target(path: str, *, field: str = "mapping") -> Target:
    """Read a path strictly. Raises InputRefused (MAPPING_MALFORMED)."""
    found = _FORM.fullmatch(path)
    group = GROUPS.get(found["group"]) if found else None
    if found is None or group is None:
        raise refused(field, "names no field of a record.", "Write a path such as names[0].full or birth_date.")
    if group.many != (found["list"] is not None):
        rule = "is a list." if group.many else "is no list."
        raise refused(field, rule, f"Write {group.name}[0]." if group.many else f"Write {group.name}.")
    at = int(found["at"]) if found["at"] else None
    if at is not None and at >= MOST:
        raise refused(field, f"lies beyond the {MOST} entries of a list.", "Count from 0.")
    if group.part is None:
        return _of_value(path, group, at, found, field)
    return _of_part(path, group, at, found, field)


def refused(field: str, rule: str, remedy: str) -> InputRefused:
    """Return the refusal of a mapping."""
    return InputRefused(rule, field=field, code="MAPPING_MALFORMED", remedy=remedy)


def _of_value(path: str, group: Group, at: int | None, found: re.Match[str], field: str) -> Target:
    if found["member"] or found["several"]:
        raise refused(field, "is one value and has no members.", f"Write {group.name}{found['list'] or ''}.")
    assert group.kind is not None
    return Target(path, group.name, at, group.many and at is None, several=False, member=None, name_part=None,
                  kind=group.kind)  # fmt: skip


def _of_part(path: str, group: Group, at: int | None, found: re.Match[str], field: str) -> Target:
    assert group.part is not None
    name = found["member"] or SHORTHAND.get(group.name)
    one_more = group.many and at is None
    if name is None or (one_more and found["member"]):
        raise refused(field, "names no member.", f"Write {group.name}{'[0]' if group.many else ''}.member.")
    given = members(as_given(group.part))
    member = next((each for each in given if each.name == name), None)
    if member is None:
        known = ", ".join(each.name for each in given)
        raise refused(field, f"names no member of {group.name}.", f"Write one of: {known}.")
    if member.part is NamePart:
        return _of_name(path, group, at, found["part"], field)
    if found["part"] or member.many != (found["several"] is not None):
        raise refused(field, "does not have its form.", f"Write {path.partition('.')[0]}.{_written(member)}.")
    assert member.kind is not None
    return Target(path, group.name, at, one_more, several=member.many, member=name, name_part=None, kind=member.kind)


def _of_name(path: str, group: Group, at: int | None, part: str | None, field: str) -> Target:
    if part not in NAME_PARTS:
        raise refused(field, "names no part of a name.", f"Write .parts. and one of: {', '.join(NAME_PARTS)}.")
    kind = members(NamePart)[1].kind
    assert kind is not None
    return Target(path, group.name, at, one_more=False, several=False, member="parts", name_part=part, kind=kind)


def _written(member: Member) -> str:
    return member.name + ("[]" if member.many else "")
