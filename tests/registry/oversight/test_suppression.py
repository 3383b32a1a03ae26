"""No small count of a report is told, and nobody finds one by what is told."""

from itertools import product

import pytest
from hypothesis import given, strategies as st

from registry.oversight.suppression import Table, suppressed


def tables(most: int, rows: int, columns: int) -> st.SearchStrategy[tuple[tuple[int, ...], ...]]:
    row = st.lists(st.integers(0, most), min_size=columns, max_size=columns).map(tuple)
    return st.lists(row, min_size=rows, max_size=rows).map(tuple)


SMALL = st.tuples(st.integers(1, 3), st.integers(1, 2)).flatmap(lambda size: tables(9, *size))
LARGE = st.tuples(st.integers(1, 7), st.integers(1, 8)).flatmap(lambda size: tables(40, *size))


def numbers(cells: tuple[tuple[int, ...], ...]) -> list[int]:
    """Return every number of a table, the totals at the end."""
    rows, columns = [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)]
    return [each for row in cells for each in row] + rows + columns + [sum(rows)]


def told(table: Table) -> list[int | None]:
    return [each for row in table.cells for each in row] + [*table.rows, *table.columns, table.total]


@given(SMALL)
def test_each_count_that_is_not_told_could_be_another_one(cells: tuple[tuple[int, ...], ...]) -> None:
    """All tables near this one are tried: those that tell the same leave every hidden count open."""
    shown = told(suppressed(cells, 5))
    height, width = len(cells), len(cells[0])
    near = [range(max(0, each - 1), each + 2) for row in cells for each in row]
    possible = []
    for flat in product(*near):
        other = numbers(tuple(tuple(flat[row * width : (row + 1) * width]) for row in range(height)))
        if all(seen is None or seen == each for seen, each in zip(shown, other, strict=True)):
            possible.append(other)

    for place, seen in enumerate(shown):
        assert (len({other[place] for other in possible}) > 1) is (seen is None)


@given(LARGE, st.integers(2, 8))
def test_what_is_told_is_true_and_not_small(cells: tuple[tuple[int, ...], ...], least: int) -> None:
    for seen, real in zip(told(suppressed(cells, least)), numbers(cells), strict=True):
        assert seen is None or (seen == real and not 0 < seen < least)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (((7, 2), (9, 8)), [None, None, None, None, 9, 17, 16, 10, 26]),
        (((7, 12), (9, 8)), [7, 12, 9, 8, 19, 17, 16, 20, 36]),  # nothing is small, so all of it is told
        (((0, 12), (9, 0)), [0, 12, 9, 0, 12, 9, 9, 12, 21]),  # that nobody did says nothing of anybody
        (((3,),), [None, None, None, None]),
    ],
)
def test_no_more_is_hidden_than_must_be(cells: tuple[tuple[int, ...], ...], expected: list[int | None]) -> None:
    assert told(suppressed(cells, 5)) == expected
