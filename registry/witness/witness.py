r"""The witness itself: decide on a request, remember, and only then cosign.

    witness = Witness(logs, signers, memory)
    witness.answer(b"old 0\n\nregistry.example/log\n…")      Reply(200, "— DEMO-police.example …\n")

The order is the promise: when the memory can't be written, nothing is signed; when the process ends between the two,
the log asks again with the size that the memory now names, and gets its cosignature for the same tree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from registry.core.clock import Clock, now
from registry.core.errors import Unavailable
from registry.tlog.keys import Signer, VerifierKey
from registry.tlog.witnessing import PLAIN, cosigned, decide
from registry.witness.memory import Memory


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered."""

    status: HTTPStatus
    body: str
    content_type: str = PLAIN


class Witness:
    """The logs that are known by their origin, the keys that cosign, and what is remembered."""

    def __init__(
        self, logs: Mapping[str, Sequence[VerifierKey]], signers: Sequence[Signer], memory: Memory, clock: Clock = now
    ) -> None:  # fmt: skip
        self._logs = logs
        self._signers = signers
        self._memory = memory
        self._clock = clock

    def answer(self, body: bytes) -> Reply:
        """Answer one request to cosign a checkpoint."""
        try:
            with self._memory.turn() as turn:
                decision = decide(body, self._logs, turn.head)
                if decision.checkpoint is None:
                    return Reply(decision.status, decision.body, decision.content_type)
                at = turn.keep(decision.checkpoint, int(self._clock().timestamp()))
        except Unavailable as problem:
            return Reply(HTTPStatus.SERVICE_UNAVAILABLE, f"{problem.message}\n")
        return Reply(decision.status, cosigned(decision, self._signers, at), decision.content_type)
