"""What comes in as a picture goes out as a picture of our own making, or not at all."""

import hashlib
from io import BytesIO
from typing import Any

import PIL.Image
import pytest
from hypothesis import given, settings, strategies as st

from registry.core.errors import InputRefused
from registry.photographs import limits
from registry.photographs.image import ACCEPTED, media_type_of, read_image
from tests.registry.photographs.pictures import (
    CORNERS,
    MEDIA_TYPES,
    PAYLOADS,
    chunk,
    colours,
    corners,
    encoded,
    exif,
    gradient,
    is_like,
    opened,
    png_of,
    segments,
    survives,
    with_chunk,
    with_exif,
    with_riff,
    with_segment,
)

CODES = {"IMAGE_FORMAT", "IMAGE_TOO_LARGE", "IMAGE_TOO_SMALL", "IMAGE_DAMAGED", "IMAGE_ANIMATED"}


def refused(content: bytes, declared: str | None = None) -> InputRefused:
    """Return the refusal of a file, which names what every refusal names."""
    with pytest.raises(InputRefused) as caught:
        read_image(content, declared=declared)
    assert caught.value.field == "photograph"
    assert caught.value.remedy
    assert caught.value.code in CODES
    return caught.value


# -- what is kept


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_picture_is_kept_as_jpeg_with_the_digests_of_both(media_type: str) -> None:
    content = encoded(corners(), media_type, quality=95)

    image = read_image(content, declared=media_type)

    kept = opened(image.content)
    assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (320, 200))
    assert (image.media_type, image.width, image.height) == ("image/jpeg", 320, 200)
    assert image.digest == hashlib.sha256(image.content).hexdigest()
    assert image.source_digest == hashlib.sha256(content).hexdigest()
    assert is_like(colours(image.content), [*CORNERS])


def test_the_accepted_media_types_are_three() -> None:
    assert ACCEPTED == MEDIA_TYPES


def test_the_same_file_gives_the_same_picture() -> None:
    content = encoded(gradient())

    assert read_image(content) == read_image(content)


def test_a_picture_does_not_print_its_content() -> None:
    assert "content" not in repr(read_image(encoded(gradient())))


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_picture_of_ours_is_accepted_again(media_type: str) -> None:
    first = read_image(encoded(corners(), media_type, quality=95))

    again = read_image(first.content)

    assert is_like(colours(again.content), [*CORNERS])


@pytest.mark.parametrize(("width", "height", "kept"), [
    (4000, 3000, (2048, 1536)), (3000, 4000, (1536, 2048)), (2049, 100, (2048, 100)), (2048, 2048, (2048, 2048)),
    (64, 64, (64, 64)), (2500, 79, (2048, 65)),
])  # fmt: skip
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_long_sides_are_scaled_down_and_no_side_up(
    media_type: str, width: int, height: int, kept: tuple[int, int]
) -> None:
    image = read_image(encoded(corners(width, height), media_type))

    assert (image.width, image.height) == kept
    assert opened(image.content).size == kept
    assert is_like(colours(image.content), [*CORNERS], tolerance=20)


# -- ways in which pixels are written


MODES: dict[str, bytes] = {
    "grey": encoded(gradient().convert("L"), "image/png"),
    "grey jpeg": encoded(gradient().convert("L")),
    "two colours": encoded(gradient().convert("1"), "image/png"),
    "palette": encoded(gradient().convert("P"), "image/png"),
    "four colours": encoded(gradient().quantize(4), "image/png"),
    "grey and alpha": encoded(gradient().convert("LA"), "image/png"),
    "alpha": encoded(gradient().convert("RGBA"), "image/png"),
    "interlaced": encoded(gradient(), "image/png", interlace=1),
    "cmyk": encoded(gradient().convert("CMYK")),
    "progressive": encoded(gradient(), progressive=True),
    "restarts": encoded(gradient(), restart_marker_rows=1),
    "jpeg of red, green and blue": encoded(gradient(), keep_rgb=True),
    "no subsampling": encoded(gradient(), subsampling=0),
    "lossless": encoded(gradient(), "image/webp", lossless=True),
    "webp with alpha": encoded(gradient().convert("RGBA"), "image/webp"),
    "lossless with alpha": encoded(gradient().convert("RGBA"), "image/webp", lossless=True),
}


@pytest.mark.parametrize("name", MODES)
def test_every_way_of_writing_pixels_becomes_the_same_kind_of_picture(name: str) -> None:
    content = MODES[name]

    image = read_image(content)

    kept = opened(image.content)
    assert (kept.mode, kept.size) == ("RGB", (320, 200))
    if name != "two colours":  # which is dithered
        with PIL.Image.open(BytesIO(content)) as meant:
            assert is_like(colours(image.content), colours(encoded(meant.convert("RGB"), "image/png")), tolerance=14)


def test_a_grey_picture_of_16_bits_keeps_its_shades() -> None:
    rows = b"".join(b"\0" + bytes((shade, 0xAA)) * 100 for shade in range(100, 200))

    image = read_image(png_of((100, 100, 16, 0), rows))

    assert is_like(colours(image.content), [(125,) * 3, (125,) * 3, (175,) * 3, (175,) * 3])


def test_a_colour_picture_of_16_bits_keeps_its_colours() -> None:
    rows = (b"\0" + bytes((200, 7, 100, 7, 50, 7)) * 100) * 100

    image = read_image(png_of((100, 100, 16, 2), rows))

    assert is_like(colours(image.content), [(200, 100, 50)] * 4)


@pytest.mark.parametrize("options", [
    ("image/png", {}), ("image/webp", {"quality": 95}), ("image/webp", {"lossless": True}),
])  # fmt: skip
def test_what_shines_through_is_white(options: tuple[str, dict[str, Any]]) -> None:
    media_type, chosen = options
    picture = corners().convert("RGBA")
    picture.paste((0, 0, 0, 0), (0, 0, 160, 100))

    image = read_image(encoded(picture, media_type, **chosen))

    assert is_like(colours(image.content), [(255, 255, 255), *CORNERS[1:]])


def test_a_colour_that_is_named_transparent_is_white() -> None:
    content = encoded(corners(), "image/png", transparency=CORNERS[0])

    assert is_like(colours(read_image(content).content), [(255, 255, 255), *CORNERS[1:]])


# -- the way up

QUARTERS = {
    1: (0, 1, 2, 3), 2: (1, 0, 3, 2), 3: (3, 2, 1, 0), 4: (2, 3, 0, 1),
    5: (0, 2, 1, 3), 6: (2, 0, 3, 1), 7: (3, 1, 2, 0), 8: (1, 3, 0, 2),
}  # fmt: skip
"""Which quarter of the stored picture comes first, second … once it is upright (CIPA DC-008, orientation)."""


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("turn", QUARTERS)
def test_a_picture_is_turned_as_its_camera_says(media_type: str, turn: int) -> None:
    content = with_exif(media_type, encoded(corners(), media_type, quality=95), exif(turn))

    image = read_image(content)

    assert (image.width, image.height) == ((320, 200) if turn < 5 else (200, 320))
    assert is_like(colours(image.content), [CORNERS[place] for place in QUARTERS[turn]], tolerance=20)


# -- what is not kept

SECRET = b"Invented-Place-4.0435S-39.6682E"


def carrying() -> dict[str, bytes]:
    """Return files that carry a text in each place that a format has for one."""
    jpeg, png, webp = (encoded(gradient(), media_type) for media_type in MEDIA_TYPES)
    preview = encoded(gradient(160, 120)) + SECRET
    return {
        "exif": with_exif("image/jpeg", jpeg, exif(1, text=SECRET)),
        "exif with a preview": with_exif("image/jpeg", jpeg, exif(1, text=preview)),
        "xmp": with_segment(jpeg, 0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + SECRET),
        "comment": with_segment(jpeg, 0xFE, SECRET),
        "colour profile": with_segment(jpeg, 0xE2, b"ICC_PROFILE\0\1\1" + SECRET * 100),
        "photoshop": with_segment(jpeg, 0xED, b"Photoshop 3.0\0" + SECRET),
        "jfif preview": with_segment(jpeg, 0xE0, b"JFXX\0\x10" + preview),
        "second picture": with_segment(jpeg, 0xE2, b"MPF\0II*\0" + SECRET) + encoded(gradient()) + SECRET,
        "behind the end": jpeg + SECRET,
        "png exif": with_exif("image/png", png, exif(1, text=SECRET)),
        "png text": with_chunk(png, b"tEXt", b"Comment\0" + SECRET),
        "png international text": with_chunk(png, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + SECRET),
        "png profile": encoded(gradient(), "image/png", icc_profile=SECRET * 100),
        "png private chunk": with_chunk(png, b"inVt", SECRET),
        "png text behind the pixels": with_chunk(png, b"tEXt", b"Comment\0" + SECRET, before=b"IEND"),
        "behind the png's end": png + SECRET,
        "webp exif": with_exif("image/webp", webp, exif(1, text=SECRET)),
        "webp xmp": with_riff(webp, b"XMP ", SECRET),
        "webp profile": encoded(gradient(), "image/webp", icc_profile=SECRET * 10),
        "webp private chunk": with_riff(webp, b"INVT", SECRET),
        "behind the webp's end": webp + SECRET,
    }


CARRYING = carrying()


@pytest.mark.parametrize("name", CARRYING)
def test_nothing_but_pixels_is_kept(name: str) -> None:
    content = CARRYING[name]
    assert survives(SECRET, content) or name == "png profile"  # which is deflated

    image = read_image(content)

    assert not survives(SECRET, image.content)
    kinds = [code for code, _ in segments(image.content)]
    assert set(kinds) == {0xE0, 0xDB, 0xC0, 0xC4}
    assert kinds.count(0xE0) == 1
    assert is_like(colours(image.content), colours(encoded(gradient())), tolerance=20)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_file_that_is_something_else_as_well_is_a_picture_only(media_type: str, payload: str) -> None:
    hidden = PAYLOADS[payload]
    content = encoded(gradient(), media_type) + hidden

    image = read_image(content)

    assert survives(hidden, content)
    assert not survives(hidden, image.content)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_written_as_pixels_is_no_text_any_more(payload: str) -> None:
    """A PNG may store its rows as they are, so a payload can be the picture itself."""
    hidden = PAYLOADS[payload]
    row = (hidden * 100)[: 100 * 3]
    content = encoded(PIL.Image.frombytes("RGB", (100, 100), row * 100), "image/png", compress_level=0)

    image = read_image(content)

    assert not survives(hidden, image.content)


# -- what is refused


def other_formats() -> dict[str, bytes]:
    """Return files of formats that are not read."""
    written = {}
    for name in ("GIF", "BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "ICNS", "DDS", "PDF", "EPS"):
        file = BytesIO()
        gradient(64, 64).save(file, name)
        written[name] = file.getvalue()
    return written | {
        "SVG": b'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><script/></svg>',
        "AVIF": b"\0\0\0\x20ftypavif" + bytes(100),
        "HEIC": b"\0\0\0\x20ftypheic" + bytes(100),
        "JPEG 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(100),
        "JPEG XL": b"\xff\x0a" + bytes(100),
        "WAVE": b"RIFF\x64\0\0\0WAVEfmt " + bytes(100),
        "MNG": b"\x8aMNG\r\n\x1a\n" + bytes(100),
        "nothing": b"",
        "one byte": b"\xff",
        "half a magic": b"\x89PNG",
        "text before": b"\n" + encoded(gradient()),
        **{name: payload + encoded(gradient()) for name, payload in PAYLOADS.items()},
    }


OTHERS = other_formats()


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_refused(name: str) -> None:
    assert refused(OTHERS[name]).code == "IMAGE_FORMAT"


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("declared", [*MEDIA_TYPES, "image/gif", "text/html", ""])
def test_a_file_is_what_it_is_declared_to_be(media_type: str, declared: str) -> None:
    content = encoded(gradient(), media_type)

    if declared == media_type:
        assert read_image(content, declared=declared).media_type == "image/jpeg"
    else:
        assert refused(content, declared).code == "IMAGE_FORMAT"


@pytest.mark.parametrize("magic", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\xff\0\0\0WEBP"])
@pytest.mark.parametrize("body", ["other", "html", "zip", "nothing"])
def test_a_magic_before_something_else_is_no_picture(magic: bytes, body: str) -> None:
    content = {"other": encoded(gradient(), "image/webp"), "nothing": b""} | PAYLOADS

    assert refused(magic + content[body]).code in ("IMAGE_DAMAGED", "IMAGE_FORMAT")


def test_moving_pictures_are_refused() -> None:
    several = {"save_all": True, "append_images": [corners(), gradient()], "duration": 100}
    jpeg, png, webp = (encoded(gradient(), media_type) for media_type in MEDIA_TYPES)

    assert refused(encoded(corners(), "image/png", **several)).code == "IMAGE_ANIMATED"
    assert refused(encoded(corners(), "image/webp", **several)).code == "IMAGE_ANIMATED"
    assert refused(with_chunk(png, b"acTL", bytes(8))).code == "IMAGE_ANIMATED"
    assert refused(with_chunk(png, b"fdAT", bytes(8), before=b"IEND")).code == "IMAGE_ANIMATED"
    assert refused(with_riff(webp, b"ANMF", bytes(16))).code == "IMAGE_ANIMATED"
    assert refused(with_riff(webp, b"VP8X", b"\x02" + bytes(9))).code == "IMAGE_ANIMATED"
    assert media_type_of(jpeg) == "image/jpeg"


def test_of_several_pictures_in_a_jpeg_the_first_is_read() -> None:
    """Cameras put previews and depth maps behind the first; they are not looked at."""
    written = BytesIO()
    corners().save(written, "MPO", save_all=True, append_images=[gradient()], quality=95)

    assert is_like(colours(read_image(written.getvalue()).content), [*CORNERS])


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("size", [(1, 1), (63, 200), (200, 63), (4000, 100)])
def test_a_picture_in_which_nobody_could_be_recognised_is_refused(media_type: str, size: tuple[int, int]) -> None:
    assert refused(encoded(gradient(*size), media_type)).code == "IMAGE_TOO_SMALL"


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_no_part_of_a_file_is_taken_for_the_whole(media_type: str) -> None:
    content = encoded(corners(64, 64), media_type)
    read_image(content)

    codes = {refused(content[:length]).code for length in range(len(content))}

    assert codes <= {"IMAGE_DAMAGED", "IMAGE_FORMAT"}


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_file_too_long_is_refused_unread(media_type: str, monkeypatch: pytest.MonkeyPatch) -> None:
    content = encoded(gradient(), media_type)
    monkeypatch.setattr(limits, "BYTES", len(content) - 1)

    assert refused(content).code == "IMAGE_TOO_LARGE"


@settings(max_examples=300)
@given(st.data())
def test_any_bytes_are_a_picture_or_refused(data: st.DataObject) -> None:
    """Changed anywhere, cut, doubled: there is an answer, and it is one of ours."""
    content = bytearray(data.draw(st.sampled_from([*SMALL])))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(st.binary(max_size=6))
        content[place : place + data.draw(st.integers(0, 6))] = piece

    try:
        image = read_image(bytes(content))
    except InputRefused as told:
        assert told.code in CODES  # noqa: PT017  either outcome is right, and each is checked
    else:
        assert opened(image.content).size == (image.width, image.height)


SMALL = (
    encoded(corners(64, 64)),
    encoded(corners(64, 64), progressive=True),
    encoded(corners(64, 64).convert("CMYK")),
    with_exif("image/jpeg", encoded(corners(64, 64)), exif(6)),
    encoded(corners(64, 64), "image/png"),
    with_exif("image/png", encoded(corners(64, 64).quantize(4), "image/png"), exif(6)),
    with_chunk(encoded(corners(64, 64).convert("LA"), "image/png"), b"tEXt", b"a\0b"),
    encoded(corners(64, 64), "image/webp"),
    encoded(corners(64, 64).convert("RGBA"), "image/webp", lossless=True),
    with_riff(encoded(corners(64, 64), "image/webp"), b"EXIF", exif(6)),
    b"\x89PNG\r\n\x1a\n" + chunk(b"IEND"),
)
