"""What is left of an entry when a part of it is erased by law, and what an erasure says it has erased. Pure.

    values = erased(row, ["officer", "details"])     the columns as they are to be: two are nothing, the salt is gone
    opened(row, ["at"])                              a field of such an entry, shown with its own salt as before
    holds(row, commitment)                           True: the leaf still vouches for every field that is left

The entry's salt goes, because every field's salt comes from it. Of the fields that stay the single salts are kept, of
those that go the digests, so the commitment is made again from both (``log_entries.kept``). Nobody finds an erased
value again, not even by trying all there are: its salt was 16 random bytes.

A whole entry is erased by taking its row away. Its leaf stays, and what is missing is accounted for by an entry of its
own, the event ``log:erased``, which says what went and why.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self

from registry.audit import commitments
from registry.audit.commitments import Opening, Shown
from registry.audit.forms import FORMS
from registry.core.errors import Conflict

FIXED = frozenset({
    "at", "kind", "operation", "outcome", "code", "request_id", "policy", "program", "microseconds", "cost", "events",
})  # fmt: skip
"""What stays as long as the entry does: when something was done, what, and how it ended. None of it names anybody."""
OF_EVENTS = frozenset({"records", "details"})
"""Fields that stand side by side in the body, one of each for an event."""
EVENT = "log:erased"
"""What an entry says that accounts for an erasure."""
LOST = "log:body:lost"
"""What an entry says that accounts for bodies that nobody has any more, after a disaster (registry/mirror)."""

Row = Mapping[Any, Any]  # Any: by the names of columns, whatever they hold


class EntryErased(Conflict):
    """What was asked of an entry has been erased by law."""

    default_code = "ENTRY_ERASED"

    def __init__(self, index: int) -> None:
        super().__init__(f"Entry {index}, or what this needs of it, has been erased by law.", field="entry",
                         remedy="Ask for the entry log:erased that accounts for it.")  # fmt: skip


def erasable(v: int) -> tuple[str, ...]:
    """Return the fields of this version that can be erased one by one."""
    return tuple(name for name in FORMS[v].names if name not in FIXED)


def missing(row: Row) -> frozenset[str]:
    """Return the fields of an entry that are erased."""
    return frozenset(row["kept"]["digests"]) if row["kept"] else frozenset()


def check(row: Row, *names: str) -> None:
    """Raise EntryErased where one of these fields is."""
    if missing(row) & set(names):
        raise EntryErased(row["index"])


def erased(row: Row, names: Collection[str]) -> dict[str, Any]:
    """Return the columns of an entry as they are when these fields of it are erased as well.

    Raises ValueError for what can't be erased alone.
    """
    if not set(names) <= set(erasable(row["v"])):
        raise ValueError("no such field, or one that stays as long as the entry")
    left = _closed(_whole(row), missing(row) | set(names))
    kept = {
        "salts": {name: each.salt.hex() for name, each in left.shown.items()},
        "digests": {name: digest.hex() for name, digest in left.closed.items()},
    }
    return {name: None for name in names if name in row} | {
        "body": _blank(row["body"], names),
        "salt": None,
        "kept": kept,
    }


def _blank(body: Row, names: Collection[str]) -> dict[str, Any]:
    """Return a body whose values of these fields are nothing."""
    gone = dict.fromkeys(OF_EVENTS & set(names))
    fields = {"fields": None} if "fields" in names else {}
    return {**body, **fields, "events": [event | gone for event in body["events"]]}


def opened(row: Row, names: Collection[str]) -> Opening:
    """Open some fields of an entry, whole or erased in part. Raises ValueError for one that is not there."""
    whole = _whole(row)
    if not set(names) <= whole.shown.keys():
        raise ValueError("no such field, or one that is erased")
    return _closed(whole, whole.shown.keys() - set(names))


def holds(row: Row, commitment: bytes) -> bool:
    """Say whether what is left of an entry that is erased in part is what its leaf commits to, and nothing else.

    Raises LookupError, TypeError, ValueError or AttributeError for what the log never wrote.
    """
    gone = missing(row)
    blank = row["body"] == _blank(row["body"], gone) and all(row[name] is None for name in gone if name in row)
    commitments.commitment(row, bytes(commitments.SALT_LENGTH))  # raises where the body says more than any field
    return blank and gone <= set(erasable(row["v"])) and commitments.is_of(_whole(row), commitment)


def _whole(row: Row) -> Opening:
    """Open all that is left of an entry."""
    names = FORMS[row["v"]].names
    if row["salt"] is not None:
        return commitments.opened(row, names)
    kept = row["kept"]
    values = commitments.opened({**row, "salt": bytes(commitments.SALT_LENGTH)}, names).shown
    shown = {name: Shown(bytes.fromhex(salt), values[name].value) for name, salt in kept["salts"].items()}
    return Opening(row["v"], shown, {name: bytes.fromhex(digest) for name, digest in kept["digests"].items()})


def _closed(opening: Opening, names: Collection[str]) -> Opening:
    """Close some fields of an opening."""
    digests = {name: _digest(name, each) for name, each in opening.shown.items() if name in names}
    shown = {name: each for name, each in opening.shown.items() if name not in names}
    return Opening(opening.v, shown, {**opening.closed, **digests})


def _digest(name: str, shown: Shown) -> bytes:
    return sha256(shown.salt + name.encode() + b"\0" + commitments.canonical(shown.value)).digest()


# -- what accounts for an erasure


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an entry says that it has erased."""

    ranges: tuple[tuple[int, int], ...]
    """First and last index of each run of entries."""
    fields: frozenset[str] | None
    """None: the entries as wholes."""

    @classmethod
    def read(cls, row: Row) -> Self | None:
        """Return what an entry accounts for; None where it accounts for nothing, or is not whole itself."""
        try:
            if row["salt"] is None or (row["kind"], row["outcome"]) != ("command", "allowed"):
                return None
            (told,) = [event["details"] for event in row["body"]["events"] if event["name"] in (EVENT, LOST)]
            ranges = tuple((first, last) for first, last in told["ranges"] if 0 <= first <= last < row["index"])
            fields = None if told["fields"] is None else frozenset(told["fields"])
        except (LookupError, TypeError, ValueError):  # of another form than the log writes
            return None
        return cls(ranges, fields)

    def covers(self, index: int, names: frozenset[str] | None) -> bool:
        """Say whether it accounts for these fields of an entry, or for the whole of it (None)."""
        if not any(first <= index <= last for first, last in self.ranges):
            return False
        return self.fields is None if names is None else self.fields is not None and names <= self.fields


def runs(indexes: Collection[int]) -> list[tuple[int, int]]:
    """Return first and last of each run of indexes without a gap, in order."""
    found: list[tuple[int, int]] = []
    for index in sorted(indexes):
        if found and found[-1][1] == index - 1:
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found
