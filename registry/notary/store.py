"""The notary's files: each write is durable before the next one begins, and a file is replaced as a whole.

    <notary_folder>/lock            held by the one notary that works here
    <notary_folder>/last-signed     its memory (memory.py)
    <notary_folder>/refused         why it signs no more; thawing.py puts it aside once the log is whole again
    <log_folder>/checkpoint         what the world reads: the signed checkpoint,
    <log_folder>/tile/…             and the tiles and bundles (https://c2sp.org/tlog-tiles)
    <log_folder>/promise/…          certificates of the keys that receipts are signed with
    <log_folder>/timestamp/…        time-stamps of trees (stamping.py), and which is the newest

A file is written beside its place, flushed, renamed, and then its folder is flushed. A stop leaves the old file or the
new one, and at worst a name ending in ``.new`` that the next write replaces.
"""

import fcntl
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from registry.core.errors import Conflict
from registry.tlog.note import LONGEST, Note, parse_note
from registry.tlog.tiles import WIDTH, Tile, changed

NEW = ".new"
NEWEST = "timestamp/newest"
CHECKPOINT, MEMORY, REFUSED, LOCK = "checkpoint", "last-signed", "refused", "lock"


class Disk:
    """What is done to the disk, call by call; a test puts its faults here."""

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """Write a file and flush it."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    def rename(self, path: Path, to: Path) -> None:
        """Put a file in its place."""
        path.replace(to)

    def flush(self, folder: Path) -> None:
        """Make the names in a folder durable."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def make(self, folder: Path, mode: int) -> None:
        """Make a folder."""
        folder.mkdir(mode, exist_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file or an empty folder that nobody needs."""
        path.rmdir() if path.is_dir() else path.unlink()


class Store:
    """The folder of one log's notary, and the folder that it publishes."""

    def __init__(self, folder: Path, published: Path, disk: Disk | None = None):
        self.folder = folder
        self.published = published
        self._disk = disk or Disk()
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folders and take the lock. Raises Conflict (NOTARY_RUNNING) where another notary holds it."""
        self._make(self.folder, 0o700)
        self._make(self.published, 0o755)
        descriptor = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as problem:
            os.close(descriptor)
            if not isinstance(problem, BlockingIOError):
                raise
            raise Conflict(
                "Another notary works in this folder.", code="NOTARY_RUNNING", field="notary_folder",
                remedy="One log has one notary: stop the other one first.",
            ) from problem  # fmt: skip
        self._lock = descriptor

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # -- read

    def memory(self) -> bytes | None:
        """Return what was signed last, as it was written."""
        return read(self.folder / MEMORY, most=4096)

    def refusal(self) -> str | None:
        """Return why this notary signs no more."""
        found = read(self.folder / REFUSED, most=65_536)
        return None if found is None else found.decode("utf-8", "replace").strip()

    def checkpoint(self) -> Note | None:
        """Return the published checkpoint. Raises Malformed."""
        found = read(self.published / CHECKPOINT, most=LONGEST + 1)
        return None if found is None else parse_note(found)

    def tile(self, tile: Tile) -> bytes | None:
        """Return a published tile or bundle."""
        return read(self.published / tile.path, most=MOST)

    # -- written, in the order of signing.STEPS

    def stage(self, files: Mapping[Tile, bytes]) -> None:
        """Write tiles and bundles. Nobody reads them before a checkpoint speaks of them."""
        self._put({self.published / tile.path: content for tile, content in files.items()}, 0o644)

    def remember(self, memory: bytes) -> None:
        """Write what is about to be signed."""
        self._put({self.folder / MEMORY: memory}, 0o600)

    def publish(self, note: Note) -> None:
        """Write the signed checkpoint."""
        self._put({self.published / CHECKPOINT: note.print()}, 0o644)

    def certify(self, path: str, note: Note) -> None:
        """Write a certificate, once and for ever."""
        if not (self.published / path).exists():
            self._put({self.published / path: note.print()}, 0o644)

    def stamp(self, size: int, token: bytes) -> None:
        """Write the time-stamp of a tree, then that it is the newest."""
        self._put({self.published / stamp_path(size): token}, 0o644)
        self._put({self.published / NEWEST: f"{size}\n".encode()}, 0o644)

    def refuse(self, words: str) -> None:
        """Write down why nothing is signed any more."""
        self._put({self.folder / REFUSED: f"{words}\n".encode()}, 0o600)

    def thaw(self, at: int) -> None:
        """Put aside why nothing was signed any more: it stays to be read, and holds up nothing."""
        self._disk.rename(self.folder / REFUSED, self.folder / f"{REFUSED}-{at}")
        self._disk.flush(self.folder)

    def tidy(self, old: int, size: int) -> None:
        """Remove partial tiles whose full one is published: readers take that one where the other is gone."""
        for tile in [each for each in changed(old, size) if each.width == WIDTH]:
            partial = self.published / f"{tile.path}.p"
            with suppress(FileNotFoundError):
                for each in sorted(partial.iterdir()):
                    self._disk.remove(each)
                self._disk.remove(partial)

    def _put(self, files: Mapping[Path, bytes], mode: int) -> None:
        """Write files, each whole or not at all, and make them durable together."""
        folders = dict.fromkeys(path.parent for path in files)
        for folder in folders:
            self._make(folder, 0o755)
        for path, content in files.items():
            self._disk.write(_beside(path), content, mode)
        for path in files:
            self._disk.rename(_beside(path), path)
        for folder in folders:
            self._disk.flush(folder)

    def _make(self, folder: Path, mode: int) -> None:
        """Make a folder and those above it, each durable in the one that holds it."""
        if not folder.is_dir():
            self._make(folder.parent, 0o755)
            self._disk.make(folder, mode)
            self._disk.flush(folder.parent)


def stamp_path(size: int) -> str:
    """Return the address of the time-stamp of a tree."""
    return f"timestamp/{size}.tsr"


def read(path: Path, *, most: int) -> bytes | None:
    """Return a file's bytes, no more than so many; None where there is no such file."""
    try:
        with path.open("rb") as file:
            return file.read(most)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _beside(path: Path) -> Path:
    return path.with_name(path.name + NEW)


MOST = WIDTH * (2**16 + 1)
"""Bytes of the largest bundle."""
