"""Small files that would cost much: refused from their headers, or read at a bounded cost."""

import subprocess
import sys
import zlib
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import process_time
from timeit import timeit

import PIL.Image
import pytest

from registry.core.errors import InputRefused
from registry.photographs import image, jpeg, limits, png, webp
from registry.photographs.image import read_image
from registry.photographs.stripped import Stripped
from tests.registry.photographs.pictures import (
    MEDIA_TYPES,
    chunk,
    corners,
    encoded,
    exif,
    gradient,
    png_of,
    with_chunk,
    with_exif,
    with_riff,
    with_segment,
)

ROOT = Path(__file__).parents[3]
MOST_SECONDS = 10
"""Of one picture; ordinary ones take less than one. Slack for a machine on which much else runs."""
MOST_MEGABYTES = 300


@cache
def deflated() -> bytes:
    """Return 300 kB that become 300 MB."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()


@pytest.fixture
def no_decoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PIL.Image, "open", lambda *_, **__: pytest.fail("the decoder was asked"))


def refused(content: bytes) -> InputRefused:
    begun = process_time()
    with pytest.raises(InputRefused) as caught:
        read_image(content)
    assert process_time() - begun < MOST_SECONDS
    return caught.value


def with_jpeg_size(content: bytes, width: int, height: int) -> bytes:
    place = content.index(b"\xff\xc0") + 5
    return content[:place] + height.to_bytes(2) + width.to_bytes(2) + content[place + 4 :]


def with_webp_size(content: bytes, width: int, height: int) -> bytes:
    place = content.index(b"\x9d\x01\x2a") + 3
    return content[:place] + width.to_bytes(2, "little") + height.to_bytes(2, "little") + content[place + 4 :]


# -- pixels


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (65_000, 65_000), (65_535, 400)])
def test_too_many_pixels_are_refused_before_the_decoder_is_asked(width: int, height: int) -> None:
    files = [
        with_jpeg_size(encoded(gradient()), width, height),
        png_of((width, height, 8, 2), b""),
        png_of((width, height, 1, 0), b""),
    ]

    assert [refused(each).code for each in files] == ["IMAGE_TOO_LARGE"] * 3


@pytest.mark.usefixtures("no_decoder")
def test_a_png_can_not_be_larger_than_numbers_are() -> None:
    assert refused(png_of((2**32 - 1, 2**32 - 1, 16, 6), b"")).code == "IMAGE_TOO_LARGE"
    assert refused(png_of((0, 2**31, 8, 2), b"")).code == "IMAGE_TOO_SMALL"


@pytest.mark.usefixtures("no_decoder")
def test_too_many_pixels_of_a_webp_are_refused_before_the_decoder_is_asked() -> None:
    lossless = bytearray(encoded(gradient(), "image/webp", lossless=True))
    lossless[21:25] = (16383 | 16383 << 14).to_bytes(4, "little")

    assert refused(with_webp_size(encoded(gradient(), "image/webp"), 3536, 3536)).code == "IMAGE_TOO_LARGE"
    assert refused(bytes(lossless)).code == "IMAGE_TOO_LARGE"


@pytest.mark.usefixtures("no_decoder")
def test_a_webp_that_states_two_sizes_is_refused() -> None:
    content = with_riff(encoded(gradient(), "image/webp"), b"VP8X", bytes(4) + b"\x3f\x3f\0" + b"\x3f\x3f\0")

    assert refused(content).code == "IMAGE_DAMAGED"


@pytest.mark.usefixtures("no_decoder")
def test_a_webp_of_two_pictures_or_with_a_chunk_beyond_its_end_is_refused() -> None:
    content = encoded(gradient(), "image/webp")
    beyond = content[:16] + (2**31).to_bytes(4, "little") + content[20:]

    assert refused(with_riff(content, b"VP8L", b"\x2f" + bytes(8))).code == "IMAGE_DAMAGED"
    assert refused(beyond).code == "IMAGE_DAMAGED"


def test_a_size_that_the_decoder_understands_differently_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the format: what was compared with the limits is what is decoded."""

    def mistaken(content: bytes) -> Stripped:
        return replace(png.strip(content), width=100)

    monkeypatch.setitem(image._READERS, "image/png", (mistaken, "PNG"))

    assert refused(encoded(gradient(), "image/png")).code == "IMAGE_DAMAGED"


def test_a_machine_without_memory_is_not_the_picture_s_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(PIL.Image, "open", exhausted)

    with pytest.raises(MemoryError):
        read_image(encoded(gradient()))


@pytest.mark.usefixtures("no_decoder")
def test_a_jpeg_with_a_second_frame_is_refused() -> None:
    content = encoded(gradient())
    place = content.index(b"\xff\xc0")
    frame = content[place : place + 19]

    assert refused(content[:place] + frame + content[place:]).code == "IMAGE_DAMAGED"


# -- what is not pixels


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_compressed_text_or_profile_never_reaches_the_decoder(kind: bytes) -> None:
    opening = {b"zTXt": b"Comment\0\0", b"iTXt": b"Comment\0\1\0\0\0", b"iCCP": b"profile\0\0"}
    bomb = deflated()
    content = with_chunk(encoded(gradient(), "image/png"), kind, opening[kind] + bomb)

    stripped = png.strip(content)

    assert kind not in stripped.content
    assert len(stripped.content) < len(content) - len(bomb)
    assert read_image(content).width == 320


def test_profiles_texts_and_previews_of_the_other_formats_never_reach_it_either() -> None:
    photo = encoded(
        gradient(), icc_profile=bytes(200_000), comment=b"invented", exif=b"Exif\0\0" + exif(6), xmp=b"<x/>"
    )
    picture = encoded(gradient(), "image/webp", icc_profile=bytes(200_000), exif=exif(6), xmp=b"<x/>")

    inner = jpeg.strip(photo)
    outer = webp.strip(picture)

    assert not any(each in inner.content for each in (b"ICC", b"Exif", b"invented", b"<x/>"))
    assert not any(each in outer.content for each in (b"ICCP", b"EXIF", b"XMP", b"VP8X"))
    assert inner.exif == outer.exif == exif(6)


def test_pixels_beyond_the_last_row_are_not_inflated() -> None:
    """The header says 100 rows of noughts, and the data holds a million of them."""
    header = (100).to_bytes(4) * 2 + bytes((8, 2, 0, 0, 0))
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", deflated()) + chunk(b"IEND")
    seconds_to_inflate = timeit(lambda: zlib.decompress(deflated()), number=1, timer=process_time)

    seconds = timeit(lambda: read_image(content), number=1, timer=process_time)

    assert seconds < seconds_to_inflate


# -- parts without end


def test_a_progressive_jpeg_of_thousands_of_scans_is_refused() -> None:
    content = encoded(gradient(64, 64), progressive=True)
    last = content.rindex(b"\xff\xda")
    read_image(content)

    for count in (limits.SCANS, 10_000):
        assert refused(content[:-2] + content[last:-2] * count + content[-2:]).code == "IMAGE_DAMAGED"


@pytest.mark.usefixtures("no_decoder")
def test_a_file_of_millions_of_parts_is_refused() -> None:
    photo, picture, web = (encoded(gradient(), media_type) for media_type in MEDIA_TYPES)
    room = limits.BYTES - 100_000
    files = [
        photo[:2] + b"\xff\xfe\0\2" * (room // 4) + photo[2:],
        photo[:2] + b"\xff\xdd\0\4\0\0" * (room // 6) + photo[2:],
        picture[:33] + chunk(b"inVt") * (room // 12) + picture[33:],
        b"RIFF"
        + (len(web) - 8 + room // 8 * 8).to_bytes(4, "little")
        + b"WEBP"
        + b"INVT\0\0\0\0" * (room // 8)
        + web[12:],
    ]

    assert [refused(each).code for each in files] == ["IMAGE_DAMAGED"] * 4


@pytest.mark.parametrize("fill", [b"\xff", b"\xff\x00", b"\xff\xd0", b"\x00"])
def test_a_scan_without_end_is_walked_once(fill: bytes) -> None:
    content = encoded(gradient())

    assert refused(content[:-2] + fill * ((limits.BYTES - len(content)) // len(fill))).code == "IMAGE_DAMAGED"


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(("code", "content"), [
    (0xDB, bytes(65 * 100)), (0xC4, bytes(8000)), (0xDD, bytes(100)), (0x01, b""), (0xD8, b""), (0xF0, b""),
])  # fmt: skip
def test_a_segment_that_no_jpeg_needs_is_refused(code: int, content: bytes) -> None:
    assert refused(with_segment(encoded(gradient()), code, content)).code in ("IMAGE_DAMAGED", "IMAGE_FORMAT")


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize("code", [0xC3, 0xC5, 0xC7, 0xC9, 0xCA, 0xCB, 0xCC, 0xCF, 0xDC, 0xDE, 0xDF])
def test_kinds_of_jpeg_that_no_camera_writes_are_refused(code: int) -> None:
    content = encoded(gradient())
    place = content.index(b"\xff\xc0") + 1

    assert refused(content[:place] + bytes((code,)) + content[place + 1 :]).code == "IMAGE_FORMAT"


@pytest.mark.usefixtures("no_decoder")
@pytest.mark.parametrize(("place", "value"), [(4, 12), (9, 2), (9, 0), (9, 255)])
def test_a_jpeg_of_other_depths_or_colours_is_refused(place: int, value: int) -> None:
    content = encoded(gradient())
    place += content.index(b"\xff\xc0")

    assert refused(content[:place] + bytes((value,)) + content[place + 1 :]).code == "IMAGE_FORMAT"


@pytest.mark.usefixtures("no_decoder")
def test_a_png_with_a_wrong_check_value_or_an_unknown_critical_chunk_is_refused() -> None:
    content = encoded(gradient(), "image/png")
    place = content.index(b"IDAT") + 40

    changed = content[:place] + bytes((content[place] ^ 1,)) + content[place + 1 :]

    assert refused(changed).code == "IMAGE_DAMAGED"
    assert refused(with_chunk(content, b"INVT", b"")).code == "IMAGE_DAMAGED"
    assert refused(with_chunk(content, b"IHDR", bytes(13))).code == "IMAGE_DAMAGED"


# -- what a picture costs

COST = """
import resource, sys
from pathlib import Path
from registry.photographs.image import read_image
content = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
read_image(content)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
print(*sorted(name for name in sys.modules if name.startswith("PIL.") and name.endswith("Plugin")))
"""


@pytest.mark.parametrize(("media_type", "size", "options"), [
    ("image/jpeg", (5770, 4328), {"subsampling": 0, "progressive": True}),
    ("image/png", (5770, 4328), {"compress_level": 1}),
    ("image/webp", (4080, 3060), {"method": 0}),
])  # fmt: skip
def test_the_largest_pictures_stay_within_the_memory_that_is_promised(
    media_type: str, size: tuple[int, int], options: dict[str, int], tmp_path: Path
) -> None:
    picture = gradient(*size)
    picture = picture if media_type == "image/jpeg" else picture.convert("RGBA")
    file = tmp_path / "picture"
    file.write_bytes(encoded(picture, media_type, **options))

    done = subprocess.run([sys.executable, "-c", COST, file], cwd=ROOT, capture_output=True, text=True, check=True)

    assert int(done.stdout.splitlines()[0]) < MOST_MEGABYTES


def test_no_other_readers_of_pillow_are_even_loaded(tmp_path: Path) -> None:
    """A JPEG that says it holds several pictures, or TIFF tags, would bring in two more."""
    content = with_segment(with_exif("image/jpeg", encoded(corners()), exif(6)), 0xE2, b"MPF\0II*\0" + bytes(40))
    file = tmp_path / "picture"
    file.write_bytes(content)

    done = subprocess.run([sys.executable, "-c", COST, file], cwd=ROOT, capture_output=True, text=True, check=True)

    usual = {"PIL.BmpImagePlugin", "PIL.GifImagePlugin", "PIL.PpmImagePlugin"}  # imported by open() and save() always
    ours = {"PIL.JpegImagePlugin", "PIL.PngImagePlugin", "PIL.WebPImagePlugin"}
    assert set(done.stdout.splitlines()[1].split()) == usual | ours
