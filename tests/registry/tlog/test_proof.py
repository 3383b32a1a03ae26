"""Proofs that are checked offline."""

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from registry.tlog.proof import LONGEST_EXTRA, Proof, parse_proof, verify
from registry.tlog.strict import Malformed, Unproved
from registry.tlog.tree import Tree
from tests.registry.tlog.signers import BOTH, COURT, LOG, POLICE, accepted, checkpoint, damaged, flipped, leaves, signed
from tests.registry.tlog.strategies import checkpoint_notes, numbers, paths

TREE = Tree(leaves(21))
NOTE = signed(checkpoint(TREE), LOG, POLICE, COURT)
LEAF = leaves(21)[13]
PROOF = Proof(13, tuple(TREE.inclusion(13)), NOTE)

proofs = st.builds(Proof, numbers, paths, checkpoint_notes, st.none() | st.binary(min_size=1, max_size=40))


def test_an_entry_is_proved_by_its_proof() -> None:
    assert verify(parse_proof(PROOF.print()), LEAF, BOTH) == checkpoint(TREE)
    assert PROOF.print().startswith(b"c2sp.org/tlog-proof@v1\nindex 13\n")


@given(proofs)
def test_every_proof_is_read_back(proof: Proof) -> None:
    assert parse_proof(proof.print()) == proof


@given(damaged(proofs.map(Proof.print)))
def test_a_proof_that_is_read_is_printed_the_same(data: bytes) -> None:
    try:
        found = parse_proof(data)
    except Malformed:
        return
    assert found.print() == data


def test_a_proof_with_any_byte_changed_proves_nothing() -> None:
    for data in flipped(PROOF.print()):
        with pytest.raises(Malformed):
            verify(parse_proof(data), LEAF, BOTH)


@pytest.mark.parametrize("other", [
    replace(PROOF, index=12), replace(PROOF, index=21), replace(PROOF, path=PROOF.path[:-1]),
    replace(PROOF, path=PROOF.path[::-1]), replace(PROOF, path=(*PROOF.path, LEAF)),
    replace(PROOF, note=signed(checkpoint(TREE, 20), LOG, POLICE, COURT)),
    replace(PROOF, note=signed(checkpoint(TREE), LOG, POLICE)),
], ids=["index", "beyond", "short", "reversed", "long", "size", "quorum"])  # fmt: skip
def test_a_proof_of_something_else_proves_nothing(other: Proof) -> None:
    with pytest.raises(Unproved):
        verify(other, LEAF, BOTH)


def test_another_entry_is_not_proved() -> None:
    with pytest.raises(Unproved):
        verify(PROOF, leaves(21)[12], BOTH)


def test_the_only_entry_needs_no_path() -> None:
    tree = Tree(leaves(1))
    proof = Proof(0, (), signed(checkpoint(tree), LOG, POLICE, COURT), b"extra")

    assert verify(parse_proof(proof.print()), leaves(1)[0], BOTH).size == 1


HASH_LINE = b"A" * 43 + b"=\n"


def test_what_is_no_proof_is_refused() -> None:
    cases = [
        b"",
        b"c2sp.org/tlog-proof@v1\n",
        b"c2sp.org/tlog-proof@v2\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n",
        b"c2sp.org/tlog-proof@v1\nindex\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 00\n\n",
        b"c2sp.org/tlog-proof@v1\nindex -1\n\n",
        b"c2sp.org/tlog-proof@v1\nextra \nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nextra AA==\nextra AA==\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nextra AA==\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n",
        b"c2sp.org/tlog-proof@v1\r\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n" + HASH_LINE * 64 + b"\n",
        b"\nc2sp.org/tlog-proof@v1\nindex 0\n\n",
        b"c2sp.org/tlog-proof@v1\nindex 0\n\n\n",
        b"x" * 2**20,
    ]

    assert accepted(parse_proof, (data + NOTE.print() for data in cases)) == []


@pytest.mark.parametrize("extra", [b"", b"x" * (LONGEST_EXTRA + 1)], ids=["empty", "long"])
def test_extra_data_is_there_or_not_and_bounded(extra: bytes) -> None:
    with pytest.raises(Malformed):
        replace(PROOF, extra=extra)
