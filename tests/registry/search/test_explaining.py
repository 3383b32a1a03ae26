"""The reasons of a search of the past, made again on both databases: the same, or it is said what differs."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.events import Event
from registry.audit.log import append
from registry.core.db import Database
from registry.core.errors import RegistryError
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Purpose, Role
from registry.matching import tables, weights
from registry.matching.data import weights as past
from registry.matching.types import Identifier
from registry.profiles.models import record_keys
from registry.profiles.standing import Change
from registry.search import explaining
from registry.search.explaining import Explanation
from registry.search.operations import SearchPage, search
from registry.search.query import SearchQuery
from tests.factories import actor, amended, changed, entry, named, record, statements, vetted, work

pytestmark = pytest.mark.anyio
SOUGHT = SearchQuery(
    name="Jumaa Khamis Mwakyo", birth_date=PartialDate(1971, 5, 17), phone="0712 345 678", county="Kwale",
    identifiers=(Identifier("national_id", "INV1234567", "KE"),),
)  # fmt: skip
CROWD = ("Juma Hamisi Otieno", "Juma Mwakio Said", "Hamisi Juma Bakari")
REQUEST = "0199-an-invented-request"


def asked(
    connection: Connection, sought: SearchQuery = SOUGHT, change: Callable[[dict[str, Any]], Any] | None = None
) -> tuple[SearchPage, int]:
    """Search, and enter it as the endpoint does; return the answer and its place in the log."""
    asking = work(connection, actor(connection))
    page = search(asking, sought, limit=10)
    events = asking.events
    if change is not None:
        events = [Event(each.name, each.records, dict(each.details)) for each in events]
        change(events[0].details)
    officer = asking.actor.officer
    assert officer is not None
    return page, append(connection, [entry(officer=officer.id, request_id=REQUEST, events=tuple(events))])[0].index


def filled(connection: Connection) -> list[Any]:
    return [vetted(connection, record(names=[{"full": "Juma Hamisi Mwakio"}])),
            vetted(connection, named("Juma Hamisi Mwakyo", birth_date="1971-05")),
            *(vetted(connection, named(each)) for each in CROWD)]  # fmt: skip


def own(connection: Connection, **by: Any) -> Explanation:
    return explaining.explain_own(work(connection, actor(connection, **by)), REQUEST)


def audited(connection: Connection, index: int) -> Explanation:
    return explaining.explain_entry(work(connection, actor(connection, role=Role.AUDITOR)), index)


def code(run: Callable[[], Any]) -> str:
    with pytest.raises(RegistryError) as caught:
        run()
    return caught.value.code


async def test_the_officer_who_asked_reads_the_same_reasons_again(database: Database) -> None:
    def run(connection: Connection) -> None:
        filled(connection)
        page, index = asked(connection)
        made = own(connection)
        (found,) = made.searches

        assert (made.entry, made.same, found.register_size) == (index, True, 5)
        assert [(each.profile_id, each.score, each.reasons) for each in found.hits] == [
            (each.profile.id, each.score, each.reasons) for each in page.hits
        ]
        assert len(found.hits) > 1
        assert all(each.withheld == 0 and each.differs == () for each in found.hits)

    await database.write(run)


async def test_what_the_register_became_since_changes_nothing_of_it(database: Database) -> None:
    """Other names are more frequent, the register is larger, and the profile itself says something else by now."""

    def run(connection: Connection) -> Explanation:
        profile, *_ = filled(connection)
        asked(connection)
        amended(connection, profile, record(names=[{"full": "Peter Otieno"}], birth_date="1950", phones=None))
        for _ in range(3):
            vetted(connection, named("Juma Hamisi Mwakio"))
        return own(connection)

    made = await database.write(run)

    assert made.same
    assert [each.version for each in made.searches[0].hits] == [1] * len(made.searches[0].hits)


async def test_an_auditor_learns_whether_they_are_the_same_and_reads_no_record(database: Database) -> None:
    def run(connection: Connection) -> Explanation:
        filled(connection)
        return audited(connection, asked(connection)[1])

    made = await database.write(run)

    assert made.same
    hits = made.searches[0].hits
    assert all((each.reasons, each.withheld > 0) == ((), True) for each in hits)
    assert [each.profile_id for each in hits] == [f"~{place}" for place in range(1, len(hits) + 1)]  # nor who they are


async def test_reasons_are_masked_by_what_the_officer_may_read_today(database: Database) -> None:
    def run(connection: Connection) -> Explanation:
        filled(connection)
        asked(connection)
        by = actor(connection)
        return explaining.explain_own(work(connection, replace(by, purpose=Purpose.MISSING_CHILD)), REQUEST)

    made = await database.write(run)
    assert made.same

    def supervised(connection: Connection) -> Explanation:
        officer = actor(connection).officer
        assert officer is not None
        by = actor(connection, role=Role.SUPERVISOR, purpose=Purpose.OFFENDER_SUPERVISION)
        held = replace(officer, roles=frozenset({Role.SUPERVISOR}))
        return explaining.explain_own(work(connection, replace(by, officer=held)), REQUEST)

    fewer = await database.write(supervised)

    features = {reason.feature for hit in fewer.searches[0].hits for reason in hit.reasons}
    assert fewer.same
    assert "phone.same" in features
    assert not any(each.startswith("document") for each in features)
    assert max(hit.withheld for hit in fewer.searches[0].hits) == 1


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        (lambda details: details.update(scores=[0.5, *details["scores"][1:]]), ("score",)),
        (lambda details: details.update(reasons=["forged", *details["reasons"][1:]]), ("reasons",)),
        (lambda details: details.update(size=1_000_000), ("score", "reasons")),
    ],
)
async def test_what_differs_is_named(
    database: Database, change: Callable[[dict[str, Any]], Any], differs: tuple[str, ...]
) -> None:
    sought = SearchQuery(name="Juma Hamisi Mwakio", county="Kwale")

    def run(connection: Connection) -> Explanation:
        filled(connection)
        return audited(connection, asked(connection, sought, change)[1])

    made = await database.write(run)

    assert not made.same
    assert made.searches[0].hits[0].differs == differs


async def test_the_rarity_of_that_moment_counts(database: Database) -> None:
    def run(connection: Connection) -> list[float | None]:
        filled(connection)
        sought = SearchQuery(name="Juma Hamisi Mwakio", county="Kwale")
        return [
            audited(connection, asked(connection, sought, partial(_counted, many=many))[1]).searches[0].hits[0].score
            for many in (10, 100_000)
        ]

    rare, frequent = await database.write(run)

    assert rare is not None
    assert frequent is not None
    assert rare > frequent


def _counted(details: dict[str, Any], many: int) -> None:
    details.update(size=1_000_000, rarity=[many] * len(details["rarity"]))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda details: details.pop("reasons"), "NOT_REPRODUCIBLE"),
        (lambda details: details.update(matcher="1999-01-1"), "MATCHER_UNKNOWN"),
        (lambda details: details.update(matcher="../weights"), "MATCHER_UNKNOWN"),
        (lambda details: details.update(form=0), "NOT_REPRODUCIBLE"),
        (lambda details: details.update(rarity=[]), "NOT_REPRODUCIBLE"),
        (lambda details: details["criteria"]["sealed"].update(content="AAAA"), "NOT_REPRODUCIBLE"),
        (lambda details: details["criteria"]["sealed"].update(key_id="gone"), "NOT_REPRODUCIBLE"),
    ],
)
async def test_an_entry_that_can_not_be_made_again_is_refused_with_its_reason(
    database: Database, change: Callable[[dict[str, Any]], Any], expected: str
) -> None:
    def run(connection: Connection) -> str:
        filled(connection)
        _, index = asked(connection, change=change)
        return code(lambda: audited(connection, index))

    assert await database.write(run) == expected


@pytest.fixture
def lacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The version of a table that knows no birth dates."""
    told = re.sub(r'"born.same": [0-9.]+,', "", Path(weights.__file__).read_text(encoding="utf-8"))
    (tmp_path / "v1999_02_1.py").write_text(told.replace(weights.VERSION, "1999-02-1"), encoding="utf-8")
    monkeypatch.setattr(past, "__path__", [str(tmp_path)])
    tables.load.cache_clear()
    return "1999-02-1"


async def test_a_table_without_a_row_of_what_is_compared_is_refused(database: Database, lacking: str) -> None:
    def run(connection: Connection) -> str:
        filled(connection)
        _, index = asked(connection, change=lambda details: details.update(matcher=lacking))
        return code(lambda: audited(connection, index))

    assert await database.write(run) == "NOT_REPRODUCIBLE"


async def test_a_version_that_is_erased_can_not_be_made_again(database: Database) -> None:
    def run(connection: Connection) -> Explanation:
        profile, *_ = filled(connection)
        _, index = asked(connection)
        connection.execute(sa.delete(record_keys).where(record_keys.c.profile == profile))
        return audited(connection, index)

    made = await database.write(run)

    gone, *others = made.searches[0].hits
    assert (made.same, gone.same, gone.differs, gone.score, gone.band) == (False, False, ("record",), None, None)
    assert others
    assert all(each.same for each in others)


async def test_what_one_may_not_know_of_any_more_is_left_out(database: Database) -> None:
    def run(connection: Connection) -> tuple[int, int, int]:
        profile, *_ = filled(connection)
        page, index = asked(connection)
        changed(connection, profile, Change.SEAL)
        return (
            len(page.hits), len(own(connection).searches[0].hits), len(audited(connection, index).searches[0].hits)
        )  # fmt: skip

    found, seen, by_auditor = await database.write(run)

    assert (seen, by_auditor) == (found - 1, found)


async def test_nobody_explains_another_officers_search_nor_what_is_none(database: Database) -> None:
    def run(connection: Connection) -> list[str]:
        filled(connection)
        asked(connection)
        other = append(connection, [entry(request_id="another", operation="profile")])[0].index
        return [
            code(lambda: own(connection, name="2")),
            code(lambda: explaining.explain_own(work(connection, actor(connection)), "unknown")),
            code(lambda: audited(connection, other)),
            code(lambda: audited(connection, 4711)),
        ]

    assert await database.write(run) == ["NOT_FOUND"] * 4


async def test_a_search_that_found_nobody_has_nothing_to_explain(database: Database) -> None:
    def run(connection: Connection) -> Explanation:
        filled(connection)
        asked(connection, SearchQuery(name="Zebedee Qwerty"))
        return own(connection)

    made = await database.write(run)

    assert made.same
    assert [(each.hits, each.register_size) for each in made.searches] == [((), None)]


async def test_explaining_stands_in_the_log_and_costs_three_statements(database: Database) -> None:
    def run(connection: Connection) -> tuple[Any, int]:
        filled(connection)
        asked(connection)
        asking = work(connection, actor(connection))
        with statements(connection) as seen:
            explaining.explain_own(asking, REQUEST)
        return asking.events, len(seen)

    (event,), count = await database.write(run)

    assert (event.name, event.details["same"], len(event.records) > 1) == ("search:explained", True, True)
    assert count == 3
