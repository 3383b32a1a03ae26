"""A record that must not be known of answers like one that is not there, and its owner is told that somebody asked."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from auth.actor import Actor, Agreement
from registry.audit.disclosures import recipients
from registry.audit.log import append
from registry.certificates import operations as certificates
from registry.core.db import Database
from registry.core.errors import Forbidden, NotFound
from registry.core.ids import new_id
from registry.core.partial_dates import PartialDate
from registry.disclosure import decided, policy
from registry.disclosure.access import Facts
from registry.disclosure.vocabulary import Attribution, Purpose, Role, Tier
from registry.matching.types import Band
from registry.notices.notice import Topic
from registry.profiles.disclosed import Known
from registry.profiles.models import profiles
from registry.profiles.operations import deciding, duplicates, proposing, reading
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from registry.search.operations import search
from registry.search.query import SearchQuery
from registry.search.views import LEAST
from registry.work import Work
from tests.factories import (
    AGENCY,
    ELSEWHERE,
    MOMENT,
    actor,
    changed,
    entry,
    named,
    proposed,
    read,
    record,
    statements,
    vetted,
    work,
)
from tests.registry.certificates.scenes import asked
from tests.registry.profiles.scenes import cleared, code_of, done, found, hide

pytestmark = pytest.mark.anyio
HIDDEN = ("secret", "covert", "witness_protection")


def abroad(tier: Tier, attribution: Attribution = Attribution.GRANTED, country: str = "UG", **more: Any) -> Actor:
    """Return an officer of another country, who asks under an agreement."""
    by = actor(role=Role.PARTNER_OFFICER, agency="ug-police", **more)
    return replace(by, country=country, is_partner=True, agreement=Agreement("UG-1", tier, 50), attribution=attribution)


ASKING = {
    "investigator": actor(),
    "registrar": actor(role=Role.REGISTRAR),
    "supervisor in a case": actor(role=Role.SUPERVISOR, purpose=Purpose.CRIMINAL_INVESTIGATION),
    "keeper": actor(role=Role.SUPERVISOR),
    "officer of another agency who is cleared": cleared(actor(agency=ELSEWHERE), "secret"),
    "partner": abroad(Tier.FULL),
}


@pytest.mark.parametrize("clearance", HIDDEN)
@pytest.mark.parametrize("who", ASKING)
async def test_a_hidden_record_is_found_and_opened_by_nobody_who_is_not_cleared(
    database: Database, who: str, clearance: str
) -> None:
    profile = await done(database, lambda connection: hide(connection, clearance))
    by = ASKING[who]

    def ask(connection: Connection) -> None:
        assert found(connection, by=by, name="Juma Hamisi Mwakio", birth_date=PartialDate(1971, 5, 17)) == []
        for each in (profile, new_id()):
            with pytest.raises(NotFound) as caught:
                reading.read_profile(work(connection, by), each)
            assert str(caught.value) == "id: No such profile."

    await database.read(ask)


@pytest.mark.parametrize("clearance", HIDDEN)
async def test_officers_of_the_owner_who_are_cleared_find_and_read_it(database: Database, clearance: str) -> None:
    profile = await done(database, lambda connection: hide(connection, clearance))
    by = cleared(actor(), clearance)

    def ask(connection: Connection) -> tuple[list[UUID], Any]:
        return found(connection, by=by, name="Juma Mwakio"), reading.read_profile(work(connection, by), profile).sex

    assert await database.read(ask) == ([profile], "male")


def heard(asking: Work) -> list[tuple[str, Any, Any]]:
    """Return what owners are told."""
    assert all(each.topic is Topic.ALERT and each.profile is None for each in asking.alerts)
    return [(each.audience, each.details["number"], each.details["how"]) for each in asking.alerts]


WAYS: dict[str, Callable[[Work, UUID], object]] = {
    "search": lambda asking, _: search(asking, SearchQuery(phone="0712345678"), limit=10),
    "id": lambda asking, profile: code_of(lambda: reading.read_profile(asking, profile)),
    "versions": lambda asking, profile: code_of(lambda: reading.read_versions(asking, profile)),
    "differences": lambda asking, profile: code_of(
        lambda: reading.read_differences(asking, profile, since=MOMENT, until=MOMENT)
    ),
    "photograph": lambda asking, profile: code_of(lambda: reading.open_photograph(asking, profile, new_id())),
    "duplicates": lambda asking, profile: code_of(lambda: duplicates.list_duplicates(asking, profile)),
    "new record": lambda asking, _: duplicates.likely(asking, read(record())),
    "amendment": lambda asking, profile: code_of(
        lambda: proposing.propose_change(asking, profile, Change.AMEND, "An invented change", record=record())
    ),
}


@pytest.mark.parametrize("way", WAYS)
async def test_each_way_costs_as_many_statements_as_for_a_record_that_is_not_there(
    database: Database, way: str
) -> None:
    profile = await done(database, lambda connection: hide(connection, "covert"))
    await done(database, lambda connection: vetted(connection, named("Wanjiru Njeri", phones=["+254733000111"])))
    by = actor(role=Role.REGISTRAR)

    def ask(connection: Connection, meant: UUID) -> tuple[object, list[str], Work]:
        asking = work(connection, by)
        with statements(connection) as seen:
            answer = WAYS[way](asking, meant)
        return answer, seen, asking

    hidden, with_it, asking = await database.read(lambda connection: ask(connection, profile))
    nobody, without, plain = await database.read(lambda connection: ask(connection, new_id()))

    assert heard(asking)
    assert {(audience, number) for audience, number, _ in heard(asking)} == {(AGENCY, 1)}
    assert str(hidden) == str(nobody)
    assert with_it == without
    assert (heard(plain) == []) or way in ("search", "new record")


def reaching(connection: Connection, by: Actor) -> None:
    """Let a connection reach as far as whoever asks, as ``directory.actor`` does. Nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        values = {"reach": "home", "agency": by.agency, "country": by.country, "purpose": by.purpose}
        for name, value in values.items():
            connection.execute(sa.select(sa.func.set_config(f"registry.{name}", value, True)))


@pytest.mark.parametrize("clearance", ["open", "restricted", *HIDDEN])
async def test_of_a_hidden_record_those_of_its_owner_are_alerted_whose_own_clearance_reaches_it(
    database: Database, clearance: str
) -> None:
    """A clearance for witness protection is none for covert records."""
    by = cleared(actor(role=Role.SUPERVISOR), clearance)

    def ask(connection: Connection) -> list[frozenset[str]]:
        return [Known(work(connection, by)).cleared(owner) for owner in (AGENCY, ELSEWHERE)]

    own, foreign = await database.read(ask)

    assert own == {"open", clearance} | ({"restricted"} if clearance != "open" else set())
    assert foreign == own - set(HIDDEN)


async def test_a_record_is_hidden_for_what_it_is_and_not_for_how_it_stands(database: Database) -> None:
    at_rest = Facts("retired", "convicted", AGENCY)
    covert = Facts("vetted", "convicted", AGENCY, clearance="covert")
    restricted = Facts("vetted", "convicted", AGENCY)  # nobody reads it uncleared, but all may know of it
    registrar = actor(role=Role.REGISTRAR)

    async def told(by: Actor, about: Facts) -> tuple[bool, bool]:
        known = await database.read(lambda connection: Known(work(connection, by)))
        return known.exists(about), known.is_hidden(about)

    assert await told(registrar, at_rest) == (False, False)
    assert await told(registrar, covert) == (False, True)
    assert await told(cleared(registrar, "open"), restricted) == (True, False)


BY_ID = {each: WAYS[each] for each in ("id", "versions", "differences", "photograph", "duplicates", "amendment")} | {
    "certificate": lambda asking, profile: code_of(lambda: certificates.propose(asking, asked(profile))),
}


async def test_from_elsewhere_its_owner_is_told_of_each_way_to_ask_for_its_id_at_the_same_cost_as_for_none(
    database: Database,
) -> None:
    """Where the database itself hides the row too."""
    profile = await done(database, lambda connection: hide(connection, "covert"))
    by = actor(role=Role.REGISTRAR, agency=ELSEWHERE)

    def ask(connection: Connection) -> None:
        reaching(connection, by)
        for way, use in BY_ID.items():
            told = []
            for meant in (profile, new_id()):
                asking = work(connection, by)
                with statements(connection) as seen:
                    answer = use(asking, meant)
                told.append((answer, seen, heard(asking)))
            assert told[0] == (*told[1][:2], [(AGENCY, 1, "id")]), way
            assert told[1] == ("NOT_FOUND", told[0][1], []), way

    await database.write(ask)


async def test_from_elsewhere_the_desk_is_not_told_how_a_record_came_in_that_was_made_secret_since(
    database: Database,
) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def make_secret(connection: Connection) -> None:
        made = proposed(connection, record(handling={"clearance": "covert"}), profile=profile)
        deciding.approve_change(work(connection, cleared(actor(role=Role.SUPERVISOR), "covert")), made)

    def ask(connection: Connection) -> Work:
        by = actor(role=Role.DESK_OFFICER, agency=ELSEWHERE)
        reaching(connection, by)
        asking = work(connection, by)
        assert code_of(lambda: reading.read_for_subject(asking, profile)) == "NOT_FOUND"
        return asking

    await done(database, make_secret)
    assert heard(await database.write(ask)) == [(AGENCY, 1, "desk")]


async def test_a_search_that_meets_a_hidden_record_takes_the_work_of_one_that_meets_a_namesake(
    database: Database,
) -> None:
    """The candidate is read and scored; it is dropped when all are ranked, so pages and counts agree."""
    await done(database, lambda connection: hide(connection, "covert"))
    for _ in range(3):
        await done(database, lambda connection: vetted(connection, named("Juma Hamisi Mwakio")))

    def ask(connection: Connection) -> list[tuple[int, bool, int]]:
        told, after = [], None
        for _ in range(3):
            asking = work(connection, actor())
            with statements(connection) as seen:
                page = search(asking, SearchQuery(name="Juma Hamisi Mwakio"), limit=1, after=after)
            told.append((len(page.hits), page.has_next, len(seen)))
            after = page.places[-1]
        return told

    pages = await database.read(ask)

    assert [each[:2] for each in pages] == [(1, True), (1, True), (1, False)]
    assert len({count for *_, count in pages}) == 1


async def test_what_only_auditors_see_charges_nothing_and_makes_nobody_a_recipient(database: Database) -> None:
    profile = await done(database, lambda connection: hide(connection, "covert"))

    def ask(connection: Connection) -> Work:
        asking = work(connection, actor(connection))
        search(asking, SearchQuery(phone="0712345678"), limit=10)
        append(connection, [entry(events=tuple(asking.events))])
        return asking

    asking = await database.write(ask)
    event = asking.events[0]

    assert (event.name, event.records, event.details["numbers"]) == ("profile:silent:refused", (), [1])
    assert event.details["decision"]["rules"] == [["P1", "F1"]]
    assert entry(events=tuple(asking.events)).shown == 0
    assert await database.read(lambda connection: recipients(connection, profile)) == []


async def test_proposals_of_a_hidden_record_are_seen_and_decided_by_the_cleared_only(database: Database) -> None:
    """What is proposed may be hidden before anything of it is in the register."""
    value = record(handling={"clearance": "witness_protection"})
    proposal = await database.write(lambda connection: proposed(connection, value))

    def ask(connection: Connection, by: Actor) -> tuple[int, str | None, str | None]:
        asking = work(connection, by)
        listed = deciding.list_proposals(asking, State.PENDING, after=None, limit=5)
        return (
            len(listed.proposals),
            code_of(lambda: deciding.read_proposal(asking, proposal)),
            code_of(lambda: deciding.reject_change(asking, proposal, "An invented reason")),
        )

    vetter = actor(role=Role.SUPERVISOR)
    assert await database.read(lambda connection: ask(connection, vetter)) == (0, "NOT_FOUND", "NOT_FOUND")
    told = await database.write(lambda connection: ask(connection, cleared(vetter, "witness_protection")))
    assert told == (1, None, None)


async def test_nobody_is_certified_not_to_be_a_hidden_person_by_those_who_must_not_know(database: Database) -> None:
    profile = await done(database, lambda connection: hide(connection, "covert"))

    def ask(connection: Connection, meant: UUID) -> str | None:
        asking = work(connection, actor(connection))
        return code_of(lambda: certificates.propose(asking, asked(meant)))

    assert await database.write(lambda connection: ask(connection, profile)) == "NOT_FOUND"
    assert await database.write(lambda connection: ask(connection, new_id())) == "NOT_FOUND"


# -- abroad


def released(connection: Connection, *countries: str, **changes: Any) -> UUID:
    """Bring a record into the register and release it for these countries."""
    profile = vetted(connection, record(handling={"releasable_to": list(countries)}, **changes))
    return changed(connection, profile, Change.RELEASE)


@pytest.mark.parametrize("countries", [(), ("TZ",)])
async def test_for_a_partner_only_what_is_released_to_its_country_exists(
    database: Database, countries: tuple[str, ...]
) -> None:
    await done(
        database, lambda connection: released(connection, *countries) if countries else vetted(connection, record())
    )
    everyone = await done(database, lambda connection: released(connection, "TZ", "UG", phones=["+254733000111"]))
    by = abroad(Tier.FULL)

    seen = await database.read(lambda connection: found(connection, by=by, name="Juma Hamisi Mwakio"))

    assert seen == [everyone]


async def test_the_lowest_agreement_tells_hit_or_no_hit_and_nothing_of_the_person(database: Database) -> None:
    await done(database, lambda connection: released(connection, "UG"))

    def ask(connection: Connection, by: Actor) -> Any:
        return search(work(connection, by), SearchQuery(name="Juma Mwakio", birth_date=PartialDate(1971)), limit=5)

    (hit,) = (await database.read(lambda connection: ask(connection, abroad(Tier.HIT)))).hits
    (whole,) = (await database.read(lambda connection: ask(connection, abroad(Tier.STANDARD)))).hits

    assert (hit.reasons, hit.profile.names, hit.profile.birth_date, hit.profile.category) == ((), None, None, None)
    assert hit.score == LEAST[Band(hit.band)] <= whole.score
    assert {each.reason for each in hit.profile.redactions if each.path == "names"} == {"AGREEMENT"}
    assert [each.full for each in whole.profile.names] == ["Juma Hamisi Mwakio", "Mwalimu Jay"]
    assert whole.profile.phones is None


async def test_a_partner_without_a_signed_grant_is_told_what_is_missing(database: Database) -> None:
    profile = await done(database, lambda connection: released(connection, "UG"))
    by = abroad(Tier.FULL, Attribution.STATED)

    def ask(connection: Connection) -> tuple[Any, str]:
        (hit,) = search(work(connection, by), SearchQuery(name="Juma Mwakio"), limit=5).hits
        codes = []
        for each in (profile, new_id()):
            with pytest.raises(Forbidden) as caught:
                reading.read_profile(work(connection, by), each)
            codes.append(caught.value.code)
        assert codes[0] == codes[1]
        return hit, codes[0]

    hit, code = await database.read(ask)

    assert code == "OFFICER_REQUIRED"
    assert hit.profile.names is None
    assert {each.remedy.kind.value for each in hit.profile.redactions if each.path == "names"} == {"OFFICER_GRANT"}


async def test_the_owner_is_told_what_a_partner_was_shown_where_a_rule_says_so(database: Database) -> None:
    profile = await done(database, lambda connection: released(connection, "UG"))

    def ask(connection: Connection, purpose: Purpose) -> list[Any]:
        asking = work(connection, abroad(Tier.FULL, purpose=purpose))
        reading.read_profile(asking, profile)
        return heard(asking)

    assert await database.read(lambda connection: ask(connection, Purpose.MISSING_CHILD)) == [(AGENCY, 1, "shown")]
    assert await database.read(lambda connection: ask(connection, Purpose.CRIMINAL_INVESTIGATION)) == []


async def test_what_was_decided_is_decided_again_from_the_log(database: Database) -> None:
    """Every entry that showed somebody says by which policy, access and facts; the same comes out of them."""
    await done(database, lambda connection: hide(connection, "covert"))
    await done(database, lambda connection: released(connection, "UG", "TZ", phones=["+254733000111"]))
    await done(database, lambda connection: vetted(connection, named("Juma Hamisi Mwakio")))

    def ask(connection: Connection) -> list[dict[str, Any]]:
        told = []
        for by in ASKING.values():
            asking = work(connection, by)
            search(asking, SearchQuery(name="Juma Hamisi Mwakio"), limit=5)
            told += [each.details["decision"] for each in asking.events]
        return told

    kept = await database.read(ask)
    rules = policy.load("ke", MOMENT.date())

    assert len({len(each["facts"]) for each in kept}) > 1
    for each in kept:
        assert each["policy"] == rules.version
        assert decided.again(each, rules.decide) == each["rules"]


async def test_how_a_record_is_handled_stands_in_its_row(database: Database) -> None:
    await done(database, lambda connection: released(connection, "UG", "TZ"))
    columns = (profiles.c.releasable_to, profiles.c.onward, profiles.c.clearance)

    row = await database.read(lambda connection: connection.execute(sa.select(*columns)).one())

    assert tuple(row) == ("TZ UG", "H1", "restricted")
