"""The notary's Ed25519 key in a PKCS#11 token, which it never leaves: a hardware security module, or SoftHSM.

    make(settings)                 once; where the key is there already, nothing
    key = TokenKey(settings)       as the four settings of notary_pkcs11 say
    key.sign(b"the text of a note")

The token makes the key with CKM_EC_EDWARDS_KEY_PAIR_GEN and signs with CKM_EDDSA (PKCS#11 3.1, 6.3). What it signed is
verified here before anybody sees it: a token that fails must not publish what nobody can believe, nor be believed by us
alone. A call that hangs is left behind after ten seconds. registry.tlog gets a function from message to signature
(`Signer`) and knows of no token.
"""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from secrets import token_bytes
from threading import Thread
from typing import Any, TypeVar, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pkcs11 import Attribute, KeyType, Mechanism, MechanismFlag, ObjectClass
from pkcs11.types import PrivateKey, PublicKey, Session, SignMixin

from registry.core.config import Settings
from registry.core.errors import InputRefused, Unavailable
from registry.core.pkcs11_sessions import Login, Place, refused, silent, writing

_CURVE = bytes.fromhex("06032b6570")
"""The DER of id-Ed25519, 1.3.101.112 (RFC 8410, 3), as PKCS#11 3.1, 6.3.3 allows for CKA_EC_PARAMS."""
_CURVES = {_CURVE, bytes.fromhex("130c") + b"edwards25519"}
"""As tokens may say it: the other is the printable string of the same section."""
_WRAPPED = bytes.fromhex("0420")
"""What stands before the 32 bytes where a token says CKA_EC_POINT as a DER octet string; 3.1 asks for them bare."""
_BYTES = 32
_PATIENCE = 10.0
"""Seconds that the token may take; nodes close when a minute's entries are not signed."""
_TRIAL = b"trial"
"""Signed at each start. It is no note, so that nobody could take the signature for one."""


Answer = TypeVar("Answer")


class _SigningKey(PrivateKey, SignMixin):
    """As what a key appears that may sign; the library makes its classes at run time."""


class TokenKey:
    """The key: its public half, and what signs. A token that fails is asked anew the next time."""

    __slots__ = ("_asked", "_label", "_login", "public")

    def __init__(self, settings: Settings):
        """Log in, find the key, and try it out.

        Raises InputRefused (SETTING_INVALID, SECRET_MISSING, SECRET_EXPOSED, KEY_REFUSED, PIN_REFUSED) naming the
        setting, and Unavailable.
        """
        self._asked: Future[Any] | None = None
        self._label = settings.notary_pkcs11_key
        self._login, self.public = self._answer(partial(_found, settings))
        self.sign(_TRIAL)

    def sign(self, message: bytes) -> bytes:
        """Sign in the token, and verify that. Raises Unavailable (TOKEN_FAULTY where it signed something else)."""
        value = self._answer(partial(self._sign, message))
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(value, message)
        except InvalidSignature as problem:
            raise Unavailable(
                "The token's signature is not by the notary's key.", code="TOKEN_FAULTY",
                remedy="Nothing of it was published. See that the token is well and holds one pair of this label.",
            ) from problem  # fmt: skip
        return value

    def _sign(self, message: bytes) -> bytes:
        with self._login.turn() as session:
            return _signed(_private_half(session, self._label), message)

    def _answer(self, ask: Callable[[], Answer]) -> Answer:
        """Ask the token, and wait for so long only. While a call hangs nothing else is asked: it holds the turn."""
        if self._asked and not self._asked.done():
            raise silent()
        answer: Future[Answer] = Future()
        self._asked = answer
        Thread(target=_settle, args=(answer, ask), daemon=True).start()  # a daemon, so that it holds up no end
        try:
            return answer.result(_PATIENCE)
        except TimeoutError:
            raise silent() from None


def make(settings: Settings) -> None:
    """Make the pair in the token, unless a key of the label is there: another key makes another log of it."""
    with writing(_place(settings)) as session:
        label = settings.notary_pkcs11_key
        if _labelled(session, ObjectClass.PRIVATE_KEY, label):
            return
        curve = session.create_domain_parameters(KeyType.EC_EDWARDS, {Attribute.EC_PARAMS: _CURVE}, local=True)
        curve.generate_keypair(
            mechanism=Mechanism.EC_EDWARDS_KEY_PAIR_GEN, id=token_bytes(8), label=label, store=True,
            capabilities=MechanismFlag.SIGN | MechanismFlag.VERIFY,
            private_template={Attribute.EXTRACTABLE: False, Attribute.SENSITIVE: True},
        )  # fmt: skip


def _place(settings: Settings) -> Place:
    return Place(
        settings.notary_pkcs11_module, settings.notary_pkcs11_token, settings.notary_pkcs11_pin_file, "notary_pkcs11"
    )


def _settle(answer: Future[Answer], ask: Callable[[], Answer]) -> None:
    try:
        answer.set_result(ask())
    except Exception as problem:  # noqa: BLE001  whoever asked gets it
        answer.set_exception(problem)


def _found(settings: Settings) -> tuple[Login, bytes]:
    login = Login(_place(settings))
    with login.turn() as session:
        return login, _public_half(session, _private_half(session, settings.notary_pkcs11_key))


def _private_half(session: Session, label: str) -> _SigningKey:
    found = _labelled(session, ObjectClass.PRIVATE_KEY, label)
    if not found:
        raise InputRefused("is the label of no Ed25519 key in the token.", field="notary_pkcs11_key",
                           code="SECRET_MISSING", remedy="Run once: registry keys notary")  # fmt: skip
    if len(found) > 1:
        raise refused("notary_pkcs11_key", "is the label of several keys in the token.")
    key = cast("_SigningKey", found[0])
    if key[Attribute.EXTRACTABLE] or not key[Attribute.SENSITIVE]:
        raise InputRefused(
            "can leave the token.", field="notary_pkcs11_key", code="SECRET_EXPOSED",
            remedy="Let the token make one with another label: registry keys notary.",
        )  # fmt: skip
    return key


def _public_half(session: Session, private: _SigningKey) -> bytes:
    """Return the 32 bytes of the public half, which the token keeps beside the private one with the same id."""
    pairs = [each for each in _labelled(session, ObjectClass.PUBLIC_KEY, private.label) if each.id == private.id]
    points = {bytes(each[Attribute.EC_POINT]) for each in pairs if each[Attribute.EC_PARAMS] in _CURVES}
    bare = {each.removeprefix(_WRAPPED) if len(each) > _BYTES else each for each in points}
    if len(bare) != 1 or len(point := bare.pop()) != _BYTES:
        raise InputRefused(
            "has no public half for Ed25519 in the token.", field="notary_pkcs11_key", code="KEY_REFUSED",
            remedy="Name another label, and run once: registry keys notary",
        )  # fmt: skip
    return point


def _labelled(session: Session, kind: ObjectClass, label: str) -> list[PrivateKey | PublicKey]:
    wanted = {Attribute.CLASS: kind, Attribute.KEY_TYPE: KeyType.EC_EDWARDS, Attribute.LABEL: label}
    return cast(
        "list[PrivateKey | PublicKey]", list(session.get_objects(wanted))
    )  # to its end, as it occupies the session


def _signed(key: _SigningKey, message: bytes) -> bytes:
    return key.sign(message, mechanism=Mechanism.EDDSA)
