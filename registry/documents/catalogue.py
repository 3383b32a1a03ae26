"""The catalogue: every approved document of every client with the cost of each, as one page of Markdown. Pure.

    page([Listed(document, questions)])        # Trusted documents …

The questions are read anew from the text, so the page says what a document asks of the schema and costs today; one that
the schema of today refuses says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from registry.documents.approval import Question, TrustedDocument, identifier

_HEAD = (
    "# Trusted documents\n\n"
    "What each client may ask. The cost is in points, with a page of the longest where a variable says how long; a\n"
    "document gives nobody a permission, the officer's own decide.\n"
)
_COLUMNS = "| name | operation | cost | permissions | document |\n|---|---|---|---|---|\n"
_NONE = "\nNo document is approved.\n"


@dataclass(frozen=True, slots=True)
class Listed:
    """An approved document, and what it asks today."""

    document: TrustedDocument
    questions: tuple[Question, ...] = ()
    refused: str | None = None
    """The code with which the schema of today refuses it."""


def page(listed: Iterable[Listed]) -> str:
    """Return the catalogue; ``listed`` stands in the order of the clients."""
    parts = [_client(client, list(each)) for client, each in groupby(listed, key=lambda one: one.document.client)]
    return _HEAD + ("".join(parts) or _NONE)


def _client(client: str, listed: Sequence[Listed]) -> str:
    rows = "\n".join(row for each in listed for row in _rows(each))
    texts = "\n".join(_text(each) for each in listed)
    return f"\n## {_cell(client)}\n\n{_COLUMNS}{rows}\n\n{texts}"


def _rows(listed: Listed) -> list[str]:
    document = listed.document
    last = f"`{identifier(document.sha256)}`"
    if listed.refused:
        return [_row(document.name, "", "", f"refused by the schema of today: {listed.refused}", last)]
    return [
        _row(document.name, each.title, str(each.cost), ", ".join(each.permissions), last) for each in listed.questions
    ]


def _text(listed: Listed) -> str:
    asked = sorted({field for each in listed.questions for field in each.fields})
    fields = f"Fields: {', '.join(asked)}.\n\n" if asked else ""
    decided = f"{listed.document.decided_at:%Y-%m-%d}" if listed.document.decided_at else ""
    fence = "`" * max(3, 1 + _longest_run(listed.document.text))
    return (
        f"### {_cell(listed.document.name)}\n\nApproved {decided}, valid for {_cell(listed.document.client)} only. "
        f"{fields}{fence}graphql\n{listed.document.text.rstrip()}\n{fence}\n"
    )


def _row(*cells: str) -> str:
    return f"| {' | '.join(_cell(each) for each in cells)} |"


def _cell(text: str) -> str:
    """Return a text that stays within its cell and is no markup of its own."""
    return "".join(f"\\{letter}" if letter in "|<[" else letter for letter in text)


def _longest_run(text: str) -> int:
    """Return the most backquotes in a row: a fence must be longer."""
    longest = run = 0
    for letter in text:
        run = run + 1 if letter == "`" else 0
        longest = max(longest, run)
    return longest
