"""WebP (RFC 9649): a RIFF container around a VP8 or a VP8L picture.

    "RIFF" size "WEBP" | "VP8X" … | "ICCP" … | "ALPH" … | "VP8 " … | "EXIF" … | "XMP " …      numbers little-endian

Kept are the picture and its transparency, in a container of ours. The size is read from the picture itself: what VP8X
says of it must be the same, and is written anew.
"""

from collections.abc import Iterator

from registry.photographs.stripped import Stripped, animated, counted, damaged

_LOSSY, _LOSSLESS, _ALPHA = b"VP8 ", b"VP8L", b"ALPH"
_ANIMATION = frozenset({b"ANIM", b"ANMF"})
_ANIMATED, _TRANSPARENT = 0x02, 0x10
"""Flags of VP8X."""
_HEAD = 10
"""Bytes of VP8X, and of a lossy picture until its size ends."""


def is_webp(content: bytes) -> bool:
    """Say whether a file begins as a WebP does."""
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def strip(content: bytes) -> Stripped:
    """Return what the decoder needs of a WebP. Codes: IMAGE_DAMAGED, IMAGE_ANIMATED."""
    parts: dict[bytes, bytes] = {}
    for kind, data in counted(_chunks(content)):
        if kind in _ANIMATION or (kind == b"VP8X" and data[:1] and data[0] & _ANIMATED):
            raise animated()
        if kind in (_LOSSY, _LOSSLESS) and not parts.keys().isdisjoint({_LOSSY, _LOSSLESS}):
            raise damaged("holds two pictures.")
        parts.setdefault(kind, data)
    size = _size(parts)
    if b"VP8X" in parts and _canvas(parts[b"VP8X"]) != size:
        raise damaged("states two sizes.")
    exif = parts.get(b"EXIF", b"").removeprefix(b"Exif\0\0")
    return Stripped(_rebuilt(parts, size), *size, exif)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield kind and data of each chunk; the byte that pads an odd one may be missing at the end."""
    total = 8 + int.from_bytes(content[4:8], "little")
    if total > len(content):
        raise damaged("ends before its end.")
    position = 12
    while position + 8 <= total:
        end = position + 8 + int.from_bytes(content[position + 4 : position + 8], "little")
        if end > total:
            raise damaged("ends within a chunk.")
        yield content[position : position + 4], content[position + 8 : end]
        position = end + end % 2


def _size(parts: dict[bytes, bytes]) -> tuple[int, int]:
    """Return the picture's own width and height (RFC 6386, 9.1; RFC 9649, 3.4)."""
    if lossy := parts.get(_LOSSY, b""):
        if len(lossy) >= _HEAD and not lossy[0] & 1 and lossy[3:6] == b"\x9d\x01\x2a":
            return int.from_bytes(lossy[6:8], "little") & 0x3FFF, int.from_bytes(lossy[8:10], "little") & 0x3FFF
    elif (lossless := parts.get(_LOSSLESS, b""))[:1] == b"\x2f" and len(lossless) >= 5:
        packed = int.from_bytes(lossless[1:5], "little")
        return (packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1
    raise damaged("holds no picture.")


def _canvas(extended: bytes) -> tuple[int, int]:
    return int.from_bytes(extended[4:7], "little") + 1, int.from_bytes(extended[7:10], "little") + 1


def _rebuilt(parts: dict[bytes, bytes], size: tuple[int, int]) -> bytes:
    if _LOSSLESS in parts:
        body = _chunk(_LOSSLESS, parts[_LOSSLESS])
    elif _ALPHA in parts:
        canvas = b"".join((side - 1).to_bytes(3, "little") for side in size)
        extended = _chunk(b"VP8X", bytes((_TRANSPARENT, 0, 0, 0)) + canvas)
        body = extended + _chunk(_ALPHA, parts[_ALPHA]) + _chunk(_LOSSY, parts[_LOSSY])
    else:
        body = _chunk(_LOSSY, parts[_LOSSY])
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body


def _chunk(kind: bytes, data: bytes) -> bytes:
    return kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
