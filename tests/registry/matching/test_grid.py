"""The map in cells: every point of a circle lies in one of the few cells that are looked up."""

from math import asin, atan2, cos, degrees, pi, radians, sin

import pytest
from hypothesis import given, strategies as st

from registry.matching.grid import EARTH_KM, HEIGHTS, cell, cells, cells_within, distance_km, size_for
from registry.matching.limits import CELLS

latitudes = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, -89.999, 0.0, 89.999, 90.0]))
longitudes = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, -179.999, 0.0, 179.999, 180.0]))
radii = st.floats(0.1, 350)


def reached(point: tuple[float, float], bearing: float, km: float) -> tuple[float, float]:
    """Return where one comes to on a great circle."""
    latitude, longitude, way = radians(point[0]), radians(point[1]), km / EARTH_KM
    north = asin(max(-1.0, min(1.0, sin(latitude) * cos(way) + cos(latitude) * sin(way) * cos(bearing))))
    east = atan2(sin(bearing) * sin(way) * cos(latitude), cos(way) - sin(latitude) * sin(north))
    return degrees(north), (degrees(longitude + east) + 180) % 360 - 180


@given(latitudes, longitudes, radii, st.floats(0, 2 * pi), st.floats(0, 1))
def test_whoever_is_within_the_circle_is_in_one_of_its_cells(
    latitude: float, longitude: float, radius: float, bearing: float, share: float
) -> None:
    there = reached((latitude, longitude), bearing, radius * share)

    assert not cells_within(latitude, longitude, radius).keys().isdisjoint(cells(*there))


@given(latitudes, longitudes, radii)
def test_a_circle_needs_few_cells_anywhere_on_earth(latitude: float, longitude: float, radius: float) -> None:
    assert 1 <= len(cells_within(latitude, longitude, radius)) <= CELLS


@given(latitudes, longitudes, radii)
def test_no_cell_lies_far_beyond_the_circle(latitude: float, longitude: float, radius: float) -> None:
    width = HEIGHTS[size_for(radius)] * 112 * 1.5

    assert max(cells_within(latitude, longitude, radius).values()) <= radius + width


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((-1.2921, 36.8219), (-4.0435, 39.6682), 440), ((0, 179.9), (0, -179.9), 22.2), ((90, 0), (90, 120), 0),
        ((0, 0), (0, 180), 20015), ((51.5, 0), (51.5, 0), 0),
    ],
)  # fmt: skip
def test_distances_are_those_of_a_sphere(one: tuple[float, float], other: tuple[float, float], km: float) -> None:
    assert distance_km(one, other) == pytest.approx(km, rel=0.01, abs=0.01)
    assert distance_km(other, one) == distance_km(one, other)


def test_east_and_west_meet_at_the_date_line() -> None:
    assert cell(0, 5.0, 180.0) == cell(0, 5.0, -180.0)
    assert cell(0, 5.0, 179.9999) in cells_within(5.0, -179.9999, 1.0)


def test_larger_circles_are_looked_up_in_larger_cells() -> None:
    assert [size_for(radius) for radius in (0.1, 4, 5, 20, 21, 100, 101, 200)] == [0, 0, 1, 1, 2, 2, 3, 3]
