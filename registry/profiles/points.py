"""A point on the map, as a member of a record may hold it: a geo URI (RFC 5870) in WGS 84, without altitude.

    POINT.read("geo:-1.29210,36.8219", edition)      "geo:-1.2921,36.8219"
    coordinates("geo:-1.2921,36.8219")               (-1.2921, 36.8219)

One point has one spelling: no zeros at the end, longitude 180 rather than -180, and 0 at the poles (RFC 5870, 3.4.4).
Six digits behind the point are a decimetre; more is no knowledge of anybody.
"""

import re
from typing import Any

from registry.editions.edition import Edition
from registry.profiles.kinds import AsIs, Refused

_NUMBER = r"-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,6})?"
_FORM = re.compile(rf"geo:({_NUMBER}),({_NUMBER})", re.ASCII)


class _Point(AsIs):
    """RFC 5870, two coordinates."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002  the kinds' common form
        """Return the point in its one spelling."""
        found = _FORM.fullmatch(value) if isinstance(value, str) else None
        if found is None or not (abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180):
            raise Refused(
                "FORM_MALFORMED", "does not have its form.",
                "Write geo:latitude,longitude in degrees (WGS 84), at most six digits behind the point.",
            )  # fmt: skip
        return spelt(float(found[1]), float(found[2]))

    def schema(self, edition: Edition) -> dict[str, Any]:  # noqa: ARG002
        """A pattern; the bounds of degrees are beyond it."""
        return {"type": "string", "pattern": f"^{_FORM.pattern}$"}

    def words(self) -> str:
        """The standard."""
        return "point as a geo URI (RFC 5870, WGS 84): `geo:latitude,longitude`"


POINT = _Point()
_DIGITS = 6
"""Behind the point of a degree: a tenth of a metre."""


def spelt(latitude: float, longitude: float) -> str:
    """Write a point in its one spelling."""
    latitude, longitude = round(latitude, _DIGITS), round(longitude, _DIGITS)
    if abs(latitude) == 90:
        longitude = 0.0
    elif longitude == -180:
        longitude = 180.0
    return f"geo:{_shortest(latitude)},{_shortest(longitude)}"


def coordinates(point: str) -> tuple[float, float]:
    """Return latitude and longitude of a point as `read` returned it."""
    latitude, _, longitude = point.removeprefix("geo:").partition(",")
    return float(latitude), float(longitude)


def _shortest(degrees: float) -> str:
    text = f"{degrees:.{_DIGITS}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
