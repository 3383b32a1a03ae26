"""PyPI's tlog-scales reads a log whole: its signatures, each entry, and the tiles that it would have written itself."""

from argparse import Namespace
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from tlog_scales import cli
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import DummySigner, Vkey
from tlog_scales.tlog import InclusionProofInvalid
from tlog_scales.writer import TilesWriter

_REFUSALS = (InvalidSignature, InclusionProofInvalid, ValueError, RuntimeError, IndexError)
"""What it raises at a log that is not whole; it has no error of its own for that."""


def why_refused(folder: Path, keys: Iterable[str], scratch: Path) -> str:
    """Say what it finds wrong with a log, or nothing."""
    reader = TilesReader(LocalBackend(folder))
    try:
        checkpoint = reader.get_checkpoint()
        for key in keys:
            checkpoint.verify(Vkey.from_string(key))
        if reader.calculate_root_hash() != checkpoint.root_hash:
            return "root"
        again = TilesWriter.create(scratch, checkpoint.origin)
        for index in range(checkpoint.size):
            again.add_leaf(reader.get_entry(index))
    except _REFUSALS as refusal:
        return repr(refusal)
    again.commit([DummySigner()], gc=False)
    return next((path for path in _tiles(scratch) if not _is_same(folder / path, scratch / path)), "")


def tlog_proof(folder: Path, index: int) -> None:
    """Print the proof of an entry, as its program does."""
    cli.cmd_gen_proof(Namespace(location=str(folder), leaf_index=index))


def _tiles(folder: Path) -> list[str]:
    return sorted(str(file.relative_to(folder)) for file in (folder / "tile").rglob("*") if file.is_file())


def _is_same(file: Path, other: Path) -> bool:
    return file.exists() and file.read_bytes() == other.read_bytes()
