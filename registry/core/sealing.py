"""Sealing: sensitive fields are encrypted one by one, and what erases a record is losing its key.

    key-encryption key   kept by a provider (key_providers.py): a file, or a PKCS#11 token. It wraps data keys
    data key             one for each record, random; stored only wrapped, beside the record
    envelope             01 ‖ nonce, 12 bytes ‖ ciphertext ‖ tag, 16 bytes: AES-256-GCM (NIST SP 800-38D)
    blind index          what an exact search looks for: a keyed hash of kind and value, 12 characters

    key, wrapped = sealer.new_key(record)
    envelope = key.seal(b"+254700000000", table="contacts", field="phone")
    sealer.open_key(record, wrapped).open(envelope, table="contacts", field="phone")

What an envelope is bound to, as associated data, in this order. Two places never read alike, because what comes
first has a fixed length and each name stands behind its own:

    record, 16 bytes ‖ SHA-256 of the data key, 32 bytes ‖ length ‖ table ‖ length ‖ field

The data key is named by its hash and not by the key that wraps it, so a rotation of key-encryption keys wraps data
keys anew and leaves every envelope as it is. No opened key is kept here: once its wrapped key is deleted, a record's
fields stay closed from the next question on.

Nonces are random. Under a data key stand a record's few fields; under a key-encryption key may stand 2^32 data keys
(SP 800-38D, 8.3), so a register of millions rotates long before.
"""

import hmac
import os
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import NoReturn, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"
"""First byte of envelopes and wrapped keys. What version 1 sealed must open for as long as a register stands."""
NONCE_BYTES = 12
KEY_BYTES = 32
_BLIND_BYTES = 9
"""72 bits: among ten million values one false match in a hundred million registers, and no padding in base64."""


class Tampered(RuntimeError):
    """What is stored does not open: changed, moved, or sealed under another key.

    It is no RegistryError: whoever asks is told "internal", and only the log says where.
    """


class KeyUnknown(Tampered):
    """The provider has no such key-encryption key: it was taken away too early, or its id was changed."""


class KeyProvider(Protocol):
    """Wraps data keys; the key-encryption keys never leave it (a file, or a PKCS#11 token)."""

    @property
    def current(self) -> str:
        """The id of the key-encryption key that new data keys are wrapped with."""
        ...

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """Wrap under the current key with AES-256-GCM; ``bound`` is associated data."""
        ...

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap with the key that is named. Raises KeyUnknown, or Tampered."""
        ...


class HoldsKey:
    """Something that holds key material: it is not pickled, not copied, and prints nothing of it."""

    __slots__ = ()

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds a key and stays where it is")


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A data key as it is stored. It does not print: a copy in some log would outlive the erasure of its record."""

    key_id: str
    """The key-encryption key; ASCII, at most 80 characters."""
    content: bytes = field(repr=False)


class DataKey(HoldsKey):
    """The key of one record, opened."""

    __slots__ = ("_cipher", "_owner")

    def __init__(self, key: bytes, record: UUID):
        self._cipher = AESGCM(key)
        self._owner = record.bytes + sha256(key).digest()

    def seal(self, content: bytes, *, table: str, field: str) -> bytes:
        """Return the envelope of a field's content; the same content never gives the same envelope twice."""
        return encrypted(self._cipher, content, self._owner + _place(table, field))

    def open(self, envelope: bytes, *, table: str, field: str) -> bytes:
        """Return the content. Raises Tampered when the envelope is not of this table, record, field and key."""
        return decrypted(self._cipher, envelope, self._owner + _place(table, field))


class Sealer(HoldsKey):
    """Makes, wraps and opens data keys, and makes blind indexes."""

    __slots__ = ("_index_key", "_provider")

    def __init__(self, provider: KeyProvider, index_key: bytes):
        if len(index_key) != KEY_BYTES:
            raise ValueError(f"the key of blind indexes has not {KEY_BYTES} bytes")
        self._provider = provider
        self._index_key = index_key

    @property
    def current(self) -> str:
        """The id of the key-encryption key that new data keys are wrapped with."""
        return self._provider.current

    def new_key(self, record: UUID) -> tuple[DataKey, WrappedKey]:
        """Make the key of a record, and what is stored of it."""
        key = os.urandom(KEY_BYTES)
        return DataKey(key, record), self._wrapped(record, key)

    def open_key(self, record: UUID, wrapped: WrappedKey) -> DataKey:
        """Open the key of a record. Raises KeyUnknown, or Tampered for another record's or a changed key."""
        return DataKey(self._unwrapped(record, wrapped), record)

    def rewrap(self, record: UUID, wrapped: WrappedKey) -> WrappedKey:
        """Wrap the same data key under the current key; envelopes stay as they are."""
        return self._wrapped(record, self._unwrapped(record, wrapped))

    def blind(self, kind: str, value: str) -> str:
        """Return what stands in an index instead of the value: equal values of one kind give equal texts.

        The value is hashed as it is; who wants spellings to meet normalises them first.
        """
        framed = f"{len(kind)}:{kind}{value}".encode()
        return urlsafe_b64encode(hmac.digest(self._index_key, framed, "sha256")[:_BLIND_BYTES]).decode()

    def _wrapped(self, record: UUID, key: bytes) -> WrappedKey:
        provider = self._provider
        return WrappedKey(provider.current, provider.wrap(key, _keyring(record)))

    def _unwrapped(self, record: UUID, wrapped: WrappedKey) -> bytes:
        key = self._provider.unwrap(wrapped.key_id, wrapped.content, _keyring(record))
        if len(key) != KEY_BYTES:
            raise Tampered("a wrapped key has not the length of a key")
        return key


def encrypted(cipher: AESGCM, content: bytes, bound: bytes) -> bytes:
    """Return version, a random nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + cipher.encrypt(nonce, content, bound)


def decrypted(cipher: AESGCM, envelope: bytes, bound: bytes) -> bytes:
    """Return the content. Raises Tampered unless each bit is as ``encrypted`` returned it."""
    nonce, sealed = parts_of(envelope)
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except InvalidTag:
        raise Tampered("an envelope does not open") from None


def parts_of(envelope: bytes) -> tuple[bytes, bytes]:
    """Return an envelope's nonce, and its ciphertext with the tag. Raises Tampered for another version's."""
    if envelope[:1] != VERSION or len(envelope) < 1 + NONCE_BYTES + 16:
        raise Tampered("an envelope is of no known version, or cut short")
    return envelope[1 : 1 + NONCE_BYTES], envelope[1 + NONCE_BYTES :]


def _keyring(record: UUID) -> bytes:
    """What a wrapped key is bound to: its use and its record."""
    return b"data key of " + record.bytes


@lru_cache(maxsize=1024)
def _place(table: str, field: str) -> bytes:
    """Name a column, each name behind its length. Names are few and no secret, so they may stay in memory."""
    return b"".join(len(name).to_bytes(2) + name for name in (table.encode(), field.encode()))
