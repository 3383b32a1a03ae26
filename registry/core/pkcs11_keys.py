"""Key-encryption keys in a PKCS#11 token: a hardware security module, or SoftHSM.

    pkcs11_module = "/usr/lib/softhsm/libsofthsm2.so"      the token's library
    pkcs11_token = "registry"                              the token's label
    pkcs11_key = "sealing-2026"                            the label of the current key: AES-256, non-extractable
    pkcs11_pin_file = "…"                                  the user's PIN

A key's id is ``pkcs11:`` and its CKA_ID in hex, because labels may be given again. An older key is found by the id
that stands beside what it wrapped, so it needs no setting: it stays in the token until nothing is wrapped with it.

The token wraps with CKM_AES_GCM (PKCS#11 3.1, 6.13) through C_Encrypt and C_Decrypt. C_WrapKey is for keys that are
objects of the token, which ours are not, and SoftHSM has no GCM there (softhsm/SoftHSMv2#642); CKM_AES_KEY_WRAP would
bind nothing. We hand over the nonce: a token that insists on its own (some do in FIPS mode) is refused at the start.
"""

import os
import re
from typing import cast

from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, PKCS11Error
from pkcs11.mechanisms import GCMParams
from pkcs11.types import DecryptMixin, EncryptMixin, SecretKey, Session

from registry.core.config import Settings
from registry.core.errors import InputRefused
from registry.core.pkcs11_sessions import Login, Place, refused
from registry.core.sealing import KEY_BYTES, NONCE_BYTES, VERSION, HoldsKey, KeyUnknown, Tampered, parts_of

_PREFIX = "pkcs11:"
"""No id of a key file holds a colon, so the ids of the two never meet."""
_LONGEST_ID = 32
_KEY_ID = re.compile(rf"{_PREFIX}((?:[0-9a-f]{{2}}){{1,{_LONGEST_ID}}})")


class _AesKey(SecretKey, EncryptMixin, DecryptMixin):
    """As what a key appears that may encrypt and decrypt; the library makes its classes at run time."""


class TokenKeys(HoldsKey):
    """The AES-256 keys of a token."""

    __slots__ = ("_keys", "_login", "_of", "current")

    def __init__(self, settings: Settings):
        self._login = Login(Place(settings.pkcs11_module, settings.pkcs11_token, settings.pkcs11_pin_file))
        self._keys: dict[str, _AesKey] = {}
        with self._login.turn() as session:
            self._of = session
            key = _current_key(session, settings.pkcs11_key)
            self.current = _PREFIX + key.id.hex()
            self._keys[self.current] = key

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """Wrap in the token."""
        nonce = os.urandom(NONCE_BYTES)
        with self._login.turn() as session:
            return VERSION + nonce + _encrypt(self._key(session, self.current), nonce, data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap in the token."""
        nonce, sealed = parts_of(wrapped)
        with self._login.turn() as session:
            key = self._key(session, key_id)
            try:
                return _decrypt(key, nonce, sealed, bound)
            except PKCS11Error:
                # Tokens name a wrong tag differently, and SoftHSM not at all (CKR_GENERAL_ERROR). If the key still
                # does its work, what it was given is at fault; otherwise this raises, and the token is.
                _try_out(key)
                raise Tampered("a wrapped key does not open") from None

    def _key(self, session: Session, key_id: str) -> _AesKey:
        if self._of is not session:  # what was found was found in a session that is gone
            self._of, self._keys = session, {}
        if key_id not in self._keys:
            self._keys[key_id] = _key_by_id(session, key_id)
        return self._keys[key_id]


def _current_key(session: Session, label: str) -> _AesKey:
    """Return the key that is to wrap; refuse one that is weak, could leave the token, or could not be found again."""
    found = _keys_with(session, Attribute.LABEL, label)
    if len(found) != 1:
        raise refused("pkcs11_key", "is not the label of one AES key that may encrypt and decrypt.")
    key = found[0]
    if key.key_length != 8 * KEY_BYTES:
        raise refused("pkcs11_key", "is not an AES key of 256 bits.")
    if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
        raise InputRefused(
            "can leave the token.", field="pkcs11_key", code="SECRET_EXPOSED",
            remedy="Generate one in the token with CKA_EXTRACTABLE false and CKA_SENSITIVE true.",
        )  # fmt: skip
    if not 1 <= len(key.id) <= _LONGEST_ID or len(_keys_with(session, Attribute.ID, key.id)) != 1:
        raise refused("pkcs11_key", f"has no CKA_ID of its own, of 1 to {_LONGEST_ID} bytes, to be found by later.")
    try:
        _try_out(key)
    except PKCS11Error as problem:
        raise refused("pkcs11_key", f"can't wrap with CKM_AES_GCM ({type(problem).__name__}).") from problem
    return key


def _key_by_id(session: Session, key_id: str) -> _AesKey:
    number = _KEY_ID.fullmatch(key_id)
    found = _keys_with(session, Attribute.ID, bytes.fromhex(number[1])) if number else []
    if len(found) != 1:
        raise KeyUnknown("the token holds no key of this id, or several")
    return found[0]


def _keys_with(session: Session, attribute: Attribute, value: str | bytes) -> list[_AesKey]:
    wanted = {Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, attribute: value}
    found = list(session.get_objects(wanted))  # to its end: until then the search occupies the session
    return [cast("_AesKey", key) for key in found if isinstance(key, EncryptMixin) and isinstance(key, DecryptMixin)]


def _try_out(key: _AesKey) -> None:
    """Let the key wrap and unwrap something. Raises PKCS11Error."""
    nonce = os.urandom(NONCE_BYTES)
    _decrypt(key, nonce, _encrypt(key, nonce, bytes(KEY_BYTES), b"trial"), b"trial")


def _encrypt(key: _AesKey, nonce: bytes, content: bytes, bound: bytes) -> bytes:
    return cast("bytes", key.encrypt(content, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, bound)))


def _decrypt(key: _AesKey, nonce: bytes, sealed: bytes, bound: bytes) -> bytes:
    return cast("bytes", key.decrypt(sealed, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, bound)))
