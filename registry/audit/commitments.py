"""What a leaf of the log's tree says of its entry: when it got its place, and a commitment to each of its fields. Pure.

    roa2 1795344843120 5f0d…e7        the leaf of a tree (registry/tlog): unix milliseconds, commitment

    salts of the fields  SHAKE-256("roa2" and the entry's salt), 16 bytes for each in the order of the fields
    digest of a field    SHA-256(salt of the field, name, 0x00, JCS(value))
    commitment           SHA-256("roa2", digest of each field in the order of the fields)

    opening = opened(row, ["officer", "at"])      the salts and values of two, of the others digests
    is_of(opening, commitment)                    True, and of no other entry, and with no other value

The salts are random to whoever has not got the entry's, so nobody finds a short value by trying all there are, and one
field can be shown without the rest. Without the entry's salt a leaf says nothing, for ever: that is how an entry is
erased. JCS is RFC 8785. The index is where the leaf stands in the tree, and stands nowhere in it. Which fields there
are, and which word says so, forms.py knows: roa1 and its fields stay as they are.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256, shake_256
from struct import Struct
from typing import Any, Self

import orjson
import rfc8785

from registry.audit.forms import FORMS, VERSION, Form, Row

SALT_LENGTH = 32
_FIELD_SALT_LENGTH = 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_MEMBERS = frozenset({"fields", "microseconds", "cost", "events"})
_OF_AN_EVENT = frozenset({"name", "records", "details"})


class Uncommitted(ValueError):
    """An entry says something that no field of its version stands for, so no leaf could vouch for it."""


def commitment(row: Row, salt: bytes) -> bytes:
    """Return what the leaf of an entry with this salt commits to. Raises Uncommitted.

    Costs some 30 microseconds: the notary and whoever verifies pay it. Who writes has the spellings (spelling.py).
    """
    body, form = row["body"], FORMS.get(row["v"])
    if form is None or not (body.keys() <= _MEMBERS and all(event.keys() <= _OF_AN_EVENT for event in body["events"])):
        raise Uncommitted("an entry of another version")
    return over(form, digests(form, salt, [canonical(field.value(row)) for field in form.fields]))


def digests(form: Form, salt: bytes, spelt: Iterable[bytes]) -> list[bytes]:
    """Return the digest of each field, of values that are spelt already (``canonical``), in the form's order."""
    return [
        sha256(of + named + each).digest()
        for of, named, each in zip(_salts(form, salt), _NAMED[form.v], spelt, strict=True)
    ]


def changed(form: Form, salt: bytes, digests: list[bytes], others: Mapping[int, Any]) -> list[bytes]:
    """Return the digests of the same fields but for some, by their places, that say something else."""
    salts, found = _salts(form, salt), digests.copy()
    for place, value in others.items():
        found[place] = sha256(salts[place] + _NAMED[form.v][place] + canonical(value)).digest()
    return found


def over(form: Form, digests: Iterable[bytes]) -> bytes:
    """Return the commitment that these digests make, in the form's order."""
    return sha256(form.word.encode() + b"".join(digests)).digest()


def leaf(at: datetime, commitment: bytes, v: int = VERSION) -> bytes:
    """Return the text of a leaf: what stands in an entry bundle, and what its hash in the tree is made of."""
    return f"{FORMS[v].word} {(at - _EPOCH) // _MILLISECOND} {commitment.hex()}".encode()


def sequenced(moment: datetime) -> datetime:
    """Return a moment as a leaf says it: in whole milliseconds."""
    return moment - (moment - _EPOCH) % _MILLISECOND


def canonical(value: Any) -> bytes:  # Any: JSON
    """Return the one spelling of a JSON value (RFC 8785); an integer that not every reader reads exactly is a text.

    Numbers with a fraction are spelt as the RFC says, so that any library of it comes to the same bytes. What has none
    of its difficulties is spelt by orjson, ten times as fast.
    """
    quick = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if type(value) is str or is_plain(quick):
        return quick
    try:
        return rfc8785.dumps(value)
    except rfc8785.IntegerDomainError:
        return rfc8785.dumps(_exact(value))


def is_plain(spelt: bytes) -> bool:
    """Say whether JSON, as orjson spells it with sorted names, is spelt as RFC 8785 has it, beyond doubt."""
    return _DIFFICULT.search(b"[%b]" % spelt) is None


_DIFFICULT = re.compile(rb"[:,\[]-?(?:\d{16}|0\.000000|\d+(?:\.\d*)?e|\d+\.0[\]},])|[\xf0-\xf4]")
"""Numbers that JavaScript spells in another way: large ones, very small ones, noughts, with an exponent, or with a
fraction that is none. Within a text as well, which does no harm. Names sort otherwise where they hold characters that
UTF-8 spells with four bytes (RFC 8785, 3.2.3, sorts UTF-16)."""


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


_NAMED = {v: tuple(name.encode() + b"\0" for name in form.names) for v, form in FORMS.items()}


def _salts(form: Form, salt: bytes) -> tuple[bytes, ...]:
    """Return the salt of each field: one call of SHAKE-256 (FIPS 202) is a third of the cost of an HMAC for each."""
    every = shake_256(form.word.encode() + salt).digest(_FIELD_SALT_LENGTH * len(form.fields))
    return _cut(form).unpack(every)


@cache
def _cut(form: Form) -> Struct:
    return Struct(f"{_FIELD_SALT_LENGTH}s" * len(form.fields))


@dataclass(frozen=True, slots=True)
class Shown:
    """A field that is opened."""

    salt: bytes
    value: Any
    """As JSON."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Some fields of one entry, and of the others what their digests are: nothing else of them can be told from it.

    {"v": 2, "shown": {"at": {"salt": "9f…", "value": "2026-…Z"}}, "closed": {"kind": "41…", …}}
    """

    v: int
    shown: Mapping[str, Shown]
    closed: Mapping[str, bytes]

    def __str__(self) -> str:
        """Return the one spelling of it (RFC 8785)."""
        return canonical({
            "v": self.v,
            "shown": {name: {"salt": each.salt.hex(), "value": each.value} for name, each in self.shown.items()},
            "closed": {name: digest.hex() for name, digest in self.closed.items()},
        }).decode()  # fmt: skip

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the opening that is spelt so; no other text spells it. Raises ValueError."""
        try:
            content = orjson.loads(text)
            opening = cls(
                content["v"],
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
    form = FORMS[row["v"]]
    if not set(names) <= set(form.names) or row["salt"] is None:
        raise ValueError("no such field, or an entry that is erased")
    salts = zip(_salts(form, row["salt"]), form.fields, strict=True)
    every = {field.name: Shown(of, field.value(row)) for of, field in salts}
    return Opening(
        form.v,
        {name: each for name, each in every.items() if name in names},
        {name: _of(name, each) for name, each in every.items() if name not in names},
    )


def is_of(opening: Opening, commitment: bytes) -> bool:
    """Say whether these are fields of the entry whose leaf commits to this, each as it was written."""
    form = FORMS.get(opening.v)
    if form is None:
        return False
    found = {name: _of(name, each) for name, each in opening.shown.items()}
    sizes = {len(each.salt) for each in opening.shown.values()} <= {_FIELD_SALT_LENGTH} and {
        len(each) for each in opening.closed.values()
    } <= {32}
    if not sizes or sorted([*found, *opening.closed]) != sorted(form.names):  # each field once, and no other
        return False
    found |= opening.closed
    return over(form, (found[name] for name in form.names)) == commitment


def _of(name: str, shown: Shown) -> bytes:
    return sha256(shown.salt + name.encode() + b"\0" + canonical(shown.value)).digest()
