"""A check that finds nothing must be able to find: each way to write a value is found where it stands so."""

import json
from base64 import b64encode, urlsafe_b64encode

import pytest

from tests.dumps import found, spellings

VALUE = "90417263 Wanjikũ/é"


@pytest.mark.parametrize("before", [0, 1, 2, 3, 17])
@pytest.mark.parametrize("encode", [b64encode, urlsafe_b64encode])
def test_base64_is_found_wherever_the_value_begins_in_what_is_encoded(before: int, encode: object) -> None:
    assert callable(encode)
    content = b"x" + encode(b"\xff" * before + VALUE.encode() + b"\xfe" * 5) + b"y"

    assert found({"file": content}, VALUE)


@pytest.mark.parametrize(
    "content",
    [
        VALUE.encode(), VALUE.encode("utf-16-le"), VALUE.encode("utf-16-be"), VALUE.encode().hex().encode(),
        VALUE.encode().hex().upper().encode(), VALUE.upper().encode(), VALUE.lower().encode(),
    ],
)  # fmt: skip
def test_each_encoding_is_found(content: bytes) -> None:
    assert found({"file": b"before" + content + b"after"}, VALUE)


def test_escapes_of_json_are_found() -> None:
    assert found({"file": json.dumps("90417263/a").replace("/", "\\/").encode()}, "90417263/a")
    assert found({"file": json.dumps("Wanjikũ").encode()}, "Wanjikũ")


def test_what_is_not_there_is_not_found() -> None:
    assert not found({"file": b"9041726 3 Wanjik", "other": b""}, VALUE)


def test_no_way_is_looked_for_twice() -> None:
    written = [each for _, each in spellings("90417263551827")]

    assert len(written) == len(set(written))
