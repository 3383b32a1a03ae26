"""What can go wrong, as one tree.

    RegistryError            code
    ├── InputRefused         BAD_USER_INPUT …    the caller's value breaks a rule; names field, rule, remedy
    ├── Unauthenticated      UNAUTHENTICATED     no proof of who asks
    ├── Forbidden            FORBIDDEN …         known, and not allowed
    ├── NotFound             NOT_FOUND           absent and hidden look the same
    ├── Conflict             CONFLICT …          the state has moved on
    ├── LimitExceeded        DOCUMENT_TOO_COMPLEX …  a row of the limits table
    ├── ProofFailed          PROOF_FAILED …      what was signed or hashed is not what stands there
    └── Unavailable          UNAVAILABLE         try again later; nothing was answered

Raised anywhere, translated only where an answer is written (the GraphQL endpoint,
the token endpoint, the command line). Whatever is not in this tree is "internal":
its details go to the log, never to the caller.
"""

from typing import ClassVar


class RegistryError(Exception):
    """An outcome that may be told to the caller, with a stable code."""

    default_code: ClassVar[str] = "INTERNAL"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, code: str | None = None, field: str | None = None, remedy: str | None = None):
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.field = field
        """Path of the value that broke the rule, as the caller wrote it: ``names[0].full``."""
        self.remedy = remedy
        """What to do instead, in one sentence."""

    def __str__(self) -> str:
        text = f"{self.field}: {self.message}" if self.field else self.message
        return f"{text} {self.remedy}" if self.remedy else text


class InputRefused(RegistryError):
    """A value breaks a rule: the field, the rule and the remedy are named, the value is not repeated."""

    default_code = "BAD_USER_INPUT"
    exit_code = 2


class Unauthenticated(RegistryError):
    """Nobody proved who asks."""

    default_code = "UNAUTHENTICATED"
    exit_code = 3


class Forbidden(RegistryError):
    """The asker is known and no rule allows this."""

    default_code = "FORBIDDEN"
    exit_code = 3


class NotFound(RegistryError):
    """Absent, or not to be known by this asker: the two look the same."""

    default_code = "NOT_FOUND"
    exit_code = 4


class Conflict(RegistryError):
    """The record has moved on since the caller looked."""

    default_code = "CONFLICT"


class LimitExceeded(RegistryError):
    """A row of the limits table is exceeded; nothing was executed."""

    default_code = "LIMIT_EXCEEDED"
    exit_code = 2


class BudgetSpent(LimitExceeded):
    """What may be asked or shown in this time is spent."""

    default_code = "RATE_LIMITED"

    def __init__(self, message: str, *, code: str | None = None, remedy: str | None = None, retry_after: int):
        super().__init__(message, code=code, remedy=remedy)
        self.retry_after = retry_after
        """Seconds until more is there."""


class ProofFailed(RegistryError):
    """A signature, a hash or a count does not bear out what is claimed: somebody has changed something."""

    default_code = "PROOF_FAILED"
    exit_code = 5


class Unavailable(RegistryError):
    """Not now: nothing was answered and nothing was written. Try again later."""

    default_code = "UNAVAILABLE"
    exit_code = 75
