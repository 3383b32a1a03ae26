"""The search index written anew from the records, batch by batch, while the register is used.

    standing(connection)                   in which form the index is, and how far it was written anew
    write_batch(connection, edition, sealer)   the next records, in one transaction; how many, nought at the end
    finish(connection)                     the whole index is of this program's form

How far it came stands in ``counters`` beside the records that were written, so a run that is killed goes on where it
was. Nobody is found in an index of another form (postings.py), so half of one misleads nobody. Records that become
current meanwhile are written in the new form by themselves.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.sealing import Sealer
from registry.disclosure.facts import spelling
from registry.editions.edition import Edition
from registry.matching.form import FIRST, FORM
from registry.profiles import publication, rows
from registry.profiles.headline import FOR_EVER
from registry.profiles.indexing import indexed
from registry.profiles.models import counters, profiles, record_keys, revisions
from registry.profiles.standing import SEARCHABLE, Standing

BATCH = 100
"""Records of one transaction: a fraction of a second of work, so that nobody who decides on one waits longer."""
REBUILT = f"index_rebuilt_{FORM}"
"""The row of ``counters`` that says up to which register number the index was written anew in this form."""

_CURRENT = (
    sa.select(
        profiles.c.id, profiles.c.number, profiles.c.standing, profiles.c.category, profiles.c.owner,
        profiles.c.onward, profiles.c.clearance, profiles.c.releasable_to, profiles.c.expires_on,
        profiles.c.blocking_keys, profiles.c.name_tokens, *(revisions.c[name] for name in rows.COLUMNS),
        record_keys.c.key_id, record_keys.c.content,
    )
    .select_from(
        profiles.join(revisions, revisions.c.id == profiles.c.current)
        .outerjoin(record_keys, record_keys.c.profile == profiles.c.id)
    )
    .order_by(profiles.c.number)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Index:
    """In which form the index of a register is."""

    form: int
    size: int
    """How many profiles there are."""
    rebuilt: int
    """Up to which register number it was written anew by a run that did not end."""

    @property
    def is_outdated(self) -> bool:
        """Whether people would be missed in it."""
        return self.size > 0 and self.form != FORM


def standing(connection: Connection) -> Index:
    """Return in which form the index is, and how far it was written anew."""
    names = ("profiles", publication.INDEX_FORM, REBUILT)
    found = connection.execute(sa.select(counters.c.name, counters.c.value).where(counters.c.name.in_(names)))
    value: dict[str, int] = {name: value for name, value in found}  # noqa: C416  rows are no pairs to mypy
    return Index(value.get(publication.INDEX_FORM, FIRST), value.get("profiles", 0), value.get(REBUILT, 0))


def begin(connection: Connection) -> None:
    """Begin at the first record, also where the index is of this form already."""
    publication.keep(connection, REBUILT, 0)


def write_batch(connection: Connection, edition: Edition, sealer: Sealer) -> int:
    """Write the index of the next records anew; return how many there were."""
    after = standing(connection).rebuilt
    statement = _CURRENT.where(profiles.c.number > after).limit(BATCH).with_for_update(of=profiles)
    found = connection.execute(statement).mappings().all()
    anew = []
    for row in found:
        is_found = Standing(row["standing"]) in SEARCHABLE
        record = rows.record(row, rows.key_of(sealer, row["id"], row)) if is_found else None
        index = indexed(record, edition, sealer.blind) if record else None
        facts = spelling(
            row["standing"], row["category"], row["owner"], row["onward"], row["clearance"], row["releasable_to"]
        )
        anew.append((row, index, (row["category"], row["expires_on"] or FOR_EVER, facts)))
    publication.index_anew(connection, anew)
    if found:
        publication.keep(connection, REBUILT, found[-1]["number"])
    return len(found)


def finish(connection: Connection) -> None:
    """Say that the whole index is of this program's form."""
    publication.keep(connection, publication.INDEX_FORM, FORM)
    connection.execute(sa.delete(counters).where(counters.c.name.startswith("index_rebuilt_", autoescape=True)))
