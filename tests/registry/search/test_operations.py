"""The search, on both databases: the right person first, reasons masked, every hit on one page only."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from registry.audit.sealed import opened
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import open_database
from registry.core.errors import Forbidden, InputRefused
from registry.core.ids import read_public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass, Purpose, Role
from registry.matching import candidates, types, weights
from registry.profiles import postings
from registry.profiles.operations import deciding, proposing, reading
from registry.profiles.reasons import FEATURE_CLASSES
from registry.profiles.standing import SEARCHABLE, Change
from registry.search.operations import Place, SearchPage, search
from registry.search.query import CLASSES, SearchQuery
from registry.synthetic.register import people
from registry.work import Work
from tests.factories import (
    AGENCY,
    MOMENT,
    SEALER,
    actor,
    changed,
    named,
    read,
    record,
    statements,
    vetted,
    work,
)  # fmt: skip
from tests.registry.profiles.scenes import SITUATIONS, Situation, staged
from tests.registry.profiles.whole import whole
from tests.registry.search.test_query import WHOLE

pytestmark = pytest.mark.anyio

MWAKIO = record(names=[{"full": "Juma Hamisi Mwakio"}], phones=["+254712345678"])
CROWD = [
    named("Peter Kamau Njoroge", birth_date="1984-05-03"),
    named("Peter Otieno Ouma", birth_date="1970-05"),
    named("Ali Hamisi Bakari", birth_date="1971", phones=["+254733000000"]),
    named("Cheptoo Dorcas Jepkosgei", birth_date="1990-01-01", sex="female"),
    named("Juma Athumani Said", birth_date="1965-11-30"),
]


async def fill(database: Database, *values: dict[str, Any]) -> list[str]:
    def run(connection: Connection) -> list[str]:
        return [vetted(connection, value).hex for value in values]

    return await database.write(run)


async def ask(database: Database, sought: SearchQuery, **options: Any) -> SearchPage:
    page, _, _ = await asked(database, sought, **options)
    return page


async def asked(
    database: Database, sought: SearchQuery, *, by: dict[str, Any] | None = None, **options: Any
) -> tuple[SearchPage, list[str], Work]:
    def run(connection: Connection) -> tuple[SearchPage, list[str], Work]:
        asking = work(connection, actor(**by or {}))
        with statements(connection) as seen:
            page = search(asking, sought, **{"limit": 10} | options)
        return page, seen, asking

    return await database.read(run)


def ids(page: SearchPage) -> list[str]:
    return [read_public_id("profile", hit.profile.id).hex for hit in page.hits]


# -- who is found


@pytest.mark.parametrize(
    "name",
    [
        "Juma Hamisi Mwakio", "Mwakio Juma", "mwakio, JUMA hamisi", "Hamisi Juma Mwakio", "Jumaa Khamis Mwakyo",
        "Juma Mwakyo", "J. Mwakio Hamisi",
    ],
)  # fmt: skip
async def test_a_name_in_any_order_and_spelling_finds_the_right_one_first(database: Database, name: str) -> None:
    profile, *_ = await fill(database, MWAKIO, *CROWD)

    page = await ask(database, SearchQuery(name=name))

    assert ids(page)[0] == profile
    assert any(each.feature.startswith("name.") for each in page.hits[0].reasons)


@pytest.mark.parametrize(
    "sought",
    [
        SearchQuery(identifiers=(types.Identifier("national_id", "INV1234567", "KE"),)),
        SearchQuery(identifiers=(types.Identifier("passport", "inv 123 4567"),)),
        SearchQuery(phone="0712 345 678"),
        SearchQuery(phone="+254-712-345-678"),
        SearchQuery(email="Juma@mail.example"),
        SearchQuery(handle=types.Handle("invented", "@Mwakio_71")),
        SearchQuery(handle=types.Handle(None, "mwakio_71")),
        SearchQuery(birth_date=PartialDate(1971, 5, 17)),
        SearchQuery(name="Juma", birth_date=PartialDate(1971)),
        SearchQuery(name="Mwakio", birth_date=PartialDate(1971, 5)),
    ],
    ids=lambda sought: "+".join(sought.classes()),
)
async def test_what_else_is_known_finds_the_right_one_first(database: Database, sought: SearchQuery) -> None:
    *_, profile = await fill(database, *CROWD, MWAKIO)

    assert ids(await ask(database, sought))[0] == profile


async def test_a_birth_date_tells_namesakes_apart(database: Database) -> None:
    elder, younger, _ = await fill(
        database, named("Peter Kamau", birth_date="1950-03-01"), named("Peter Kamau", birth_date="1984-05"),
        named("Peter Kamau"),
    )  # fmt: skip

    found = await ask(database, SearchQuery(name="Kamau Peter", birth_date=PartialDate(1984)))
    other = await ask(database, SearchQuery(name="Kamau Peter", birth_date=PartialDate(1950, 3, 1)))

    assert (ids(found)[0], ids(other)[0]) == (younger, elder)


async def test_an_alias_finds_the_person(database: Database) -> None:
    profile, *_ = await fill(database, record(), *CROWD)

    assert ids(await ask(database, SearchQuery(name="Mwalimu Jay")))[0] == profile


async def test_the_best_come_first(database: Database) -> None:
    await fill(database, MWAKIO, *CROWD)

    page = await ask(database, SearchQuery(name="Juma Hamisi Mwakio", birth_date=PartialDate(1971, 5, 17)))

    scores = [hit.score for hit in page.hits]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert page.hits[0].band == "strong"


# -- who is not found


async def test_a_search_without_a_hit_is_empty_and_cheaper(database: Database) -> None:
    await fill(database, MWAKIO, *CROWD)

    _, hit, _ = await asked(database, SearchQuery(name="Juma Hamisi Mwakio"))
    page, miss, asking = await asked(database, SearchQuery(name="Xolani Qwerty"))

    assert page == SearchPage((), (), has_next=False)
    assert len(miss) < len(hit) == 3
    assert [(each.name, each.records) for each in asking.events] == [("profile:searched", ())]


@pytest.mark.parametrize(
    ("sought", "code", "field"),
    [
        (SearchQuery(phone="?"), "CRITERION_MALFORMED", "phone"),
        (SearchQuery(name="Juma", email="?"), "CRITERION_MALFORMED", "email"),
        (SearchQuery(name="Juma", handle=types.Handle(None, "@")), "CRITERION_MALFORMED", "handle"),
        (SearchQuery(name="?!"), "CRITERION_MALFORMED", "name"),
        (SearchQuery(birth_date=PartialDate(1971)), "CRITERIA_TOO_FEW", "criteria"),
    ],
)
async def test_what_nobody_can_be_found_by_is_refused_rather_than_not_found(
    database: Database, sought: SearchQuery, code: str, field: str
) -> None:
    with pytest.raises(InputRefused) as caught:
        await ask(database, sought)

    assert (caught.value.code, caught.value.field) == (code, field)


async def test_an_empty_register_has_no_hit(database: Database) -> None:
    assert (await ask(database, WHOLE)).hits == ()


# -- what is told


async def test_a_search_leaves_its_criteria_scores_and_hits_in_the_log(database: Database) -> None:
    profile, *_ = await fill(database, MWAKIO, *CROWD)
    sought = SearchQuery(name="Juma Mwakio", phone="0712345678")

    page, _, asking = await asked(database, sought, limit=1)

    (event,) = asking.events
    assert (event.name, [each.hex for each in event.records]) == ("profile:searched", [profile])
    told = opened(event.details, SEALER)
    assert (told["criteria"], told["scores"], told["matcher"]) == (
        sought.to_json(), [page.hits[0].score], weights.VERSION,
    )  # fmt: skip
    assert (told["size"], told["versions"], len(told["reasons"])) == (1 + len(CROWD), [1], 1)
    assert "warned" not in told


async def test_all_that_was_sought_by_stands_sealed_in_the_log(database: Database) -> None:
    _, _, asking = await asked(database, WHOLE)

    (event,) = asking.events
    criteria = event.details["criteria"]
    assert sorted(criteria["sealed"]["fields"]) == sorted(CLASSES)
    assert {name for name, value in criteria.items() if value} == {"sealed", "sought"}


async def test_only_needed_columns_are_fetched(database: Database) -> None:
    await fill(database, MWAKIO)

    page, seen, _ = await asked(database, SearchQuery(name="Juma Mwakio"), wanted=["sex"])

    assert "revisions.identity" in seen[-1]
    assert not any(name in seen[-1] for name in ("details", "sealed", "record_keys"))
    assert (page.hits[0].profile.sex, page.hits[0].profile.names) == ("male", None)


SUPERVISING: dict[str, Any] = {"role": Role.SUPERVISOR, "purpose": Purpose.OFFENDER_SUPERVISION}


@pytest.mark.parametrize("criterion", CLASSES)
async def test_a_criterion_on_a_field_one_may_not_read_is_refused(database: Database, criterion: str) -> None:
    """Otherwise a filter on a hidden field would tell what stands in it."""
    renamed = {"birthDate": "birth_date", "modusOperandi": "modus_operandi", "handlePart": "handle_part"}
    name = renamed.get(criterion, criterion)
    values: dict[str, Any] = {"name": "Juma"} if CLASSES[criterion] is not FieldClass.IDENTITY else {}
    values[name] = getattr(WHOLE, name)
    if criterion in ("sex", "nationality", "birthDate"):
        values["name"] = "Juma"
    withheld = CLASSES[criterion] in (
        FieldClass.IDENTIFIERS, FieldClass.ONLINE, FieldClass.PHYSICAL, FieldClass.RISK
    )  # fmt: skip
    code = None

    try:
        await asked(database, SearchQuery(**values), by=SUPERVISING)
    except Forbidden as refused:
        code = refused.code
        assert refused.field == criterion  # noqa: PT017  checked below whether it had to be refused

    assert (code == "CRITERION_NOT_PERMITTED") == withheld


async def test_a_refused_criterion_reads_nothing_and_stands_in_the_log(database: Database) -> None:
    def run(connection: Connection) -> tuple[list[str], Work]:
        asking = work(connection, actor(**SUPERVISING))
        with statements(connection) as seen, pytest.raises(Forbidden):
            search(asking, WHOLE, limit=10)
        return seen, asking

    seen, asking = await database.read(run)

    assert seen == []
    assert [(each.name, each.records, opened(each.details, SEALER)) for each in asking.events] == [
        ("profile:search:refused", (), {"sought": WHOLE.to_json()})
    ]
    assert str(WHOLE.phone) not in str(asking.events)


async def test_reasons_and_profile_are_masked_by_class(database: Database) -> None:
    """What is found by its name has an identifier too, of which a supervisor learns nothing."""
    await fill(database, MWAKIO)
    sought = SearchQuery(name="Juma Mwakio", birth_date=PartialDate(1971), phone="0712345678")

    (hit,) = (await ask(database, sought, by=SUPERVISING)).hits

    classes = {FEATURE_CLASSES[each.feature.partition(".")[0]] for each in hit.reasons}
    assert classes <= {FieldClass.IDENTITY, FieldClass.CONTACT}
    assert (hit.profile.identifiers, hit.profile.handles) == (None, None)
    assert {"identifiers", "handles"} <= {each.path for each in hit.profile.redactions}


# -- pages


async def test_pages_cover_every_hit_once_in_one_order(database: Database) -> None:
    await fill(database, *[named("Peter Kamau Njoroge") for _ in range(5)])
    sought = SearchQuery(name="Peter Kamau Njoroge")
    whole = await ask(database, sought, limit=50)

    seen: list[str] = []
    after: Place | None = None
    pages = 0
    while True:
        page = await ask(database, sought, limit=2, after=after)
        seen += ids(page)
        pages += 1
        if not page.has_next:
            break
        after = page.places[-1]

    assert seen == ids(whole)
    assert (len(set(seen)), pages, whole.has_next) == (5, 3, False)
    assert whole.places == tuple(tuple(range(1, place + 1)) for place in range(1, 6))


async def test_a_page_goes_on_where_the_last_one_ended_while_the_register_grows(database: Database) -> None:
    """Whoever was shown is not shown again, and nobody is passed over: all scores move when somebody is added."""
    before = await fill(database, *[named("Peter Kamau Njoroge") for _ in range(3)])
    sought = SearchQuery(name="Peter Kamau Njoroge")
    first = await ask(database, sought, limit=2)
    added = await fill(database, *CROWD, named("Peter Kamau Njoroge"))

    second = await ask(database, sought, limit=10, after=first.places[-1])

    found = ids(first) + ids(second)
    assert len(set(found)) == len(found)
    assert {*before, added[-1]} <= set(found)


async def test_after_the_last_hit_there_is_an_empty_page(database: Database) -> None:
    await fill(database, MWAKIO)
    page = await ask(database, SearchQuery(name="Juma Mwakio"))

    after = await ask(database, SearchQuery(name="Juma Mwakio"), after=page.places[-1])

    assert (after.hits, after.has_next) == ((), False)


# -- standings, categories, days


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_exactly_live_records_are_found_by_whoever_searches(database: Database, situation: Situation) -> None:
    scene = await database.write(lambda connection: staged(connection, situation))
    sought = SearchQuery(name="Baraka Subject Kimani")

    found = [
        await ask(database, sought, by=by)
        for by in ({}, {"role": Role.REGISTRAR}, {"role": Role.SUPERVISOR}, {"role": Role.SUPERVISOR, "purpose":
                   Purpose.OFFENDER_SUPERVISION})
    ]  # fmt: skip

    live = [scene.profile.hex] if situation.standing in SEARCHABLE else []
    assert [ids(page) for page in found] == [live] * 4
    for page in found:
        assert [(hit.profile.standing, hit.profile.contested) for hit in page.hits] == [
            (situation.standing.value, situation.contested)
        ] * len(live)


async def test_a_hit_is_as_the_register_holds_it_now(database: Database) -> None:
    (profile,) = await fill(database, MWAKIO)
    await database.write(lambda connection: changed(connection, UUID(profile), Change.RELEASE))

    (hit,) = (await ask(database, SearchQuery(name="Juma Hamisi Mwakio"))).hits

    assert (hit.profile.standing, hit.profile.version, hit.profile.contested) == ("shareable", 2, False)


ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}


async def test_who_was_registered_without_a_conviction_is_found_by_those_who_may_know(database: Database) -> None:
    convicted, ordered = await fill(
        database, named("Peter Kamau Njoroge"),
        named("Peter Kamau Njoroge", category="ordered", orders=[ORDER], convictions=None),
    )  # fmt: skip
    sought = SearchQuery(name="Peter Kamau Njoroge")

    assert ids(await ask(database, sought)) == [convicted]
    assert set(ids(await ask(database, sought, by={"role": Role.REGISTRAR}))) == {convicted, ordered}
    page, _, asking = await asked(database, sought, limit=1)
    assert (page.has_next, [each.hex for each in asking.events[0].records]) == (False, [convicted])


async def test_a_page_of_twenty_costs_at_most_four_statements_more_than_one_profile(database: Database) -> None:
    """Whatever the profiles hold."""
    (one, *_) = await fill(database, whole(), *[whole() | {"county": None, "sex": "other"} for _ in range(21)])

    page, seen, _ = await asked(database, SearchQuery(name="Juma Hamisi Mwakio"), limit=20)

    def read_one(connection: Connection) -> int:
        with statements(connection) as of_one:
            reading.read_profile(work(connection, actor()), UUID(one))
        return len(of_one)

    assert len(page.hits) == 20
    assert all(hit.profile.convictions and hit.profile.places for hit in page.hits)
    assert len(seen) <= await database.read(read_one) + 4


# -- many people


async def test_of_a_key_that_too_many_share_no_numbers_are_read_at_first(database: Database) -> None:
    await fill(database, *[named("Juma Mwakio") for _ in range(6)])

    def run(connection: Connection) -> tuple[postings.Postings, set[int], dict[int, Any]]:
        keys = [key for (key,) in connection.exec_driver_sql("SELECT DISTINCT key FROM search_keys")]
        found = postings.postings(connection, keys, [], 5)
        return found, set(keys), postings.crowds(connection, found.overfull, 4)

    found, keys, crowds = await database.read(run)

    assert (found.by_key, set(found.overfull), found.register_size) == ({}, keys, 6)
    assert set(crowds) == keys
    assert {len(numbers) for numbers in crowds.values()} == {4}


async def test_a_name_that_too_many_bear_is_found_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "POSTING_CAP", 2)
    await fill(database, *[named("Juma Mwakio") for _ in range(4)])

    page, seen, _ = await asked(database, SearchQuery(name="Juma Mwakio"))

    assert page.hits
    assert len(seen) == 4


async def test_the_database_tells_postings_rarity_and_size_in_one_statement(database: Database) -> None:
    await fill(database, named("Juma Mwakio"), named("Juma Otieno"))

    def run(connection: Connection) -> tuple[postings.Postings, int]:
        tokens = [token for (token,) in connection.exec_driver_sql("SELECT token FROM name_rarity")]
        with statements(connection) as seen:
            found = postings.postings(connection, [1, -(2**63), 2**63 - 1], [*tokens, 5], candidates.POSTING_CAP)
        return found, len(seen)

    found, count = await database.read(run)

    assert (count, found.register_size) == (1, 2)
    assert sorted(set(found.rarity.values())) == [1, 2]
    assert not any(found.by_key.values())


async def test_no_candidates_need_no_statement(database: Database) -> None:
    def run(connection: Connection) -> tuple[Any, int]:
        with statements(connection) as seen:
            return postings.records(connection, [], MOMENT.date()), len(seen)

    assert await database.read(run) == ([], 0)


async def test_both_databases_answer_alike(both_urls: list[str]) -> None:
    """The same two hundred people, the same questions, the same hits with the same reasons."""
    crowd = [read(person) for person in people(count=200, record_owner=AGENCY)]
    sought = [SearchQuery(name=person.names[0].full, birth_date=person.birth_date) for person in crowd[::12]]
    sought += [
        SearchQuery(name="Peter"),
        SearchQuery(birth_date=PartialDate(1979, 5, 17)),
        SearchQuery(name="Otieno Juma"),
    ]

    def import_crowd(connection: Connection) -> None:
        proposals = proposing.propose_many(work(connection, actor(role=Role.REGISTRAR)), crowd, "An invented import")
        deciding.approve_many(work(connection, actor(role=Role.SUPERVISOR)), proposals)

    answers = []
    for url in both_urls:
        database = open_database(Settings(database_url=url)).keeper
        await database.write(import_crowd)
        pages = [await ask(database, each, limit=20) for each in sought]
        answers.append([[(hit.score, hit.band, hit.reasons, hit.profile.names) for hit in page.hits] for page in pages])
        await database.close()

    assert answers[0] == answers[1]
    assert all(answers[0][:17])
