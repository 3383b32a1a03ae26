"""What differs between two states of a record, field by field.

    differences(before, after)
    [Difference("birth_date", "birth_date", "1971", "1971-05"), Difference("phones", "phones[+254…]", None, "{…}")]

Lists are compared as sets of values: what is gone, what is new; the order of a list says nothing. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from registry.profiles.record import GROUPS, Record
from registry.profiles.rows import part_shown


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not what it was. None stands for a value that was not there."""

    group: str
    path: str
    before: str | None
    after: str | None


def differences(before: Record | None, after: Record | None) -> tuple[Difference, ...]:
    """Return what differs, in the order of the groups."""
    return tuple(each for name in GROUPS for each in _of_group(name, before, after))


def changed(before: Record | None, after: Record | None) -> tuple[str, ...]:
    """Return the groups that differ."""
    return tuple(dict.fromkeys(each.group for each in differences(before, after)))


def _of_group(name: str, before: Record | None, after: Record | None) -> Iterator[Difference]:
    group = GROUPS[name]
    old = group.default if before is None else getattr(before, name)
    new = group.default if after is None else getattr(after, name)
    if old == new:
        return
    if group.many:
        held, given = dict.fromkeys(old or ()), dict.fromkeys(new or ())
        yield from (Difference(name, name, text(each), None) for each in held if each not in given)
        yield from (Difference(name, name, None, text(each)) for each in given if each not in held)
    elif group.part is not None and old is not None and new is not None:
        was, is_now = part_shown(old), part_shown(new)
        for member in dict.fromkeys((*was, *is_now)):
            if was.get(member) != is_now.get(member):
                yield Difference(name, f"{name}.{member}", text(was.get(member)), text(is_now.get(member)))
    else:
        yield Difference(name, name, text(old), text(new))


def text(value: Any) -> str | None:
    """Return a value as a person reads it: plain text, or its JSON."""
    if value is None:
        return None
    if hasattr(value, "__dataclass_fields__") and not hasattr(value, "precision"):
        value = part_shown(value)
    if isinstance(value, dict | list | tuple):
        return orjson.dumps(value).decode()
    return str(value)
