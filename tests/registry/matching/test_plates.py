"""Plates, whole and in part, and parts of values that are kept as tokens only."""

import pytest
from hypothesis import given, strategies as st

from registry.matching import pieces
from registry.matching.plates import ended, is_whole, plate_value, plate_windows

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("KBZ 437D", "K8Z437D"), ("kbz-437 d", "K8Z437D"), ("KAA 001A", "KAA001A"), ("KAA OO1A", "KAA001A"),
        ("KMDA 123B", "KMDA1238"), ("T 123 ABC", "T123A8C"), ("UBA 123I", "U8A1231"), ("", ""), ("?*", ""),
    ],
)  # fmt: skip
def test_a_plate_is_read_as_people_read_it(text: str, value: str) -> None:
    assert plate_value(text) == value


def holds(plate: str, part: str) -> bool:
    cut = set(pieces.pieces(ended(plate_value(plate))))
    windows = plate_windows(part)
    return bool(windows) and all(not cut.isdisjoint(window) for window in windows)


PARTS = ["KBZ 437D", "KBZ 4?7", "BZ 43", "KBZ*", "*37D", "*7D", "KB*", "437", "KBZ", "K8Z", "?BZ437", "KBZ*7D", "Z4?7D"]
OTHERS = ["KBZ 438D", "KBZ 4?8", "BZ 34", "BZ*", "*437", "*37", "734", "KBZ*43", "KBZ 437D9"]
TOO_LITTLE = ["4?7", "K*D", "****", "????", "?", "", "K?Z", "*" * 10_000, "K" * 10_000, "\u202e", "*K*B*Z*"]


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_a_plate_fits_it(part: str) -> None:
    assert holds("KBZ 437D", part)


@pytest.mark.parametrize("part", OTHERS)
def test_another_part_does_not_fit(part: str) -> None:
    assert plate_windows(part)
    assert not holds("KBZ 437D", part)


@pytest.mark.parametrize("part", TOO_LITTLE)
def test_too_little_of_a_plate_gives_no_window(part: str) -> None:
    assert plate_windows(part) == ()


plates = st.text(ALPHABET, min_size=4, max_size=10)


@given(plates, st.data())
def test_whatever_stands_in_a_plate_is_a_part_of_it(plate: str, data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(plate) - 3))
    last = data.draw(st.integers(first + 3, len(plate)))
    part = plate[first:last]

    assert holds(plate, part)
    assert holds(plate, plate[:last] + "*")
    assert holds(plate, "*" + plate[first:])


@given(plates, st.data())
def test_one_character_that_was_not_seen_leaves_the_plate_among_those_that_fit(plate: str, data: st.DataObject) -> None:
    gap = data.draw(st.integers(0, len(plate) - 1))
    part = plate[:gap] + "?" + plate[gap + 1 :]
    between_digits = 0 < gap < len(plate) - 1 and set(plate_value(plate[gap - 1] + plate[gap + 1])) <= set("0123456789")

    if plate_windows(part) and not (between_digits and not plate_value(plate[gap]).isdigit()):
        assert holds(plate, part)


@given(st.text(max_size=60))
def test_any_text_is_taken_and_gives_few_pieces(text: str) -> None:
    windows = plate_windows(text)

    assert len(windows) <= 24
    assert all(len(window) <= 34 and all(len(piece) == pieces.PIECE for piece in window) for window in windows)


def test_a_question_mark_says_that_a_plate_is_not_whole() -> None:
    assert [is_whole(text) for text in ("KBZ 437D", "KBZ 4?7", "KBZ*")] == [True, False, False]


def test_tokens_of_pieces_stand_in_no_order_that_tells_their_places() -> None:
    kept = pieces.tokens("plate-part", ("K8Z4", "8Z43"), lambda _, piece: piece[::-1])

    assert kept == "34Z 4Z8"
