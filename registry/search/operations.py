"""The search: the right person first, with reasons, and a no-hit that costs as little."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from registry.certificates.views import WarningView
from registry.certificates.warnings import warnings
from registry.core.errors import Forbidden, InputRefused
from registry.disclosure.vocabulary import Action, Use
from registry.matching import discriminators, explain
from registry.matching.query import PreparedQuery
from registry.matching.types import Match
from registry.profiles import disclosed, finding, queries as profile_queries, views as profile_views
from registry.profiles.disclosed import Known
from registry.profiles.rows import needed
from registry.profiles.views import Mask, ProfileView
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
    Raises Forbidden (CRITERION_NOT_PERMITTED) for a criterion that the actor may not search by: a filter on a hidden
    field would tell it.
    """
    work.require(Action.PROFILE_SEARCH)
    known = Known(work)
    searchable = known.may(Use.MATCH)
    for field, kind in sought.classes().items():
        if kind not in searchable:
            raise Forbidden(
                "Purpose and role do not permit to search by this.", code="CRITERION_NOT_PERMITTED", field=field,
                remedy="Leave it out.",
            )  # fmt: skip
    description.check_listed(sought.near, sought.modus_operandi, work.edition.counties, work.edition.modus_operandi)
    with work.stages("prepare"):
        prepared = finding.prepared(work, sought.identity())
    check_searchable(sought, prepared)
    ranking = finding.ranking(known, prepared, limit + 1, how="search", shown=frozenset(after or ()))
    page = ranking.hits
    fetched = profile_views.groups(wanted, known.may(Use.READ))
    with work.stages("page"):
        numbers = [number for number, _ in page[:limit]]
        rows = profile_queries.by_number(work.connection, numbers, needed(fetched)) if numbers else {}
        shown = [(rows[number], match) for number, match in page[:limit] if number in rows]
        facts = [disclosed.of_row(work, row) for row, _ in shown]
        told = {row["id"]: match for (row, match), each in zip(shown, facts, strict=True) if known.is_told(each)}
        warned = warnings(work, prepared, told, language)
    with work.stages("policy"):
        hits = tuple(
            _hit(prepared, match, profile_views.profile(known.reader, row, fetched), known.mask(each), language,
                 warned.get(row["id"]))
            for (row, match), each in zip(shown, facts, strict=True)
        )  # fmt: skip
    known.shown([(row["number"], each) for (row, _), each in zip(shown, facts, strict=True)])
    work.record(
        "profile:searched",
        tuple(row["id"] for row, _ in shown),
        criteria=work.told(sought),
        **known.told(facts),
        **replay.kept(
            prepared,
            ranking.rarity,
            ranking.register_size,
            [(row["version"], match) for row, match in shown],
            work.sealer.blind,
        ),
        **({"warned": [each.certificate for each in warned.values()]} if warned else {}),
        **({"more": True} if len(page) > limit else {}),
    )
    places = accumulate(
        (row["number"] for row, _ in shown), lambda place, number: (*place, number), initial=after or ()
    )
    return SearchPage(hits, tuple(places)[1:], len(page) > limit)


def _hit(
    question: PreparedQuery, match: Match, profile: ProfileView, mask: Mask, language: str, warning: WarningView | None,
) -> HitView:  # fmt: skip
    return HitView(
        views.score(match, mask.readable), str(match.band), views.reasons(match, mask.readable, language), profile,
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
