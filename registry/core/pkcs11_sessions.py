"""How a PKCS#11 token is opened, and what becomes of a session that fails.

    login = Login(Place("/usr/lib/softhsm/libsofthsm2.so", "registry", "/etc/registry/pin"))
    with login.turn() as session:                     one call at a time; a failure is Unavailable
        session.get_objects(...)

After a failure the next turn opens another session. A token counts wrong PINs and locks itself, so one that was refused
is not tried again.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import RLock
from typing import NamedTuple

import pkcs11
from pkcs11 import PKCS11Error
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
from pkcs11.types import Session, Token

from registry.core.errors import InputRefused, Unavailable
from registry.core.secret_files import read_secret

_BAD_PIN = (PinExpired, PinIncorrect, PinInvalid, PinLenRange, PinLocked, UserPinNotInitialized)
_TURN = RLock()
"""One call at a time: python-pkcs11 starts the library without asking it to lock, so it may count on one thread."""
_STARTED_IN: dict[str, int] = {}
"""The process that started each library; the child of a fork must start it again (PKCS#11 3.1, 5.4)."""


class Place(NamedTuple):
    """Where a token is, as the settings tell it."""

    module: str
    token: str
    pin_file: str
    settings: str = "pkcs11"
    """How the names of those settings begin."""


class Login:
    """A session of a token, opened again after a failure and in the child of a fork.

    Raises InputRefused (SETTING_INVALID, PIN_REFUSED, SECRET_...) where it can't be opened at first, and Unavailable
    where the token does not answer.
    """

    __slots__ = ("_locked_out", "_place", "_process", "_session")

    def __init__(self, place: Place):
        self._place = place
        self._locked_out = False
        self._process = os.getpid()
        with _TURN:
            self._session: Session | None = _opened(place)

    @contextmanager
    def turn(self) -> Iterator[Session]:
        """Wait for our turn at the token. A failure of its own becomes Unavailable, and the session is given up."""
        with _TURN:
            session = self._current()
            try:
                yield session
            except PKCS11Error as problem:
                self._session = None
                with suppress(PKCS11Error):
                    session.close()
                raise silent() from problem

    def _current(self) -> Session:
        if self._session is None or self._process != os.getpid():
            self._session, self._process = None, os.getpid()
            if self._locked_out:
                raise silent()
            try:
                self._session = _opened(self._place)
            except InputRefused as problem:  # whoever asks can't mend a setting, and each wrong PIN is counted
                self._locked_out = problem.code == "PIN_REFUSED"
                raise silent() from problem
        return self._session


@contextmanager
def writing(place: Place) -> Iterator[Session]:
    """Open a session that may make keys, for as long as that takes."""
    with _TURN:
        session = _opened(place, is_writing=True)
        try:
            yield session
        except PKCS11Error as problem:
            raise silent() from problem
        finally:
            with suppress(PKCS11Error):
                session.close()


def refused(setting: str, rule: str) -> InputRefused:
    """Say that a setting of a token will not do."""
    return InputRefused(
        rule, field=setting, code="SETTING_INVALID", remedy="See docs/settings.md on keys in a PKCS#11 token."
    )


def silent() -> Unavailable:
    """Say that the token does not answer."""
    return Unavailable("The token that holds the keys does not answer now.", remedy="Try again later.")


def _opened(place: Place, *, is_writing: bool = False) -> Session:
    """Log in. A process logs in once; a second session in it shares the login."""
    field = f"{place.settings}_pin_file"
    pin = read_secret(place.pin_file, field=field, least=4).decode("utf-8", "replace")
    try:
        token = _token(place)
        with suppress(UserAlreadyLoggedIn):
            return token.open(rw=is_writing, user_pin=pin)
        return token.open(rw=is_writing)
    except _BAD_PIN as problem:
        raise InputRefused(
            f"is refused by the token ({type(problem).__name__}).", field=field, code="PIN_REFUSED",
            remedy="Correct it before the next start: tokens lock themselves after a few attempts.",
        ) from problem  # fmt: skip
    except PKCS11Error as problem:
        raise silent() from problem


def _token(place: Place) -> Token:
    try:
        if _STARTED_IN.get(place.module, os.getpid()) != os.getpid():
            with suppress(PKCS11Error):  # the library may know by itself that it is not started here
                pkcs11.lib(place.module).finalize()
        library = pkcs11.lib(place.module)
    except PKCS11Error as problem:
        raise refused(
            f"{place.settings}_module", "can't be loaded and started as a PKCS#11 library."
        ) from problem  # fmt: skip
    _STARTED_IN[place.module] = os.getpid()
    try:
        return library.get_token(token_label=place.token)
    except (NoSuchToken, MultipleTokensReturned) as problem:
        raise refused(f"{place.settings}_token", "is not the label of one token that is present.") from problem
