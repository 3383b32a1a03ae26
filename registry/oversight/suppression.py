"""Small counts are not told, and no total gives them away. Pure.

    told = suppressed(((7, 2), (9, 8)), least=5)
    told.cells      ((None, None), (None, None))      one small count, and three others that would tell it
    told.rows       (9, 17)
    told.columns    (16, 10)
    told.total      26

The rule: a count from 1 to ``least`` - 1 is not told, in a cell or in a total. Each that is not told stands in a
rectangle of four that are not: two rows, two columns (that of the totals is one like another), in which one could be
taken from two opposite corners and put to the others. All told numbers would be the same then, so they don't say
which of both it is. Of all such rectangles the one is taken that hides least. This is complementary suppression
(Willenborg and de Waal, Elements of Statistical Disclosure Control, 2001, chapter 7), by the hypercube method. What
others know beside the table, such as their own accesses, it does not take into account, nor a second report whose
cells cut these in another way.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

Cells = tuple[tuple[int, ...], ...]
Told = tuple[int | None, ...]
_Place = tuple[int, int]
_DEAR = 1_000_000_000
"""What hiding a total weighs beside hiding cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """Counts as they are told; None is one that is not."""

    cells: tuple[Told, ...]
    rows: Told
    columns: Told
    total: int | None


def suppressed(cells: Cells, least: int) -> Table:
    """Return the table without what is small, nor what would give it away."""
    whole = _with_totals(cells)
    height, width = len(whole), len(whole[0])
    places = product(range(height), range(width))
    small = {(row, column) for row, column in places if 0 < whole[row][column] < least}
    hidden: set[_Place] = set()
    for place in sorted(small):
        if place not in hidden:
            hidden.update(_cheapest(whole, place, hidden | small))
    told = [
        [None if (row, column) in hidden else whole[row][column] for column in range(width)] for row in range(height)
    ]
    return Table(
        tuple(tuple(row[:-1]) for row in told[:-1]), tuple(row[-1] for row in told[:-1]), tuple(told[-1][:-1]),
        told[-1][-1],
    )  # fmt: skip


def _with_totals(cells: Cells) -> list[list[int]]:
    rows = [[*row, sum(row)] for row in cells]
    width = len(cells[0]) if cells else 0
    return [*rows, [sum(row[column] for row in rows) for column in range(width + 1)]]


def _cheapest(whole: Sequence[Sequence[int]], place: _Place, hidden: set[_Place]) -> tuple[_Place, ...]:
    """Return the rectangle with this corner that hides least. That of the totals always serves."""
    best: tuple[int, tuple[_Place, ...]] | None = None
    for corners in _rectangles(len(whole), len(whole[0]), place):
        weight = _weight(whole, corners, hidden)
        if (best is None or weight < best[0]) and (_moves(whole, corners, 1) or _moves(whole, corners, -1)):
            best = weight, corners
            if not weight:  # nothing new is hidden: where much is small this comes soon
                break
    assert best is not None
    return best[1]


def _weight(whole: Sequence[Sequence[int]], corners: Sequence[_Place], hidden: set[_Place]) -> int:
    last = (len(whole) - 1, len(whole[0]) - 1)
    new = [each for each in corners if each not in hidden]
    totals = sum((row == last[0]) + (column == last[1]) for row, column in new)
    return totals * _DEAR + sum(whole[row][column] for row, column in new) + len(new)


def _rectangles(height: int, width: int, place: _Place) -> Iterator[tuple[_Place, ...]]:
    row, column = place
    for other_row, other_column in product(range(height), range(width)):
        if other_row != row and other_column != column:
            yield place, (row, other_column), (other_row, other_column), (other_row, column)


def _moves(whole: Sequence[Sequence[int]], corners: Sequence[_Place], step: int) -> bool:
    """Say whether one can be added here and taken there, by turns, and no count falls below nothing.

    A row's total goes the way of its cells and not against them, and so does a column's: each total turns the step.
    """
    last = (len(whole) - 1, len(whole[0]) - 1)
    for row, column in corners:
        turned = -step if (row == last[0]) is not (column == last[1]) else step
        if whole[row][column] + turned < 0:
            return False
        step = -step
    return True
