"""What the decoder is given of a file: built anew from the parts that hold the picture, and nothing else.

Text, profiles, previews, second pictures, XMP and whatever stands behind a file's end are left out before the
decoder starts, so none of its code for them ever runs on a stranger's bytes: no text is inflated, no colour profile
is interpreted, no second frame is looked for. The readers (``jpeg``, ``png``, ``webp``) walk a file's own structure
and never look into compressed data. Colour profiles go with the rest: interpreting them is a larger risk than the
slight shift of colours that their absence means.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from registry.core.errors import InputRefused
from registry.photographs import limits

T = TypeVar("T")
FIELD = "photograph"


@dataclass(frozen=True, slots=True)
class Stripped:
    """A picture without what is not the picture. The size is the header's, as it is stored: not turned yet."""

    content: bytes = field(repr=False)
    width: int
    height: int
    exif: bytes = field(default=b"", repr=False)
    """The Exif block, from which the way up is read (``orientation``)."""


def damaged(rule: str) -> InputRefused:
    """Return the refusal of a file that is not whole, or not built as its format says."""
    return InputRefused(rule, field=FIELD, code="IMAGE_DAMAGED", remedy="Save the picture anew as JPEG, and send that.")


def animated() -> InputRefused:
    """Return the refusal of a file that holds several pictures: one would be vetted and another be shown."""
    return InputRefused(
        "is animated.", field=FIELD, code="IMAGE_ANIMATED", remedy="Send one picture, as JPEG, PNG or WebP."
    )


def unreadable(rule: str) -> InputRefused:
    """Return the refusal of a format, or a kind of it, that is not read."""
    return InputRefused(
        rule, field=FIELD, code="IMAGE_FORMAT", remedy="Send a JPEG, PNG or WebP, and declare it as what it is."
    )


def counted(parts: Iterable[T]) -> Iterator[T]:
    """Yield a file's parts, and refuse one that never ends."""
    iterator = iter(parts)
    yield from islice(iterator, limits.PARTS)
    if next(iterator, None) is not None:
        raise damaged(f"consists of more than {limits.PARTS} parts.")
