"""JPEG (ITU-T T.81): markers and segments.

    FF D8 | FF E0 0010 "JFIF"… | FF E1 … "Exif"… | FF DB … | FF C0 … | FF C4 … | FF DA … scan | FF D9 | anything

Kept are the tables, the frame, and the scans. JFIF and Adobe segments decide how colours are meant, so where a file has
one, one of ours stands in its place. After FF D9 cameras put previews, depth maps and films, and others an archive.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from registry.photographs import limits
from registry.photographs.stripped import Stripped, counted, damaged, unreadable

MAGIC = b"\xff\xd8\xff"

_EOI, _SOS, _APP0, _APP1, _APP14, _COM = 0xD9, 0xDA, 0xE0, 0xE1, 0xEE, 0xFE
_FRAMES = (0xC0, 0xC1, 0xC2)
"""Baseline, extended and progressive, all Huffman. Lossless, hierarchical and arithmetic kinds are written by nobody's
camera, and their decoders are the least tried."""
_LONGEST = {0xC4: 2 + 8 * (17 + 256), 0xDB: 2 + 4 * 129, 0xDD: 4}
"""Tables, and the most bytes their segment can need: eight Huffman tables, four quantisation tables, one interval."""
_DROPPED = frozenset({*range(_APP0, 0xF0), _COM})
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""A marker as it ends a scan: FF 00 is the byte FF, D0 to D7 only restart, and any number of FF may stand before."""
_JFIF = bytes.fromhex("ffe0 0010 4a46494600 0101 00 0001 0001 00 00")
_ADOBE = bytes.fromhex("ffee 000e 41646f6265 0064 0000 0000")


@dataclass(slots=True)
class _Seen:
    kept: list[bytes] = field(default_factory=list)
    size: tuple[int, int] | None = None
    scans: int = 0
    has_jfif: bool = False
    transform: bytes = b""
    exif: bytes = b""


def strip(content: bytes) -> Stripped:
    """Return what the decoder needs of a JPEG. Codes: IMAGE_DAMAGED, IMAGE_FORMAT."""
    seen = _Seen()
    for code, segment in counted(_segments(content)):
        if code in _DROPPED:
            _look_at(seen, code, segment)
        else:
            _keep(seen, code, segment)
    if seen.size is None or not seen.scans:
        raise damaged("holds no picture.")
    opening = [b"\xff\xd8", _JFIF if seen.has_jfif else b"", _ADOBE + seen.transform if seen.transform else b""]
    width, height = seen.size
    return Stripped(b"".join([*opening, *seen.kept, b"\xff\xd9"]), width, height, seen.exif)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each segment from its length on, a scan's with the scan, until the end of the image."""
    position = len(MAGIC) - 1
    while (start := _next(content, position)) and content[start - 1] != _EOI:
        end = start + int.from_bytes(content[start : start + 2])
        if end < start + 2 or end > len(content):
            raise damaged("ends within a segment.")
        position = _next(content, end) - 2 if content[start - 1] == _SOS else end
        yield content[start - 1], content[start:position]


def _next(content: bytes, position: int) -> int:
    """Return where the next marker's content begins."""
    found = _MARKER.search(content, position)
    if found is None:
        raise damaged("ends before its last marker.")
    return found.end()


def _look_at(seen: _Seen, code: int, segment: bytes) -> None:
    """Learn from a segment that is left out."""
    content = segment[2:]
    if code == _APP0 and content.startswith(b"JFIF\0"):
        seen.has_jfif = True
    elif code == _APP14 and content.startswith(b"Adobe") and len(content) >= 12:
        seen.transform = content[11:12]
    elif code == _APP1 and content.startswith(b"Exif\0\0"):
        seen.exif = seen.exif or content[6:]


def _keep(seen: _Seen, code: int, segment: bytes) -> None:
    """Keep a segment that the decoder needs."""
    if code in _FRAMES:
        _frame(seen, segment)
    elif code == _SOS:
        seen.scans += 1
        if seen.scans > limits.SCANS:
            raise damaged(f"consists of more than {limits.SCANS} scans.")
    elif 0xC0 <= code < 0xE0 and code not in _LONGEST:
        raise unreadable("is of a kind of JPEG that is not read: lossless, arithmetic or hierarchical.")
    elif len(segment) > _LONGEST.get(code, 0):
        raise damaged("holds a segment that no JPEG has.")
    seen.kept.append(bytes((0xFF, code)) + segment)


def _frame(seen: _Seen, segment: bytes) -> None:
    """Read the frame's header: precision, height, width, components."""
    if seen.size is not None or len(segment) < 8:
        raise damaged("has no plain frame.")
    if segment[2] != 8 or segment[7] not in (1, 3, 4):
        raise unreadable("has other than 8 bits, or than 1, 3 or 4 colours.")
    seen.size = int.from_bytes(segment[5:7]), int.from_bytes(segment[3:5])
