"""An import is checked before it is begun, enters each row once, and never leaves what it enters vetted."""

from array import array
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.bulk import digests, operations, queries
from registry.bulk.mapping import Mapping, from_json
from registry.bulk.models import import_batches, imports
from registry.bulk.operations import Choice, Findings
from registry.bulk.preparing import Entering
from registry.bulk.queries import Import
from registry.bulk.sameness import BEFORE
from registry.bulk.verdicts import Verdict
from registry.core.db import Database
from registry.core.errors import Conflict, Forbidden, InputRefused
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Role
from registry.profiles import queries as profiles_queries, rows
from registry.profiles.models import profiles, record_keys, revisions
from registry.profiles.prepared import prepare
from registry.profiles.vetting import State
from registry.work import Work
from tests import factories
from tests.factories import SEALER

pytestmark = pytest.mark.anyio
T = TypeVar("T")
FILE, MAPPING, RULES = "f" * 64, "m" * 64, "ke ke-2026-11"
READY = bytes([Verdict.READY]) * 4


def by(connection: Connection, role: Role = Role.REGISTRAR, agency: str = factories.AGENCY) -> Work:
    return factories.work(connection, factories.actor(connection, role=role, agency=agency))


def findings(verdicts: bytes = READY, **changes: Any) -> Findings:
    values: dict[str, Any] = {"file_digest": FILE, "mapping_digest": MAPPING, "edition": RULES, "verdicts": verdicts,
                              "profiles": ()}  # fmt: skip
    return Findings(**values | changes)


def choice(**changes: Any) -> Choice:
    return Choice(**{"mapping_digest": MAPPING, "edition": RULES} | changes)


def entering(first: int = 0, *names: str) -> Entering:
    shown = [rows.shown(factories.read(factories.named(f"Invented {each}"))) for each in names or ("Juma", "Asha")]
    seen = array("Q", [digests.of_row(each, SEALER.blind) for each in shown])
    return Entering(first, len(shown), [prepare(each, SEALER) for each in shown], digests.stored(seen))


def checked(connection: Connection, verdicts: bytes = READY, **changes: Any) -> Import:
    return operations.finish_check(by(connection), findings(verdicts, **changes), None, None)


def begun(connection: Connection, verdicts: bytes = READY, **chosen: Any) -> Import:
    checked(connection, verdicts)
    return operations.begin_import(by(connection), FILE, choice(**chosen))


def count(connection: Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


async def refusal(database: Database, work: Callable[[Connection], object], kind: type[Exception] = Conflict) -> Any:
    with pytest.raises(kind) as refused:
        await database.write(work)
    return refused.value


# -- the dry run


async def test_what_a_dry_run_found_is_kept_and_nothing_else(database: Database) -> None:
    verdicts = bytes([Verdict.READY, Verdict.NEEDS_FIXING, Verdict.DUPLICATE, Verdict.REFUSED, Verdict.EMPTY])

    def run(connection: Connection) -> None:
        made = checked(connection, verdicts)

        known = queries.of_file(connection, factories.AGENCY, FILE)
        assert known == made
        assert (made.rows, made.ready, made.needs_fixing, made.duplicates, made.refused) == (5, 1, 1, 1, 1)
        assert (count(connection, revisions), count(connection, profiles)) == (0, 0)

    await database.write(run)


async def test_a_later_dry_run_takes_the_place_of_an_earlier_one(database: Database) -> None:
    def run(connection: Connection) -> None:
        first = checked(connection, bytes([Verdict.REFUSED]))
        second = checked(connection, mapping_digest="other")

        assert second.id == first.id
        assert count(connection, imports) == 1
        known = queries.of_file(connection, factories.AGENCY, FILE)
        assert known is not None
        assert (known.mapping_digest, known.ready) == ("other", 4)

    await database.write(run)


async def test_whom_a_dry_run_found_is_told_to_the_log(database: Database) -> None:
    found = new_id()

    def run(connection: Connection) -> None:
        work = by(connection)
        operations.finish_check(work, findings(profiles=(found,)), None, None)
        assert work.events[-1].records == (found,)

    await database.write(run)


async def test_a_mapping_is_remembered_by_agency_and_headings(database: Database) -> None:
    mapping = from_json({"columns": {"Name": "names[0].full"}, "dates": "DD/MM/YYYY"})
    other = from_json({"columns": {"Name": "birth_place"}})

    def run(connection: Connection) -> None:
        def recalled(fingerprint: str, agency: str = factories.AGENCY) -> Mapping | None:
            return operations.recall(by(connection, agency=agency), FILE, fingerprint).mapping

        assert recalled("h1") is None
        for each in (other, mapping):
            operations.finish_check(by(connection), findings(), "h1", each)
        assert recalled("h1") == mapping
        assert recalled("h2") is None
        assert recalled("h1", factories.ELSEWHERE) is None

    await database.write(run)


async def test_an_empty_register_needs_no_looking_for_duplicates(database: Database) -> None:
    def run(connection: Connection) -> None:
        assert operations.recall(by(connection), FILE, None).register_is_empty
        factories.vetted(connection, factories.record())
        assert not operations.recall(by(connection), FILE, None).register_is_empty

    await database.write(run)


# -- the import


async def test_rows_enter_as_proposals_that_nobody_has_vetted(database: Database) -> None:
    def run(connection: Connection) -> None:
        known = begun(connection)
        work = by(connection)
        assert operations.enter_batch(work, known.id, entering(), "An invented move") == 2

        assert (count(connection, revisions), count(connection, profiles), count(connection, record_keys)) == (2, 0, 2)
        proposals = profiles_queries.proposals(connection, SEALER, State.PENDING, after=None, limit=9)
        assert {each.record.names[0].full for each in proposals} == {"Invented Juma", "Invented Asha"}
        assert {each.reason for each in proposals} == {"An invented move"}
        assert {each.proposed_agency for each in proposals} == {factories.AGENCY}
        assert work.events[0].name == "profile:change:proposed"
        assert set(work.events[0].records) == {each.profile for each in proposals}

    await database.write(run)


async def test_what_is_entered_is_what_a_proposal_one_by_one_would_be(database: Database) -> None:
    def run(connection: Connection) -> None:
        operations.enter_batch(by(connection), begun(connection).id, entering(0, "Juma"), "An invented move")
        factories.proposed(connection, factories.named("Invented Juma"))

        many, one = profiles_queries.proposals(connection, SEALER, State.PENDING, after=None, limit=9)
        same = ("change", "base", "state", "standing", "contested", "proposed_agency", "proposed_chain", "proposed_for")
        assert [getattr(many, name) for name in same] == [getattr(one, name) for name in same]
        assert many.record.names == one.record.names

    await database.write(run)


async def test_progress_moves_with_the_rows_and_never_without_them(database: Database) -> None:
    known = await database.write(begun)

    async def failing() -> None:
        def run(connection: Connection) -> None:
            operations.enter_batch(by(connection), known.id, entering(), "An invented move")
            raise RuntimeError("killed")

        await database.write(run)

    with pytest.raises(RuntimeError, match="killed"):
        await failing()

    def look(connection: Connection) -> tuple[int, int, int]:
        found = queries.of_file(connection, factories.AGENCY, FILE)
        assert found is not None
        return found.rows_done, count(connection, revisions), count(connection, import_batches)

    assert await database.read(look) == (0, 0, 0)
    await database.write(lambda each: operations.enter_batch(by(each), known.id, entering(), "An invented move"))
    assert await database.read(look) == (2, 2, 1)


async def test_rows_that_somebody_else_enters_meanwhile_are_not_entered_twice(database: Database) -> None:
    known = await database.write(begun)
    await database.write(lambda each: operations.enter_batch(by(each), known.id, entering(), "An invented move"))

    found = await refusal(
        database, lambda each: operations.enter_batch(by(each), known.id, entering(), "An invented move")
    )

    assert found.code == "IMPORT_RUNNING"
    assert await database.read(lambda each: count(each, revisions)) == 2


async def test_a_chunk_of_which_nothing_is_entered_moves_on_as_well(database: Database) -> None:
    def run(connection: Connection) -> None:
        known = begun(connection)
        assert operations.enter_batch(by(connection), known.id, Entering(0, 3, [], b""), "An invented move") == 0

        found = queries.of_file(connection, factories.AGENCY, FILE)
        assert found is not None
        assert (found.rows_done, found.entered, count(connection, import_batches)) == (3, 0, 0)

    await database.write(run)


async def test_who_began_first_is_kept(database: Database) -> None:
    def run(connection: Connection) -> None:
        begun(connection)
        later = by(connection)
        later.now += timedelta(days=1)
        operations.begin_import(later, FILE, choice())

        known = queries.of_file(connection, factories.AGENCY, FILE)
        assert known is not None
        assert known.begun_at == factories.MOMENT

    await database.write(run)


async def test_the_end_is_noted(database: Database) -> None:
    def run(connection: Connection) -> None:
        known = begun(connection)
        operations.finish_import(by(connection), known.id)

        found = queries.of_file(connection, factories.AGENCY, FILE)
        assert found is not None
        assert found.finished_at == factories.MOMENT

    await database.write(run)


async def test_rows_of_other_files_are_known_again_and_those_of_the_same_are_not(database: Database) -> None:
    def run(connection: Connection) -> None:
        entered = entering()
        operations.enter_batch(by(connection), begun(connection).id, entered, "An invented move")

        def doubles(file: str, agency: str = factories.AGENCY) -> int:
            seen = operations.recall_rows(by(connection, agency=agency), file)
            for row, digest in enumerate(digests.revived(entered.digests)):
                seen.add(digest, row)
            return len([earlier for _, earlier in seen.doubles().values() if earlier == BEFORE])

        assert doubles("another file") == 2
        assert doubles(FILE) == 0
        assert doubles("another file", factories.ELSEWHERE) == 0

    await database.write(run)


# -- what is refused


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ({}, "DRY_RUN_NEEDED"),
        ({"mapping_digest": "another"}, "DRY_RUN_NEEDED"),
        ({"edition": "ke ke-2030-01"}, "DRY_RUN_NEEDED"),
        ({"file_digest": "another"}, "DRY_RUN_NEEDED"),
    ],
    ids=str,
)
async def test_nothing_is_entered_that_was_not_checked_as_it_is_read(
    database: Database, before: dict[str, Any], code: str
) -> None:
    if before:
        await database.write(lambda each: checked(each, **before))

    assert (await refusal(database, lambda each: operations.begin_import(by(each), FILE, choice()))).code == code


@pytest.mark.parametrize(
    ("left", "chosen", "lets"),
    [
        (Verdict.NEEDS_FIXING, {}, False), (Verdict.REFUSED, {}, False), (Verdict.DUPLICATE, {}, False),
        (Verdict.NEEDS_FIXING, {"ready_only": True}, True), (Verdict.REFUSED, {"ready_only": True}, True),
        (Verdict.DUPLICATE, {"with_duplicates": True}, True), (Verdict.REFUSED, {"with_duplicates": True}, False),
        (Verdict.EMPTY, {}, True),
    ],
    ids=str,
)  # fmt: skip
async def test_a_file_with_rows_that_are_not_ready_stays_out(
    database: Database, left: Verdict, chosen: dict[str, bool], lets: bool
) -> None:
    def begin(connection: Connection) -> Import:
        return begun(connection, bytes([Verdict.READY, left]), **chosen)

    if lets:
        assert (await database.write(begin)).begun_at is None  # as it was before
    else:
        assert (await refusal(database, begin, InputRefused)).code == "ROWS_NOT_READY"


async def test_what_is_entered_in_part_is_not_read_by_another_mapping(database: Database) -> None:
    known = await database.write(begun)
    await database.write(lambda each: operations.enter_batch(by(each), known.id, entering(), "An invented move"))

    other: dict[str, Any] = {"mapping_digest": "another"}
    for attempt in (
        lambda each: checked(each, **other),
        lambda each: operations.begin_import(by(each), FILE, choice(**other)),
    ):
        assert (await refusal(database, attempt)).code == "IMPORT_BEGUN"


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.REGISTRAR])
async def test_only_who_may_propose_imports(database: Database, role: Role) -> None:
    for use_case in (
        lambda work: operations.begin(work, FILE),
        lambda work: operations.recall(work, FILE, None),
        lambda work: operations.recall_rows(work, FILE),
        lambda work: operations.finish_check(work, findings(), None, None),
        lambda work: operations.begin_import(work, FILE, choice()),
        lambda work: operations.enter_batch(work, new_id(), entering(), "An invented move"),
        lambda work: operations.finish_import(work, new_id()),
    ):
        await refusal(database, lambda each, use=use_case: use(by(each, role)), Forbidden)  # type: ignore[misc]


async def test_records_of_another_owner_are_not_entered(database: Database) -> None:
    def run(connection: Connection) -> None:
        shown = rows.shown(factories.read(factories.record(), owner=factories.ELSEWHERE))
        operations.enter_batch(
            by(connection), begun(connection).id, Entering(0, 1, [prepare(shown, SEALER)], b""), "An invented move"
        )

    assert (await refusal(database, run, Forbidden)).code == "NOT_OWNER"
