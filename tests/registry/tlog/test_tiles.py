"""Tiles: addresses, which change when the tree grows, bundles, and the edge that goes on growing."""

import pytest
from hypothesis import given, settings, strategies as st

from registry.tlog.strict import LARGEST, Malformed
from registry.tlog.tiles import (
    ENTRIES,
    WIDTH,
    Edge,
    Tile,
    bundles,
    changed,
    edge_of,
    edge_tiles,
    parse_bundle,
    parse_path,
    print_bundle,
)
from registry.tlog.tree import Frontier, Tree
from tests.registry.tlog.signers import accepted, leaves

LEAVES = leaves(70_000)
TREE = Tree(LEAVES)

any_tile = st.builds(Tile, st.integers(ENTRIES, 63), st.integers(0, LARGEST), st.integers(1, WIDTH))


@pytest.mark.parametrize(("tile", "path"), [
    (Tile(0, 0), "tile/0/000"),
    (Tile(0, 1_234_067), "tile/0/x001/x234/067"),
    (Tile(1, 999, 17), "tile/1/999.p/17"),
    (Tile(2, 1000), "tile/2/x001/000"),
    (Tile(ENTRIES, 273, 112), "tile/entries/273.p/112"),
    (Tile(63, 5), "tile/63/005"),
], ids=lambda value: value if isinstance(value, str) else "")  # fmt: skip
def test_a_tile_has_its_address(tile: Tile, path: str) -> None:
    assert tile.path == path
    assert parse_path(path) == tile


@given(any_tile)
def test_the_address_of_every_tile_is_read_back(tile: Tile) -> None:
    assert parse_path(tile.path) == tile


def test_what_is_not_the_address_of_a_tile_is_refused() -> None:
    cases = [
        "",
        "tile/0",
        "tile/0/",
        "tile/0/1",
        "tile/0/0001",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/data/001",
        "tile/8/0/001",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/X001/002",
        "tile/0/001.p/0",
        "tile/0/001.p/256",
        "tile/0/001.p/01",
        "tile/0/001.p",
        "tile/0/001.p/",
        "/tile/0/001",
        "tile/0/001\n",
        "tile/0/\u0660\u0660\u0661",
        "tile/entries/001.p/1/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
    ]

    assert accepted(parse_path, cases) == []


def test_a_tree_of_seventy_thousand_has_the_tiles_that_the_specification_counts() -> None:
    new = changed(0, 70_000)
    by_level = {level: [tile.width for tile in new if tile.level == level] for level in (ENTRIES, 0, 1, 2, 3)}

    assert by_level == {ENTRIES: [256] * 273 + [112], 0: [256] * 273 + [112], 1: [256, 17], 2: [1], 3: []}
    assert [tile.width for tile in changed(0, 256)] == [256, 256, 1]
    assert edge_tiles(256) == [None, Tile(1, 0, 1)]


@pytest.mark.parametrize(("old", "size", "paths"), [
    (0, 0, []),
    (5, 5, []),
    (0, 1, ["tile/entries/000.p/1", "tile/0/000.p/1"]),
    (5, 7, ["tile/entries/000.p/7", "tile/0/000.p/7"]),
    (255, 256, ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]),
    (256, 257, ["tile/entries/001.p/1", "tile/0/001.p/1"]),
    (500, 515, [
        "tile/entries/001", "tile/entries/002.p/3", "tile/0/001", "tile/0/002.p/3", "tile/1/000.p/2",
    ]),
])  # fmt: skip
def test_a_growing_tree_changes_only_its_right_edge(old: int, size: int, paths: list[str]) -> None:
    assert [tile.path for tile in changed(old, size)] == paths


@settings(max_examples=40)
@given(st.lists(st.integers(0, 700), max_size=5))
def test_an_edge_publishes_exactly_the_changed_tiles_with_the_nodes_of_the_tree(batches: list[int]) -> None:
    edge = Edge()
    published: dict[Tile, bytes] = {}
    for batch in batches:
        old = edge.size
        edge, new = edge.extended(LEAVES[old : old + batch])
        assert sorted(new) == [tile for tile in changed(old, edge.size) if tile.level != ENTRIES]
        published |= new

    for tile, data in published.items():
        first = tile.index * WIDTH
        assert data == b"".join(TREE.node(8 * tile.level, first + place) for place in range(tile.width))
    assert edge.root == TREE.root_at(edge.size)
    assert edge.frontier == Frontier().extended(LEAVES[: edge.size])
    assert edge_of(edge.size, published) == edge


def test_an_edge_grows_over_three_levels() -> None:
    edge, _ = Edge().extended(LEAVES[:65_530])
    edge, new = edge.extended(LEAVES[65_530:])

    assert edge.root == TREE.root
    assert sorted(new) == [tile for tile in changed(65_530, 70_000) if tile.level != ENTRIES]
    assert new[Tile(2, 0, 1)] == TREE.node(16, 0)


@pytest.mark.parametrize("rows", [(), (b"\x00" * 32,), (b"\x00" * 64, b""), (b"\x00" * 63,)], ids=len)
def test_an_edge_of_another_shape_is_refused(rows: tuple[bytes, ...]) -> None:
    with pytest.raises(Malformed):
        Edge(2, rows)


# -- bundles


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=WIDTH))
def test_a_bundle_is_read_back(entries: list[bytes]) -> None:
    assert parse_bundle(print_bundle(entries), len(entries)) == tuple(entries)


@given(st.binary(max_size=20), st.integers(0, 5))
def test_a_bundle_that_is_read_is_printed_the_same(data: bytes, width: int) -> None:
    try:
        found = parse_bundle(data, width)
    except Malformed:
        return
    assert print_bundle(found) == data


def test_a_bundle_holds_exactly_its_entries() -> None:
    cases = [
        (b"", 0),
        (b"", 1),
        (b"\x00", 1),
        (b"\x00\x01", 1),
        (b"\x00\x01ab", 1),
        (b"\x00\x01a", 2),
        (b"\x00\x00" * 257, 257),
        (b"\x00\x01a\x00", 1),
    ]

    assert accepted(lambda case: parse_bundle(*case), cases) == []


@pytest.mark.parametrize("entries", [[], [b""] * 257, [b"\x00" * 65_536]], ids=["none", "too-many", "too-long"])
def test_what_no_bundle_holds_is_not_printed(entries: list[bytes]) -> None:
    with pytest.raises(Malformed):
        print_bundle(entries)


def test_entries_are_bundled_from_where_a_bundle_begins() -> None:
    entries = [b"%d" % number for number in range(300)]
    found = bundles(512, entries)

    assert [tile.path for tile in found] == ["tile/entries/002", "tile/entries/003.p/44"]
    assert parse_bundle(found[Tile(ENTRIES, 3, 44)], 44) == tuple(entries[256:])
    with pytest.raises(Malformed):
        bundles(1, entries)


def test_a_log_does_not_shrink() -> None:
    with pytest.raises(Malformed):
        changed(2, 1)
