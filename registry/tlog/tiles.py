"""Tiles: the tree as files that never change, 256 hashes wide (https://c2sp.org/tlog-tiles).

    tile/0/x001/234          hashes 315904 to 316159 of the leaves
    tile/1/004.p/210         the first 210 hashes of tile 4, each over a full tile of level 0
    tile/entries/x001/234    the entries themselves: length in two bytes, then as many bytes

A tree of 70,000 leaves has 273 full tiles and one of width 112 at level 0, one full and one of width 17 at level 1, and
one of width 1 at level 2. What is partial at the right is the `Edge`: all that is needed to go on.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from registry.tlog.strict import HASH, Malformed, decimal, hashes, natural
from registry.tlog.tree import EMPTY_ROOT, Frontier, heights, paired

WIDTH = 256
HEIGHT = 8
"""A tile is a subtree of this height."""
TILE = WIDTH * HASH
ENTRIES = -1
"""The level of bundles: what the leaves are hashes of."""
HIGHEST = 63
LONGEST_ENTRY = 2**16 - 1
_PATH = re.compile(r"tile/(entries|[0-9]{1,2})/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([0-9]{1,3}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Which tile: level, index in the level, and how many hashes (or, of a bundle, entries) it holds."""

    level: int
    index: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not ENTRIES <= self.level <= HIGHEST:
            raise Malformed(f"is not from 0 to {HIGHEST}", "tile level")
        if not 1 <= self.width <= WIDTH:
            raise Malformed(f"is not from 1 to {WIDTH}", "tile width")
        natural(self.index, "tile index")

    @property
    def path(self) -> str:
        """The address of the tile below the log's prefix."""
        groups = [f"{self.index % 1000:03d}"]
        above = self.index // 1000
        while above:
            groups.insert(0, f"x{above % 1000:03d}")
            above //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        return "/".join(["tile", level, *groups]) + ("" if self.width == WIDTH else f".p/{self.width}")

    @property
    def full(self) -> "Tile":
        """The same tile once it is full."""
        return Tile(self.level, self.index)


def parse_path(path: str) -> Tile:
    """Read the address of a tile."""
    found = _PATH.fullmatch(path)
    if not found:
        raise Malformed("is no address of a tile", "tile path")
    level, groups, width = found.groups()
    index = groups.replace("x", "").replace("/", "").lstrip("0") or "0"
    tile = Tile(
        ENTRIES if level == "entries" else int(level),
        decimal(index, "tile index"),
        int(width) if width else WIDTH,
    )
    if tile.path != path:
        raise Malformed("is not the one address of that tile", "tile path")
    return tile


def levels(size: int) -> int:
    """Return how many levels of tiles a tree of that size has."""
    return -(-size.bit_length() // HEIGHT)


def width_of(size: int, level: int, index: int) -> int:
    """Return how many hashes a tile holds in a tree of that size; 0 if it is not there."""
    there = size >> HEIGHT * max(level, 0)
    return max(0, min(WIDTH, there - index * WIDTH))


def tiles_between(old: int, size: int, level: int) -> Iterator[Tile]:
    """Tell the tiles of a level, or bundles, that are new or wider when the tree grows."""
    before, after = (each >> HEIGHT * max(level, 0) for each in (old, size))
    if before < after:
        yield from (
            Tile(level, index, width_of(size, level, index)) for index in range(before // WIDTH, -(-after // WIDTH))
        )


def changed(old: int, size: int) -> list[Tile]:
    """Return the tiles and bundles to publish when the tree grows from one size to another."""
    if not 0 <= old <= size:
        raise Malformed("is larger than the tree", "old size")
    return [tile for level in range(ENTRIES, levels(size)) for tile in tiles_between(old, size, level)]


# -- bundles


def print_bundle(entries: Sequence[bytes]) -> bytes:
    """Print entries, 1 to 256 of them, as a bundle."""
    if not 1 <= len(entries) <= WIDTH:
        raise Malformed(f"has not 1 to {WIDTH} entries", "bundle")
    if any(len(entry) > LONGEST_ENTRY for entry in entries):
        raise Malformed(f"is longer than {LONGEST_ENTRY} bytes", "entry")
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def parse_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read a bundle of exactly so many entries."""
    if not 1 <= width <= WIDTH:
        raise Malformed(f"has not 1 to {WIDTH} entries", "bundle")
    entries = []
    start = 0
    for _ in range(width):
        begin = start + 2
        start = begin + int.from_bytes(data[start:begin], "big")
        entries.append(data[begin:start])
    if start != len(data):
        raise Malformed(f"does not hold {width} entries", "bundle")
    return tuple(entries)


def bundles(first: int, entries: Sequence[bytes]) -> dict[Tile, bytes]:
    """Print entries as bundles; `first` is the index of the first one, and begins a bundle."""
    if first % WIDTH:
        raise Malformed("does not begin a bundle", "first index")
    starts = range(0, len(entries), WIDTH)
    parts = [entries[start : start + WIDTH] for start in starts]
    return {
        Tile(ENTRIES, first // WIDTH + place, len(part)): print_bundle(part) for place, part in enumerate(parts)
    }  # fmt: skip


# -- growing


@dataclass(frozen=True, slots=True)
class Edge:
    """The partial tiles of a tree, packed, from level 0 up; a level whose tiles are all full has an empty one."""

    size: int = 0
    rows: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        natural(self.size, "edge size")
        if [len(row) for row in self.rows] != [HASH * tile.width if tile else 0 for tile in edge_tiles(self.size)]:
            raise Malformed("has not the partial tiles of its size", "edge")

    @property
    def frontier(self) -> Frontier:
        """The complete subtrees of the tree, largest first: those of the highest partial tile, and so on down."""
        return Frontier(self.size, tuple(peak for row in reversed(self.rows) for peak in _peaks(row)))

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return self.frontier.root if self.size else EMPTY_ROOT

    def extended(self, leaves: Sequence[bytes]) -> tuple["Edge", dict[Tile, bytes]]:
        """Append leaf hashes; return the new edge, and every tile that is new or wider with its content."""
        row = b"".join(hashes(leaves, "leaf"))
        size = self.size + len(row) // HASH
        rows: list[bytes] = []
        published: dict[Tile, bytes] = {}
        for level in range(levels(size)):
            before, after = (each >> HEIGHT * level for each in (self.size, size))
            row = (self.rows[level] if level < len(self.rows) else b"") + row
            chunks = [row[at : at + TILE] for at in range(0, len(row), TILE)]
            if before < after:
                first = before // WIDTH
                published |= {Tile(level, first + place, len(each) // HASH): each for place, each in enumerate(chunks)}
            rows.append(row[len(row) // TILE * TILE :])
            row = b"".join([pyramid(chunk)[-1] for chunk in chunks if len(chunk) == TILE])
        return Edge(size, tuple(rows)), published


def edge_tiles(size: int) -> list[Tile | None]:
    """Return the partial tile of each level of a tree, or None where all are full."""
    partial = [(level, size >> HEIGHT * level) for level in range(levels(size))]
    return [Tile(level, there // WIDTH, there % WIDTH) if there % WIDTH else None for level, there in partial]


def edge_of(size: int, content: Mapping[Tile, bytes]) -> Edge:
    """Put the edge of a tree together from its published tiles. Nothing of it is verified but its shape."""
    return Edge(size, tuple(content[tile] if tile else b"" for tile in edge_tiles(size)))


def pyramid(row: bytes) -> list[bytes]:
    """Return the complete nodes above a packed row of hashes, packed, a row for each height from 0 on."""
    rows = [row]
    while len(rows[-1]) >= 2 * HASH:
        below = rows[-1]
        rows.append(paired(below[: len(below) // (2 * HASH) * 2 * HASH]))
    return rows


def _peaks(row: bytes) -> list[bytes]:
    above = pyramid(row)
    width = len(row) // HASH
    return [above[height][-HASH:] for height in heights(width)]
