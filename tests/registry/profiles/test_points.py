"""A point on the map: read strictly, spelt in one way."""

import re

import pytest
from hypothesis import given, strategies as st

from registry.profiles.kinds import Refused
from registry.profiles.points import POINT, coordinates, spelt
from tests.factories import EDITION

READ = [
    ("geo:-1.2921,36.8219", "geo:-1.2921,36.8219"),
    ("geo:-1.292100,36.82190", "geo:-1.2921,36.8219"),
    ("geo:0,0", "geo:0,0"),
    ("geo:-0,-0.000000", "geo:0,0"),
    ("geo:5,-180", "geo:5,180"),
    ("geo:90,77.5", "geo:90,0"),
    ("geo:-90,180", "geo:-90,0"),
]
REFUSED = [
    "", "-1.2921,36.8219", "geo:-1.2921", "geo:-1.2921, 36.8219", "geo:91,0", "geo:0,181", "geo:-90.000001,0",
    "geo:1e1,0",
    "geo:nan,0", "geo:inf,0", "geo:1.1234567,0", "geo:01,0", "geo:+1,0", "geo:1.,0", "GEO:1,1", "geo:1,1,40",
    "geo:1,1;u=35", "geo:1,1;crs=wgs84", "geo:\u0661,1", "geo:1,1\n", "9" * 10_000, None, 7, ["geo:1,1"],
]  # fmt: skip


@pytest.mark.parametrize(("written", "kept"), READ)
def test_a_point_has_one_spelling(written: str, kept: str) -> None:
    assert POINT.read(written, EDITION) == kept
    assert POINT.read(kept, EDITION) == kept


@pytest.mark.parametrize("written", REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_point_is_refused_with_the_way_to_write_one(written: object) -> None:
    with pytest.raises(Refused) as refused:
        POINT.read(written, EDITION)

    assert refused.value.code == "FORM_MALFORMED"
    assert "geo:latitude,longitude" in refused.value.remedy


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_what_is_spelt_is_read_back(latitude: float, longitude: float) -> None:
    point = spelt(latitude, longitude)

    assert POINT.read(point, EDITION) == point
    assert spelt(*coordinates(point)) == point
    assert re.fullmatch(POINT.schema(EDITION)["pattern"], point)
    assert coordinates(point)[0] == pytest.approx(latitude, abs=1e-6)
