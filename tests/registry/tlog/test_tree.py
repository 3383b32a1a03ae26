"""The Merkle tree against the definitions of RFC 6962, word for word, and the vectors that logs have shared since."""

from functools import cache

import pytest
from hypothesis import given, strategies as st

from registry.tlog.strict import HASH, Malformed
from registry.tlog.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    parse_frontier,
    root,
)
from tests.registry.tlog.signers import Make, accepted, damaged, leaves, made

MOST = 256
LEAVES = leaves(MOST)
TREE = Tree(LEAVES)

# -- the definitions, by recursion


def split(width: int) -> int:
    """The largest power of two smaller than the width."""
    power = 1
    while power * 2 < width:
        power *= 2
    return power


@cache
def mth(low: int, high: int) -> bytes:
    if low == high:
        return EMPTY_ROOT
    if high - low == 1:
        return LEAVES[low]
    middle = low + split(high - low)
    return node_hash(mth(low, middle), mth(middle, high))


def path(index: int, low: int, high: int) -> list[bytes]:
    if high - low == 1:
        return []
    middle = low + split(high - low)
    if index < middle:
        return [*path(index, low, middle), mth(middle, high)]
    return [*path(index, middle, high), mth(low, middle)]


def subproof(old: int, low: int, high: int, *, is_whole: bool) -> list[bytes]:
    if old == high:
        return [] if is_whole else [mth(low, high)]
    middle = low + split(high - low)
    if old <= middle:
        return [*subproof(old, low, middle, is_whole=is_whole), mth(middle, high)]
    return [*subproof(old, middle, high, is_whole=False), mth(low, middle)]


# -- every tree up to 256 leaves


def test_every_root_is_as_defined() -> None:
    frontier = Frontier()
    for size in range(MOST + 1):
        assert root(LEAVES[:size]) == mth(0, size) == TREE.root_at(size) == frontier.root
        frontier = frontier.extended(LEAVES[size : size + 1])


def test_every_leaf_of_every_tree_is_proved_in_it_as_defined() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            proof = TREE.inclusion(index, size)
            assert proof == path(index, 0, size)
            assert is_included(LEAVES[index], index, size, proof, mth(0, size))


def test_every_tree_is_proved_to_begin_with_every_smaller_one_as_defined() -> None:
    for size in range(MOST + 1):
        for old in range(size + 1):
            proof = TREE.consistency(old, size)
            assert proof == (subproof(old, 0, size, is_whole=True) if old else [])
            assert is_consistent(old, mth(0, old), size, mth(0, size), proof)


@given(st.lists(st.integers(0, 40), max_size=6))
def test_the_frontier_does_not_depend_on_how_leaves_were_batched(batches: list[int]) -> None:
    frontier = Frontier()
    for batch in batches:
        frontier = frontier.extended(LEAVES[frontier.size : frontier.size + batch])

    assert frontier == Frontier().extended(LEAVES[: sum(batches)])
    assert parse_frontier(frontier.print()) == frontier


@given(damaged(st.integers(0, MOST).map(lambda size: Frontier().extended(LEAVES[:size]).print())))
def test_a_frontier_that_is_read_is_printed_the_same(data: bytes) -> None:
    try:
        found = parse_frontier(data)
    except Malformed:
        return
    assert found.print() == data


# -- vectors


def test_the_roots_of_the_eight_well_known_entries() -> None:
    """Those of the tests of the first Certificate Transparency log, which all implementations have kept."""
    entries = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    hashed = [leaf_hash(bytes.fromhex(entry)) for entry in entries]

    assert root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert [root(hashed[:size]).hex() for size in range(1, 9)] == roots


def test_the_proofs_that_rfc_6962_draws() -> None:
    """Section 2.1.3: seven leaves, and the nodes by their letters."""
    a, b, c, d, e, f, j = LEAVES[:7]
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741  as the RFC calls it

    assert TREE.root_at(7) == node_hash(k, l)
    assert [TREE.inclusion(index, 7) for index in (0, 3, 4, 6)] == [[b, h, l], [c, g, l], [f, j, k], [i, k]]
    assert [TREE.consistency(old, 7) for old in (3, 4, 6)] == [[c, d, g, l], [l], [i, j, k]]


# -- what is refused


@pytest.mark.parametrize("size", range(1, 12))
def test_a_damaged_inclusion_proof_proves_nothing(size: int) -> None:
    top = mth(0, size)
    for index in range(size):
        leaf, proof = LEAVES[index], TREE.inclusion(index, size)
        for place in range(len(proof)):
            for byte in range(HASH):
                assert not is_included(leaf, index, size, changed(proof, place, byte), top)
        for byte in range(HASH):
            assert not is_included(changed([leaf], 0, byte)[0], index, size, proof, top)
            assert not is_included(leaf, index, size, proof, changed([top], 0, byte)[0])
        for elsewhere in {*range(-1, 20)} - {index}:
            assert not is_included(leaf, elsewhere, size, proof, top)
        for wrong in (proof[:-1] if proof else [top], [*proof, top], [leaf, *proof], [*proof, top[:-1]]):
            assert not is_included(leaf, index, size, wrong, top)
        if len(proof) > 1:
            assert not is_included(leaf, index, size, [proof[1], proof[0], *proof[2:]], top)
            assert not is_included(leaf, index, size, [proof[0] + proof[1], *proof[2:]], top)


@pytest.mark.parametrize("size", range(1, 12))
def test_a_damaged_consistency_proof_proves_nothing(size: int) -> None:
    top = mth(0, size)
    for old in range(1, size + 1):
        before, proof = mth(0, old), TREE.consistency(old, size)
        for place in range(len(proof)):
            for byte in range(HASH):
                assert not is_consistent(old, before, size, top, changed(proof, place, byte))
        for byte in range(HASH):
            assert not is_consistent(old, changed([before], 0, byte)[0], size, top, proof)
            assert not is_consistent(old, before, size, changed([top], 0, byte)[0], proof)
        for other in {*range(-1, size + 2)} - {old}:
            assert not is_consistent(other, before, size, top, proof)
        for wrong in ([*proof, top], [before, *proof], proof[:-1] if proof else [top], [*proof, top[:-1]]):
            assert not is_consistent(old, before, size, top, wrong)
        if old < size:
            assert not is_consistent(size, top, old, before, proof)


def changed(proof: list[bytes], place: int, byte: int) -> list[bytes]:
    """The proof with one bit of one of its hashes turned."""
    old = proof[place]
    new = old[:byte] + bytes([old[byte] ^ 1 << byte % 8]) + old[byte + 1 :]
    return [*proof[:place], new, *proof[place + 1 :]]


def test_a_proof_against_the_root_of_another_size_proves_nothing() -> None:
    for size in range(2, 40):
        proof = TREE.inclusion(0, size)
        assert not is_included(LEAVES[0], 0, size, proof, mth(0, size - 1))
        assert not is_consistent(1, mth(0, 1), size, mth(0, size + 1), TREE.consistency(1, size))


def test_two_hashes_whose_border_is_moved_prove_nothing() -> None:
    """Together they are the same 64 bytes, and hash to the same node."""
    a, b = LEAVES[:2]

    assert not is_included(a + b[:1], 0, 2, [b[1:]], mth(0, 2))
    assert not is_included(a[:-1], 0, 2, [a[-1:] + b], mth(0, 2))
    assert not is_consistent(1, a + b[:1], 2, mth(0, 2), [b[1:]])


def test_a_proof_that_goes_on_above_the_root_proves_nothing() -> None:
    above, a = LEAVES[100:102]
    three, four = (node_hash(above, mth(0, size)) for size in (3, 4))

    assert not is_included(a, 0, 1, [above], node_hash(above, a))
    assert not is_included(LEAVES[0], 0, 4, [*TREE.inclusion(0, 4), above], node_hash(above, mth(0, 4)))
    assert not is_consistent(3, three, 4, four, [*TREE.consistency(3, 4), above])


def test_the_empty_tree_is_where_every_tree_begins_and_needs_no_proof() -> None:
    assert is_consistent(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])
    assert is_consistent(0, EMPTY_ROOT, 5, mth(0, 5), [])
    assert not is_consistent(0, EMPTY_ROOT, 5, mth(0, 5), [LEAVES[0]])
    assert not is_consistent(0, LEAVES[0], 5, mth(0, 5), [])


def test_what_is_not_in_the_tree_is_not_proved() -> None:
    cases: list[Make] = [
        lambda: TREE.inclusion(3, 3),
        lambda: TREE.inclusion(-1),
        lambda: TREE.inclusion(0, MOST + 1),
        lambda: TREE.consistency(4, 3),
        lambda: TREE.root_at(MOST + 1),
        lambda: TREE.root_at(-1),
        lambda: Frontier(3, (b"\x00" * 32,)),
        lambda: Frontier(1, (b"\x00" * 31,)),
        lambda: Frontier(-1),
        lambda: Frontier().extended([b"\x00" * 64]),
        lambda: parse_frontier(b"0"),
        lambda: parse_frontier(b""),
    ]

    assert accepted(made, cases) == []
