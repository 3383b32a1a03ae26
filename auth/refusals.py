"""How a person who is not let in is told so: always in the same words. The reason stands in the log."""

from registry.core.errors import Unauthenticated


class SignInRefused(Unauthenticated):
    """Told alike for a person nobody knows, a passkey that is revoked, another provider, a signature that is wrong."""

    default_code = "SIGN_IN_REFUSED"

    def __init__(self, reason: str) -> None:
        super().__init__("You could not be signed in.", remedy="Begin again; if it stays so, ask your administrator.")
        self.reason = reason
