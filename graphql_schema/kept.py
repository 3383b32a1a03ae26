"""What an entry keeps of an answer that shows records, so that it can be made again and told to be the same.

    {"answer": "pX0v-3kQz_7a", "asked": {"sealed": {…}}}        beside what the use case told, in its event

``answer`` is a keyed digest of the bytes of ``data`` as they leave: 72 bits of HMAC-SHA-256 with the register's index
key, which nobody tries values out against. ``asked`` is what was asked, to the letter, sealed: the variables, and the
text where the document is not an approved one, which is known by its digest. An answer that shows nobody keeps neither.

registry/seen makes answers again; docs/decisions/0030-what-was-seen.md says why it is done so.
"""

from collections.abc import Sequence
from dataclasses import replace

import orjson

from graphql_schema.negotiation import Parameters
from registry.audit.events import REFUSED, Event
from registry.seen.kept import ANSWER, ASKED, digest_of
from registry.work import Work


def kept(work: Work, given: Parameters, data: bytes) -> Sequence[Event]:
    """Return the events of an operation, the first that shows a record with what is kept of the answer.

    Raises Unavailable when a token that wraps does not answer.
    """
    events = list(work.events)
    for place, event in enumerate(events):
        if event.records and not event.name.endswith(REFUSED):
            text = "" if work.actor.is_approved else given.query
            asked = {"text": text, "name": given.operation_name or ""}
            closed = work.closed(**asked, variables=orjson.dumps(given.variables).decode())
            told = {ANSWER: digest_of(data, work.sealer), ASKED: closed}
            events[place] = replace(event, details=event.details | told)
            break
    return events
