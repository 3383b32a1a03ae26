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
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import cast

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass, PKCS11Error
from pkcs11.exceptions import (
    MultipleTokensReturned,
    NoSuchToken,
    PinExpired,
    PinIncorrect,
    PinInvalid,
    PinLenRange,
    PinLocked,
    UserAlreadyLoggedIn,
    UserPinNotInitialized,
)
from pkcs11.mechanisms import GCMParams
from pkcs11.types import DecryptMixin, EncryptMixin, SecretKey, Session, Token

from registry.core.config import Settings
from registry.core.errors import InputRefused, Unavailable
from registry.core.sealing import KEY_BYTES, NONCE_BYTES, VERSION, HoldsKey, KeyUnknown, Tampered, parts_of
from registry.core.secret_files import read_secret

_PREFIX = "pkcs11:"
"""No id of a key file holds a colon, so the ids of the two never meet."""
_LONGEST_ID = 32
_KEY_ID = re.compile(rf"{_PREFIX}((?:[0-9a-f]{{2}}){{1,{_LONGEST_ID}}})")
_BAD_PIN = (PinExpired, PinIncorrect, PinInvalid, PinLenRange, PinLocked, UserPinNotInitialized)
_TURN = RLock()
"""One call at a time: python-pkcs11 starts the library without asking it to lock, so it may count on one thread."""
_STARTED_IN: dict[str, int] = {}
"""The process that started each library; the child of a fork must start it again (PKCS#11 3.1, 5.4)."""


class _AesKey(SecretKey, EncryptMixin, DecryptMixin):
    """As what a key appears that may encrypt and decrypt; the library makes its classes at run time."""


class TokenKeys(HoldsKey):
    """The AES-256 keys of a token. What opens here is a session: after a failure the next call opens a new one."""

    __slots__ = ("_keys", "_locked_out", "_process", "_session", "_settings", "current")

    def __init__(self, settings: Settings):
        self._settings = settings
        self._locked_out = False
        self._keys: dict[str, _AesKey] = {}
        self._process = os.getpid()
        with _TURN:
            self._session: Session | None = _session(settings)
            with self._turn() as session:
                key = _current_key(session, settings.pkcs11_key)
                self.current = _PREFIX + key.id.hex()
                self._keys[self.current] = key

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """Wrap in the token."""
        nonce = os.urandom(NONCE_BYTES)
        with self._turn() as session:
            return VERSION + nonce + _encrypt(self._key(session, self.current), nonce, data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap in the token."""
        nonce, sealed = parts_of(wrapped)
        with self._turn() as session:
            key = self._key(session, key_id)
            try:
                return _decrypt(key, nonce, sealed, bound)
            except PKCS11Error:
                # Tokens name a wrong tag differently, and SoftHSM not at all (CKR_GENERAL_ERROR). If the key still
                # does its work, what it was given is at fault; otherwise this raises, and the token is.
                _try_out(key)
                raise Tampered("a wrapped key does not open") from None

    @contextmanager
    def _turn(self) -> Iterator[Session]:
        """Wait for our turn at the token. A failure of its own becomes Unavailable, and the session is given up."""
        with _TURN:
            session = self._opened()
            try:
                yield session
            except PKCS11Error as problem:
                self._session = None
                with suppress(PKCS11Error):
                    session.close()
                raise _silent() from problem

    def _opened(self) -> Session:
        if self._session is None or self._process != os.getpid():
            self._session, self._keys, self._process = None, {}, os.getpid()
            if self._locked_out:
                raise _silent()
            try:
                self._session = _session(self._settings)
            except InputRefused as problem:  # whoever asks can't mend a setting, and each wrong PIN is counted
                self._locked_out = problem.code == "PIN_REFUSED"
                raise _silent() from problem
        return self._session

    def _key(self, session: Session, key_id: str) -> _AesKey:
        if key_id not in self._keys:
            self._keys[key_id] = _key_by_id(session, key_id)
        return self._keys[key_id]


def _session(settings: Settings) -> Session:
    """Log in. A process logs in once; a second sealer in it shares the login."""
    pin = read_secret(settings.pkcs11_pin_file, field="pkcs11_pin_file", least=4).decode("utf-8", "replace")
    try:
        token = _token(settings)
        with suppress(UserAlreadyLoggedIn):
            return token.open(user_pin=pin)
        return token.open()
    except _BAD_PIN as problem:
        raise InputRefused(
            f"is refused by the token ({type(problem).__name__}).", field="pkcs11_pin_file", code="PIN_REFUSED",
            remedy="Correct it before the next start: tokens lock themselves after a few attempts.",
        ) from problem  # fmt: skip
    except PKCS11Error as problem:
        raise _silent() from problem


def _token(settings: Settings) -> Token:
    path = settings.pkcs11_module
    try:
        if _STARTED_IN.get(path, os.getpid()) != os.getpid():
            with suppress(PKCS11Error):  # the library may know by itself that it is not started here
                pkcs11.lib(path).finalize()
        library = pkcs11.lib(path)
    except PKCS11Error as problem:
        raise _refused("pkcs11_module", "can't be loaded and started as a PKCS#11 library.") from problem
    _STARTED_IN[path] = os.getpid()
    try:
        return library.get_token(token_label=settings.pkcs11_token)
    except (NoSuchToken, MultipleTokensReturned) as problem:
        raise _refused("pkcs11_token", "is not the label of one token that is present.") from problem


def _current_key(session: Session, label: str) -> _AesKey:
    """Return the key that is to wrap; refuse one that is weak, could leave the token, or could not be found again."""
    found = _keys_with(session, Attribute.LABEL, label)
    if len(found) != 1:
        raise _refused("pkcs11_key", "is not the label of one AES key that may encrypt and decrypt.")
    key = found[0]
    if key.key_length != 8 * KEY_BYTES:
        raise _refused("pkcs11_key", "is not an AES key of 256 bits.")
    if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
        raise InputRefused(
            "can leave the token.", field="pkcs11_key", code="SECRET_EXPOSED",
            remedy="Generate one in the token with CKA_EXTRACTABLE false and CKA_SENSITIVE true.",
        )  # fmt: skip
    if not 1 <= len(key.id) <= _LONGEST_ID or len(_keys_with(session, Attribute.ID, key.id)) != 1:
        raise _refused("pkcs11_key", f"has no CKA_ID of its own, of 1 to {_LONGEST_ID} bytes, to be found by later.")
    try:
        _try_out(key)
    except PKCS11Error as problem:
        raise _refused("pkcs11_key", f"can't wrap with CKM_AES_GCM ({type(problem).__name__}).") from problem
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


def _refused(setting: str, rule: str) -> InputRefused:
    return InputRefused(
        rule, field=setting, code="SETTING_INVALID", remedy="See docs/settings.md on keys in a PKCS#11 token."
    )


def _silent() -> Unavailable:
    return Unavailable("The token that holds the keys does not answer now.", remedy="Try again later.")
