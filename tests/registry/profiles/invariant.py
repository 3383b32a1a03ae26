"""What must hold of the register at any moment, whatever happened to it: called after every operation of a test.

await database.read(check_register)
"""

from collections import Counter
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection

from registry.disclosure.facts import spelled
from registry.profiles import queries, rows
from registry.profiles.facts import columns, of_record
from registry.profiles.headline import FOR_EVER, headline
from registry.profiles.indexing import NOTHING, Indexed, indexed, unpacked
from registry.profiles.models import match_records, name_rarity, profiles, record_keys, revisions, search_keys
from registry.profiles.standing import CARRIES_A_RECORD, LIFE, SEARCHABLE, Change, Standing
from registry.profiles.vetting import Proposal, State
from tests.factories import EDITION, SEALER

_STANDS_AS = {
    Standing.EXPIRED: SEARCHABLE,
}
"""What the newest version says of a record that the sweep has ended: an expiry is no version."""


def check_register(connection: Connection) -> None:
    """See that versions, standing, search and keys say the same."""
    found = [dict(row) for row in connection.execute(sa.select(profiles).order_by(profiles.c.number)).mappings()]
    versions = _versions(connection)
    _check_numbers(connection, [row["number"] for row in found])
    assert {row["id"] for row in found} == set(versions)
    indexes: dict[int, Indexed] = {}
    texts: dict[int, tuple[str, str, str, str]] = {}
    for row in found:
        history = versions[row["id"]]
        current = history[-1]
        standing = Standing(row["standing"])
        assert row["current"] == current.id
        assert current.standing in _STANDS_AS.get(standing, {standing})
        _check_history(history)
        _check_profile(row, current, verified_from(history))
        made = indexed(current.record, EDITION, SEALER.blind) if current.standing in SEARCHABLE else NOTHING
        assert (tuple(unpacked(row["blocking_keys"])), tuple(unpacked(row["name_tokens"]))) == (made.keys, made.tokens)
        indexes[row["number"]] = made
        if standing in SEARCHABLE:
            told = spelled(of_record(current.record, standing))
            texts[row["number"]] = (made.record, row["category"], row["expires_on"] or FOR_EVER, told)
    _check_search(connection, indexes, texts)
    _check_keys(connection)


def verified_from(history: list[Proposal]) -> datetime:
    """Return the moment from which the next verification counts, where nobody told of any."""
    brought = (Change.CREATE, Change.AMEND)
    return max(each.decided_at for each in history if each.change in brought and each.decided_at)


def _versions(connection: Connection) -> dict[Any, list[Proposal]]:
    """Return the versions of each profile, oldest first."""
    found: dict[Any, list[Proposal]] = {}
    statement = sa.select(revisions.c.id).where(revisions.c.version.is_not(None)).order_by(revisions.c.version)
    for identifier in connection.execute(statement).scalars():
        version = queries.proposal(connection, SEALER, identifier)
        assert version is not None
        found.setdefault(version.profile, []).append(version)
    return found


def _check_numbers(connection: Connection, numbers: list[int]) -> None:
    """Register numbers have no gaps."""
    size = connection.execute(sa.text("SELECT value FROM counters WHERE name = 'profiles'")).scalar() or 0
    assert numbers == list(range(1, size + 1))


def _check_history(history: list[Proposal]) -> None:
    """Versions have no gaps, each follows from the one before, and a second officer let it in."""
    assert [each.version for each in history] == list(range(1, len(history) + 1))
    for before, each in zip([None, *history], history, strict=False):
        assert each.state is State.APPROVED
        assert each.decided_by not in (None, each.proposed_by)
        assert each.decided_at is not None
        assert before is None or before.decided_at is None or before.decided_at <= each.decided_at
        assert each.base == (before.id if before else None)
        assert (before is None) == (each.change is Change.CREATE)
        if each.part_of is None or each.change not in (Change.MERGE, Change.SPLIT):
            possible = {Standing.ENTERED} if before is None else {before.standing, Standing.EXPIRED}
            assert each.standing in {LIFE.get((standing, each.change)) for standing in possible}
        if before is not None and each.change not in CARRIES_A_RECORD and each.change is not Change.RESTORE:
            assert each.record == before.record


def _check_profile(row: dict[str, Any], current: Proposal, since: datetime) -> None:
    """What stands beside the versions is what they say."""
    record = current.record
    line = headline(record, EDITION, since)
    assert (row["category"], row["owner"], row["post"]) == (line.category, line.owner, line.post)
    assert (row["releasable_to"], row["onward"], row["clearance"]) == columns(record)
    assert (row["verify_on"], row["review_on"], row["expires_on"]) == (line.verify_on, line.review_on, line.expires_on)
    assert line.review_on is not None
    assert (row["merged_into"] is not None) == (current.standing is Standing.MERGED)
    removed = current.standing is Standing.REMOVED
    assert row["digest"] == (rows.digest(record) if removed else None)
    assert row["removed_at"] == (current.decided_at if removed else None)


def _check_search(
    connection: Connection, indexes: dict[int, Indexed], texts: dict[int, tuple[str, str, str, str]]
) -> None:  # fmt: skip
    """Search finds exactly the live records, by exactly their keys."""
    keys = {(key, number) for number, each in indexes.items() for key in each.keys}
    assert {(key, number) for key, number in connection.execute(sa.select(search_keys))} == keys
    kept = {
        number: (text, category, until, told)
        for number, text, category, until, told in connection.execute(sa.select(match_records))
    }
    assert kept == texts
    rarity = Counter(token for each in indexes.values() for token in each.tokens)
    assert {token: many for token, many in connection.execute(sa.select(name_rarity)) if many} == rarity


def _check_keys(connection: Connection) -> None:
    """Each record has its data key, entered ones too."""
    held = set(connection.execute(sa.select(record_keys.c.profile)).scalars())
    assert held == set(connection.execute(sa.select(revisions.c.profile)).scalars())
