"""Where something stands in a file, as those call it who open it: a cell in a spreadsheet, a line of JSON.

    Place(row=17, column=2).cell      "C17"

Programs count from 0, and people from 1: what is told is what people see.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A row, and in it a column where one is known. Rows count from 1, headings included, as spreadsheets do."""

    row: int
    column: int | None = None

    @property
    def cell(self) -> str:
        """Its address in a spreadsheet; of a row alone its number."""
        return f"row {self.row}" if self.column is None else f"{column_letters(self.column)}{self.row}"


def column_letters(column: int) -> str:
    """Return what a spreadsheet calls a column; the first is 0 and A."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
