"""What is handed in with a trusted document, read strictly. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from registry.core.errors import InputRefused
from registry.documents.approval import Question, digest
from registry.profiles.kinds import is_plain

NAME_LENGTH = 80
Reader = Callable[[str], tuple[Question, ...]]
"""Says what a text asks, or raises InputRefused or LimitExceeded: the roof knows the schema, this room does not."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A document as it is proposed."""

    client: str
    name: str
    text: str
    reason: str
    is_impersonal: ClassVar[bool] = True

    def to_json(self) -> dict[str, object]:
        """Return it for the log, which never holds a text that nobody has looked at."""
        return {"client": self.client, "sha256": digest(self.text)}


def name(asked: Asked) -> str:
    """Return the document's name as one line. Raises InputRefused (TEXT_MALFORMED)."""
    line = " ".join(asked.name.split())
    if not 1 <= len(line) <= NAME_LENGTH or not is_plain(asked.name):
        raise InputRefused(f"is not a line of 1 to {NAME_LENGTH} printable characters.", field="name",
                           code="TEXT_MALFORMED", remedy="Write such a line.")  # fmt: skip
    return line
