r"""Which way up a picture was taken: the one fact of Exif (CIPA DC-008) that changes what is seen.

    b"II*\0" 08000000 | 0100 | 1201 0300 01000000 0600 0000 | …        tag 0x0112, a short: 6, turn right

A reader of twenty lines stands here so that the decoder's own, which follows every pointer of the block, is not used.
"""

from typing import Literal

UPRIGHT = 1
_TAG, _SHORT = 0x0112, 3
_ENTRY = 12


def orientation(exif: bytes) -> int:
    """Return 1 to 8 as the first directory says; 1 when it says nothing that can be understood."""
    order = _order(exif)
    if order is None:
        return UPRIGHT
    start = int.from_bytes(exif[4:8], order)
    count = int.from_bytes(exif[start : start + 2], order)
    for place in range(start + 2, min(start + 2 + count * _ENTRY, len(exif)), _ENTRY):
        tag = int.from_bytes(exif[place : place + 2], order)
        kind = int.from_bytes(exif[place + 2 : place + 4], order)
        value = int.from_bytes(exif[place + 8 : place + 10], order)
        if tag == _TAG:
            return value if kind == _SHORT and 1 <= value <= 8 else UPRIGHT
    return UPRIGHT


def _order(exif: bytes) -> Literal["little", "big"] | None:
    """Return the byte order that the first four bytes name."""
    if exif[:4] == b"II*\0":
        return "little"
    return "big" if exif[:4] == b"MM\0*" else None
