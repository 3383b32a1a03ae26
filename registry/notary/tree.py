"""The log's tree as far as the notary needs it: its right edge, and the bundle that is not full yet. Pure.

tree, files = tree.grown([b"roa2 1795344843120 5f0d…e7"])     the longer tree, and every file that makes it so
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from registry.notary.memory import Memory
from registry.tlog.reader import Fetch, Reader
from registry.tlog.tiles import WIDTH, Edge, Tile, bundles
from registry.tlog.tree import leaf_hash


@dataclass(frozen=True, slots=True)
class Tree:
    """What is kept of a tree to make it longer."""

    edge: Edge = Edge()  # noqa: RUF009  frozen
    begun: tuple[bytes, ...] = ()
    """The leaves' texts of the last bundle, where it is not full."""
    last: bytes | None = None
    """The last leaf's text."""

    @property
    def size(self) -> int:
        """How many leaves there are."""
        return self.edge.size

    def grown(self, leaves: Sequence[bytes]) -> tuple[Self, dict[Tile, bytes]]:
        """Return the tree with these leaves' texts behind it, and the tiles and bundles that are new or wider."""
        if not leaves:
            return self, {}
        edge, files = self.edge.extended([leaf_hash(each) for each in leaves])
        entries = (*self.begun, *leaves)
        files |= bundles(self.size - len(self.begun), entries)
        return type(self)(edge, entries[len(entries) // WIDTH * WIDTH :], leaves[-1]), files

    @classmethod
    def of(cls, memory: Memory, fetch: Fetch) -> Self:
        """Take up the tree that was signed, from its published files. Raises Unproved where they are not of it."""
        reader = Reader(memory.size, memory.checkpoint.root, fetch)
        if not memory.size:
            return cls()
        last = reader.entries((memory.size - 1) // WIDTH)
        return cls(reader.edge, last if memory.size % WIDTH else (), last[-1])
