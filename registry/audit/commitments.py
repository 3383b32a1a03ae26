"""What a leaf of the log's tree says of its entry: when it got its place, and a commitment to each of its fields. Pure.

    roa1 1795344843120 5f0d…e7        the leaf of a tree (registry/tlog): unix milliseconds, commitment

    salts of the fields  SHAKE-256("roa1" and the entry's salt), 16 bytes for each in the order of FIELDS
    digest of a field    SHA-256(salt of the field, name, 0x00, JCS(value))
    commitment           SHA-256("roa1", digest of each field in the order of FIELDS)

    opening = opened(row, ["officer", "at"])      the salts and values of two, of the others digests
    is_of(opening, commitment)                    True, and of no other entry, and with no other value

The salts are random to whoever has not got the entry's, so nobody finds a short value by trying all there are, and one
field can be shown without the rest. Without the entry's salt a leaf says nothing, for ever: that is how an entry is
erased. JCS is RFC 8785. The index is where the leaf stands in the tree, and stands nowhere in it.

The law of this format: what is written once is read for ever. Neither names, order nor values of version 1 change; a
field more is version 2, with another first word, and each entry says its own version.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256
from typing import Any, NamedTuple, Protocol, Self

import orjson
import rfc8785

VERSION = 1
WORD = "roa1"
"""The first word of a leaf: register of offenders, audit, version 1."""
SALT_LENGTH = 32
_FIELD_SALT_LENGTH = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class Row(Protocol):
    """An entry as ``log_entries`` holds it, by the names of its columns."""

    def __getitem__(self, name: str, /) -> Any:  # Any: a column's value
        """Return a column's value."""


class Field(NamedTuple):
    """One thing that an entry says, and how it is read from the entry's row, as JSON."""

    name: str
    value: Callable[[Row], Any]  # Any: JSON


def _column(name: str) -> Field:
    return Field(name, lambda row: row[name])


def _of_events(member: str) -> Callable[[Row], Any]:
    return lambda row: [event[member] for event in row["body"]["events"]]


FIELDS = (
    Field("at", lambda row: moment_text(row["at"])),
    _column("kind"),
    _column("operation"),
    _column("outcome"),
    _column("code"),
    _column("request_id"),
    _column("client"),
    _column("agency"),
    Field("officer", lambda row: None if row["officer"] is None else str(row["officer"])),
    _column("officer_reference"),
    _column("purpose"),
    _column("case_reference"),
    _column("legal_basis"),
    _column("token_id"),
    _column("source"),
    _column("document"),
    Field("fields", lambda row: row["body"]["fields"]),
    Field("microseconds", lambda row: row["body"]["microseconds"]),
    Field("cost", lambda row: row["body"].get("cost")),
    Field("events", _of_events("name")),
    Field("records", _of_events("records")),
    Field("details", _of_events("details")),
)
"""What version 1 commits to. The last three stand side by side, one of each for an event: so it can be shown who was
seen, and not by which words."""
NAMES = tuple(field.name for field in FIELDS)
_SPELT = tuple((field.name.encode(), field.value) for field in FIELDS)


_MEMBERS = frozenset({"fields", "microseconds", "cost", "events"})
_OF_AN_EVENT = frozenset({"name", "records", "details"})


class Uncommitted(ValueError):
    """An entry says something that no field of its version stands for, so no leaf could vouch for it."""


def commitment(row: Row, salt: bytes) -> bytes:
    """Return what the leaf of an entry with this salt commits to. Raises Uncommitted.

    Costs some 30 microseconds: every entry pays it once, and the notary once more.
    """
    body = row["body"]
    if row["v"] != VERSION or not (
        body.keys() <= _MEMBERS and all(event.keys() <= _OF_AN_EVENT for event in body["events"])
    ):
        raise Uncommitted("an entry of another version")
    return _over([_digest(of, name, value(row)) for of, (name, value) in zip(_salts(salt), _SPELT, strict=True)])


def leaf(at: datetime, commitment: bytes) -> bytes:
    """Return the text of a leaf: what stands in an entry bundle, and what its hash in the tree is made of."""
    return f"{WORD} {(at - _EPOCH) // _MILLISECOND} {commitment.hex()}".encode()


def sequenced(moment: datetime) -> datetime:
    """Return a moment as a leaf says it: in whole milliseconds."""
    return moment - (moment - _EPOCH) % _MILLISECOND


def moment_text(moment: datetime) -> str:
    """Return a moment of an entry: RFC 3339 in UTC, always with six places."""
    if moment.tzinfo is None:
        raise TypeError("a moment without an offset")
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def canonical(value: Any) -> bytes:  # Any: JSON
    """Return the one spelling of a JSON value (RFC 8785); an integer that not every reader reads exactly is a text.

    Numbers with a fraction are spelt as the RFC says, so that any library of it comes to the same bytes. What has none
    of its difficulties is spelt by orjson, ten times as fast.
    """
    quick = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if type(value) is str or (quick.isascii() and not _DIFFICULT.search(b"[%b]" % quick)):
        return quick
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        return rfc8785.dumps(_exact(value))


_DIFFICULT = re.compile(rb"[:,\[]-?(?:\d{16}|0\.000000|\d+(?:\.\d*)?e|\d+\.0[\]},])")
"""Numbers that JavaScript spells in another way: large ones, very small ones, noughts, with an exponent, or with a
fraction that is none. Within a text as well, which does no harm. Names in other letters sort otherwise."""


def _exact(value: Any) -> Any:
    """Return the value with each integer as a text that would be another number to who reads numbers as doubles."""
    match value:
        case bool():
            return value
        case int():
            number = float(value)  # the log holds 64 bits at most
            return number if rfc8785.dumps(number) == str(value).encode() else str(value)
        case list() | tuple():
            return [_exact(each) for each in value]
        case dict():
            return {name: _exact(each) for name, each in value.items()}
        case _:
            return value


def _salts(salt: bytes) -> list[bytes]:
    """Return the salt of each field: one call of SHAKE-256 (FIPS 202) is a third of the cost of an HMAC for each."""
    every = shake_256(WORD.encode() + salt).digest(_FIELD_SALT_LENGTH * len(FIELDS))
    return [every[at : at + _FIELD_SALT_LENGTH] for at in range(0, len(every), _FIELD_SALT_LENGTH)]


def _digest(salt: bytes, name: bytes, value: Any) -> bytes:
    return sha256(salt + name + b"\0" + canonical(value)).digest()


def _over(digests: Iterable[bytes]) -> bytes:
    return sha256(WORD.encode() + b"".join(digests)).digest()


@dataclass(frozen=True, slots=True)
class Shown:
    """A field that is opened."""

    salt: bytes
    value: Any
    """As JSON."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Some fields of one entry, and of the others what their digests are: nothing else of them can be told from it.

    {"v": 1, "shown": {"at": {"salt": "9f…", "value": "2026-…Z"}}, "closed": {"kind": "41…", …}}
    """

    shown: Mapping[str, Shown]
    closed: Mapping[str, bytes]

    def __str__(self) -> str:
        """Return the one spelling of it (RFC 8785)."""
        return canonical({
            "v": VERSION,
            "shown": {name: {"salt": each.salt.hex(), "value": each.value} for name, each in self.shown.items()},
            "closed": {name: digest.hex() for name, digest in self.closed.items()},
        }).decode()  # fmt: skip

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the opening that is spelt so; no other text spells it. Raises ValueError."""
        try:
            content = orjson.loads(text)
            opening = cls(
                {name: Shown(bytes.fromhex(each["salt"]), each["value"]) for name, each in content["shown"].items()},
                {name: bytes.fromhex(each) for name, each in content["closed"].items()},
            )
        except (KeyError, TypeError, AttributeError) as problem:
            raise ValueError("no opening") from problem
        if str(opening) != text:
            raise ValueError("no opening in its one spelling")
        return opening


def opened(row: Row, names: Collection[str]) -> Opening:
    """Open some fields of an entry that still has its salt. Raises ValueError for a name that no field has."""
    if not set(names) <= set(NAMES) or row["salt"] is None:
        raise ValueError("no such field, or an entry that is erased")
    salts = zip(_salts(row["salt"]), FIELDS, strict=True)
    every = {field.name: Shown(of, field.value(row)) for of, field in salts}
    return Opening(
        {name: each for name, each in every.items() if name in names},
        {name: _of(name, each) for name, each in every.items() if name not in names},
    )


def is_of(opening: Opening, commitment: bytes) -> bool:
    """Say whether these are fields of the entry whose leaf commits to this, each as it was written."""
    digests = {name: _of(name, each) for name, each in opening.shown.items()}
    sizes = {len(each.salt) for each in opening.shown.values()} <= {_FIELD_SALT_LENGTH} and {
        len(each) for each in opening.closed.values()
    } <= {32}
    if not sizes or sorted([*digests, *opening.closed]) != sorted(NAMES):  # each field once, and no other
        return False
    digests |= opening.closed
    return _over(digests[name] for name in NAMES) == commitment


def _of(name: str, shown: Shown) -> bytes:
    return _digest(shown.salt, name.encode(), shown.value)
