"""Who may be the person described: candidates by blocking keys, scored and ranked. Two statements, at most three.

    prepared = finding.prepared(work, identity)
    finding.ranked(work, prepared, 10)        [(register number, Match), …], best first

Expired records, and those of categories whose existence this actor may not learn of, are never among them.
"""

from registry.matching import candidates, query as preparation, record as match_record, score as scoring
from registry.matching.query import PreparedQuery
from registry.matching.types import Identity, Match
from registry.profiles import postings
from registry.work import Work


def prepared(work: Work, identity: Identity) -> PreparedQuery:
    """Make a question ready."""
    return preparation.prepare(identity, region=work.edition.phone_region, blind=work.sealer.blind)


def ranked(
    work: Work, question: PreparedQuery, limit: int, *, shown: frozenset[int] = frozenset()
) -> list[tuple[int, Match]]:
    """Return the best profiles that were not shown yet, with their register numbers."""
    with work.stages("candidates"):
        found = postings.postings(work.connection, question.keys, question.tokens, candidates.POSTING_CAP)
        chosen = candidates.choose(question, found.by_key, found.register_size)
        if not chosen and found.overfull:
            crowds = postings.crowds(work.connection, found.overfull, candidates.POSTING_CAP + 1)
            chosen = candidates.choose(question, crowds, found.register_size)
        unseen = [number for number in chosen if number not in shown]
        rows = postings.records(work.connection, unseen, work.categories(), work.now.date())
    with work.stages("score"):
        records = [(number, match_record.read(text)) for number, text in rows]
        return scoring.rank(question, records, found.rarity, found.register_size, limit=limit)
