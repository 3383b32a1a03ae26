"""Who may be the person described: candidates by blocking keys, scored and ranked.

Two statements; two more where a word of the question is doubtful, one more where only crowds were found.

    prepared = finding.prepared(work, identity)
    finding.ranked(work, prepared, 10)        [(register number, Match), …], best first

Expired records, and those of categories whose existence this actor may not learn of, are never among them.
"""

from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from registry.matching import (
    candidates,
    crowds,
    query as preparation,
    record as match_record,
    score as scoring,
    spellings,
)
from registry.matching.query import PreparedQuery
from registry.matching.types import Identity, Match
from registry.profiles import postings, vocabulary
from registry.profiles.postings import Postings
from registry.work import Work


class Ranking(NamedTuple):
    """The best profiles, and by what of the register at this moment they were weighed."""

    hits: list[tuple[int, Match]]
    """Register numbers with what was found, best first."""
    rarity: dict[int, int]
    """How many profiles carry each name of the question."""
    register_size: int


def prepared(work: Work, identity: Identity) -> PreparedQuery:
    """Make a question ready."""
    edition = work.edition
    return preparation.prepare(
        identity, region=edition.phone_region, blind=work.sealer.blind, counties=edition.centres
    )  # fmt: skip


def ranked(
    work: Work, question: PreparedQuery, limit: int, *, shown: frozenset[int] = frozenset()
) -> list[tuple[int, Match]]:
    """Return the best profiles that were not shown yet, with their register numbers."""
    return ranking(work, question, limit, shown=shown).hits


def ranking(work: Work, question: PreparedQuery, limit: int, *, shown: frozenset[int] = frozenset()) -> Ranking:
    """Return the best profiles that were not shown yet, and what they were weighed by."""
    with work.stages("candidates"):
        found = postings.postings(work.connection, question.keys, question.tokens, candidates.POSTING_CAP)
        question, found = _widened(work.connection, question, found)
        carried = crowds.without(question, found.by_key, found.overfull)
        chosen = candidates.choose(question, carried, found.register_size)
        if not chosen and found.overfull and not question.is_description:
            crowd = postings.crowds(work.connection, found.overfull, candidates.POSTING_CAP + 1)
            chosen = candidates.choose(question, crowd, found.register_size)
        crowds.check(question, carried, found.overfull, chosen)
        unseen = [number for number in chosen if number not in shown]
        rows = postings.records(work.connection, unseen, work.categories(), work.now.date())
    with work.stages("score"):
        records = [(number, match_record.read(text)) for number, text in rows]
        hits = scoring.rank(question, records, found.rarity, found.register_size, limit=limit)
    return Ranking(hits, found.rarity, found.register_size)


def _widened(connection: Connection, question: PreparedQuery, found: Postings) -> tuple[PreparedQuery, Postings]:
    """Look also for those near a word that hardly anybody carries: it may be a slip. Two statements more, then."""
    doubted = spellings.doubtful(question, found.rarity, found.register_size)
    if not doubted:
        return question, found
    near = vocabulary.near(connection, doubted)
    wider = spellings.widened(question, {word: spellings.forms(word, others) for word, others in near.items()})
    added = [key for key in wider.keys if key not in question.trust]
    if not added:
        return question, found
    more = postings.postings(connection, added, (), candidates.POSTING_CAP)
    by_key, overfull = found.by_key | more.by_key, (*found.overfull, *more.overfull)
    return wider, replace(found, by_key=by_key, overfull=overfull)
