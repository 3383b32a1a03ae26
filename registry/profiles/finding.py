"""Who may be the person described: candidates by blocking keys, scored and ranked.

Two statements; two more where a word of the question is doubtful, one more where only crowds were found.

    prepared = finding.prepared(work, identity)
    finding.ranked(known, prepared, 10)       [(register number, Match), …], best first

Expired records are never among them. Those that this actor must not know of are candidates like all others and are
ranked with them, and only then left out: so a question that meets them takes the same statements and the same work as
one that meets nobody. Their owners are told.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection

from registry.disclosure.access import Facts
from registry.disclosure.decision import Decision
from registry.disclosure.vocabulary import Use
from registry.matching import (
    candidates,
    crowds,
    query as preparation,
    record as match_record,
    score as scoring,
    spellings,
)
from registry.matching.query import PreparedQuery
from registry.matching.types import Band, Identity, Match
from registry.profiles import disclosed, postings, vocabulary
from registry.profiles.disclosed import Known
from registry.profiles.postings import Postings
from registry.profiles.reasons import FEATURE_CLASSES
from registry.work import Work


class Ranking(NamedTuple):
    """The best profiles, and by what of the register at this moment they were weighed."""

    hits: list[tuple[int, Match]]
    """Register numbers with what was found, best first."""
    facts: dict[int, Facts]
    """What disclosure needs to know of each."""
    rarity: dict[int, int]
    """How many profiles carry each name of the question."""
    register_size: int


def prepared(work: Work, identity: Identity) -> PreparedQuery:
    """Make a question ready."""
    edition = work.edition
    return preparation.prepare(
        identity, region=edition.phone_region, blind=work.sealer.blind, counties=edition.centres
    )  # fmt: skip


MET = frozenset({Band.STRONG, Band.POSSIBLE})
"""Bands at which a question is about a record that must not be known of; below, it is a namesake's."""


def ranked(
    known: Known, question: PreparedQuery, limit: int, *, how: str = "search", shown: frozenset[int] = frozenset()
) -> list[tuple[int, Match]]:
    """Return the best profiles that were not shown yet, with their register numbers."""
    return ranking(known, question, limit, how=how, shown=shown).hits


def ranking(
    known: Known, question: PreparedQuery, limit: int, *, how: str, shown: frozenset[int] = frozenset()
) -> Ranking:
    """Return the best profiles that were not shown yet, and what they were weighed by.

    ``how`` says to the owners of those left out what was done: ``search``.
    """
    work = known.work
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
        rows = postings.records(work.connection, unseen, known.today)
    with work.stages("score"):
        records = [(number, match_record.read(text)) for number, text, _ in rows]
        facts = {number: disclosed.of_text(text) for number, _, text in rows}
        hidden = {number for number, told in facts.items() if not known.exists(told)}
        hits = scoring.rank(question, records, found.rarity, found.register_size, limit=limit + len(hidden))
    with work.stages("policy"):
        seen, met = sifted(known.decision, hits, facts, hidden, limit)
        known.meet([(number, facts[number]) for number in met], how)
    return Ranking(seen, facts, found.rarity, found.register_size)


def sifted(
    decide: Callable[[Facts], Decision], hits: Sequence[tuple[int, Match]], facts: Mapping[int, Facts],
    hidden: Collection[int], limit: int,
) -> tuple[list[tuple[int, Match]], list[int]]:  # fmt: skip
    """Take out of a ranking whom the asker must not know of; return who is left, and who of the others was met.

    A record that may not be searched by something is ranked as if it had not been asked.
    """
    seen: list[tuple[int, Match]] = []
    met: list[int] = []
    for number, match in hits:
        if len(seen) == limit:
            break
        if number in hidden:
            met += [number] if match.band in MET else []
        elif (told := _searched(decide(facts[number]), match)) is not None:
            seen.append((number, told))
    return sorted(seen, key=lambda each: -each[1].score), met


def _searched(decision: Decision, match: Match) -> Match | None:
    """Return a match by what the record may be searched by; None where it is no hit then."""
    may = decision.may(Use.MATCH)
    kinds = {each.feature.partition(".")[0] for each in match.reasons}
    return scoring.without(match, {kind for kind in kinds if FEATURE_CLASSES[kind] not in may})


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
