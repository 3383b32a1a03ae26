"""A log as its folder of files, as it is served; and copies of it that somebody tampered with.

published = publish(folder, entries, LOG, POLICE)
copy = published.copied(elsewhere)
flip("tile/0/003", 40)(copy)                    one bit of one byte is another
"""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from registry.tlog.keys import Signer
from registry.tlog.note import Note
from registry.tlog.proof import Proof
from registry.tlog.tiles import Edge, bundles, parse_bundle, print_bundle
from registry.tlog.tree import Tree, leaf_hash
from tests.registry.tlog.signers import checkpoint, signed

Tamper = Callable[[Path], None]


@dataclass(frozen=True)
class Published:
    """A log of these entries in a folder."""

    folder: Path
    entries: Sequence[bytes]
    tree: Tree
    signers: tuple[Signer, ...]
    note: Note
    """Its checkpoint, which lies in the folder. ML-DSA signs the same text differently each time."""

    def signed(self, size: int, *signers: Signer) -> Note:
        """Return a checkpoint as it was signed when the log had that size."""
        return signed(checkpoint(self.tree, size), *(signers or self.signers))

    def proof(self, index: int, note: Note | None = None) -> Proof:
        """Prove that an entry is in the log of today, under another checkpoint than today's if one is given."""
        return Proof(index, tuple(self.tree.inclusion(index)), note or self.note)

    def copied(self, folder: Path) -> Path:
        """Copy the log's files; they share their bytes with the originals until one is written anew."""
        shutil.copytree(self.folder, folder, copy_function=os.link)
        return folder


def publish(folder: Path, entries: Sequence[bytes], *signers: Signer, sizes: Sequence[int] = ()) -> Published:
    """Write a log that had these sizes before it had all entries: what was published then lies there too."""
    tree, edge = Tree(), Edge()
    for size in (*sizes, len(entries)):
        edge, content = edge.extended([leaf_hash(entry) for entry in entries[edge.size : size]])
        for tile, data in content.items():
            write(folder, tile.path, data)
    for tile, data in bundles(0, entries).items():
        write(folder, tile.path, data)
    tree.append([leaf_hash(entry) for entry in entries])
    note = signed(checkpoint(tree), *signers)
    write(folder, "checkpoint", note.print())
    return Published(folder, entries, tree, signers, note)


def write(folder: Path, path: str, data: bytes) -> None:
    """Write one file of a log, and leave alone what another copy has of it."""
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    file.write_bytes(data)


# -- tampering


def flip(path: str, place: int) -> Tamper:
    """Change one bit of a byte."""

    def tamper(folder: Path) -> None:
        data = bytearray((folder / path).read_bytes())
        data[place] ^= 1
        write(folder, path, bytes(data))

    return tamper


def alter_after(path: str, words: bytes) -> Tamper:
    """Change a letter of base64 a little behind some words; it stays base64."""

    def tamper(folder: Path) -> None:
        data = bytearray((folder / path).read_bytes())
        place = data.index(words) + len(words) + 20
        data[place] = ord("B" if data[place] == ord("A") else "A")
        write(folder, path, bytes(data))

    return tamper


def drop(path: str) -> Tamper:
    """Take a file away."""
    return lambda folder: (folder / path).unlink()


def cut(path: str, count: int) -> Tamper:
    """Take bytes off the end of a file."""
    return lambda folder: write(folder, path, (folder / path).read_bytes()[:-count])


def lengthen(path: str, more: bytes) -> Tamper:
    """Put bytes at the end of a file."""
    return lambda folder: write(folder, path, (folder / path).read_bytes() + more)


def swap(path: str, other: str) -> Tamper:
    """Let two files change places."""

    def tamper(folder: Path) -> None:
        one, two = (folder / path).read_bytes(), (folder / other).read_bytes()
        write(folder, path, two)
        write(folder, other, one)

    return tamper


def swap_entries(path: str, one: int, other: int) -> Tamper:
    """Let two entries of a bundle change places."""

    def tamper(folder: Path) -> None:
        entries = list(parse_bundle((folder / path).read_bytes(), 256))
        entries[one], entries[other] = entries[other], entries[one]
        write(folder, path, print_bundle(entries))

    return tamper


def forge(path: str) -> Tamper:
    """Put a tile in the place of another that agrees with itself, and with nothing above it."""
    row = b"".join(leaf_hash(b"forged %d" % place) for place in range(256))
    return lambda folder: write(folder, path, row)


def shrink(size: int) -> Tamper:
    """Say in the checkpoint that the log is smaller, and leave its signatures as they are."""

    def tamper(folder: Path) -> None:
        origin, _, rest = (folder / "checkpoint").read_bytes().split(b"\n", 2)
        write(folder, "checkpoint", b"\n".join([origin, b"%d" % size, rest]))

    return tamper
