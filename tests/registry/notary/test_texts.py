"""What the notary writes and reads as text: one text for one value."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from registry.audit import commitments
from registry.notary.leaves import Leaf, read_leaf
from registry.notary.memory import Memory, parse_memory
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.strict import Malformed

ROOT = bytes(range(32))
TEXT = f"registry.example/log\n5\n{'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='}\n1795344843\n"


@given(
    milliseconds=st.integers(0, 253_402_300_799_999),
    commitment=st.binary(min_size=32, max_size=32),
    v=st.sampled_from((1, 2)),
)
def test_a_leaf_is_read_as_it_was_printed(milliseconds: int, commitment: bytes, v: int) -> None:
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)

    assert read_leaf(commitments.leaf(at, commitment, v)) == Leaf(at, commitment, v)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"roa1 5 " + b"0" * 63,
        b"roa1 05 " + b"0" * 64,
        b"roa1 -5 " + b"0" * 64,
        b"roa3 5 " + b"0" * 64,
        b"roa1 5 " + b"A" * 64,
        b"roa1 5 " + b"0" * 64 + b"\n",
        b"roa1 999999999999999 " + b"0" * 64,
    ],
)
def test_what_no_leaf_prints_is_none(text: bytes) -> None:
    with pytest.raises(Malformed):
        read_leaf(text)


def test_a_memory_is_read_as_it_was_printed() -> None:
    memory = Memory(Checkpoint("registry.example/log", 5, ROOT), 1795344843)

    assert memory.print().decode() == TEXT
    assert parse_memory(memory.print()) == memory


@pytest.mark.parametrize("text", ["", TEXT[:-1], TEXT + "\n", TEXT + "1\n", TEXT.replace("\n5\n", "\n05\n"), TEXT[:30]])
def test_half_a_memory_is_none(text: str) -> None:
    with pytest.raises(Malformed):
        parse_memory(text.encode())
