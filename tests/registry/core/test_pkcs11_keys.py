"""Keys in a real PKCS#11 token: SoftHSM, with tokens of this test's own.

A process logs in to a token once and reads its configuration once, so the tokens are made before the first test, and a
test that fails to log in has a token that nobody else logs in to.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pkcs11
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pkcs11 import Attribute, KeyType, MechanismFlag, ObjectClass

from registry.core import pkcs11_keys, pkcs11_sessions
from registry.core.config import Settings
from registry.core.errors import InputRefused, Unavailable
from registry.core.key_providers import open_sealer
from registry.core.pkcs11_keys import TokenKeys
from registry.core.sealing import KeyUnknown, Tampered, WrappedKey

RECORD = UUID("0197a4c2-0000-7000-8000-000000000001")
PIN = "4711-secret-4711"
KNOWN = bytes(range(32))
CRYPTS = MechanismFlag.ENCRYPT | MechanismFlag.DECRYPT
TOKENS = ("register", "patient", "closed")
"""For most tests; for one whose PIN file changes; and one that is only ever asked with a wrong PIN."""


def library() -> str:
    """Return the path of SoftHSM's library."""
    found = [*Path("/usr/lib/softhsm").glob("libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]
    if not found:
        raise RuntimeError("SoftHSM is needed: deploy/bootstrap.sh softhsm")
    return str(found[0])


@contextmanager
def softhsm(folder: Path, labels: Sequence[str]) -> Iterator[None]:
    """Make tokens of SoftHSM in a folder, and end the library afterwards."""
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(
        f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n", encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        for label in labels:
            subprocess.run(
                ["softhsm2-util", "--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", PIN],
                check=True, capture_output=True,
            )  # fmt: skip
        yield
        pkcs11.lib(library()).finalize()


@pytest.fixture(scope="module", autouse=True)
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the tokens and their keys, and end the library afterwards."""
    with softhsm(tmp_path_factory.mktemp("softhsm"), TOKENS):
        for label in TOKENS:
            with pkcs11.lib(library()).get_token(token_label=label).open(rw=True, user_pin=PIN) as session:
                fill(session)
        yield


def fill(session: pkcs11.Session) -> None:
    """Generate keys that will do, and keys that each break one rule."""

    def generate(
        label: str, number: bytes, bits: int = 256, capabilities: MechanismFlag = CRYPTS, **more: bool
    ) -> None:
        kept = {Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True} | {
            Attribute[each]: more[each] for each in more
        }
        session.generate_key(
            KeyType.AES, bits, id=number, label=label, store=True, capabilities=capabilities, template=kept
        )

    generate("sealing-1", b"\x01")
    generate("sealing-2", b"\x02")
    generate("short", b"\x03", bits=128)
    generate("extractable", b"\x04", EXTRACTABLE=True)
    generate("readable", b"\x05", SENSITIVE=False)
    generate("long id", bytes(33))
    generate("same label", b"\x06")
    generate("same label", b"\x07")
    generate("same id", b"\x08")
    generate("id as well", b"\x08")
    generate("signs only", b"\x09", capabilities=MechanismFlag.SIGN)
    session.create_object({
        Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: KNOWN,
        Attribute.LABEL: "known", Attribute.ID: b"\x0a", Attribute.TOKEN: True, Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.ENCRYPT: True, Attribute.DECRYPT: True,
    })  # fmt: skip
    session.create_object({
        Attribute.CLASS: ObjectClass.SECRET_KEY, Attribute.KEY_TYPE: KeyType.AES, Attribute.VALUE: KNOWN,
        Attribute.LABEL: "no id", Attribute.TOKEN: True, Attribute.PRIVATE: True,
        Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.ENCRYPT: True, Attribute.DECRYPT: True,
    })  # fmt: skip


@pytest.fixture
def pin(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_text(PIN + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def settings(tmp_path: Path, pin: Path) -> Settings:
    (tmp_path / "index.key").write_text(bytes(range(32, 64)).hex(), encoding="utf-8")
    (tmp_path / "index.key").chmod(0o600)
    return Settings(
        index_key_file=str(tmp_path / "index.key"),
        pkcs11_module=library(),
        pkcs11_token="register",
        pkcs11_key="sealing-1",
        pkcs11_pin_file=str(pin),
    )


def break_off(keys: TokenKeys) -> None:
    """Close the session from outside, as a token that is drawn does."""
    assert keys._login._session is not None
    keys._login._session.close()


# -- wrapping


def test_what_the_token_wraps_it_unwraps_bound_to_the_same(settings: Settings) -> None:
    keys = TokenKeys(settings)
    wrapped = keys.wrap(KNOWN, b"bound")

    assert keys.current == "pkcs11:01"
    assert keys.unwrap("pkcs11:01", wrapped, b"bound") == KNOWN
    assert keys.wrap(KNOWN, b"bound") != wrapped
    assert KNOWN not in wrapped
    with pytest.raises(Tampered):
        keys.unwrap("pkcs11:01", wrapped, b"other")
    with pytest.raises(Tampered):
        keys.unwrap("pkcs11:02", wrapped, b"bound")


def test_a_wrapped_key_with_any_bit_changed_does_not_unwrap(settings: Settings) -> None:
    keys = TokenKeys(settings)
    wrapped = keys.wrap(KNOWN, b"bound")

    for place in range(8 * len(wrapped)):
        changed = bytearray(wrapped)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Tampered):
            keys.unwrap("pkcs11:01", bytes(changed), b"bound")
    for length in range(len(wrapped)):
        with pytest.raises(Tampered):
            keys.unwrap("pkcs11:01", wrapped[:length], b"bound")


def test_the_token_computes_the_same_as_the_library_for_files(settings: Settings) -> None:
    """The token holds a key that we know as well: what the one wraps the other unwraps."""
    keys, cipher = TokenKeys(replace(settings, pkcs11_key="known")), AESGCM(KNOWN)
    wrapped = keys.wrap(b"data key", b"bound")

    assert cipher.decrypt(wrapped[1:13], wrapped[13:], b"bound") == b"data key"
    ours = b"\x01" + bytes(12) + cipher.encrypt(bytes(12), b"data key", b"bound")
    assert keys.unwrap("pkcs11:0a", ours, b"bound") == b"data key"


def test_the_key_does_not_leave_the_token(settings: Settings) -> None:
    keys = TokenKeys(settings)
    keys.wrap(KNOWN, b"bound")

    with pytest.raises(pkcs11.exceptions.AttributeSensitive):
        keys._keys["pkcs11:01"][Attribute.VALUE]


def test_threads_take_turns(settings: Settings) -> None:
    keys = TokenKeys(settings)

    def there_and_back(number: int) -> bool:
        content = number.to_bytes(32)
        return keys.unwrap("pkcs11:01", keys.wrap(content, b"bound"), b"bound") == content

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(there_and_back, range(400)))


# -- the sealer


def test_a_rotation_in_the_token_keeps_every_envelope(settings: Settings) -> None:
    before, after = open_sealer(settings), open_sealer(replace(settings, pkcs11_key="sealing-2"))
    key, wrapped = before.new_key(RECORD)
    envelope = key.seal(b"content", table="contacts", field="phone")

    rewrapped = after.rewrap(RECORD, wrapped)

    assert (wrapped.key_id, rewrapped.key_id, after.current) == ("pkcs11:01", "pkcs11:02", "pkcs11:02")
    for stored in (wrapped, rewrapped):
        assert after.open_key(RECORD, stored).open(envelope, table="contacts", field="phone") == b"content"


def test_a_register_moves_from_a_file_into_a_token(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "sealing.keys").write_text("first:" + bytes(range(32)).hex(), encoding="utf-8")
    (tmp_path / "sealing.keys").chmod(0o600)
    both = replace(settings, sealing_key_file=str(tmp_path / "sealing.keys"))
    file = replace(both, pkcs11_module="", pkcs11_token="", pkcs11_key="", pkcs11_pin_file="")
    key, wrapped = open_sealer(file).new_key(RECORD)
    envelope = key.seal(b"content", table="contacts", field="phone")

    rewrapped = open_sealer(both).rewrap(RECORD, wrapped)

    assert (wrapped.key_id, rewrapped.key_id) == ("first", "pkcs11:01")
    opened = open_sealer(settings).open_key(RECORD, rewrapped)
    assert opened.open(envelope, table="contacts", field="phone") == b"content"


@pytest.mark.parametrize(
    "key_id", ["pkcs11:ff", "pkcs11:", "pkcs11:0", "pkcs11:xy", "pkcs11: 01", "01", "", "pkcs11:08"]
)
def test_a_key_that_the_token_does_not_hold_once_is_missed_by_name(settings: Settings, key_id: str) -> None:
    sealer = open_sealer(settings)
    _, wrapped = sealer.new_key(RECORD)

    with pytest.raises(KeyUnknown):
        sealer.open_key(RECORD, WrappedKey(key_id, wrapped.content))


# -- what is refused at the start


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"pkcs11_module": "/nowhere/library.so"}, "SETTING_INVALID"),
        ({"pkcs11_module": "/dev/null"}, "SETTING_INVALID"),
        ({"pkcs11_token": "another"}, "SETTING_INVALID"),
        ({"pkcs11_key": "another"}, "SETTING_INVALID"),
        ({"pkcs11_key": "short"}, "SETTING_INVALID"),
        ({"pkcs11_key": "same label"}, "SETTING_INVALID"),
        ({"pkcs11_key": "same id"}, "SETTING_INVALID"),
        ({"pkcs11_key": "no id"}, "SETTING_INVALID"),
        ({"pkcs11_key": "long id"}, "SETTING_INVALID"),
        ({"pkcs11_key": "signs only"}, "SETTING_INVALID"),
        ({"pkcs11_key": "extractable"}, "SECRET_EXPOSED"),
        ({"pkcs11_key": "readable"}, "SECRET_EXPOSED"),
        ({"pkcs11_pin_file": "/nowhere/pin"}, "SECRET_MISSING"),
    ],
)
def test_a_setting_that_will_not_do_is_named(settings: Settings, changed: dict[str, str], code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        open_sealer(replace(settings, **changed))  # type: ignore[arg-type]  # all of them texts

    assert (caught.value.code, caught.value.field) == (code, next(iter(changed)))
    assert caught.value.remedy


def test_a_token_that_can_not_wrap_with_our_nonce_is_refused(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> bytes:
        raise pkcs11.exceptions.MechanismParamInvalid

    monkeypatch.setattr(pkcs11_keys, "_encrypt", refuse)

    with pytest.raises(InputRefused, match="MechanismParamInvalid") as caught:
        open_sealer(settings)

    assert (caught.value.code, caught.value.field) == ("SETTING_INVALID", "pkcs11_key")


def test_a_wrong_pin_is_refused_and_not_printed(settings: Settings, pin: Path) -> None:
    pin.write_text("0815-wrong-0815", encoding="utf-8")

    with pytest.raises(InputRefused) as caught:
        open_sealer(replace(settings, pkcs11_token="closed"))

    assert (caught.value.code, caught.value.field) == ("PIN_REFUSED", "pkcs11_pin_file")
    assert "0815" not in str(caught.value) + repr(caught.value.__cause__)


def test_a_pin_that_others_can_read_is_refused(settings: Settings, pin: Path) -> None:
    pin.chmod(0o644)

    with pytest.raises(InputRefused) as caught:
        open_sealer(settings)

    assert (caught.value.code, caught.value.field) == ("SECRET_EXPOSED", "pkcs11_pin_file")


# -- what fails later


# The library asks once more for the end of a search that failed to begin, and says so when nobody listens any more.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "ask",
    [
        lambda keys, _wrapped: keys.wrap(KNOWN, b"bound"),
        lambda keys, wrapped: keys.unwrap("pkcs11:01", wrapped, b"bound"),
        lambda keys, wrapped: keys.unwrap("pkcs11:02", wrapped, b"bound"),
    ],
    ids=["wrapping", "unwrapping", "finding"],
)
def test_a_token_that_is_gone_is_unavailable_and_asked_anew(
    settings: Settings, ask: Callable[[TokenKeys, bytes], bytes]
) -> None:
    """It is not said to be tampering: nothing is known of what was to be unwrapped."""
    keys = TokenKeys(settings)
    wrapped = keys.wrap(KNOWN, b"bound")

    break_off(keys)
    with pytest.raises(Unavailable):
        ask(keys, wrapped)

    assert keys.unwrap("pkcs11:01", wrapped, b"bound") == KNOWN


def test_a_token_that_does_not_answer_at_the_start_is_unavailable(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_place: pkcs11_sessions.Place) -> pkcs11.Token:
        raise pkcs11.exceptions.DeviceError

    monkeypatch.setattr(pkcs11_sessions, "_token", fail)

    with pytest.raises(Unavailable):
        open_sealer(settings)


def test_a_pin_that_was_refused_is_not_tried_again(settings: Settings, pin: Path) -> None:
    """A token counts wrong PINs and locks itself; requests must not do that to it."""
    keys = TokenKeys(replace(settings, pkcs11_token="patient"))
    pin.write_text("0815-wrong-0815", encoding="utf-8")

    break_off(keys)
    for _ in ("the session is gone", "the PIN is refused"):
        with pytest.raises(Unavailable):
            keys.wrap(KNOWN, b"bound")
    pin.write_text(PIN, encoding="utf-8")

    with pytest.raises(Unavailable):
        keys.wrap(KNOWN, b"bound")


def test_a_setting_that_is_wrong_only_now_is_unavailable(settings: Settings, pin: Path) -> None:
    """Whoever asks can't mend it, and needs not know it."""
    keys = TokenKeys(settings)
    break_off(keys)
    pin.unlink()

    for _ in range(2):
        with pytest.raises(Unavailable):
            keys.wrap(KNOWN, b"bound")

    pin.write_text(PIN, encoding="utf-8")
    pin.chmod(0o600)
    assert keys.wrap(KNOWN, b"bound")


FORK = """
import os, sys
from registry.core.config import load
from registry.core.key_providers import open_sealer
from uuid import UUID

record = UUID(int=1)
settings = load()
sealer = open_sealer(settings)
key, wrapped = sealer.new_key(record)
envelope = key.seal(b"content", table="contacts", field="phone")

def opens(sealer):
    return sealer.open_key(record, wrapped).open(envelope, table="contacts", field="phone") == b"content"

child = os.fork()
if not child:
    os._exit(0 if opens(sealer) and opens(open_sealer(settings)) else 1)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) or not opens(sealer))
"""


def test_the_child_of_a_fork_logs_in_by_itself(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("index_key_file", "pkcs11_module", "pkcs11_token", "pkcs11_key", "pkcs11_pin_file"):
        monkeypatch.setenv(f"REGISTRY_{name.upper()}", getattr(settings, name))

    done = subprocess.run([sys.executable, "-c", FORK], check=False, capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
