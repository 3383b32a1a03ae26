"""The search: the right person first, with reasons, and a no-hit that costs as little."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from registry.certificates.views import WarningView
from registry.certificates.warnings import warnings
from registry.core.errors import Forbidden, InputRefused
from registry.disclosure.vocabulary import Action, FieldClass
from registry.matching import discriminators, explain
from registry.matching.query import PreparedQuery
from registry.matching.types import Match
from registry.profiles import finding, queries as profile_queries, views as profile_views
from registry.profiles.rows import needed
from registry.profiles.views import ProfileView
from registry.search import description, replay, views
from registry.search.query import SearchQuery
from registry.search.views import HitView
from registry.work import Work, operation

Place = tuple[int, ...]
"""The register numbers shown so far, a hit's own last. No score is a place: as the register grows, all scores move."""


@dataclass(frozen=True, slots=True)
class SearchPage:
    """One page of hits, best first."""

    hits: tuple[HitView, ...]
    places: tuple[Place, ...]
    has_next: bool


@operation(Action.PROFILE_SEARCH)
def search(
    work: Work, sought: SearchQuery, *, limit: int, after: Place | None = None, wanted: Iterable[str] | None = None,
    language: str = explain.FALLBACK,
) -> SearchPage:  # fmt: skip
    """Search the register.

    ``wanted`` names the record columns that the caller will read of each hit, ``language`` that of the sentences.
    Raises Forbidden (CRITERION_NOT_PERMITTED) for a criterion on a field that the actor may not read: a filter on a
    hidden field would tell it.
    """
    work.require(Action.PROFILE_SEARCH)
    readable = work.readable()
    for field, kind in sought.classes().items():
        if kind not in readable:
            raise Forbidden(
                "Purpose and role do not permit to search by this.", code="CRITERION_NOT_PERMITTED", field=field,
                remedy="Leave it out.",
            )  # fmt: skip
    description.check_listed(sought.near, sought.modus_operandi, work.edition.counties, work.edition.modus_operandi)
    with work.stages("prepare"):
        prepared = finding.prepared(work, sought.identity())
    check_searchable(sought, prepared)
    ranking = finding.ranking(work, prepared, limit + 1, shown=frozenset(after or ()))
    page = ranking.hits
    fetched = profile_views.groups(wanted, readable)
    reader = profile_views.Reader(readable, work.sealer, work.now)
    with work.stages("page"):
        numbers = [number for number, _ in page[:limit]]
        rows = profile_queries.by_number(work.connection, numbers, needed(fetched)) if numbers else {}
        shown = [(number, rows[number], match) for number, match in page[:limit] if number in rows]
        warned = warnings(work, prepared, {row["id"]: match for _, row, match in shown}, language)
    with work.stages("policy"):
        hits = tuple(
            _hit(
                prepared, match, profile_views.profile(reader, row, fetched), readable, language, warned.get(row["id"])
            )
            for _, row, match in shown
        )
    work.record(
        "profile:searched",
        tuple(row["id"] for _, row, _ in shown),
        criteria=work.told(sought),
        **replay.kept(
            prepared,
            ranking.rarity,
            ranking.register_size,
            [(row["version"], match) for _, row, match in shown],
            work.sealer.blind,
        ),
        **({"warned": [each.certificate for each in warned.values()]} if warned else {}),
    )
    places = accumulate((number for number, *_ in shown), lambda place, number: (*place, number), initial=after or ())
    return SearchPage(hits, tuple(places)[1:], len(page) > limit)


def _hit(
    question: PreparedQuery, match: Match, profile: ProfileView, readable: frozenset[FieldClass], language: str,
    warning: WarningView | None,
) -> HitView:  # fmt: skip
    return HitView(
        match.score, str(match.band), views.reasons(match, readable, language), profile,
        discriminators.has_one(match), discriminators.needed(question.record, match), warning,
    )  # fmt: skip


def check_searchable(sought: SearchQuery, prepared: PreparedQuery) -> None:
    """Refuse what nobody can be found by: "not found" would be a lie."""
    read = prepared.record
    for field, given, understood in (
        ("phone", sought.phone, read.phones),
        ("email", sought.email, read.emails),
        ("handle", sought.handle, read.handles),
        ("name", sought.name, read.names),
        ("identifiers", sought.identifiers, len(read.identifiers) >= len(set(sought.identifiers))),
    ):
        if given and not understood:
            raise InputRefused(
                "can't be read as such.", field=field, code="CRITERION_MALFORMED", remedy="Correct it, or leave it out."
            )
    if not prepared.keys:
        raise InputRefused(
            "are too few to search by.", field="criteria", code="CRITERIA_TOO_FEW",
            remedy="Give a name of two letters or more, a full birth date, a number, a phone, an address, a handle, or "
                   "more of what is known without a name.",
        )  # fmt: skip
