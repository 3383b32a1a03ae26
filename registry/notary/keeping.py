"""Checkpoints that somebody keeps of a log, in a file or in a folder of them: what no later story can undo.

notes(Path("my-checkpoints"))                       every one that is there, as it was kept
bracketing(notes, witnesses, logs)                  when each was seen (times.py)
keep(Path("my-checkpoints"), note, 4711)            my-checkpoints/4711.checkpoint
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from registry.notary.checking import failed
from registry.notary.times import Kept, kept
from registry.tlog.keys import VerifierKey
from registry.tlog.note import Note, parse_note
from registry.tlog.strict import Malformed

ENDING = ".checkpoint"


def notes(place: Path) -> list[bytes]:
    """Return what was kept: each file of a folder that ends so, or the one file; nothing where none is there yet."""
    if place.is_dir():
        return [each.read_bytes() for each in sorted(place.glob(f"*{ENDING}"))]
    return [place.read_bytes()] if place.exists() else []


def bracketing(
    found: Iterable[bytes], witnesses: Sequence[VerifierKey], logs: Sequence[VerifierKey]
) -> list[Kept]:  # fmt: skip
    """Return when each was seen, by the witnesses' word or else the log's. Raises ProofFailed."""
    try:
        seen = [kept(parse_note(each), witnesses, logs) for each in found]
    except Malformed as problem:
        raise failed(problem) from problem
    return [each for each in seen if each is not None]


def keep(place: Path, note: Note, size: int) -> None:
    """Keep one more in a folder, or the only one in a file."""
    (place / f"{size}{ENDING}" if place.is_dir() else place).write_bytes(note.print())
