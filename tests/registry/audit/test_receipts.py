"""Receipts say one thing in one way, and only their key can have said it."""

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, strategies as st

from registry.audit import receipts
from registry.audit.receipts import (
    Certificate,
    Receipt,
    certificate_of,
    parse_certificate,
    parse_receipt,
    promised,
)
from registry.tlog.checkpoint import parse_checkpoint
from registry.tlog.strict import LARGEST, Malformed, Unproved

ORIGIN = "registry.example/log"
AT = datetime(2026, 11, 22, 12, 0, 0, 123_000, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = PRIVATE.public_key().public_bytes_raw()
LEAF = bytes(range(32, 64))
RECEIPT = promised(ORIGIN, 4711, AT, LEAF, key=KEY, sign=PRIVATE.sign)
CERTIFICATE = certificate_of(ORIGIN, KEY, datetime(2026, 11, 22, 11, tzinfo=UTC))

numbers = st.integers(0, LARGEST)
hashed = st.binary(min_size=32, max_size=32)


@given(st.builds(Receipt, numbers, numbers, hashed, hashed, st.binary(min_size=64, max_size=64)))
def test_a_receipt_is_read_as_it_was_printed(receipt: Receipt) -> None:
    assert parse_receipt(str(receipt)) == receipt


@given(st.builds(Certificate, st.just(ORIGIN), hashed, numbers, numbers))
def test_a_certificate_is_read_as_it_was_printed(certificate: Certificate) -> None:
    assert parse_certificate(certificate.text) == certificate


LINE = str(RECEIPT)


@pytest.mark.parametrize(
    "line",
    [
        "", "v1", LINE + " ", " " + LINE, LINE + "\n", LINE.replace("v1", "v2"), LINE.replace(" ", "  ", 1),
        LINE.replace("4711", "04711"), LINE.replace("4711", "-4711"), LINE.replace("4711", str(LARGEST + 1)),
        LINE[:-1], LINE.replace("=", "", 1), LINE.rsplit(" ", 1)[0], f"{LINE} more", LINE.replace(" ", "\t", 1),
    ],
    ids=range(15),
)  # fmt: skip
def test_no_other_line_is_a_receipt(line: str) -> None:
    with pytest.raises(Malformed):
        parse_receipt(line)


def test_the_key_has_signed_index_time_leaf_and_log() -> None:
    RECEIPT.check(ORIGIN)

    changed = {"index": 4712, "at": RECEIPT.at + 1, "leaf": bytes(32), "key": bytes(32), "signature": bytes(64)}
    for name, value in changed.items():
        told = {each: getattr(RECEIPT, each) for each in changed} | {name: value}
        with pytest.raises(Unproved):
            Receipt(**told).check(ORIGIN)
    with pytest.raises(Unproved):
        RECEIPT.check("another.example/log")


def test_what_is_signed_is_five_lines_that_any_library_can_make() -> None:
    spelt = b"registry log receipt v1\nregistry.example/log\n4711\n1795348800123\n" + LINE.split()[3].encode() + b"\n"

    PRIVATE.public_key().verify(RECEIPT.signature, spelt)


def test_receipts_differ_in_length_by_the_digits_of_index_and_time_alone() -> None:
    other = promised(ORIGIN, 9999, AT, bytes(32), key=KEY, sign=PRIVATE.sign)

    assert len(str(other)) == len(LINE)


@pytest.mark.parametrize(
    ("since", "until", "is_covered"),
    [(1795348800, 1795348801, True), (1795348801, 1795348900, False), (1795348700, 1795348800, False)],
)
def test_a_certificate_covers_its_key_in_its_time(since: int, until: int, is_covered: bool) -> None:
    assert Certificate(ORIGIN, KEY, since, until).covers(RECEIPT) is is_covered
    assert not Certificate(ORIGIN, bytes(32), since, until).covers(RECEIPT)


def test_a_certificate_is_good_for_a_day() -> None:
    assert CERTIFICATE.until - CERTIFICATE.since == 86_400


@pytest.mark.parametrize("text", [CERTIFICATE.text, receipts.message(ORIGIN, 4711, RECEIPT.at, LEAF).decode()])
def test_nothing_that_is_signed_for_receipts_can_be_taken_for_a_checkpoint(text: str) -> None:
    with pytest.raises(Malformed):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "text", ["", CERTIFICATE.text[:-1], CERTIFICATE.text + "\n", CERTIFICATE.text.replace("v1", "v2")], ids=range(4)
)
def test_no_other_text_is_a_certificate(text: str) -> None:
    with pytest.raises(Malformed):
        parse_certificate(text)
