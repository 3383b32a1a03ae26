"""Alarms: what administrators are to look at, raised in the transaction of the entry that it is about.

    {"event": "alarm", "level": "error", "code": "DECOY_SHOWN", "index": 4711, "agency": "nl-pol", …}
    registry_alarms_total{kind="decoy"} 1

A decoy is a profile that stands for nobody, so whoever comes upon one asks for people whom no case of theirs is about.
An entry about one raises the alarm whichever way it ended: an attempt that was refused is no better.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Entry
from registry.audit.models import alarms, decoys, subjects
from registry.core.engines import insert_together
from registry.core.ids import new_id
from registry.core.metrics import ALARMS
from registry.core.telemetry import log


class Kind(StrEnum):
    """Why there is an alarm."""

    DECOY = "decoy"
    """Somebody was shown a decoy, or asked for one."""
    SUBJECTS = "subjects"
    """Somebody asked for more persons than they may be shown in a day; once a day for each."""


CODES = {Kind.DECOY: "DECOY_SHOWN", Kind.SUBJECTS: "SUBJECTS_SPENT"}

_TOUCHED = (
    sa.select(subjects.c["index"].label("number"), decoys.c.owner)
    .join(decoys, decoys.c.profile == subjects.c.profile)
    .where(subjects.c["index"].between(sa.bindparam("first"), sa.bindparam("last")))
    .distinct()
)


def raise_for(connection: Connection, first: int, entered: Sequence[Entry], crossed: Collection[int] = ()) -> None:
    """Raise the alarms of entries that got their numbers from ``first`` on.

    ``crossed`` are the places of those with which somebody's persons of the day were spent.
    """
    raised: list[tuple[Kind, int, str | None]] = [(Kind.SUBJECTS, place, None) for place in crossed]
    if any(entry.records for entry in entered):
        found = connection.execute(_TOUCHED, {"first": first, "last": first + len(entered) - 1})
        raised += [(Kind.DECOY, row.number - first, row.owner) for row in found]
    if not raised:
        return
    insert_together(connection, (alarms, [
        (new_id(), entered[place].at, kind.value, first + place, audience) for kind, place, audience in raised
    ]))  # fmt: skip
    for kind, place, _ in raised:
        entry = entered[place]
        ALARMS.labels(kind.value).inc()
        log.error("alarm", code=CODES[kind], kind=kind.value, index=first + place, client=entry.client,
                  agency=entry.agency)  # fmt: skip
