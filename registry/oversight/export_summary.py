"""A page for people of what an export holds: how many entries of what kind, and what it stands on.

    counted = Counted()
    for told in batch.lines: counted.add(told)
    written = pdf(counted, about)            the bytes of a PDF

The page proves nothing by itself: the signature beside it holds its SHA-256 (registry/cli/log_exports.py). Made by
reportlab, which only whoever writes a summary needs (the extra ``log-export``).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from registry.core.errors import Unavailable
from registry.oversight.export_forms import Said

DIMENSIONS = {"outcome": "Outcome", "kind": "Kind", "agency": "Agency", "purpose": "Purpose", "operation": "Operation",
              "day": "Day (UTC)"}  # fmt: skip
"""What is counted by, and how a page calls it."""
MOST_ROWS = 40
"""Of one table: what is rarer is counted together."""


@dataclass(slots=True)
class Counted:
    """How many entries say what."""

    entries: int = 0
    shown: int = 0
    """Persons in their answers, each counted in each entry."""
    by: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in DIMENSIONS})

    def add(self, told: Said) -> None:
        """Count one entry."""
        self.entries += 1
        self.shown += told["persons"]
        for name, counter in self.by.items():
            counter[str(told["at"])[:10] if name == "day" else str(told[name] or "none")] += 1

    def rows(self, name: str) -> list[tuple[str, int]]:
        """Return the counts by one of the dimensions: days in their order, all else the most frequent first."""
        counter = self.by[name]
        ordered = sorted(counter.items()) if name == "day" else counter.most_common()
        rest = sum(count for _, count in ordered[MOST_ROWS:])
        return ordered[:MOST_ROWS] + ([("all others", rest)] if rest else [])


def pdf(counted: Counted, about: Mapping[str, str]) -> bytes:
    """Return the page. Raises Unavailable where the library is not installed.

    The fonts are those that every reader of PDF has, so a letter that is not Western European is a question mark: the
    signature holds the filter to the letter.
    """
    try:
        from reportlab.lib.pagesizes import A4  # noqa: PLC0415  an extra
        from reportlab.lib.styles import getSampleStyleSheet  # noqa: PLC0415
        from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table  # noqa: PLC0415
    except ImportError:
        raise Unavailable("No PDF can be written here.", remedy="Install the extra log-export.") from None
    styles = getSampleStyleSheet()
    parts = [Paragraph("Summary of an export of the access log", styles["Title"])]
    totals = {"entries": f"{counted.entries:,}", "persons in their answers": f"{counted.shown:,}"}
    head = [[name, Paragraph(_plain(value), styles["Normal"])] for name, value in (dict(about) | totals).items()]
    parts.append(Table(head, colWidths=(110, 370), hAlign="LEFT"))
    for name, title in DIMENSIONS.items():
        parts += [Spacer(0, 10), Paragraph(title, styles["Heading3"])]
        cells = [[Paragraph(_plain(value), styles["Normal"]), f"{count:,}"] for value, count in counted.rows(name)]
        parts.append(Table(cells or [["nothing", ""]], colWidths=(380, 100), hAlign="LEFT"))
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, invariant=1, title="Access log export").build(parts)
    return out.getvalue()


def _plain(text: str) -> str:
    """Return a text that a paragraph takes for nothing but text, in letters that the fonts have."""
    told = text.encode("latin-1", "replace").decode("latin-1")
    return told.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
