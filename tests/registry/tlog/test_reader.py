"""Proofs from tiles: the same as from the tree itself, and none from a tile that was not proved first."""

import pytest

from registry.tlog.reader import Reader
from registry.tlog.strict import Malformed, Unproved
from registry.tlog.tiles import ENTRIES, Edge, Tile, bundles
from registry.tlog.tree import EMPTY_ROOT, Tree, is_consistent, is_included, leaf_hash

SIZES = (0, 1, 2, 255, 256, 257, 511, 512, 700, 65_536, 66_100)
COUNT = 66_100
LINES = [b"entry %d" % number for number in range(COUNT)]
LEAVES = [leaf_hash(line) for line in LINES]
TREE = Tree(LEAVES)


def published(size: int) -> dict[Tile, bytes]:
    """All that a log of that size serves."""
    return Edge().extended(LEAVES[:size])[1] | bundles(0, LINES[:size])


def read_all(reader: Reader) -> None:
    """Read every bundle, which needs every tile."""
    for index in range(-(-reader.size // 256)):
        reader.entries(index)


@pytest.mark.parametrize("size", SIZES)
def test_proofs_from_tiles_are_those_of_the_tree(size: int) -> None:
    reader = Reader(size, TREE.root_at(size), published(size).get)
    some = sorted({0, 1, 255, 256, 511, size // 2, size - 1, size - 2} & set(range(size)))

    for each in some:
        assert reader.inclusion(each) == TREE.inclusion(each, size)
        assert is_included(LEAVES[each], each, size, reader.inclusion(each), reader.root)
        assert reader.consistency(each) == TREE.consistency(each, size)
        assert is_consistent(each, reader.root_at(each), size, reader.root, reader.consistency(each))
        assert reader.root_at(each) == TREE.root_at(each)
        assert reader.inclusion(0, each + 1) == TREE.inclusion(0, each + 1)
        assert reader.entry(each) == LINES[each]
    assert reader.edge == Edge().extended(LEAVES[:size])[0]


@pytest.mark.parametrize("size", [3, 700])
def test_every_altered_tile_is_found_and_named(size: int) -> None:
    content = published(size)
    for tile, data in content.items():
        for place in range(0, len(data), 13):
            altered = content | {tile: data[:place] + bytes([data[place] ^ 0x10]) + data[place + 1 :]}
            with pytest.raises(Malformed) as refused:
                read_all(Reader(size, TREE.root_at(size), altered.get))
            if tile.level == 0 and tile.width == 256:
                assert isinstance(refused.value, Unproved)
                assert refused.value.where == tile.path


def test_a_tile_whose_own_hashes_agree_is_refused_when_the_tree_does_not() -> None:
    """The reader of Go took such a tile for granted (CVE-2026-56865)."""
    forged = Edge().extended([leaf_hash(b"forged")] * 256)[1][Tile(0, 0)]
    reader = Reader(700, TREE.root_at(700), (published(700) | {Tile(0, 0): forged}).get)

    for ask in (lambda: reader.inclusion(3), lambda: reader.root_at(5), lambda: reader.consistency(5)):
        with pytest.raises(Unproved, match="tile/0/000"):
            ask()
    assert reader.inclusion(300) == TREE.inclusion(300, 700)


@pytest.mark.parametrize(
    "swap", [(Tile(0, 0), Tile(0, 1)), (Tile(ENTRIES, 0), Tile(ENTRIES, 1))], ids=["tiles", "bundles"]
)
def test_swapped_tiles_are_refused(swap: tuple[Tile, Tile]) -> None:
    content = published(700)
    one, other = swap

    with pytest.raises(Unproved):
        read_all(Reader(700, TREE.root_at(700), (content | {one: content[other], other: content[one]}).get))


def test_every_missing_or_cut_tile_is_refused() -> None:
    content = published(700)
    for tile, data in content.items():
        for got in (None, b"", data[:-1], data + data[:32]):
            altered = {each: kept for each, kept in content.items() if each != tile} | ({tile: got} if got else {})
            with pytest.raises(Malformed):
                read_all(Reader(700, TREE.root_at(700), altered.get))


def test_a_partial_tile_may_be_gone_once_it_is_full() -> None:
    later = {tile: data for tile, data in published(1024).items() if tile.width == 256} | {
        tile: data for tile, data in published(700).items() if tile.level == 1
    }
    reader = Reader(700, TREE.root_at(700), later.get)

    read_all(reader)
    assert reader.inclusion(699) == TREE.inclusion(699, 700)


def test_another_root_or_size_is_refused() -> None:
    for size, root in ((700, TREE.root_at(699)), (700, EMPTY_ROOT), (0, TREE.root_at(1))):
        with pytest.raises(Unproved):
            Reader(size, root, published(700).get)


def test_few_tiles_are_asked_for_and_each_once() -> None:
    asked: list[Tile] = []
    content = published(COUNT)

    def fetch(tile: Tile) -> bytes:
        asked.append(tile)
        return content[tile]

    reader = Reader(COUNT, TREE.root, fetch)
    for index in (7, 7, 9):
        reader.inclusion(index)

    assert [tile.path for tile in asked] == [
        "tile/0/258.p/52",
        "tile/1/001.p/2",
        "tile/2/000.p/1",
        "tile/1/000",
        "tile/0/000",
    ]


def test_tiles_are_let_go_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.tlog.reader.KEPT", 2)
    reader = Reader(COUNT, TREE.root, published(COUNT).get)

    for index in (0, 3_000, 9_000, 1):
        assert reader.inclusion(index) == TREE.inclusion(index)


@pytest.mark.parametrize("ask", ["inclusion", "entry", "entries"])
@pytest.mark.parametrize("index", [-1, 700])
def test_what_is_not_in_the_tree_is_not_read(ask: str, index: int) -> None:
    reader = Reader(700, TREE.root_at(700), published(700).get)

    with pytest.raises(Malformed):
        getattr(reader, ask)(index)
