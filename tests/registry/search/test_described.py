"""People found by what is known of them without a name, on both databases."""

from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.sealed import opened
from registry.core.db import Database
from registry.core.errors import Forbidden, InputRefused, Unavailable
from registry.disclosure.vocabulary import Purpose, Role
from registry.matching import candidates
from registry.matching.form import FORM
from registry.matching.types import Handle, Mark, Near
from registry.profiles.models import counters, search_keys
from registry.profiles.publication import INDEX_FORM
from registry.search.query import SearchQuery
from tests.factories import SEALER, amended, named
from tests.registry.search.test_operations import CROWD, SUPERVISING, ask, asked, fill, ids

pytestmark = pytest.mark.anyio

KNOWN = named(
    "Invented Kengele",
    county="Nairobi",
    marks=[{"kind": "tattoo", "place": "Left forearm", "description": "Invented scorpion"}],
    vehicles=[{"plate": "KXZ 437D", "country": "KE"}],
    places=[{"kind": "residence", "county": "Nairobi", "sub_county": "Invented Hill", "point": "geo:-1.2921,36.8219"}],
    modus_operandi=["online_grooming", "force"],
    handles=[{"platform": "tiktok", "handle": "king.kev254"}],
)
ELSEWHERE = named(
    "Invented Mwengele",
    county="Kwale",
    marks=[{"kind": "scar", "place": "Left forearm", "description": "Invented burn"}],
    vehicles=[{"plate": "KAA 111A"}],
    places=[{"kind": "work", "county": "Kwale"}],
    modus_operandi=["force"],
    handles=[{"platform": "x", "handle": "simba_mkali"}],
)
SCORPION = (Mark("tattoo", "mkono wa kushoto", "nge"),)
FINDING: list[dict[str, Any]] = [
    {"marks": SCORPION},
    {"marks": (Mark("tattoo", "", "scorpoin"),)},
    {"plate": "kxz 437d"},
    {"plate": "KXZ 4?7"},
    {"plate": "*7D"},
    {"near": Near(3.0, (-1.30, 36.82))},
    {"near": Near(10.0, None, "Nairobi", "Invented Hill")},
    {"handle_part": Handle(None, "g.kev2")},
    {"modus_operandi": ("online_grooming",)},
    {"marks": (Mark("", "left forearm"),), "near": Near(10.0, None, "Nairobi")},
    {"name": "Invented", "plate": "437"},
    {"sex": "male", "county": "Nairobi", "marks": SCORPION, "platform": "tiktok"},
]


@pytest.mark.parametrize("criteria", FINDING, ids=["+".join(each) for each in FINDING])
async def test_what_is_known_without_a_name_finds_the_right_one_first(
    database: Database, criteria: dict[str, Any]
) -> None:
    *_, profile = await fill(database, *CROWD, ELSEWHERE, KNOWN)

    page, seen, _ = await asked(database, SearchQuery(**criteria))

    assert ids(page)[0] == profile
    assert page.hits[0].band != "strong"
    assert len(seen) == 3


async def test_what_nobody_is_known_by_finds_nobody(database: Database) -> None:
    await fill(database, KNOWN, ELSEWHERE)

    for criteria in ({"plate": "KXZ 999Z"}, {"near": Near(5.0, (3.1, 35.6))}, {"handle_part": Handle(None, "zzzz")}):
        assert (await ask(database, SearchQuery(**criteria))).hits == ()


async def test_what_was_amended_away_is_found_no_more(database: Database) -> None:
    (profile,) = await fill(database, KNOWN)
    bare = {name: value for name, value in KNOWN.items() if name not in ("marks", "vehicles", "places")}
    await database.write(lambda connection: amended(connection, UUID(profile), bare))

    for criteria in ({"marks": SCORPION}, {"plate": "KXZ 437D"}, {"near": Near(3.0, (-1.29, 36.82))}):
        assert (await ask(database, SearchQuery(**criteria))).hits == ()
    assert ids(await ask(database, SearchQuery(handle_part=Handle(None, "kev254")))) == [profile]


CRITERIA: list[tuple[str, dict[str, Any]]] = [
    ("marks", {"marks": SCORPION}), ("modusOperandi", {"modus_operandi": ("force",)}),
    ("handlePart", {"handle_part": Handle(None, "king")}), ("platform", {"platform": "x", "name": "Juma"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "criteria"), CRITERIA)
async def test_who_may_not_read_a_field_may_not_search_by_it(
    database: Database, field: str, criteria: dict[str, Any]
) -> None:
    with pytest.raises(Forbidden) as refused:
        await ask(database, SearchQuery(**criteria), by=SUPERVISING)

    assert (refused.value.code, refused.value.field) == ("CRITERION_NOT_PERMITTED", field)


async def test_a_supervisor_may_search_by_place_and_plate(database: Database) -> None:
    (profile,) = await fill(database, KNOWN)

    for criteria in ({"plate": "KXZ 437D"}, {"near": Near(3.0, (-1.29, 36.82))}):
        assert ids(await ask(database, SearchQuery(**criteria), by=SUPERVISING)) == [profile]


async def test_a_description_stands_sealed_in_the_log(database: Database) -> None:
    await fill(database, KNOWN)
    sought = SearchQuery(
        plate="KXZ 4?7", near=Near(3.0, (-1.3, 36.8)), handle_part=Handle(None, "king"), marks=SCORPION
    )

    _, _, asking = await asked(database, sought)

    (event,) = asking.events
    assert opened(event.details, SEALER)["criteria"] == sought.to_json()
    assert sorted(event.details["criteria"]["sealed"]["fields"]) == ["handlePart", "marks", "near", "plate"]
    assert "KXZ" not in str(event.details)


async def test_a_description_that_fits_a_crowd_is_refused_and_says_what_to_add(database: Database) -> None:
    """Nobody could say who of a thousand is meant; whoever is shown would be so by chance."""
    await fill(database, KNOWN)

    def crowd(connection: Connection) -> None:
        keys = connection.execute(sa.select(search_keys.c.key).where(search_keys.c.number == 1)).scalars().all()
        rows = [{"key": key, "number": n} for key in keys for n in range(2, candidates.POSTING_CAP + 3)]
        connection.execute(sa.insert(search_keys), rows)

    await database.write(crowd)

    for criteria in ({"marks": SCORPION}, {"near": Near(3.0, (-1.3, 36.8))}, {"modus_operandi": ("force",)}):
        with pytest.raises(InputRefused) as refused:
            await ask(database, SearchQuery(**criteria))
        assert (refused.value.code, refused.value.field) == ("CRITERIA_TOO_FEW", "criteria")
        assert refused.value.remedy


async def test_an_index_of_another_form_is_not_searched(database: Database) -> None:
    await fill(database, KNOWN)
    form = counters.c.name == INDEX_FORM

    for change in (sa.update(counters).where(form).values(value=FORM - 1), sa.delete(counters).where(form)):
        await database.write(partial(Connection.execute, statement=change))
        with pytest.raises(Unavailable) as refused:
            await ask(database, SearchQuery(name="Invented Kengele"))
        assert refused.value.code == "INDEX_OUTDATED"


async def test_maintenance_searches_by_everything(database: Database) -> None:
    (profile,) = await fill(database, KNOWN)
    by = {"role": Role.REGISTRAR, "purpose": Purpose.REGISTER_MAINTENANCE}
    sought = SearchQuery(**{name: value for each in FINDING[:9] for name, value in each.items()})

    (hit,) = (await ask(database, replace(sought, name="Kengele"), by=by)).hits

    assert ids(await ask(database, sought, by=by)) == [profile]
    assert {each.feature.split(".")[0] for each in hit.reasons} >= {
        "mark",
        "plate",
        "place",
        "method",
        "handle",
        "name",
    }
