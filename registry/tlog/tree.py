"""The Merkle tree of RFC 6962: its hashes, roots and proofs, and how to verify them (RFC 9162, 2.1.3 and 2.1.4).

    leaf_hash(b"")                                  6e340b9c…f01d: H(0x00 || entry)
    root(hashes)                                    H(0x01 || left || right) up to the top
    Frontier().extended(hashes).root                the same, from O(log n) hashes kept

A node (height, index) is the root of the 2^height leaves from index * 2^height on. A proof is made of such nodes, so
whoever can tell them, from memory (`Tree`) or from tiles (`reader.Reader`), can prove.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

from registry.tlog.strict import HASH, Malformed, decimal, hashes, natural, octets, printed, text_of

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves."""
PAIR = 2 * HASH
Node = Callable[[int, int], bytes]
"""Tells the hash of the complete subtree (height, index)."""
_Range = tuple[int, int]
"""Leaves from the first up to, without, the second; the first is a multiple of the power of two that spans them."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees together."""
    return sha256(b"\x01" + left + right).digest()


def folded(parts: Sequence[bytes]) -> bytes:
    """Hash subtrees, each smaller than the one before it, to one root."""
    return reduce(lambda right, left: node_hash(left, right), reversed(parts[:-1]), parts[-1])


def paired(row: bytes | bytearray) -> bytes:
    """Hash the nodes of a row, of even length and packed end to end, two by two."""
    return b"".join([sha256(b"\x01" + row[at : at + PAIR]).digest() for at in range(0, len(row), PAIR)])


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    return Frontier().extended(leaves).root


# -- the right edge


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree's complete subtrees, largest first: all that is needed to append, and to know the root."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        natural(self.size, "frontier size")
        if len(hashes(self.peaks, "frontier")) != self.size.bit_count():
            raise Malformed("has not one hash for each bit of its size", "frontier")

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return folded(self.peaks) if self.peaks else EMPTY_ROOT

    def extended(self, leaves: Iterable[bytes]) -> "Frontier":
        """Return the frontier with leaf hashes appended."""
        return self.grown(leaves)[0]

    def grown(self, leaves: Iterable[bytes]) -> tuple["Frontier", list[bytes]]:
        """Return the extended frontier, and the nodes that became complete: a packed row for each height from 0."""
        row = b"".join(hashes(leaves, "leaf"))
        size = self.size + len(row) // HASH
        peaks = dict(zip(heights(self.size), self.peaks, strict=True))
        rows: list[bytes] = []
        while row:
            rows.append(row)
            height = len(rows) - 1
            row = peaks.pop(height, b"") + row
            if len(row) % PAIR:
                peaks[height] = row[-HASH:]
                row = row[:-HASH]
            row = paired(row)
        return Frontier(size, tuple(peaks[height] for height in heights(size))), rows

    def print(self) -> bytes:
        """Print the frontier: its size, then a hash in each line."""
        return "".join([f"{self.size}\n", *(f"{printed(peak)}\n" for peak in self.peaks)]).encode("ascii")


def parse_frontier(data: bytes) -> Frontier:
    """Read a printed frontier."""
    size, *peaks = text_of(data, "frontier", most=4096).split("\n")
    if not peaks or peaks.pop():
        raise Malformed("does not end with a newline", "frontier")
    return Frontier(decimal(size, "frontier size"), tuple(octets(peak, "frontier", length=HASH) for peak in peaks))


def heights(size: int) -> list[int]:
    """Return the heights of the complete subtrees that a tree of this size is made of, largest first."""
    return [height for height in range(size.bit_length() - 1, -1, -1) if size >> height & 1]


# -- proofs


def root_at(size: int, node: Node) -> bytes:
    """Return the root of the first `size` leaves."""
    return _hash_of((0, size), node) if size else EMPTY_ROOT


def inclusion(index: int, size: int, node: Node) -> list[bytes]:
    """Prove that the leaf at `index` is in the tree of the first `size` leaves."""
    if not 0 <= index < size:
        raise Malformed("is not in the tree", "index")
    return [_hash_of(part, node) for part in reversed(list(_siblings(index, size)))]


def consistency(old: int, size: int, node: Node) -> list[bytes]:
    """Prove that the first `old` leaves are the same in the tree of the first `size` leaves."""
    if not 0 <= old <= size:
        raise Malformed("is larger than the tree", "old size")
    if old in {0, size}:
        return []
    return [_hash_of(part, node) for part in reversed(list(_seams(old, size)))]


def _siblings(index: int, size: int) -> Iterator[_Range]:
    """Walk down to a leaf and tell what lies beside the way (RFC 6962, 2.1.1)."""
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            yield middle, high
            high = middle
        else:
            yield low, middle
            low = middle


def _seams(old: int, size: int) -> Iterator[_Range]:
    """Walk down to where the old tree ended and tell what the old and the new root are made of (RFC 6962, 2.1.2)."""
    low, high = 0, size
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            yield middle, high
            high = middle
        else:
            yield low, middle
            low = middle
    if low:
        yield low, high


def _split(width: int) -> int:
    """Return the largest power of two below a width: where a subtree is split."""
    return 1 << (width - 1).bit_length() - 1


def _hash_of(part: _Range, node: Node) -> bytes:
    low, high = part
    parts = []
    while low < high:
        height = (high - low).bit_length() - 1
        parts.append(node(height, low >> height))
        low += 1 << height
    return folded(parts)


# -- verifying


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Say whether the path proves a leaf hash at its index of the tree with that size and root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *path):
        return False
    place, last, found = index, size - 1, leaf
    for sibling in path:
        if not last:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return not last and found == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Say whether the path proves that the one tree begins with the other (RFC 9162, 2.1.4.2).

    The RFC speaks of 0 < old < size. Every tree begins with the empty one and with itself; there the path is empty.
    """
    if not 0 <= old <= size or not _are_hashes(old_root, root, *path):
        return False
    if old in {0, size}:
        return not path and old_root == (root if old == size else EMPTY_ROOT)
    if not path:
        return False
    skipped = (old & -old).bit_length() - 1  # above the last complete subtree of the old tree
    shared, *rest = path if old >> skipped > 1 else (old_root, *path)
    place, last = old - 1 >> skipped, size - 1 >> skipped
    before = after = shared
    for part in rest:
        if not last:
            return False
        if place & 1 or place == last:
            before, after = node_hash(part, before), node_hash(part, after)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            after = node_hash(after, part)
        place, last = place >> 1, last >> 1
    return not last and before == old_root and after == root


def _are_hashes(*given: bytes) -> bool:
    return all(len(each) == HASH for each in given)


# -- whoever knows the nodes


class Prover(ABC):
    """A tree of which every complete node can be told."""

    size: int
    """How many leaves there are."""

    @abstractmethod
    def node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""

    def root_at(self, size: int) -> bytes:
        """Return the root of the first `size` leaves."""
        return root_at(self._within(size), self.node)

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Prove that a leaf is in the tree of the first `size` leaves, or of all."""
        return inclusion(index, self._within(size), self.node)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """Prove that the tree of the first `size` leaves, or of all, begins with the first `old` ones."""
        return consistency(old, self._within(size), self.node)

    def _within(self, size: int | None) -> int:
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise Malformed("is larger than the tree", "size")
        return size


class Tree(Prover):
    """Every complete node of a tree, in memory: 64 bytes for a leaf."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self.frontier = Frontier()
        self._rows: list[bytearray] = []
        self.append(leaves)

    @property
    def root(self) -> bytes:
        """The root of all leaves."""
        return self.frontier.root

    def append(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes."""
        self.frontier, rows = self.frontier.grown(leaves)
        self.size = self.frontier.size
        self._rows += [bytearray() for _ in rows[len(self._rows) :]]
        for height, new in enumerate(rows):
            self._rows[height] += new

    def node(self, height: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return bytes(self._rows[height][index * HASH : (index + 1) * HASH])
