"""The one fact of Exif that is read."""

import pytest
from hypothesis import given, strategies as st

from registry.photographs.orientation import orientation
from tests.registry.photographs.pictures import exif


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("order", ["little", "big"])
def test_both_byte_orders_are_understood(turn: int, order: str) -> None:
    assert orientation(exif(turn, order=order)) == turn


@pytest.mark.parametrize("turn", [0, 9, 255, 65535])
def test_a_number_that_means_nothing_is_upright(turn: int) -> None:
    assert orientation(exif(turn)) == 1


def test_other_entries_may_stand_before_it() -> None:
    block = exif(6)
    before = bytes.fromhex("0f01 0200 04000000 00000000".replace(" ", ""))

    assert orientation(block[:8] + b"\2\0" + before + block[10:]) == 6


@pytest.mark.parametrize("block", [
    b"", b"II", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM*\0" + bytes(20), b"XX*\0" + bytes(20),
    b"II*\0\x08\0\0\0\xff\xff", exif(6)[:17], exif(6).replace(b"\x03\0\x01", b"\x04\0\x01"),
])  # fmt: skip
def test_what_is_not_understood_is_upright(block: bytes) -> None:
    assert orientation(block) == 1


@given(st.binary(max_size=200), st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_any_bytes_are_one_of_eight(block: bytes, opening: bytes) -> None:
    assert 1 <= orientation(opening + block) <= 8
