"""Pictures of nobody: gradients and coloured corners, and the ways in which a file can be more than a picture.

encoded(corners(), "image/png")                    an ordinary file
with_chunk(png, b"zTXt", bomb)                     the same with something before its pixels
read_image(…)                                      is what the tests do with them
"""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

from PIL import Image

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
_PLUGINS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}

CORNERS = ((220, 30, 30), (30, 200, 30), (30, 30, 220), (240, 240, 40))
"""Top left, top right, bottom left, bottom right."""

Colour = tuple[int, int, int]


def gradient(width: int = 320, height: int = 200) -> Image.Image:
    """Return a picture that runs from colour to colour."""
    linear = Image.linear_gradient("L")
    bands = (linear, linear.rotate(90), Image.radial_gradient("L"))
    return Image.merge("RGB", [band.resize((width, height)) for band in bands])


def corners(width: int = 320, height: int = 200) -> Image.Image:
    """Return a picture whose four quarters differ, so that it can be seen how it lies."""
    picture = Image.new("RGB", (width, height))
    for place, colour in enumerate(CORNERS):
        left, top = place % 2 * width // 2, place // 2 * height // 2
        picture.paste(colour, (left, top, left + width // 2, top + height // 2))
    return picture


def encoded(picture: Image.Image, media_type: str = "image/jpeg", **options: Any) -> bytes:  # Any: the plugin's own
    """Return a picture as a file."""
    written = BytesIO()
    picture.save(written, _PLUGINS[media_type], **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    """Open what we have encoded, without any of our own code."""
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


def colours(content: bytes) -> list[Colour]:
    """Return the colours in the middle of the four quarters."""
    picture = opened(content).convert("RGB")
    width, height = picture.size
    middles = [(x * width // 4, y * height // 4) for y in (1, 3) for x in (1, 3)]
    return [_colour(picture.getpixel(place)) for place in middles]


def _colour(pixel: object) -> Colour:
    assert isinstance(pixel, tuple)
    red, green, blue = pixel
    return red, green, blue


def is_like(seen: list[Colour], wanted: list[Colour], *, tolerance: int = 12) -> bool:
    """Say whether colours are those that are wanted, as far as a lossy format keeps them."""
    return all(
        abs(one - other) <= tolerance
        for left, right in zip(seen, wanted, strict=True)
        for one, other in zip(left, right, strict=True)
    )


# -- containers


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """Return a chunk of a PNG."""
    return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)


def with_chunk(png: bytes, kind: bytes, data: bytes, *, before: bytes = b"IDAT") -> bytes:
    """Return a PNG with one chunk more."""
    place = png.index(before) - 4
    return png[:place] + chunk(kind, data) + png[place:]


def png_of(header: tuple[int, int, int, int], rows: bytes, *others: bytes) -> bytes:
    """Return a PNG of width, height, depth and colour type, with rows as they are deflated."""
    width, height, depth, colour = header
    first = width.to_bytes(4) + height.to_bytes(4) + bytes((depth, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"".join([b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", first), *others, pixels, chunk(b"IEND")])


def with_segment(jpeg: bytes, code: int, content: bytes) -> bytes:
    """Return a JPEG with one segment more, before all others."""
    return jpeg[:2] + bytes((0xFF, code)) + (len(content) + 2).to_bytes(2) + content + jpeg[2:]


def segments(jpeg: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG before its pixels; a reader that shares nothing with ours."""
    place = 2
    while jpeg[place + 1] != 0xDA:
        length = int.from_bytes(jpeg[place + 2 : place + 4])
        yield jpeg[place + 1], jpeg[place + 4 : place + 2 + length]
        place += 2 + length


def with_riff(webp: bytes, kind: bytes, data: bytes) -> bytes:
    """Return a WebP with one chunk more, at its end."""
    body = webp[12:] + kind + len(data).to_bytes(4, "little") + data + b"\0" * (len(data) % 2)
    return b"RIFF" + (4 + len(body)).to_bytes(4, "little") + b"WEBP" + body


def with_exif(media_type: str, picture: bytes, block: bytes) -> bytes:
    """Return a file with an Exif block, wherever its format has it."""
    adding: dict[str, Callable[[], bytes]] = {
        "image/jpeg": lambda: with_segment(picture, 0xE1, b"Exif\0\0" + block),
        "image/png": lambda: with_chunk(picture, b"eXIf", block),
        "image/webp": lambda: with_riff(picture, b"EXIF", block),
    }
    return adding[media_type]()


def exif(turn: int, *, order: str = "little", text: bytes = b"") -> bytes:
    """Return an Exif block that states an orientation; ``text`` stands behind it, as a maker's note would."""
    little = order == "little"

    def number(value: int, size: int) -> bytes:
        return value.to_bytes(size, "little" if little else "big")

    entry = number(0x0112, 2) + number(3, 2) + number(1, 4) + number(turn, 2) + b"\0\0"
    return (b"II" if little else b"MM") + number(42, 2) + number(8, 4) + number(1, 2) + entry + number(0, 4) + text


# -- what stands in a file besides


def archive() -> bytes:
    """Return a ZIP that could be opened from the end of any file."""
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr(zipfile.ZipInfo("invented.txt"), "an invented text that nobody is to receive " * 3)
    return written.getvalue()


PAYLOADS = {
    "html": b"<!doctype html><html><script>alert('invented')</script></html>",
    "php": b"<?php system($_GET['invented']); __HALT_COMPILER(); ?>",
    "pdf": b"%PDF-1.7\n1 0 obj<</Type/Catalog/OpenAction 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
    "zip": archive(),
    "shell": b"#!/bin/sh\necho invented > an-invented-file\n",
}


def survives(payload: bytes, content: bytes, *, run: int = 6) -> bool:
    """Say whether any run of so many bytes of a payload stands in a file; runs of noughts stand in every file."""
    runs = (payload[place : place + run] for place in range(len(payload) - run + 1))
    return any(each in content for each in runs if len(set(each)) > 2)
