"""Hits as a file: a table that a spreadsheet opens and does not execute, or lines of JSON. Pure.

row,reference,score,band,second_discriminator,register_number,profile,names,reasons,warning
17,PNR 4711,0.9312,strong,yes,812,cAGXpMIsf3aVqk1c3m6xVQE,Juma Hamisi Mwakio,"For: The date of birth … is the same.",
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import orjson

from registry.bulk.cells import disarmed
from registry.screening.views import ScreeningHitView

COLUMNS = (
    "row",
    "reference",
    "score",
    "band",
    "second_discriminator",
    "register_number",
    "profile",
    "names",
    "reasons",
    "warning",
)


@dataclass(frozen=True, slots=True)
class Written:
    """How hits are written."""

    header: bytes
    line: Callable[[ScreeningHitView], bytes]


def of_name(name: str) -> Written:
    """Return how hits are written into a file of this name."""
    return Written(_row(COLUMNS), _cells) if name.endswith(".csv") else Written(b"", _json)


def _names(hit: ScreeningHitView) -> list[str]:
    return [each.full for each in hit.profile.names or ()]


def _cells(hit: ScreeningHitView) -> bytes:
    return _row((
        str(hit.row), disarmed(hit.reference), f"{hit.score:.4f}", hit.band,
        "yes" if hit.discriminator else "no", str(hit.profile.register_number), hit.profile.id,
        disarmed("; ".join(_names(hit))), disarmed(" | ".join(each.sentence for each in hit.reasons)),
        disarmed(hit.warning.sentence if hit.warning else ""),
    ))  # fmt: skip


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _json(hit: ScreeningHitView) -> bytes:
    told = {
        "row": hit.row, "reference": hit.reference, "score": hit.score, "band": hit.band,
        "second_discriminator": hit.discriminator, "register_number": hit.profile.register_number,
        "profile": hit.profile.id, "names": _names(hit), "reasons": [asdict(each) for each in hit.reasons],
        "warning": asdict(hit.warning) | {"valid_until": str(hit.warning.valid_until)} if hit.warning else None,
    }  # fmt: skip
    return orjson.dumps(told) + b"\n"
