"""How a witness is set up: one TOML file, read strictly, and key files that only their owner can read.

name = "DEMO-police.example/witness"            as it stands in signatures
key_file = "witness.pem"                        Ed25519, PKCS #8; `registry witness init` makes it
ml_dsa_key_file = "witness-ml-dsa.pem"          another line by ML-DSA-44; may be left out
state_file = "witness.db"                       what it remembers (memory.py)
listen_host = "127.0.0.1"
listen_port = 8930

[[logs]]
origin = "registry.example/log"
keys = ["registry.example/log+8d81e2c1+AW…"]
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from registry.core.errors import InputRefused
from registry.core.private import write_private
from registry.core.secret_files import read_secret
from registry.tlog.keys import Signer, VerifierKey, cosigner, ml_dsa_44, parse_key
from registry.tlog.note import key_name
from registry.tlog.policy import LOG_KINDS
from registry.tlog.strict import Malformed, plain
from registry.witness.memory import create, exists

LONGEST_NAME = 255
"""Bytes of a name and of an origin: ML-DSA-44 cosignatures count them in one."""
Logs = Mapping[str, tuple[VerifierKey, ...]]
PrivateKey = Ed25519PrivateKey | MLDSA44PrivateKey


@dataclass(frozen=True, slots=True)
class Configuration:
    """What one witness is: its name, its files, where it listens, and the logs it knows."""

    name: str
    key_file: str
    state_file: str
    logs: Logs
    ml_dsa_key_file: str = ""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8930

    @property
    def memory(self) -> Path:
        """The file of its memory."""
        return Path(self.state_file)

    @property
    def key_files(self) -> dict[str, str]:
        """The files of its keys, by the setting that names each."""
        named = {"key_file": self.key_file, "ml_dsa_key_file": self.ml_dsa_key_file}
        return {field: file for field, file in named.items() if file}


def load(file: Path) -> Configuration:
    """Read a configuration. Raises InputRefused (SETTINGS_UNREADABLE, SETTING_UNKNOWN, SETTING_INVALID)."""
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise InputRefused(f"cannot be read as TOML ({type(problem).__name__}).", field=str(file),
                           code="SETTINGS_UNREADABLE") from problem  # fmt: skip
    known = {each.name for each in fields(Configuration)}
    for name in content:
        if name not in known:
            raise InputRefused("is no setting of a witness.", field=name, code="SETTING_UNKNOWN",
                               remedy="See docs/witness.md for the list.")  # fmt: skip
    texts = {name: _text(content, name) for name in ("name", "key_file", "state_file")}
    for name in ("ml_dsa_key_file", "listen_host"):
        if name in content:
            texts[name] = _text(content, name)
    port = content.get("listen_port", 8930)
    if type(port) is not int or not 0 <= port <= 65535:
        raise _invalid("listen_port", "is not a port.", "Write 1 to 65535.")
    _counted(texts["name"], "name")
    try:
        key_name(texts["name"])
    except Malformed as problem:
        raise _invalid("name", f"{problem.what}.", "Write a name like example.org/witness.") from None
    return Configuration(**texts, listen_port=port, logs=_logs(content.get("logs")))


def signers(configuration: Configuration) -> tuple[Signer, ...]:
    """Return what signs, read from the key files. Raises InputRefused (SECRET_…, KEY_REFUSED)."""
    found = tuple(_signer(configuration.name, file, field) for field, file in configuration.key_files.items())
    of_logs = {key.public for keys in configuration.logs.values() for key in keys}
    if any(each.key.public in of_logs for each in found):
        raise _invalid("key_file", "is the key of a log, too.", "A witness signs with a key of its own.")
    return found


def begin(configuration: Configuration) -> tuple[Signer, ...]:
    """Make the keys and the memory of a new witness: both, or neither. Raises Conflict (WITNESS_EXISTS)."""
    named = {**configuration.key_files, "state_file": configuration.state_file}
    for field, file in named.items():
        if Path(file).exists():
            raise exists(field)
    write_private(Path(configuration.key_file), _pem(Ed25519PrivateKey.generate()))
    if configuration.ml_dsa_key_file:
        write_private(Path(configuration.ml_dsa_key_file), _pem(MLDSA44PrivateKey.generate()))
    create(configuration.memory)
    return signers(configuration)


def _pem(key: PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _signer(name: str, file: str, field: str) -> Signer:
    content = read_secret(file, field=field)
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError):  # TypeError: the key is encrypted
        key = None
    if field == "key_file" and isinstance(key, Ed25519PrivateKey):
        return cosigner(name, key)
    if field == "ml_dsa_key_file" and isinstance(key, MLDSA44PrivateKey):
        return ml_dsa_44(name, key)
    raise InputRefused("is not an unencrypted private key of its kind.", field=field, code="KEY_REFUSED",
                       remedy="Begin a witness with: registry witness init.")  # fmt: skip


def _logs(given: Any) -> Logs:  # Any: TOML
    if not isinstance(given, list) or not given:
        raise _invalid("logs", "names no log.", "Write [[logs]] with origin and keys.")
    logs: dict[str, tuple[VerifierKey, ...]] = {}
    for place, each in enumerate(given):
        where = f"logs[{place}]"
        if not isinstance(each, dict) or set(each) != {"origin", "keys"}:
            raise _invalid(where, "has not exactly origin and keys.", "Write both and nothing else.")
        origin = _counted(_text(each, "origin"), f"{where}.origin")
        if origin in logs:
            raise _invalid(f"{where}.origin", "is named twice.", "Write all keys of a log into one list.")
        logs[origin] = _keys(each["keys"], f"{where}.keys")
    return logs


def _keys(given: Any, where: str) -> tuple[VerifierKey, ...]:  # Any: TOML
    if not isinstance(given, list) or not given or not all(isinstance(each, str) for each in given):
        raise _invalid(where, "is no list of verifier keys.", "Write what the log publishes as its key.")
    try:
        keys = tuple(parse_key(each) for each in given)
    except Malformed as problem:
        raise _invalid(where, f"holds a key that {problem.what}.", "Write what the log publishes as its key.") from None
    if any(key.kind not in LOG_KINDS for key in keys):
        raise _invalid(where, "holds a key of a kind that logs don't sign with.", "Write what the log publishes.")
    return keys


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise _invalid(name, "is missing, or no text.", "Write it in quotes.")
    return value


def _counted(text: str, where: str) -> str:
    try:
        is_line = "\n" not in plain(text, where)
    except Malformed:
        is_line = False
    if not is_line or len(text.encode()) > LONGEST_NAME:
        raise _invalid(where, "is no line of 1 to 255 bytes.", "Write a shorter one.")
    return text


def _invalid(field: str, rule: str, remedy: str) -> InputRefused:
    return InputRefused(rule, field=field, code="SETTING_INVALID", remedy=remedy)
