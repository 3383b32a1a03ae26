"""Where key-encryption keys are kept, and the sealer that the settings describe.

    sealing_key_file                  a file, mode 0600, one key a line: id and 64 hex digits
    pkcs11_module, _token, _key, …    a PKCS#11 token; its keys never leave it (pkcs11_keys.py)
    both                              the token wraps; the file's keys still unwrap what they once wrapped

The first line of a key file is current. To rotate, put a new line first, restart, wrap every data key anew, and only
then remove the old line:

    7c1e90d2b4a6:3f1b…              wraps and unwraps
    0f8a6b5c2d1e:a09c…              unwraps
"""

import re
import secrets
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from registry.core.config import Settings
from registry.core.errors import InputRefused
from registry.core.sealing import KEY_BYTES, HoldsKey, KeyProvider, KeyUnknown, Sealer, decrypted, encrypted
from registry.core.secret_files import read_secret

_LINE = re.compile(r"([a-z0-9][a-z0-9-]{0,31}):([0-9A-Fa-f]{64})", re.ASCII)
_SHORTEST_LINE = 1 + 1 + 2 * KEY_BYTES


class FileKeys(HoldsKey):
    """Key-encryption keys in memory, as a key file lists them."""

    __slots__ = ("_ciphers", "current")

    def __init__(self, keys: Mapping[str, bytes]):
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self.current = next(iter(keys))

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._ciphers

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """Wrap under the first key."""
        return encrypted(self._ciphers[self.current], data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap with any key of the file."""
        if key_id not in self._ciphers:
            raise KeyUnknown("the key file lists no key of this id")
        return decrypted(self._ciphers[key_id], wrapped, bound)


class Moved(HoldsKey):
    """The way from a file into a token: the token wraps, and the file unwraps what it wrapped before."""

    __slots__ = ("_file", "_token")

    def __init__(self, token: KeyProvider, file: FileKeys):
        self._token = token
        self._file = file

    @property
    def current(self) -> str:
        """The token's key."""
        return self._token.current

    def wrap(self, data_key: bytes, bound: bytes) -> bytes:
        """Wrap in the token."""
        return self._token.wrap(data_key, bound)

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        """Unwrap where the key is."""
        provider = self._file if key_id in self._file else self._token
        return provider.unwrap(key_id, wrapped, bound)


def open_sealer(settings: Settings) -> Sealer:
    """Open the sealer that the settings describe. Each process opens its own; a sealer can't be handed over.

    Raises InputRefused (SECRET_MISSING, SECRET_EXPOSED, SECRET_SHORT, SECRET_MALFORMED; for a token also
    SETTING_INVALID and PIN_REFUSED) naming the setting, and Unavailable when a token does not answer.
    """
    return Sealer(_provider(settings), _index_key(settings.index_key_file))


def generate_key_line() -> str:
    """Return a line of a key file, without its end: a random id and a random key."""
    return f"{secrets.token_hex(6)}:{secrets.token_hex(KEY_BYTES)}"


def read_key_file(path: str) -> FileKeys:
    """Read a key file strictly: the first line is current. Raises InputRefused."""
    content = read_secret(path, field="sealing_key_file", least=_SHORTEST_LINE).decode("ascii", "replace")
    keys: dict[str, bytes] = {}
    for number, line in enumerate(content.split("\n"), start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise _malformed("sealing_key_file", f"is not id:64 hex digits in line {number}.")
        key_id, key = found[1], bytes.fromhex(found[2])
        if key_id in keys or key in keys.values():
            raise _malformed("sealing_key_file", f"repeats an id or a key in line {number}.")
        keys[key_id] = key
    return FileKeys(keys)


def _provider(settings: Settings) -> KeyProvider:
    if not settings.pkcs11_module:
        return read_key_file(settings.sealing_key_file)
    from registry.core.pkcs11_keys import TokenKeys  # noqa: PLC0415  loads a native library that few nodes use

    token = TokenKeys(settings)
    return Moved(token, read_key_file(settings.sealing_key_file)) if settings.sealing_key_file else token


def _index_key(path: str) -> bytes:
    digits = read_secret(path, field="index_key_file", least=2 * KEY_BYTES)
    if not re.fullmatch(rb"[0-9A-Fa-f]{64}", digits):
        raise _malformed("index_key_file", "is not 64 hex digits.")
    return bytes.fromhex(digits.decode())


def _malformed(setting: str, rule: str) -> InputRefused:
    return InputRefused(
        rule, field=setting, code="SECRET_MALFORMED", remedy="Write it as docs/settings.md shows, each line as it is."
    )
