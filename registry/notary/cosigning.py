"""What comes of asking witnesses to cosign a checkpoint: who is asked, what is told, and when it is bad news.

    cosigning = Cosigning(open_witnesses(policy_file))
    note = await cosigning.cosigned(notary, store, note)        raises Refusal where the tree is disputed

A checkpoint without a quorum is published all the same: whoever reads it sees that by the policy file, and how long the
register goes on like that is a setting of its nodes, which know by ``log_quorums`` (registry/audit/windows.py). To
withhold it would keep from everybody what the notary vouches for, and stop the register within a minute wherever a
network is down. One witness that says it has seen another tree is told at once and changes nothing else, or any of them
could stop a register by lying; as many as the policy would have believed stop it for good.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from registry.core.telemetry import log
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.tlog.note import Note
from registry.tlog.reader import Reader
from registry.witness.asking import Cosigned, Said, Witnesses


@dataclass(slots=True)
class Cosigning:
    """The witnesses of one log's policy, and what they said last."""

    witnesses: Witnesses
    _said: Mapping[str, Said] = field(default_factory=dict)
    _looked_at: tuple[Note | None, bool] = (None, False)

    def has_quorum(self, note: Note | None) -> bool:
        """Say whether enough have cosigned what is published."""
        if note is not self._looked_at[0]:
            self._looked_at = note, note is not None and self.witnesses.has_quorum(note)
        return self._looked_at[1]

    async def cosigned(self, notary: Notary, store: Store, note: Note) -> Note:
        """Ask all of them; return the note with the cosignatures there are when their time is over.

        Raises Refusal where they dispute the tree.
        """
        memory = notary.memory
        assert memory is not None, "only what is remembered is signed"
        reader = Reader(memory.size, memory.checkpoint.root, store.tile)
        found = await self.witnesses.ask(note, partial(_consistency, reader))
        self._tell(found, memory.size)
        if found.is_disputed:
            notary.dispute()
        return found.note

    def _tell(self, found: Cosigned, size: int) -> None:
        """Log what a witness says when it begins to say so; a conflict each time."""
        for name, said in found.said.items():
            if said is Said.CONFLICT:
                log.error("witness_conflict", witness=name, size=size)
            elif said is not self._said.get(name, Said.COSIGNED):
                log.warning("witness_silent", witness=name, code=said.name, size=size)
        self._said = found.said


def _consistency(reader: Reader, old: int) -> tuple[bytes, ...]:
    return tuple(reader.consistency(old))
