"""The notary's private keys: PEM files (PKCS #8) that only it reads; the Ed25519 one may be in a token (token_keys.py).

    signers("registry.example/log", "ed25519.pem", "ml-dsa-44.pem")
    made("ed25519.pem", Ed25519PrivateKey)          a new one, mode 0600, never over one that is there

Each signs in the name of the log: C2SP asks that a key be named like the origin.
"""

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from registry.core.config import Settings
from registry.core.errors import Conflict, InputRefused
from registry.core.secret_files import read_secret
from registry.tlog.keys import Kind, Signer, VerifierKey, ed25519, ml_dsa_44

ED25519, ML_DSA_44 = "ed25519.pem", "ml-dsa-44.pem"
"""The files of the embedded default, in the notary's folder."""


class Private(Protocol):
    """A private key of either kind."""

    def private_bytes(self, encoding: Encoding, format: PrivateFormat, encryption_algorithm: NoEncryption) -> bytes:  # noqa: A002  the library's word
        """Print the key."""


MAKERS: dict[str, Callable[[], Private]] = {
    "notary_key_file": Ed25519PrivateKey.generate,
    "notary_ml_dsa_key_file": MLDSA44PrivateKey.generate,
}
"""How a key is made, by the setting that names its file."""


def signers(origin: str, ed25519_file: str, ml_dsa_file: str = "") -> tuple[Signer, ...]:
    """Return what signs checkpoints. Raises InputRefused where a file is missing, exposed, or of another kind."""
    first = _private(ed25519_file, "notary_key_file")
    if not isinstance(first, Ed25519PrivateKey):
        raise _refused("notary_key_file", "Ed25519")
    return ed25519(origin, first), *_second(origin, ml_dsa_file)


def files(settings: Settings) -> dict[str, Path]:
    """Return where the keys are, by setting: those that are named, or the embedded default's."""
    if _is_embedded(settings):
        folder = Path(settings.notary_folder)
        return {"notary_key_file": folder / ED25519, "notary_ml_dsa_key_file": folder / ML_DSA_44}
    named = {each: getattr(settings, each) for each in MAKERS}
    return {setting: Path(name) for setting, name in named.items() if name}


def signers_of(settings: Settings, *, is_first: bool) -> tuple[Signer, ...]:
    """Return what signs this node's checkpoints; the embedded default's keys are made at its first start.

    Raises InputRefused, and Unavailable where a token does not answer.
    """
    if settings.notary_pkcs11_module:
        first = _token_keys().TokenKey(settings)
        key = VerifierKey(settings.origin, Kind.ED25519, first.public)
        return Signer(key, first.sign), *_second(settings.origin, settings.notary_ml_dsa_key_file)
    if is_first and _is_embedded(settings):
        make_missing(settings)
    return signers(settings.origin, *(str(path) for path in files(settings).values()))


def make_missing(settings: Settings) -> None:
    """Make those keys that the settings tell of and that are not there."""
    if settings.notary_pkcs11_module:
        _token_keys().make(settings)
    for setting, path in files(settings).items():
        if not path.exists():
            make(path, setting)


def make(path: Path, setting: str) -> None:
    """Make the key of a setting. Raises Conflict (FILE_EXISTS): a key is never written over another."""
    text = MAKERS[setting]().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as problem:
        raise Conflict(
            "This file is there already.", code="FILE_EXISTS", field=setting,
            remedy="Keep it: another key makes another log of it.",
        ) from problem  # fmt: skip
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _is_embedded(settings: Settings) -> bool:
    return not (settings.notary_key_file or settings.notary_pkcs11_module)


def _token_keys() -> ModuleType:
    """Return registry.notary.token_keys, which loads a native library that few notaries use."""
    return import_module("registry.notary.token_keys")


def _second(origin: str, path: str) -> tuple[Signer, ...]:
    """Return what signs as well, where it is named."""
    if not path:
        return ()
    key = _private(path, "notary_ml_dsa_key_file")
    if not isinstance(key, MLDSA44PrivateKey):
        raise _refused("notary_ml_dsa_key_file", "ML-DSA-44")
    return (ml_dsa_44(origin, key),)


def _private(path: str, setting: str) -> object:
    try:
        return load_pem_private_key(read_secret(path, field=setting), None)
    except (ValueError, TypeError) as problem:
        raise InputRefused(
            "is no private key in PEM.", field=setting, code="KEY_REFUSED", remedy="Run: registry keys notary"
        ) from problem


def _refused(setting: str, kind: str) -> InputRefused:
    return InputRefused(
        f"is no private key for {kind}.", field=setting, code="KEY_REFUSED", remedy="Run: registry keys notary"
    )
