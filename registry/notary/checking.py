"""A published log, looked at by somebody who believes its key and nothing else.

    log = opened(source, keys)                  the signature, the partial tiles, the root; raises ProofFailed
    whole(log, advance)                         every full tile, every leaf, and that time never goes back
    proof_of(log, 4711)                         a proof that is checked offline (https://c2sp.org/tlog-proof)
    compared(log, first, rows)                  the leaves beside the entries of the database
    rebuilt(log, store)                         every file of a folder, made again from the leaves, byte by byte

A source tells the bytes of an address below the log's prefix, whether from a folder or from the network. Nothing of it
is used before its hash or signature has been checked (registry/tlog/reader.py). What has failed is named by its entry
or file.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from registry.core.errors import InputRefused, NotFound, ProofFailed
from registry.notary import judging
from registry.notary.erasures import NOTHING, Accounted
from registry.notary.leaves import Row, read_leaf
from registry.notary.memory import parse_memory
from registry.notary.store import CHECKPOINT, MOST, NEW, Store, read
from registry.notary.tree import Tree
from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.keys import VerifierKey, signed_by
from registry.tlog.note import LONGEST, Note, parse_note
from registry.tlog.proof import Proof
from registry.tlog.reader import Reader
from registry.tlog.strict import Malformed, Unproved
from registry.tlog.tiles import WIDTH, Tile
from registry.tlog.tree import is_consistent, is_included, leaf_hash

_PROMISE = re.compile(r"promise/[0-9a-f]{64}|timestamp/([0-9]+[.]tsr|newest)")
Source = Callable[[str, int], bytes | None]
"""Tells the bytes at an address below the prefix, no more than so many; None where nothing stands."""
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoint is signed, and whose right edge hashes to it."""

    note: Note
    checkpoint: Checkpoint
    signed: dict[VerifierKey, int]
    """Which of the keys signed it, and when (0 where the signature tells no time)."""
    reader: Reader

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.checkpoint.size

    @property
    def bundles(self) -> int:
        """How many bundles there are."""
        return -(-self.size // WIDTH)


def folder_source(folder: Path) -> Source:
    """Return what reads a published folder."""
    return lambda path, most: read(folder / path, most=most)


def opened(source: Source, keys: Sequence[VerifierKey]) -> Log:
    """Read a checkpoint, believe it by its keys, and hash the right edge up to it. Raises ProofFailed."""
    with_name = source(CHECKPOINT, LONGEST + 1)
    if with_name is None:
        raise NotFound("No checkpoint is published there.", code="CHECKPOINT_MISSING",
                       remedy="Name the folder, or the address that ends in /log.")  # fmt: skip
    try:
        note = parse_note(with_name)
        checkpoint = parse_checkpoint(note.text)
        signed = signed_by(note, [key for key in keys if key.name == checkpoint.origin])
        if not signed:
            raise Unproved("is not signed by a key that was named", "checkpoint")
        reader = Reader(checkpoint.size, checkpoint.root, lambda tile: source(tile.path, MOST))
    except Malformed as problem:
        raise failed(problem) from problem
    return Log(note, checkpoint, signed, reader)


def whole(log: Log, advance: Advance, *seen: Callable[[int, datetime], None]) -> None:
    """Hash every tile and every leaf up to the root, and see that time never goes back. Raises ProofFailed.

    Whoever wants to see each leaf's moment as well is told it, in order (times.py).
    """
    last = None
    for bundle in range(log.bundles):
        for place, text in enumerate(leaves(log, bundle)):
            index = bundle * WIDTH + place
            try:
                at = read_leaf(text).at
            except Malformed as problem:
                raise ProofFailed(f"Entry {index}: {problem}.") from problem
            if last is not None and at < last:
                raise ProofFailed(f"Entry {index} has a leaf that is older than the one before it.")
            last = at
            for see in seen:
                see(index, at)
        advance(1)


def leaves(log: Log, bundle: int) -> tuple[bytes, ...]:
    """Return the leaves' texts of a bundle, proved. Raises ProofFailed."""
    try:
        return log.reader.entries(bundle)
    except Malformed as problem:
        raise failed(problem) from problem


def compared(first: int, rows: Sequence[Row], texts: Sequence[bytes], accounted: Accounted = NOTHING) -> None:
    """See that rows of the database are those of proved leaves, and hash to them. Raises Refusal, which names one."""
    judging.unchanged(rows, first, texts, accounted)


def goes_on(log: Log, older: bytes) -> Checkpoint:
    """See that the log begins with the one of a checkpoint that was kept; return that one. Raises ProofFailed."""
    try:
        old = parse_checkpoint(parse_note(older).text)
        if old.origin != log.checkpoint.origin:
            raise Unproved("is of another log", "kept checkpoint")
        if old.size > log.size:
            raise Unproved(f"has {old.size} entries, and the log has {log.size} now", "kept checkpoint")
        path = log.reader.consistency(old.size)
    except Malformed as problem:
        raise failed(problem) from problem
    if not is_consistent(old.size, old.root, log.size, log.checkpoint.root, path):
        raise ProofFailed(f"The first {old.size} entries are not those of the checkpoint that was kept.")
    return old


def proof_of(log: Log, index: int) -> Proof:
    """Prove that an entry is in the log; its leaf's text stands in the proof as well. Raises ProofFailed, NotFound."""
    if index >= log.size:
        raise NotFound(f"The published log has {log.size} entries.", code="ENTRY_NOT_SIGNED", field="INDEX",
                       remedy="An entry is signed within seconds: try again.")  # fmt: skip
    try:
        text = log.reader.entry(index)
        path = log.reader.inclusion(index)
    except Malformed as problem:
        raise failed(problem) from problem
    if not is_included(leaf_hash(text), index, log.size, path, log.checkpoint.root):
        raise ProofFailed(f"Entry {index} is not in the tree.")
    return Proof(index, tuple(path), log.note, text)


def proved(proof: Proof, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Check a proof without the log, against the leaf that stands in it. Raises ProofFailed."""
    try:
        checkpoint = parse_checkpoint(proof.note.text)
        if not signed_by(proof.note, [key for key in keys if key.name == checkpoint.origin]):
            raise Unproved("is not signed by a key that was named", "checkpoint")
    except Malformed as problem:
        raise failed(problem) from problem
    if proof.extra is None:
        raise InputRefused("holds no leaf.", field="proof", remedy="Take one that registry audit prove made.")
    if not is_included(leaf_hash(proof.extra), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise ProofFailed(f"The path does not lead from entry {proof.index} to the root.")
    return checkpoint


# -- the notary's own folders


def rebuilt(log: Log, store: Store, advance: Advance) -> Iterator[str]:
    """Make every file again from the leaves, and tell what differs, is missing, or has no business there."""
    tree = Tree()
    known = {CHECKPOINT}
    for bundle in range(log.bundles):
        tree, files = tree.grown(leaves(log, bundle))
        for tile, content in files.items():
            known.add(tile.path)
            if tile.width == WIDTH or tree.size == log.size:
                yield from _compared(store, tile, content)
        advance(1)
    yield from _strange(store.published, known)


def remembered(log: Log, store: Store) -> Iterator[str]:
    """Tell where the notary's memory and the published checkpoint are not of one tree."""
    if refusal := store.refusal():
        yield f"the notary has refused: {refusal}"
    written = store.memory()
    if written is None:
        yield "the notary's memory is missing"
        return
    try:
        memory = parse_memory(written)
    except Malformed as problem:
        yield str(problem)
        return
    if memory.checkpoint != log.checkpoint:
        yield (f"the notary remembers {memory.size} entries, and {log.size} are published: its next start publishes"
               " again")  # fmt: skip


def _compared(store: Store, tile: Tile, content: bytes) -> Iterator[str]:
    found = store.tile(tile)
    if found is None and tile.width < WIDTH:
        return  # the reader has found the full one
    if found != content:
        yield f"{tile.path} {'is missing' if found is None else 'is not made of the leaves'}"


def _strange(published: Path, known: set[str]) -> Iterator[str]:
    for path in sorted(published.rglob("*")):
        name = path.relative_to(published).as_posix()
        is_left = name.endswith(NEW) or ".p/" in name  # of a stop, or of an earlier checkpoint
        if _PROMISE.fullmatch(name):
            continue  # promised.py and stamping.py look at those
        if not path.is_dir() and name not in known and not is_left:
            yield f"{name} has no business here"


def failed(problem: Malformed) -> ProofFailed:
    """Say as an error what a reader has found."""
    words = str(problem)
    return ProofFailed(words[:1].upper() + words[1:] + ".")
