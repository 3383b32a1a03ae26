"""Signed notes: text, an empty line, and a line for each signature (https://c2sp.org/signed-note).

    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

A signature is four bytes that mark the key, and what the key made of the text (keys.py). Those of keys that nobody here
knows are kept as they are and say nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from registry.tlog.strict import Malformed, octets, plain, printed, text_of

MOST_SIGNATURES = 64
"""C2SP asks for at least 16."""
LONGEST = 2**19
"""Bytes of a note: 64 signatures by ML-DSA take 210 kB."""
MOST_LINES = 1024
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Signature:
    """Whose key is said to have signed, and the signature. Nothing of it is verified."""

    name: str
    key_id: bytes
    value: bytes

    def __post_init__(self) -> None:
        key_name(self.name)
        if len(self.key_id) != 4 or not self.value:
            raise Malformed("has no key id, or nothing after it", "signature")

    @property
    def line(self) -> str:
        """The signature as a line of a note, with its newline."""
        return f"{_DASH}{self.name} {printed(self.key_id + self.value)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures, none of them verified."""

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        plain(self.text, "note")
        if not self.text.endswith("\n"):
            raise Malformed("does not end with a newline", "note text")
        if not 1 <= len(self.signatures) <= MOST_SIGNATURES:
            raise Malformed(f"has not 1 to {MOST_SIGNATURES} signatures", "note")
        if self.text.count("\n") > MOST_LINES:
            raise Malformed(f"has more than {MOST_LINES} lines", "note text")
        if len(self.print()) > LONGEST:
            raise Malformed(f"is longer than {LONGEST} bytes", "note")

    def print(self) -> bytes:
        """Print the note."""
        return "".join([self.text, "\n", *(each.line for each in self.signatures)]).encode("utf-8")

    def with_signatures(self, added: Iterable[Signature]) -> "Note":
        """Return the note with more signatures behind its own; one by the same key takes the place of the older."""
        new = tuple(added)
        keys = {(each.name, each.key_id) for each in new}
        kept = tuple(each for each in self.signatures if (each.name, each.key_id) not in keys)
        return replace(self, signatures=kept + new)


def parse_note(data: bytes) -> Note:
    """Read a note."""
    text, split, lines = text_of(data, "note", most=LONGEST).rpartition("\n\n")
    if not split or not lines.endswith("\n"):
        raise Malformed("does not end with an empty line and signatures", "note")
    return Note(f"{text}\n", parse_signatures(lines))


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines, each with its newline."""
    *found, rest = lines.split("\n", MOST_SIGNATURES + 1)
    if rest or not found or len(found) > MOST_SIGNATURES:
        raise Malformed(f"are not 1 to {MOST_SIGNATURES} whole lines", "signatures")
    return tuple(_signature(line, place) for place, line in enumerate(found, 1))


def _signature(line: str, place: int) -> Signature:
    name, _, value = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH):
        raise Malformed("does not begin with a dash and a space", f"signature {place}")
    both = octets(value, f"signature {place}")
    return Signature(name, both[:4], both[4:])


def key_name(name: str) -> str:
    """Return the name of a key if it may be one: not empty, without spaces and plus signs."""
    plain(name, "key name")
    if not name or "+" in name or any(character.isspace() for character in name):
        raise Malformed("is empty, or holds a space or a plus sign", "key name")
    return name
