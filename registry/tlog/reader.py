"""Proofs from tiles that somebody else keeps: nothing of a tile is used before its hashes lead up to a known root.

    reader = Reader(size, root, fetch)              fetch(tile) returns the file's bytes, or None where there is none
    reader.inclusion(4711)                          the path, as tree.is_included wants it
    reader.entries(18)                              the entries of a bundle, each hashed to its leaf

The partial tiles at the right edge hold every peak of the tree, so they are right if the root comes out of them. Each
full tile is right if it hashes to its place in the tile above, which was verified before it. (Go's reader once kept
tiles that nothing had verified: CVE-2026-56865.)
"""

from collections.abc import Callable

from registry.tlog.strict import HASH, Malformed, Unproved
from registry.tlog.tiles import (
    ENTRIES,
    HEIGHT,
    WIDTH,
    Edge,
    Tile,
    edge_of,
    edge_tiles,
    parse_bundle,
    pyramid,
    width_of,
)
from registry.tlog.tree import Prover, leaf_hash

Fetch = Callable[[Tile], bytes | None]
KEPT = 1024
"""Most full tiles kept verified in memory, 16 kB each."""


class Reader(Prover):
    """The tree with a known size and root, read from tiles. Raises Unproved when one is missing or not of that tree."""

    def __init__(self, size: int, root: bytes, fetch: Fetch) -> None:
        self.size = size
        self.root = root
        self._fetch = fetch
        self.edge: Edge = edge_of(size, {tile: self._fetched(tile) for tile in edge_tiles(size) if tile})
        """The partial tiles, verified: what a log goes on from."""
        if self.edge.root != root:
            raise Unproved("do not hash to the root", "partial tiles")
        self._partial = [pyramid(row) for row in self.edge.rows]
        self._full: dict[tuple[int, int], list[bytes]] = {}

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        level, inside = divmod(height, HEIGHT)
        tile, place = divmod(index, WIDTH >> inside)
        rows = self._rows(level, tile)
        return rows[inside][place * HASH : (place + 1) * HASH]

    def entries(self, index: int) -> tuple[bytes, ...]:
        """Return the entries of a bundle."""
        width = width_of(self.size, ENTRIES, index)
        if index < 0 or not width:
            raise Malformed("is not in the tree", "bundle index")
        tile = Tile(ENTRIES, index, width)
        data = self._fetch(tile)
        if data is not None:
            found = parse_bundle(data, width)
        elif width < WIDTH and (data := self._fetch(tile.full)) is not None:
            found = parse_bundle(data, WIDTH)[:width]
        else:
            raise Unproved("is missing", tile.path)
        leaves = self._rows(0, index)[0]
        for place, entry in enumerate(found):
            if leaf_hash(entry) != leaves[place * HASH : (place + 1) * HASH]:
                raise Unproved("does not hash to its leaf", f"entry {index * WIDTH + place}")
        return found

    def entry(self, index: int) -> bytes:
        """Return one entry."""
        bundle, place = divmod(index, WIDTH)
        if not 0 <= index < self.size:
            raise Malformed("is not in the tree", "index")
        return self.entries(bundle)[place]

    def _rows(self, level: int, index: int) -> list[bytes]:
        """Return the nodes of a verified tile, a packed row for each height."""
        if width_of(self.size, level, index) < WIDTH:
            return self._partial[level]
        kept = self._full.get((level, index))
        if kept is None:
            above = self._rows(level + 1, index // WIDTH)[0]
            place = index % WIDTH * HASH
            tile = Tile(level, index)
            kept = pyramid(self._fetched(tile))
            if kept[-1] != above[place : place + HASH]:
                raise Unproved("does not hash to the tile above it", tile.path)
            while len(self._full) >= KEPT:
                del self._full[next(iter(self._full))]
            self._full[level, index] = kept
        return kept

    def _fetched(self, tile: Tile) -> bytes:
        """Return the bytes of a tile; once the full one is there, the partial one may be gone."""
        data = self._fetch(tile)
        wanted = tile.width * HASH
        if data is None and tile.width < WIDTH:
            data, tile = self._fetch(tile.full), tile.full
        if data is None:
            raise Unproved("is missing", tile.path)
        if len(data) != tile.width * HASH:
            raise Malformed(f"is not {tile.width} hashes", tile.path)
        return data[:wanted]
