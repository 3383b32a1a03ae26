"""One cell of a table: its text, and the value that goes into a record.

A spreadsheet executes text that begins with ``= + - @``, a tab or a carriage return. On the way in such text is data
only where its form allows it (a phone begins with +, a handle with @); on the way out it is always disarmed.
OWASP, "CSV Injection", names the characters; the wide ones are what East Asian keyboards type.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time

from registry.bulk import dates
from registry.bulk.paths import Target
from registry.profiles import kinds
from registry.profiles.kinds import Kind, Refused, Whole

Cell = str | int | float | bool | datetime | date | time | None
"""A value as a reader of tables gives it. Text is all that CSV knows."""
EXECUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_ALLOWED = {"phones": "+", "handles": "@"}
"""Groups whose values begin with such a character by their nature."""
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#SPILL!", "#CALC!"})
"""What a spreadsheet shows where it could not reckon (ECMA-376 part 1, 18.18.11, and later ones)."""
_EXACT = 10**15
"""From here on a spreadsheet has rounded whole numbers."""
_YES = frozenset({"true", "yes", "y", "1", "ndiyo", "kweli"})
_NO = frozenset({"false", "no", "n", "0", "hapana", "uongo"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How the cells of one column are read."""

    target: Target
    date: str | None = None
    """The form of dates: ``DD/MM/YYYY``."""
    values: tuple[tuple[str, str], ...] = ()
    """What the file writes, in small letters, and the code it means."""
    split: str | None = None
    """What stands between several values in one cell."""

    def read(self, cell: Cell) -> list[object]:
        """Return the values that a cell holds, none for an empty one. Raises Refused."""
        text = text_of(cell)
        if self.split is None or not text:
            return [self._one(text, cell)] if text else []
        return [self._one(each.strip(), each) for each in text.split(self.split) if each.strip()]

    def _one(self, text: str, cell: Cell) -> object:
        if isinstance(cell, str):
            _refuse_reckoned(text, self.target)
        for written, meant in self.values:
            if text.casefold() == written:
                text = meant
                break
        convert = _CONVERT.get(type(self.target.kind))
        return convert(text, self) if convert else text


def text_of(cell: Cell) -> str:
    """Return a cell as text: numbers without a needless fraction, dates as ISO 8601. Raises Refused."""
    if isinstance(cell, str):
        return plain(cell).strip(" \u00a0")
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat()


def plain(text: str) -> str:
    """Return text without the mark by which it was disarmed; inverse of ``disarmed``."""
    return text[1:] if text[:1] == "'" and text[1:].lstrip(" ").startswith(EXECUTED) else text


def disarmed(text: str) -> str:
    """Return text that no spreadsheet executes, whoever opens it."""
    return f"'{text}" if text.lstrip(" ").startswith(EXECUTED) else text


def _number(number: float) -> str:
    if not abs(number) < _EXACT:
        raise Refused("CELL_MALFORMED", "is a number that the spreadsheet has rounded.", "Write it as text.")
    return str(int(number)) if number == int(number) else str(number)


def _refuse_reckoned(text: str, target: Target) -> None:
    if text in ERRORS:
        raise Refused("CELL_MALFORMED", "holds an error of the spreadsheet.", "Write the value, or leave it empty.")
    if text.startswith(EXECUTED) and not text.startswith(_ALLOWED.get(target.group, "\0")):
        raise Refused("FORMULA_REFUSED", "begins like a formula.", "Write the value itself, or leave the cell empty.")


def _date(text: str, reading: Reading) -> str:
    read = dates.iso(text, reading.date)
    if read is None:
        rule = f"is not written as {reading.date}." if reading.date else "is not written as YYYY-MM-DD."
        remedy = "Correct it." if reading.date else "Say how the file writes dates: --dates DD/MM/YYYY."
        raise Refused("DATE_MALFORMED", rule, remedy)
    return read


def _whole(text: str, _reading: Reading) -> object:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text


def _flag(text: str, _reading: Reading) -> object:
    word = text.casefold()
    return True if word in _YES else False if word in _NO else text


_CONVERT: dict[type[Kind], Callable[[str, Reading], object]] = {
    type(kinds.DATE): _date, Whole: _whole, type(kinds.FLAG): _flag,
}  # fmt: skip
"""Kinds whose values are no texts, or are written in many ways. All others are read by the record's own rules."""
