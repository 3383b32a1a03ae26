"""Keys that sign notes: how each kind signs and verifies (https://c2sp.org/signed-note, https://c2sp.org/tlog-cosignature).

    PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW     name, key id, base64 of kind and key

    0x01  Ed25519 over the text                                   a log, or anybody who signs a note
    0x04  Ed25519 over a time and the text, "cosignature/v1"      a witness
    0x06  ML-DSA-44 over name, time, origin, size and root        a log or a witness; extension lines are not covered

A key that is kept elsewhere (a hardware token) signs too: a `Signer` wants only a function from message to signature.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from registry.tlog.checkpoint import parse_checkpoint
from registry.tlog.note import Note, Signature, key_name
from registry.tlog.strict import LARGEST, Malformed, Unproved, natural, octets, printed

_TIME = 8
"""Bytes of the time before a cosignature."""


class Kind(IntEnum):
    """The first byte of a key, which says what a signature by it is over."""

    ED25519 = 0x01
    COSIGNATURE = 0x04
    ML_DSA_44 = 0x06


class _Form(NamedTuple):
    public: int
    """Bytes of a public key."""
    signature: int
    """Bytes of a signature, without its time."""
    is_timed: bool
    verify: Callable[[bytes, bytes, bytes], None]
    """Raises InvalidSignature unless the key made the signature of the message."""


def _verify_ed25519(public: bytes, value: bytes, message: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(value, message)


def _verify_ml_dsa_44(public: bytes, value: bytes, message: bytes) -> None:
    MLDSA44PublicKey.from_public_bytes(public).verify(value, message)


_FORMS = {
    Kind.ED25519: _Form(32, 64, is_timed=False, verify=_verify_ed25519),
    Kind.COSIGNATURE: _Form(32, 64, is_timed=True, verify=_verify_ed25519),
    Kind.ML_DSA_44: _Form(1312, 2420, is_timed=True, verify=_verify_ml_dsa_44),
}


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and a public key: by whom a signature is believed."""

    name: str
    kind: Kind
    public: bytes = field(repr=False)

    def __post_init__(self) -> None:
        key_name(self.name)
        if len(self.public) != _FORMS[self.kind].public:
            raise Malformed("has not the length of its kind", "verifier key")

    @property
    def key_id(self) -> bytes:
        """The four bytes by which signatures name the key."""
        return sha256(self.name.encode("utf-8") + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def print(self) -> str:
        """Print the key as verifiers are given it."""
        return f"{self.name}+{self.key_id.hex()}+{printed(bytes([self.kind]) + self.public)}"

    def has_signed(self, signature: Signature) -> bool:
        """Say whether a signature is said to be by this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)


def parse_key(text: str) -> VerifierKey:
    """Read a verifier key."""
    name, _, rest = text.partition("+")
    key_id, _, encoded = rest.partition("+")
    both = octets(encoded, "verifier key")
    if not both or both[0] not in set(Kind):
        raise Malformed("is of an unknown kind", "verifier key")
    key = VerifierKey(name, Kind(both[0]), both[1:])
    if key.key_id.hex() != key_id:
        raise Malformed("has another id than it says", "verifier key")
    return key


# -- signing


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that signs; what signs is called with the message."""

    key: VerifierKey
    sign_message: Callable[[bytes], bytes]

    def sign(self, text: str, at: int = 0) -> Signature:
        """Sign the text of a note, at a time in whole seconds since 1970 where the kind of signature tells one."""
        form = _FORMS[self.key.kind]
        time = natural(at, "time").to_bytes(_TIME, "big") if form.is_timed else b""
        value = self.sign_message(message(self.key, text, at))
        if len(value) != form.signature:
            raise Malformed("has not the length of its kind", "signature")
        return Signature(self.key.name, self.key.key_id, time + value)


def ed25519(name: str, private: Ed25519PrivateKey) -> Signer:
    """Return the signer of notes by an Ed25519 key."""
    return Signer(VerifierKey(name, Kind.ED25519, private.public_key().public_bytes_raw()), private.sign)


def cosigner(name: str, private: Ed25519PrivateKey) -> Signer:
    """Return the signer of a witness's cosignatures by an Ed25519 key."""
    return Signer(VerifierKey(name, Kind.COSIGNATURE, private.public_key().public_bytes_raw()), private.sign)


def ml_dsa_44(name: str, private: MLDSA44PrivateKey) -> Signer:
    """Return the signer of checkpoints, of a log or a witness, by an ML-DSA-44 key."""
    return Signer(VerifierKey(name, Kind.ML_DSA_44, private.public_key().public_bytes_raw()), private.sign)


# -- what is signed


def message(key: VerifierKey, text: str, at: int) -> bytes:
    """Return what a key signs for a text: the text itself, or what a cosignature says of the checkpoint in it."""
    if key.kind is Kind.ED25519:
        return text.encode("utf-8")
    checkpoint = parse_checkpoint(text)
    if key.kind is Kind.COSIGNATURE:
        return f"cosignature/v1\ntime {at}\n{text}".encode()
    return subtree_message(key.name, at, checkpoint.origin, (0, checkpoint.size), checkpoint.root)


def subtree_message(name: str, at: int, origin: str, leaves: tuple[int, int], root: bytes) -> bytes:
    """Return what ML-DSA-44 signs of the leaves from the first up to, without, the second."""
    return b"".join([
        b"subtree/v1\n\x00", _counted(name), at.to_bytes(8, "big"), _counted(origin),
        *(each.to_bytes(8, "big") for each in leaves), root,
    ])  # fmt: skip


def _counted(text: str) -> bytes:
    data = text.encode("utf-8")
    if not 1 <= len(data) <= 255:
        raise Malformed("is not 1 to 255 bytes", "name or origin")
    return bytes([len(data)]) + data


# -- verifying


def signed_by(note: Note, keys: Iterable[VerifierKey]) -> dict[VerifierKey, int]:
    """Return which of the keys signed a note, and when (0 where the signature tells no time).

    Signatures by other keys are passed over. One that is said to be by one of the keys and is not spoils the note:
    Unproved. A key that signed more than once counts with its latest time.
    """
    known = tuple(keys)
    found: dict[VerifierKey, int] = {}
    for signature in note.signatures:
        for key in known:
            if key.has_signed(signature):
                found[key] = max(found.get(key, 0), _verified(key, note.text, signature))
    return found


def _verified(key: VerifierKey, text: str, signature: Signature) -> int:
    form = _FORMS[key.kind]
    before = _TIME if form.is_timed else 0
    at = int.from_bytes(signature.value[:before], "big")
    try:
        if len(signature.value) == before + form.signature and at <= LARGEST:
            form.verify(key.public, signature.value[before:], message(key, text, at))
            return at
    except (InvalidSignature, ValueError):  # ValueError: a text that is no checkpoint, a key that is no point
        pass
    raise Unproved("is not by the key it names", f"signature of {key.name}")
