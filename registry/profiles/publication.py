"""Publication: a version becomes the register's, findable or not, in the transaction that lets it in.

Every statement that writes profiles and what search needs of them stands here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import insert_many
from registry.core.errors import Conflict
from registry.matching.form import FORM
from registry.profiles import facts, queries, vocabulary
from registry.profiles.headline import FOR_EVER, Headline
from registry.profiles.indexing import NOTHING, Indexed, packed, unpacked
from registry.profiles.models import match_records, profiles, search_keys
from registry.profiles.standing import Standing
from registry.profiles.vetting import Proposal

INDEX_FORM = "index_form"
"""The row of ``counters`` that says in which form the index is written."""


def publish_new(connection: Connection, approved: Sequence[tuple[Proposal, Indexed, Headline]]) -> None:
    """Make approved proposals of new profiles the register's, with the next register numbers."""
    if not approved:
        return
    last = connection.execute(_NEXT_NUMBERS, {"count": len(approved)}).scalar_one()
    if last == len(approved):
        keep(connection, INDEX_FORM, FORM)
    queries.decide(connection, [each for each, _, _ in approved if each.part_of is None])
    numbered = list(enumerate(approved, last - len(approved) + 1))
    insert_many(connection, profiles, [
        (each.profile, number, each.id, each.standing.value, line.category, line.owner, line.post, line.verify_on,
         line.review_on, line.expires_on, None, None, None, None, packed(index.keys), packed(index.tokens),
         line.releasable_to, line.onward, line.clearance)
        for number, (each, index, line) in numbered
    ])  # fmt: skip
    insert_many(connection, match_records, [
        (number, index.record, line.category, line.expires_on or FOR_EVER, facts.spelt(line, each.standing))
        for number, (each, index, line) in numbered
    ])  # fmt: skip
    insert_many(
        connection, search_keys, sorted((key, number) for number, (_, index, _) in numbered for key in index.keys)
    )
    _count_names(
        connection, Counter(token for _, index, _ in approved for token in index.tokens),
        {word for _, index, _ in approved for word in index.words},
    )  # fmt: skip


def publish(
    connection: Connection, version: Proposal, index: Indexed | None, line: Headline, *,
    merged_into: UUID | None = None, digest: str | None = None,
) -> None:  # fmt: skip
    """Make a version current, and findable by ``index``; without one, not findable. The keys before are taken back.

    ``digest`` is what a tombstone keeps of a record that is removed.

    Raises Conflict (PROPOSAL_OUTDATED) when another version became current meanwhile.
    """
    before = connection.execute(
        sa.select(profiles.c.number, profiles.c.blocking_keys, profiles.c.name_tokens).where(
            profiles.c.id == version.profile
        )
    ).one()
    made = index or NOTHING
    removed = version.standing is Standing.REMOVED
    moved = connection.execute(
        profiles.update()
        .where(profiles.c.id == version.profile, profiles.c.current == version.base)
        .values(
            current=version.id, standing=version.standing.value, category=line.category, owner=line.owner,
            releasable_to=line.releasable_to, onward=line.onward, clearance=line.clearance, post=line.post,
            verify_on=line.verify_on, review_on=line.review_on, expires_on=line.expires_on,
            merged_into=merged_into, removed_at=version.decided_at if removed else None, digest=digest,
            blocking_keys=packed(made.keys), name_tokens=packed(made.tokens),
        )
    )  # fmt: skip
    if moved.rowcount != 1:
        raise Conflict(
            "The profile has changed since this was proposed.", code="PROPOSAL_OUTDATED",
            remedy="Propose the change anew from its present state.",
        )  # fmt: skip
    told = None if index is None else (line.category, line.expires_on or FOR_EVER, facts.spelt(line, version.standing))
    _reindex(connection, before, made, told)


def _reindex(connection: Connection, before: Any, made: Indexed, told: tuple[str, str, str] | None) -> None:
    old, new = set(unpacked(before.blocking_keys)), set(made.keys)
    gone = search_keys.c.key.in_(sorted(old - new))
    connection.execute(search_keys.delete().where(gone, search_keys.c.number == before.number))
    insert_many(connection, search_keys, [(key, before.number) for key in sorted(new - old)])
    connection.execute(match_records.delete().where(match_records.c.number == before.number))
    if told is not None:
        insert_many(connection, match_records, [(before.number, made.record, *told)])
    change = Counter(made.tokens)
    change.subtract(unpacked(before.name_tokens))
    _count_names(connection, change, made.words)


def index_anew(connection: Connection, anew: Sequence[tuple[Any, Indexed | None, tuple[str, str, str]]]) -> None:
    """Write what search needs of current versions, whatever stood there: rows of profiles, category, last day, facts.

    A version that no search may find has no index.
    """
    made = [(before, index or NOTHING) for before, index, _ in anew]
    gone = [
        {"key": key, "number": before["number"]}
        for before, index in made
        for key in sorted({*unpacked(before["blocking_keys"]), *index.keys})
    ]
    if gone:
        connection.execute(_TAKE_BACK, gone)
    numbered = [before["number"] for before, *_ in anew]
    connection.execute(match_records.delete().where(match_records.c.number.in_(numbered)))
    insert_many(
        connection, search_keys, sorted((key, before["number"]) for before, index in made for key in index.keys)
    )
    insert_many(connection, match_records, [
        (before["number"], index.record, *told) for before, index, told in anew if index
    ])  # fmt: skip
    change: Counter[int] = Counter()
    for before, index in made:
        change.update(index.tokens)
        change.subtract(unpacked(before["name_tokens"]))
        packed_keys = {"blocking_keys": packed(index.keys), "name_tokens": packed(index.tokens)}
        connection.execute(profiles.update().where(profiles.c.number == before["number"]).values(packed_keys))
    _count_names(connection, change, {word for _, index in made for word in index.words})


def keep(connection: Connection, name: str, value: int) -> None:
    """Keep a number of ``counters``."""
    connection.execute(_KEEP, {"name": name, "value": value})


def numbers(connection: Connection, identifiers: Iterable[UUID]) -> dict[UUID, int]:
    """Return the register numbers of profiles."""
    statement = sa.select(profiles.c.id, profiles.c.number).where(profiles.c.id.in_(list(identifiers)))
    return {row.id: row.number for row in connection.execute(statement)}


def _count_names(connection: Connection, change: Mapping[int, int], words: Collection[str]) -> None:
    """Add to the number of profiles that carry each name; in order, so that two can't wait for each other.

    ``words`` are those of the names now carried, for the vocabulary.
    """
    values = [{"token": token, "profiles": change[token]} for token in sorted(change) if change[token]]
    if values:
        connection.execute(_COUNT_NAME, values)
    vocabulary.keep(connection, words, change)


_NEXT_NUMBERS = sa.text(
    "INSERT INTO counters (name, value) VALUES ('profiles', :count) "
    "ON CONFLICT (name) DO UPDATE SET value = counters.value + excluded.value RETURNING value"
)
_TAKE_BACK = sa.text("DELETE FROM search_keys WHERE key = :key AND number = :number")
_KEEP = sa.text(
    "INSERT INTO counters (name, value) VALUES (:name, :value) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)
_COUNT_NAME = sa.text(
    "INSERT INTO name_rarity (token, profiles) VALUES (:token, :profiles) "
    "ON CONFLICT (token) DO UPDATE SET profiles = name_rarity.profiles + excluded.profiles"
)
"""The same words on both databases, like those above."""
