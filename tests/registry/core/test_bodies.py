"""A body is held to the length and the SHA-256 that it was said to have."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from hypothesis import given, strategies as st
from starlette.datastructures import Headers

from registry.core.bodies import Promise, content_digest, promised, receive
from registry.core.errors import InputRefused, RegistryError
from tests.declaring import declaring

pytestmark = pytest.mark.anyio
CONTENT = b'{"hello": "world"}\n'
STATED = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"
"""RFC 9530, appendix B.1: the digest of that content."""


def headers(*given: tuple[str, str]) -> Headers:
    return Headers(raw=[(name.encode(), value.encode()) for name, value in given])


async def received(pieces: list[bytes], promise: Promise, seconds: float = 1) -> bytes:
    kept = bytearray()

    async def coming() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    await receive(coming(), promise, kept.extend, seconds=seconds, remedy="Send it again.")
    return bytes(kept)


def test_the_digest_is_written_as_the_rfc_writes_it() -> None:
    assert content_digest(CONTENT) == STATED == declaring(CONTENT)["content-digest"]


@given(st.binary(max_size=200))
def test_what_is_written_is_read(content: bytes) -> None:
    promise = promised(headers(*declaring(content).items()))

    assert (promise.length, content_digest(content)) == (len(content), declaring(content)["content-digest"])
    assert declaring(content)["content-digest"] == content_digest(content)


LENGTH, DIGEST = ("content-length", "19"), ("content-digest", STATED)
REFUSED = {
    "no length": ([DIGEST], "LENGTH_REQUIRED", "content-length"),
    "chunked": ([LENGTH, DIGEST, ("transfer-encoding", "chunked")], "LENGTH_REQUIRED", "content-length"),
    "two lengths": ([LENGTH, LENGTH, DIGEST], "HEADER_REPEATED", "content-length"),
    **{
        f"length {value!r}": ([("content-length", value), DIGEST], "LENGTH_MALFORMED", "content-length")
        for value in ("", "-1", "+19", "1e3", "0x13", "19, 19", "19 ", "1_9", "9" * 16)
    },
    "no digest": ([LENGTH], "DIGEST_MISSING", "content-digest"),
    "the digest of before": ([LENGTH, ("digest", "SHA-256=" + STATED[9:-1])], "DIGEST_MISSING", "content-digest"),
    "two digests": ([LENGTH, DIGEST, DIGEST], "HEADER_REPEATED", "content-digest"),
    **{
        f"digest {name}": ([LENGTH, ("content-digest", value)], "DIGEST_MALFORMED", "content-digest")
        for name, value in {
            "empty": "",
            "in hex": "sha-256=:" + "9f" * 32 + ":",
            "without colons": STATED.replace(":", ""),
            "of another algorithm": STATED.replace("256", "512"),
            "in capitals": STATED.replace("sha", "SHA"),
            "and another": STATED + ", " + STATED.replace("256", "512"),
            "twice": STATED + ", " + STATED,
            "with a parameter": STATED + ";q=1",
            "too short": "sha-256=:" + STATED[13:],
            "of base64url": STATED.replace("/", "_"),
            "with bits that nobody reads": STATED.replace("Dg=", "Dh="),
            "without padding": STATED.replace("=:", ":"),
        }.items()
    },
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_declared_in_the_one_way_is_refused(name: str) -> None:
    given, code, field = REFUSED[name]

    with pytest.raises(InputRefused) as refused:
        promised(headers(*given))

    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.remedy


def test_spaces_around_a_digest_are_no_part_of_it() -> None:
    assert promised(headers(LENGTH, ("content-digest", f" {STATED}\t"))) == promised(headers(LENGTH, DIGEST))


PROMISE = promised(headers(LENGTH, DIGEST))


@pytest.mark.parametrize("pieces", [[CONTENT], [CONTENT[:7], b"", CONTENT[7:]]], ids=["whole", "in pieces"])
async def test_a_body_as_promised_is_kept(pieces: list[bytes]) -> None:
    assert await received(pieces, PROMISE) == CONTENT


@pytest.mark.parametrize(
    ("pieces", "code"),
    [
        ([], "LENGTH_DIFFERS"),
        ([CONTENT[:-1]], "LENGTH_DIFFERS"),
        ([CONTENT, b"x"], "LENGTH_DIFFERS"),
        ([CONTENT + b"x"], "LENGTH_DIFFERS"),
        ([CONTENT.replace(b"w", b"W")], "DIGEST_DIFFERS"),
    ],
    ids=["nothing", "shorter", "longer", "longer at once", "another"],
)
async def test_a_body_that_breaks_its_promise_is_refused(pieces: list[bytes], code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        await received(pieces, PROMISE)

    assert (refused.value.code, refused.value.field) == (code, "body")


async def test_of_a_body_without_end_no_more_is_kept_than_was_promised() -> None:
    kept, sent = bytearray(), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 10
            yield bytes(10)

    with pytest.raises(InputRefused):
        await receive(endless(), PROMISE, kept.extend, seconds=1, remedy="None.")

    assert (len(kept), sent) == (10, 20)


async def test_a_body_that_does_not_come_is_not_waited_for() -> None:
    async def never() -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield CONTENT

    with pytest.raises(RegistryError) as refused:
        await receive(never(), PROMISE, bytearray().extend, seconds=0.01, remedy="Over a faster line.")

    assert (refused.value.code, refused.value.remedy) == ("BODY_TOO_SLOW", "Over a faster line.")
