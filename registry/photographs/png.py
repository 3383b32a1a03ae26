"""PNG (W3C, third edition): a signature, then chunks of length, kind, data and CRC-32.

    89 50 4E 47 0D 0A 1A 0A | 0000000D IHDR … | … iCCP … | … zTXt … | … IDAT … | 00000000 IEND AE426082 | anything

Kept are the chunks that hold pixels; the ancillary ones are never inflated. A kept chunk's CRC is compared here,
because the decoder does not compare those of IDAT.
"""

from collections.abc import Iterator
from zlib import crc32

from registry.photographs.stripped import Stripped, animated, counted, damaged

MAGIC = b"\x89PNG\r\n\x1a\n"

_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_ANIMATION = frozenset({b"acTL", b"fcTL", b"fdAT"})
_AROUND = 12
"""Bytes of a chunk besides its data."""
_HEADER = _AROUND + 13
"""Bytes of the first chunk: width, height, and five numbers of one byte."""


def strip(content: bytes) -> Stripped:
    """Return what the decoder needs of a PNG. Codes: IMAGE_DAMAGED, IMAGE_ANIMATED."""
    kept: list[bytes] = []
    exif = b""
    for kind, start, end in counted(_chunks(content)):
        if kind in _ANIMATION:
            raise animated()
        if kind in _KEPT:
            kept.append(_checked(content[start:end]))
        elif kind == b"eXIf":
            exif = exif or content[start + 8 : end - 4]
        elif not kind[0] & 0x20:  # a capital: critical, so the picture can't be shown without it
            raise damaged("holds a chunk that no PNG needs.")
    kinds = [chunk[4:8] for chunk in kept]
    if kinds[0] != b"IHDR" or kinds.count(b"IHDR") != 1 or len(kept[0]) != _HEADER or b"IDAT" not in kinds:
        raise damaged("holds no picture.")
    width, height = int.from_bytes(kept[0][8:12]), int.from_bytes(kept[0][12:16])
    return Stripped(MAGIC + b"".join(kept), width, height, exif)


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the kind and the place of each chunk, the last one's too."""
    start, kind = len(MAGIC), b""
    while kind != b"IEND":
        kind = content[start + 4 : start + 8]
        end = start + _AROUND + int.from_bytes(content[start : start + 4])
        if len(kind) != 4 or end > len(content):
            raise damaged("ends within a chunk.")
        yield kind, start, end
        start = end


def _checked(chunk: bytes) -> bytes:
    if crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:]):
        raise damaged("holds a chunk whose check value differs.")
    return chunk
