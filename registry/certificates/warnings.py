"""The warnings beside hits: at most one statement more, and none without a hit or without who could be a holder.

warnings(work, prepared, {profile: match, …}, "en")      {profile: WarningView}
"""

from collections.abc import Mapping
from uuid import UUID

from registry.certificates import queries, views
from registry.certificates.recognition import warning
from registry.certificates.views import WarningView
from registry.core.sealing import Sealer
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.types import Match
from registry.work import Work

BORN = "certificate-born"
"""The kind of the blind token of a full birth date; those of document numbers are the matcher's own."""


def tokens(record: MatchRecord, sealer: Sealer) -> tuple[str, ...]:
    """Return by what a person is looked for among holders: each document number, and a full birth date."""
    year, month, day = record.born
    born = (sealer.blind(BORN, f"{year:04d}-{month:02d}-{day:02d}"),) if day else ()
    return (*record.numbers, *born)


def warnings(
    work: Work, question: PreparedQuery, hits: Mapping[UUID, Match], language: str
) -> dict[UUID, WarningView]:  # fmt: skip
    """Return the warnings that these hits are to carry, by profile."""
    wanted = tokens(question.record, work.sealer) if hits else ()
    if not wanted:
        return {}
    held = queries.held_against(work.connection, work.sealer, hits, wanted, work.now.date())
    found = {profile: warning(question, hits[profile], each) for profile, each in held.items()}
    return {profile: views.warning(each, language) for profile, each in found.items() if each is not None}
