"""From the bytes of a stranger to a picture that may be kept: its pixels, and nothing else that came with it.

    read_image(content)      Image(content=…, media_type="image/jpeg", width=2048, height=1536, digest="9f86…", …)

1. The first bytes decide the format: JPEG, PNG or WebP, and no other.
2. The file is walked by its own structure and built anew without all that is not the picture (``stripped``).
3. The size that its header states is compared with the limits before anything is allocated.
4. One plugin of Pillow decodes it; transparency becomes white, every mode becomes RGB.
5. It is turned the right way up, scaled down, and the bare pixels are encoded.

What is kept is a JPEG of one fixed quality with full colour resolution. JPEG, because every viewer, printer and
face-comparison system of another country reads it (ISO/IEC 39794-5 and ANSI/NIST-ITL name it), which is not so for
WebP; one fixed quality, because nobody who sends a picture has a reason to choose another.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO

import PIL.Image
import PIL.WebPImagePlugin  # registers it; else Pillow would import every format it knows to find this one
from PIL.Image import Resampling, Transpose

from registry.core.errors import InputRefused
from registry.photographs import jpeg, limits, png, webp
from registry.photographs.orientation import orientation
from registry.photographs.stripped import FIELD, Stripped, damaged, unreadable

MEDIA_TYPE = "image/jpeg"
"""Of what is kept, whatever came."""

_READERS: dict[str, tuple[Callable[[bytes], Stripped], str]] = {
    "image/jpeg": (jpeg.strip, "JPEG"),
    "image/png": (png.strip, "PNG"),
    "image/webp": (webp.strip, "WEBP"),
}
"""By media type: who strips it, and which of Pillow's plugins decodes it."""

ACCEPTED = tuple(_READERS)

_TURNS = {
    2: Transpose.FLIP_LEFT_RIGHT, 3: Transpose.ROTATE_180, 4: Transpose.FLIP_TOP_BOTTOM, 5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270, 7: Transpose.TRANSVERSE, 8: Transpose.ROTATE_90,
}  # fmt: skip
"""How a picture is brought upright, by its orientation."""


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is kept."""

    content: bytes = field(repr=False)
    media_type: str
    width: int
    height: int
    digest: str
    """SHA-256 of the content, in hexadecimal digits."""
    source_digest: str
    """SHA-256 of what was handed in: whoever kept that file can prove which one it was."""


def media_type_of(content: bytes) -> str | None:
    """Return which of the accepted media types a file begins as."""
    if content.startswith(jpeg.MAGIC):
        return "image/jpeg"
    if content.startswith(png.MAGIC):
        return "image/png"
    return "image/webp" if webp.is_webp(content) else None


def read_image(content: bytes, *, declared: str | None = None) -> Image:
    """Return the picture within, fit to be kept. Costs up to a second and 250 MB: never call it on the event loop.

    ``declared`` is the media type the sender named, which must be the one that the first bytes show.
    Codes: IMAGE_FORMAT, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL, IMAGE_ANIMATED, IMAGE_DAMAGED.
    """
    if len(content) > limits.BYTES:
        raise too_long()
    media_type = media_type_of(content)
    if media_type is None:
        raise unreadable("is neither JPEG, PNG nor WebP.")
    if declared not in (None, media_type):
        raise unreadable("is not of the media type that is declared.")
    strip, plugin = _READERS[media_type]
    stripped = strip(content)
    target = _target(stripped.width, stripped.height, limits.PIXELS[media_type])
    pixels = _pixels(stripped, plugin, target)
    encoded = _encoded(pixels)
    return Image(
        content=encoded, media_type=MEDIA_TYPE, width=pixels.width, height=pixels.height,
        digest=hashlib.sha256(encoded).hexdigest(), source_digest=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def too_long() -> InputRefused:
    """Return the refusal of a file of too many bytes."""
    megabytes = limits.BYTES // 1024**2
    return InputRefused(
        f"is longer than {megabytes} MiB.", field=FIELD, code="IMAGE_TOO_LARGE",
        remedy="Scale it down to 2048 pixels, and save it as JPEG.",
    )  # fmt: skip


def _target(width: int, height: int, most: int) -> tuple[int, int]:
    """Return the size after scaling down, or refuse the size that the header states."""
    if width * height > most:
        raise InputRefused(
            f"has more than {most / 1_000_000:g} million pixels.", field=FIELD, code="IMAGE_TOO_LARGE",
            remedy=f"Scale it down to {limits.LONGEST_SIDE} pixels; more are not kept.",
        )  # fmt: skip
    longest = max(width, height, limits.LONGEST_SIDE)
    target = round(width * limits.LONGEST_SIDE / longest), round(height * limits.LONGEST_SIDE / longest)
    if min(target) < limits.SHORTEST_SIDE:
        raise InputRefused(
            f"has a side of less than {limits.SHORTEST_SIDE} pixels, or would have one once scaled down.", field=FIELD,
            code="IMAGE_TOO_SMALL", remedy="Send a larger picture, or cut it to the person.",
        )  # fmt: skip
    return target


def _pixels(stripped: Stripped, plugin: str, target: tuple[int, int]) -> PIL.Image.Image:
    """Decode, flatten, scale and turn."""
    try:
        with PIL.Image.open(BytesIO(stripped.content), formats=[plugin]) as opened:
            _check_size(opened, stripped)
            opened.draft(None, target)  # a JPEG is decoded at a fraction of its size; nothing to the others
            opened.load()
            scaled = _scaled(opened, target)
    except (InputRefused, MemoryError):
        raise
    except Exception as problem:  # whatever a decoder stumbles over, the picture is why
        raise damaged("cannot be decoded.") from problem
    turn = _TURNS.get(orientation(stripped.exif))
    return scaled if turn is None else scaled.transpose(turn)


def _check_size(opened: PIL.Image.Image, stripped: Stripped) -> None:
    """Refuse a picture that our reader and the decoder understand differently: only one of them saw the limits."""
    if opened.size != (stripped.width, stripped.height):
        raise damaged("states two sizes.")


def _scaled(opened: PIL.Image.Image, target: tuple[int, int]) -> PIL.Image.Image:
    """Return it in RGB at its final size; what shines through is white, as paper is."""
    if opened.mode == "I;16":
        opened = _of_16_bits(opened)
    if not opened.has_transparency_data:
        flat = opened if opened.mode == "RGB" else opened.convert("RGB")
        return flat.resize(target, Resampling.LANCZOS, reducing_gap=3.0)
    layered = opened if opened.mode == "RGBA" else opened.convert("RGBA")
    layered = layered.resize(target, Resampling.LANCZOS, reducing_gap=3.0)
    paper = PIL.Image.new("RGB", target, "white")
    paper.paste(layered, mask=layered.getchannel("A"))
    return paper


def _of_16_bits(opened: PIL.Image.Image) -> PIL.Image.Image:
    """Return a grey picture of 16 bits with the upper eight; Pillow's own conversion would cut off all above 255."""
    return PIL.Image.frombytes("L", opened.size, opened.tobytes()[1::2])


def _encoded(pixels: PIL.Image.Image) -> bytes:
    """Encode bare pixels: an image made of them can carry nothing along."""
    bare = PIL.Image.frombytes("RGB", pixels.size, pixels.tobytes())
    written = BytesIO()
    bare.save(written, "JPEG", quality=limits.QUALITY, subsampling="4:4:4")
    return written.getvalue()
