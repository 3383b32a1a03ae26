"""From rows to a published checkpoint, in an order that survives a stop anywhere.

    1  stage       tiles and bundles are written: nobody reads them, no checkpoint speaks of them
    2  remember    the checkpoint is written into the notary's memory: from here on it is as good as signed
    3  sign        both keys sign that text, at the time that the memory says
    4  witness     witnesses are asked to cosign it, where there are any (running.py)
    5  publish     the signed checkpoint, with cosignatures, takes the place of the one before
    6  tell        the database is told, so that the nodes know (queries.add_head, by running.py)

A stop before 2 has signed nothing: the same leaves, or more of them, are staged again. A stop after 2 is made good in
the first round after the next start from the memory alone: the same text is signed at the same time, witnessed,
published and told. So no size is ever signed with two roots, whatever the database says by then.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from registry.audit.receipts import Certificate
from registry.core.errors import InputRefused, ProofFailed
from registry.notary import judging, promises
from registry.notary.erasures import NOTHING, Accounted
from registry.notary.judging import Refusal
from registry.notary.leaves import Row
from registry.notary.memory import Memory, parse_memory
from registry.notary.queries import Ends, Head
from registry.notary.store import Store
from registry.notary.tree import Tree
from registry.tlog.checkpoint import Checkpoint, parse_checkpoint
from registry.tlog.keys import Signer, VerifierKey, signed_by
from registry.tlog.note import Note
from registry.tlog.strict import Malformed, Unproved

STEPS = ("stage", "remember", "sign", "witness", "publish", "tell")


class Notary:
    """What has been signed of one log, and how it goes on. Whoever makes one holds the store's lock."""

    def __init__(self, store: Store, origin: str, signers: Sequence[Signer]):
        """Take up what was signed. Raises ProofFailed where it refused before, or its files are not what it signed."""
        self._store = store
        self._origin = origin
        self._signers = tuple(signers)
        self.memory: Memory | None = None
        self.tree = Tree()
        self.note: Note | None = None
        """What is remembered as it was published; none while that is still to be done."""
        self._before = 0
        """How long the tree was whose partial tiles are published."""
        if before := store.refusal():
            raise ProofFailed(f"This notary has refused for good: {before}", code="NOTARY_REFUSED",
                              remedy="docs/notary.md says what to do then.")  # fmt: skip
        self._take_up()

    @property
    def size(self) -> int:
        """How many entries are signed."""
        return self.memory.size if self.memory else 0

    @property
    def signed_at(self) -> datetime | None:
        """When the last checkpoint was signed."""
        return datetime.fromtimestamp(self.memory.at, UTC) if self.memory else None

    @property
    def keys(self) -> tuple[VerifierKey, ...]:
        """By what its signatures are believed."""
        return tuple(signer.key for signer in self._signers)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self._origin

    def certified(self, certificate: Certificate) -> Note | None:
        """Sign for a key of receipts; None where none of its keys signs anything but checkpoints."""
        return promises.signed(certificate, self._signers)

    # -- a start

    def _take_up(self) -> None:
        try:
            written = self._store.memory()
            published = self._store.checkpoint()
            self.memory = parse_memory(written) if written is not None else None
            signed = self._has_signed(published)
            if self.memory:
                self._is_ours(self.memory.checkpoint)
                self.tree = Tree.of(self.memory, self._store.tile)
        except Malformed as problem:
            raise ProofFailed(f"The notary's files are not what it signed: {problem}.", code="NOTARY_DAMAGED",
                              remedy="Restore its two folders: docs/notary.md.") from problem  # fmt: skip
        if self.memory and self._is_at_hand(signed):
            self.note = published
        self._before = self.size

    def _is_at_hand(self, signed: Mapping[VerifierKey, int]) -> bool:
        """Say whether all keys have signed what is remembered, at the time that is remembered; others may have, too."""
        return signed.keys() >= set(self.keys) and {self.memory.at if self.memory else 0, 0} >= set(signed.values())

    def _is_ours(self, checkpoint: Checkpoint) -> None:
        if checkpoint.origin != self._origin:
            raise InputRefused("is another name than the log's was when it was signed.", code="SETTING_INVALID",
                               field="log_origin", remedy="A log keeps its name for ever.")  # fmt: skip

    def _has_signed(self, published: Note | None) -> Mapping[VerifierKey, int]:
        """See that the published checkpoint is not newer than the memory, nor another one; return who signed it."""
        if published is None:
            return {}
        found = parse_checkpoint(published.text)
        self._is_ours(found)
        if self.memory is None or found.size > self.memory.size:
            self._refuse(Refusal("HEAD_UNKNOWN", max(found.size - 1, 0)))
        elif found.size == self.memory.size and found.root != self.memory.checkpoint.root:
            raise Unproved("is not the one that was signed", "checkpoint")
        return signed_by(published, self.keys) if self.memory and found == self.memory.checkpoint else {}

    # -- a round

    def met(self, newest: Head | None) -> Head | None:
        """Compare the newest head of the database; return the one that it lacks. Raises Refusal."""
        signed = self.memory.size if self.memory else -1
        if newest is not None:
            is_other = newest.size == signed and self.memory and newest.root != self.memory.checkpoint.root
            if newest.size > signed or is_other:
                self._refuse(Refusal("HEAD_UNKNOWN", max(newest.size - 1, 0)))
            if newest.size == signed:
                return None
        return self.head

    @property
    def head(self) -> Head | None:
        """What the database is to be told."""
        if self.memory is None or self.note is None or self.signed_at is None:
            return None
        root = self.memory.checkpoint.root
        return Head(self.memory.size, root, self.signed_at, self.note.print().decode("utf-8"))

    def look_back(
        self, rows: Sequence[Row], first: int, signed: Sequence[bytes], accounted: Accounted = NOTHING
    ) -> None:  # fmt: skip
        """Compare rows that were signed with what was signed. Raises Refusal."""
        try:
            judging.unchanged(rows, first, signed, accounted)
        except Refusal as refusal:
            self._refuse(refusal)

    def see_ends(self, ends: Ends) -> None:
        """See that the log has not become shorter. Raises Refusal."""
        try:
            judging.ended(ends.leaves, ends.entries, self.size)
        except Refusal as refusal:
            self._refuse(refusal)

    def take_in(self, rows: Sequence[Row], at: datetime) -> int:
        """Stage and remember what stands behind what is signed; return how many entries that are. Raises Refusal.

        With no row this is a heartbeat: the same tree, at another time. ``signed`` and ``publish`` follow.
        """
        try:
            leaves = judging.continued(rows, self.size, self.tree.last, at)
        except Refusal as refusal:
            self._refuse(refusal)
            raise
        if rows and not leaves:
            return 0
        tree, files = self.tree.grown(leaves)
        memory = Memory(Checkpoint(self._origin, tree.size, tree.edge.root), self._time(at))
        self._store.stage(files)
        self._store.remember(memory.print())
        self.tree, self.memory, self.note = tree, memory, None
        return len(leaves)

    def _time(self, at: datetime) -> int:
        """Return when a checkpoint is signed: never before the last one, whatever the clock says."""
        return max(int(at.timestamp()), self.memory.at if self.memory else 0)

    def signed(self) -> Note | None:
        """Sign what is remembered, where it is not published yet."""
        if self.memory is None or self.note is not None:
            return None
        text = self.memory.checkpoint.text
        return Note(text, tuple(signer.sign(text, self.memory.at) for signer in self._signers))

    def publish(self, note: Note) -> None:
        """Publish what was signed, with what others have signed below it."""
        self._store.publish(note)
        self.note = note
        self._store.tidy(self._before, self.size)
        self._before = self.size

    def dispute(self) -> None:
        """Refuse because the witnesses have seen another tree. Raises Refusal."""
        self._refuse(Refusal("TREE_DISPUTED", max(self.size - 1, 0)))

    def _refuse(self, refusal: Refusal) -> None:
        """Write the refusal down, so that the next start refuses as well, and raise it."""
        self._store.refuse(f"[{refusal.code}] {refusal.message}")
        raise refusal
