"""Some fields of one entry, shown to whoever may see them, with the proof that the log holds them. Pure.

    {"form": "registry log opening v1",
     "fields": ["at", "kind", …],                       all fields of an entry, in the order of their digests
     "opening": {"v": 2, "shown": {…}, "closed": {…}},  commitments.Opening
     "proof": "c2sp.org/tlog-proof@v1 …"}              of the entry's leaf, which stands in it as extra data

Whoever gets the file sees what is shown and nothing else of the entry. It can be checked without the log and without
this program: docs/checking.md, and tests/outsider/opening.py with nothing but the standard library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from registry.audit.commitments import Opening, canonical, is_of
from registry.audit.forms import FORMS
from registry.core.errors import ProofFailed
from registry.notary import checking
from registry.notary.leaves import Leaf, read_leaf
from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import VerifierKey
from registry.tlog.proof import Proof, parse_proof
from registry.tlog.strict import Malformed

FORM = "registry log opening v1"
LONGEST = 2**24
"""Bytes of such a file."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An opening, and the proof of its leaf."""

    opening: Opening
    proof: Proof

    def print(self) -> bytes:
        """Print the file."""
        return orjson.dumps(
            {
                "form": FORM,
                "fields": FORMS[self.opening.v].names,
                "opening": orjson.loads(str(self.opening)),
                "proof": self.proof.print().decode("utf-8"),
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )

    @property
    def leaf(self) -> Leaf:
        """The leaf that the proof is of. Raises ProofFailed."""
        try:
            return read_leaf(self.proof.extra or b"")
        except Malformed as problem:
            raise checking.failed(problem) from problem

    def check(self) -> None:
        """See that these are fields of the entry whose leaf is proved. Raises ProofFailed."""
        if not is_of(self.opening, self.leaf.commitment):
            raise ProofFailed(f"The fields are not those of entry {self.proof.index}.")


def parse(content: bytes) -> Shown:
    """Read such a file. Nothing of it is verified. Raises ProofFailed."""
    try:
        told = orjson.loads(content[:LONGEST])
        opening = Opening.read(canonical(told["opening"]).decode())
        shown = Shown(opening, parse_proof(told["proof"].encode()))
    except Malformed as problem:
        raise checking.failed(problem) from problem
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ProofFailed("This is no opening of an entry.") from problem
    if shown.print() != content:
        raise ProofFailed("This opening is not in its one spelling.")
    return shown


def proved(shown: Shown, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Check all of it: the fields, their leaf, its place, the signature. Raises ProofFailed."""
    checkpoint = checking.proved(shown.proof, keys)
    shown.check()
    return checkpoint
