"""The notary's key in a real PKCS#11 token (SoftHSM): made there, tried out, and never believed unverified."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import wait
from dataclasses import replace
from pathlib import Path
from threading import Event

import pkcs11
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass

from registry.core.config import Settings
from registry.core.errors import InputRefused, Unavailable
from registry.notary import keys, token_keys
from registry.notary.token_keys import TokenKey
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Kind, parse_key, signed_by
from registry.tlog.note import Note
from tests.registry.core.test_pkcs11_keys import PIN, library, softhsm
from tests.registry.notary.conftest import ORIGIN, Desk

TOKENS = ("notary", "closed")
"""For most tests, and one that is only ever asked with a wrong PIN."""
PRINTABLE = bytes.fromhex("130c") + b"edwards25519"


@pytest.fixture(scope="module", autouse=True)
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Make the tokens, with keys that each break one rule."""
    with softhsm(tmp_path_factory.mktemp("softhsm"), TOKENS):
        with pkcs11.lib(library()).get_token(token_label="notary").open(rw=True, user_pin=PIN) as session:
            fill(session)
        yield


def fill(session: pkcs11.Session) -> None:
    """Generate keys as others would."""

    def generate(label: str, number: bytes, *, curve: bytes = token_keys._CURVE, **kept: bool) -> pkcs11.PublicKey:
        parameters = session.create_domain_parameters(
            KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: curve}, local=True
        )  # fmt: skip
        template = {Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True}
        public, _private = parameters.generate_keypair(
            mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, id=number, label=label, store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template=template | {Attribute[each]: kept[each] for each in kept},
        )  # fmt: skip
        return public

    generate("printable", b"\x01", curve=PRINTABLE)
    generate("extractable", b"\x02", EXTRACTABLE=True)
    generate("readable", b"\x03", SENSITIVE=False)
    generate("same label", b"\x04")
    generate("same label", b"\x05")
    generate("no public half", b"\x06").destroy()
    other = generate("another's", b"\x07")[Attribute.EC_POINT]
    generate("mismatched", b"\x08").destroy()
    session.create_object({
        Attribute.CLASS: ObjectClass.PUBLIC_KEY, Attribute.KEY_TYPE: KeyType.EC_EDWARDS, Attribute.TOKEN: True,
        Attribute.LABEL: "mismatched", Attribute.ID: b"\x08", Attribute.VERIFY: True,
        Attribute.EC_PARAMS: token_keys._CURVE, Attribute.EC_POINT: other,
    })  # fmt: skip


@pytest.fixture
def pin(tmp_path: Path) -> Path:
    path = tmp_path / "pin"
    path.write_text(PIN + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture
def settings(tmp_path: Path, pin: Path) -> Settings:
    """Settings of a notary whose key is in the token, made there where it is not yet."""
    settings = Settings(
        log_origin=ORIGIN, notary_folder=str(tmp_path / "notary"), log_folder=str(tmp_path / "published"),
        notary_pkcs11_module=library(), notary_pkcs11_token="notary", notary_pkcs11_key="notary-2026",
        notary_pkcs11_pin_file=str(pin),
    )  # fmt: skip
    keys.make_missing(settings)
    return settings


def break_off(key: TokenKey) -> None:
    """Close the session from outside, as a token that is drawn does."""
    assert key._login._session is not None
    key._login._session.close()


# -- the key


def test_a_key_is_made_once_signs_notes_as_a_file_s_does_and_stays_in_the_token(settings: Settings) -> None:
    (signer,) = keys.signers_of(settings, is_first=True)
    text = Checkpoint(ORIGIN, 4711, bytes(32)).text
    note = Note(text, (signer.sign(text),))

    keys.make_missing(settings)
    (again,) = keys.signers_of(settings, is_first=False)

    assert again.key == parse_key(signer.key.print()) == signer.key
    assert (signer.key.name, signer.key.kind) == (ORIGIN, Kind.ED25519)
    assert set(signed_by(note, [signer.key])) == {signer.key}
    assert not Path(settings.notary_folder).exists()
    with TokenKey(settings)._login.turn() as session:
        private = token_keys._private_half(session, "notary-2026")
        with pytest.raises(pkcs11.exceptions.AttributeSensitive):
            private[Attribute.VALUE]
        assert (private[Attribute.NEVER_EXTRACTABLE], private[Attribute.LOCAL]) == (True, True)


@pytest.mark.parametrize("label", ["notary-2026", "printable"])
def test_openssl_believes_the_token_however_it_names_the_curve(settings: Settings, tmp_path: Path, label: str) -> None:
    key = TokenKey(replace(settings, notary_pkcs11_key=label))
    message = Checkpoint(ORIGIN, 4711, bytes(32)).text.encode()
    public = Ed25519PublicKey.from_public_bytes(key.public)
    (tmp_path / "key.der").write_bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    (tmp_path / "message").write_bytes(message)
    (tmp_path / "signature").write_bytes(key.sign(message))

    done = subprocess.run(
        ["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-in", "message",
         "-sigfile", "signature"],
        cwd=tmp_path, check=False, capture_output=True, text=True,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, "Signature Verified Successfully\n")


def test_an_ml_dsa_key_of_a_file_signs_beside_it(settings: Settings, tmp_path: Path) -> None:
    both = replace(settings, notary_ml_dsa_key_file=str(tmp_path / "ml-dsa-44.pem"))
    keys.make_missing(both)

    assert [each.key.kind for each in keys.signers_of(both, is_first=False)] == [Kind.ED25519, Kind.ML_DSA_44]


# -- what will not do


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"notary_pkcs11_module": "/nowhere/library.so"}, "SETTING_INVALID"),
        ({"notary_pkcs11_token": "another"}, "SETTING_INVALID"),
        ({"notary_pkcs11_key": "another"}, "SECRET_MISSING"),
        ({"notary_pkcs11_key": "same label"}, "SETTING_INVALID"),
        ({"notary_pkcs11_key": "extractable"}, "SECRET_EXPOSED"),
        ({"notary_pkcs11_key": "readable"}, "SECRET_EXPOSED"),
        ({"notary_pkcs11_key": "no public half"}, "KEY_REFUSED"),
        ({"notary_pkcs11_pin_file": "/nowhere/pin"}, "SECRET_MISSING"),
    ],
    ids=lambda given: given if isinstance(given, str) else "-".join(next(iter(given.items()))),
)
def test_a_setting_that_will_not_do_is_named(settings: Settings, changed: dict[str, str], code: str) -> None:
    """At its first start as well: a key is only ever made where it is asked for."""
    with pytest.raises(InputRefused) as refused:
        keys.signers_of(replace(settings, **changed), is_first=True)  # type: ignore[arg-type]  # all of them texts

    assert (refused.value.code, refused.value.field) == (code, next(iter(changed)))
    assert refused.value.remedy


def test_a_wrong_pin_is_refused_and_not_printed(settings: Settings, pin: Path) -> None:
    pin.write_text("0815-wrong-0815", encoding="utf-8")

    for ask in (keys.make_missing, TokenKey):
        with pytest.raises(InputRefused) as refused:
            ask(replace(settings, notary_pkcs11_token="closed"))
        assert (refused.value.code, refused.value.field) == ("PIN_REFUSED", "notary_pkcs11_pin_file")
        assert "0815" not in str(refused.value) + repr(refused.value.__cause__)


NAMES = ("notary_pkcs11_module", "notary_pkcs11_token", "notary_pkcs11_key", "notary_pkcs11_pin_file")


@pytest.mark.parametrize("missing", NAMES)
def test_a_token_that_is_described_in_part_is_refused(missing: str) -> None:
    """Without its module a token would silently be replaced by a key file."""
    with pytest.raises(InputRefused) as refused:
        Settings(**{**dict.fromkeys(NAMES, "x"), missing: ""})  # type: ignore[arg-type]  # all of them texts

    assert (refused.value.code, refused.value.field) == ("SETTING_INVALID", "notary_pkcs11_module")


def test_a_token_and_a_file_for_the_same_key_exclude_each_other() -> None:
    with pytest.raises(InputRefused) as refused:
        Settings(**dict.fromkeys((*NAMES, "notary_key_file"), "x"))  # type: ignore[arg-type]  # all of them texts

    assert (refused.value.code, refused.value.field) == ("SETTING_INVALID", "notary_key_file")


def test_a_notary_with_a_key_file_loads_no_library_for_tokens() -> None:
    program = "import sys, registry.cli.notary; sys.exit('pkcs11' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


# -- a token that fails


def test_a_signature_that_is_not_by_the_public_half_is_never_used(settings: Settings) -> None:
    with pytest.raises(Unavailable) as refused:
        TokenKey(replace(settings, notary_pkcs11_key="mismatched"))

    assert (refused.value.code, refused.value.exit_code) == ("TOKEN_FAULTY", 75)


# The library asks once more for the end of a search that failed to begin, and says so when nobody listens any more.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.anyio
@pytest.mark.parametrize("fault", ["gone", "faulty", "hanging"])
async def test_while_the_token_fails_nothing_is_published_and_then_the_same_is(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    key, answers = TokenKey(settings), Event()
    (signer,) = keys.signers_of(settings, is_first=False)
    signers = (replace(signer, sign_message=key.sign),)
    await desk.enter(2)
    await desk.signed(signers=signers)
    before = desk.store.checkpoint()
    await desk.enter(1)

    with monkeypatch.context() as patch:
        if fault == "gone":
            break_off(key)
        elif fault == "faulty":
            patch.setattr(token_keys, "_signed", lambda _key, _message: bytes(64))
        else:
            patch.setattr(token_keys, "_signed", lambda _key, _message: bytes(answers.wait()))
            patch.setattr(token_keys, "_PATIENCE", 0.01)
        with pytest.raises(Unavailable):
            await desk.signed(signers=signers)
        if fault == "hanging":
            with pytest.raises(Unavailable):
                await desk.signed(signers=signers)
    answers.set()
    assert key._asked is not None
    wait([key._asked])
    remembered = desk.store.memory()

    assert desk.store.checkpoint() == before
    assert await desk.signed(signers=signers) == 3
    published = desk.store.checkpoint()
    assert published is not None
    assert set(signed_by(published, [signer.key])) == {signer.key}
    assert desk.store.memory() == remembered
