"""Ids: UUIDv7 within, one opaque spelling without."""

import base64
import time
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given, strategies as st

from registry.core.errors import InputRefused, NotFound
from registry.core.ids import KINDS, kind_of, new_id, public_id, public_id_of, read_public_id

KIND = st.sampled_from(sorted(KINDS))


def test_a_new_id_is_a_uuid_of_version_7_that_begins_with_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_follow_the_order_of_their_making() -> None:
    first = new_id()
    time.sleep(0.002)
    second = new_id()

    assert first < second
    assert first.bytes < second.bytes


def test_ids_are_never_the_same() -> None:
    made = {new_id() for _ in range(10_000)}

    assert len(made) == 10_000
    assert {(each.version, each.variant) for each in made} == {(7, RFC_4122)}


def test_letters_of_kinds_differ() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    assert all(len(letter) == 1 for letter in KINDS.values())


@given(KIND, st.uuids())
def test_a_public_id_reads_back(kind: str, identifier: UUID) -> None:
    text = public_id(kind, identifier)

    assert read_public_id(kind, text) == identifier
    assert kind_of(text) == kind
    assert len(text) == 23
    assert str(identifier) not in text


@given(KIND, KIND, st.uuids())
def test_an_id_of_another_kind_looks_like_one_that_does_not_exist(kind: str, other: str, identifier: UUID) -> None:
    if kind == other:
        assert read_public_id(other, public_id(kind, identifier)) == identifier
        return

    with pytest.raises(NotFound) as caught:
        read_public_id(other, public_id(kind, identifier), field="profileId")

    assert (caught.value.code, caught.value.field) == ("NOT_FOUND", "profileId")


MALFORMED = [
    "", "x", "profile", " " * 23, "=" * 23, "\x00" * 23, "é" * 23, "\ud800" * 23, "+" * 23, "A" * 22, "A" * 24,
    "A" * 10_000, str(UUID(int=7)), public_id_of(b"p" + bytes(15)), public_id_of(b"p" + bytes(17)),
    public_id_of(b"z" + bytes(16)),
    public_id("profile", UUID(int=7)) + "=", public_id("profile", UUID(int=7)) + "\n",
    " " + public_id("profile", UUID(int=7)), base64.b64encode(b"p" + b"\xff" * 16).decode(),
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_public_id("profile", text, field="profileId")

    assert (caught.value.code, caught.value.field) == ("ID_MALFORMED", "profileId")


@given(st.uuids())
def test_an_id_has_one_spelling(identifier: UUID) -> None:
    """The last of 23 characters carries four bits only: the others must be nought."""
    text = public_id("profile", identifier)
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    others = [text[:-1] + last for last in alphabet if last != text[-1]]

    read = []
    for other in others:
        try:
            read.append(read_public_id("profile", other))
        except InputRefused:
            continue

    assert identifier not in read


@given(st.text(max_size=30))
def test_any_text_is_an_id_or_refused(text: str) -> None:
    try:
        read = read_public_id("profile", text)
    except (InputRefused, NotFound) as told:
        assert told.field == "id"  # noqa: PT017  either outcome is right, and each is checked
    else:
        assert public_id("profile", read) == text
