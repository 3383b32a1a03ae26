"""The surface of the earth in cells, so that nearness can be told by equal tokens.

    cell(1, -1.2921, 36.8219)             "1:1774:4335"          a cell of 0.05 degrees, some 5.6 km, in Nairobi
    cells_within(-1.2921, 36.8219, 5)     {"1:1774:4335": 4.0, …}   cells that a circle of 5 km touches, how far away

Bands of equal height go around the earth, each cut into as many cells as make them nearly square: fewer towards the
poles, and the last one meets the first. There are four sizes, each five times the one before. A circle is looked up
in cells of the smallest size of which it needs few, so what is told of a distance is true to about the size of a cell.

Distances: haversine on a sphere of the earth's mean radius, true to half a percent.
"""

from functools import lru_cache
from math import asin, ceil, cos, degrees, floor, radians, sin, sqrt

EARTH_KM = 6371.0088
"""Mean radius (IUGG)."""
HEIGHTS = (0.01, 0.05, 0.25, 1.25)
"""Of the bands, in degrees: some 1.1, 5.6, 28 and 139 km."""
REACHES = (4.0, 20.0, 100.0)
"""Kilometres of the largest circle that is looked up in cells of each size; beyond the last, in the largest."""

BLURS = (1.0, 4.0, 20.0, 100.0)
"""Kilometres from the middle of a cell of each size to its corners, about: no distance is told more exactly."""


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Give the distance between two points."""
    (a, b), (c, d) = one, other
    half = sin(radians(c - a) / 2) ** 2 + cos(radians(a)) * cos(radians(c)) * sin(radians(d - b) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def cell(size: int, latitude: float, longitude: float) -> str:
    """Give the cell of a size in which a point lies."""
    band = _band(size, latitude)
    return _named(size, band, _column(_columns(size, band), longitude))


def cells(latitude: float, longitude: float) -> tuple[str, ...]:
    """Give the cell of each size in which a point lies, the smallest first."""
    return tuple(cell(size, latitude, longitude) for size in range(len(HEIGHTS)))


def size_for(radius_km: float) -> int:
    """Give the size of cells in which a circle is looked up."""
    return next((size for size, reach in enumerate(REACHES) if radius_km <= reach), len(REACHES))


@lru_cache(maxsize=256)
def cells_within(latitude: float, longitude: float, radius_km: float) -> dict[str, float]:
    """Give the cells that a circle touches, each with its distance as far as it can be told."""
    size = size_for(radius_km)
    reach = degrees(radius_km / EARTH_KM) + HEIGHTS[size]
    found: dict[str, float] = {}
    for band in range(_band(size, max(latitude - reach, -90.0)), _band(size, min(latitude + reach, 90.0)) + 1):
        found |= _touched(size, band, (latitude, longitude), radius_km)
    return found


def _touched(size: int, band: int, centre: tuple[float, float], radius_km: float) -> dict[str, float]:
    """Go from the middle of a band to both sides until cells lie beyond the circle."""
    columns = _columns(size, band)
    first = _column(columns, centre[1])
    found: dict[str, float] = {}
    for step in range(columns // 2 + 1):
        touched = {}
        for column in {(first + step) % columns, (first - step) % columns}:
            middle, reach = _extent(size, band, column)
            apart = distance_km(centre, middle)
            if apart <= radius_km + reach:
                touched[_named(size, band, column)] = max(apart, BLURS[size])
        if not touched:
            break
        found |= touched
    return found


def _extent(size: int, band: int, column: int) -> tuple[tuple[float, float], float]:
    """Give the middle of a cell, and how far its farthest corner lies from it."""
    height, width = HEIGHTS[size], 360 / _columns(size, band)
    south, west = band * height - 90, column * width - 180
    middle = (min(south + height / 2, 90.0), west + width / 2)
    corners = ((max(-90.0, min(90.0, south + n * height)), west) for n in (0, 1))
    return middle, max(distance_km(middle, corner) for corner in corners)


def _band(size: int, latitude: float) -> int:
    return min(floor((latitude + 90) / HEIGHTS[size]), _bands(size) - 1)


def _bands(size: int) -> int:
    return round(180 / HEIGHTS[size])


@lru_cache(maxsize=4096)
def _columns(size: int, band: int) -> int:
    height = HEIGHTS[size]
    return max(1, ceil(360 * cos(radians((band + 0.5) * height - 90)) / height))


def _column(columns: int, longitude: float) -> int:
    return floor((longitude + 180) / 360 * columns) % columns


def _named(size: int, band: int, column: int) -> str:
    return f"{size}:{band}:{column}"
