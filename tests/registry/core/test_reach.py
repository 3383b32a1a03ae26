"""Whose rows a connection may see on PostgreSQL, with nothing of ours before the tables: the second line by itself."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection, exc

from registry.core.config import Settings
from registry.core.db import Database
from registry.core.engines import insert_many, open_database
from registry.core.errors import InputRefused, Unavailable
from registry.core.roles import ADDED_TO, NOTARY, READ_ONLY, check, grant
from registry.models import metadata
from registry.photographs.models import photographs
from registry.profiles.alert_queries import hidden
from registry.profiles.models import profiles, record_keys, revisions
from tests.servers import APP, OWNER, SUPERUSER

pytestmark = pytest.mark.anyio

AGENCY, ELSEWHERE = "ke-invented", "ke-elsewhere"
MOMENT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
SPACE = UUID("018f0000-0000-7000-8000-000000000001")
SECURED = (profiles, revisions, record_keys, photographs)
PEOPLE = {
    "own": (AGENCY, "vetted", "restricted", ""),
    "own secret": (AGENCY, "vetted", "secret", ""),
    "own sealed": (AGENCY, "sealed", "restricted", ""),
    "foreign": (ELSEWHERE, "vetted", "open", ""),
    "foreign covert": (ELSEWHERE, "vetted", "covert", "UG"),
    "foreign witness": (ELSEWHERE, "shareable", "witness_protection", "UG"),
    "foreign of a word not known": (ELSEWHERE, "shareable", "invented", "UG"),
    "foreign expired": (ELSEWHERE, "expired", "restricted", ""),
    "released to UG": (ELSEWHERE, "shareable", "restricted", "TZ UG"),
    "released, not shareable": (ELSEWHERE, "vetted", "restricted", "UG"),
    "released elsewhere": (AGENCY, "shareable", "restricted", "TZ"),
}
"""Owner, standing, clearance and where it may go, of invented records without a single field."""
PROPOSED = {"own proposal": (AGENCY, "restricted"), "foreign proposal": (ELSEWHERE, "restricted"),
            "foreign covert proposal": (ELSEWHERE, "covert")}  # fmt: skip

INVESTIGATES = {"own", "own secret", "foreign", "released to UG", "released, not shareable", "released elsewhere"}
KEEPS = INVESTIGATES | {"own sealed", "foreign expired", "own proposal", "foreign proposal"}
SEEN: dict[str, tuple[dict[str, str], set[str]]] = {
    "nothing is set": ({}, set()),
    "nobody": ({"reach": ""}, set()),
    "a reach not known": ({"reach": "everything", "agency": AGENCY, "purpose": "criminal_investigation"}, set()),
    "an agency without a reach": ({"agency": AGENCY, "country": "KE", "purpose": "register_maintenance"}, set()),
    "keeper": ({"reach": "keeper"}, {*PEOPLE, *PROPOSED}),
    "investigator": ({"reach": "home", "agency": AGENCY, "purpose": "criminal_investigation"}, INVESTIGATES),
    "home without a purpose": ({"reach": "home", "agency": AGENCY}, INVESTIGATES),
    "registrar": ({"reach": "home", "agency": AGENCY, "purpose": "register_maintenance"}, KEEPS),
    "desk": ({"reach": "home", "agency": AGENCY, "purpose": "subject_request"}, KEEPS),
    "another agency's investigator": (
        {"reach": "home", "agency": "ke-third", "purpose": "criminal_investigation"}, INVESTIGATES - {"own secret"},
    ),
    "UG": ({"reach": "partner", "agency": "ug-police", "country": "UG", "purpose": "criminal_investigation"},
           {"released to UG"}),
    "UG, for keeping": ({"reach": "partner", "agency": "ug-police", "country": "UG",
                         "purpose": "register_maintenance"}, {"released to UG"}),
    "U": ({"reach": "partner", "agency": "ug-police", "country": "U"}, set()),
    "a partner without a country": ({"reach": "partner", "agency": AGENCY}, set()),
}  # fmt: skip
"""What is set of a connection, and whom it sees."""


def id_of(name: str, what: str = "profile") -> UUID:
    return uuid5(SPACE, f"{what} {name}")


def standing_as(connection: Connection, **settings: str) -> None:
    """Say for whom a connection works, as ``directory.actor`` does."""
    for name, value in settings.items():
        connection.execute(sa.select(sa.func.set_config(f"registry.{name}", value, True)))


def revision(name: str, agency: str, clearance: str, *, version: int | None) -> dict[str, Any]:
    decided = {"state": "approved", "version": 1, "decided_by": id_of("decider"), "decided_at": MOMENT}
    return {
        "id": id_of(name, "revision"), "profile": id_of(name), "change": "create", "reason": "Invented.",
        "proposed_by": id_of("proposer"), "proposed_agency": agency, "proposed_chain": "records", "proposed_for": [],
        "proposed_at": MOMENT, "standing": "vetted", "contested": False, "identity": {}, "sealed": {},
        "details": {"handling": {"clearance": clearance}}, "state": "pending",
    } | (decided if version else {})  # fmt: skip


def fill(connection: Connection) -> None:
    """Let in the people, and what belongs to each, past all that is ours."""
    for number, (name, (owner, stands, clearance, to)) in enumerate(PEOPLE.items(), 1):
        connection.execute(revisions.insert(), revision(name, "ke-proposer", clearance, version=1))
        connection.execute(profiles.insert(), {
            "id": id_of(name), "number": number, "current": id_of(name, "revision"), "standing": stands,
            "category": "convicted", "owner": owner, "releasable_to": to, "clearance": clearance,
            "blocking_keys": b"", "name_tokens": b"",
        })  # fmt: skip
    for name, (agency, clearance) in PROPOSED.items():
        connection.execute(revisions.insert(), revision(name, agency, clearance, version=None))
    for name in (*PEOPLE, *PROPOSED):
        connection.execute(record_keys.insert(), {"profile": id_of(name), "key_id": "invented", "content": b"invented"})
        connection.execute(photographs.insert(), {
            "id": id_of(name, "photograph"), "profile": id_of(name), "agency": "ke-proposer",
            "uploaded_by": id_of("proposer"), "uploaded_at": MOMENT, "media_type": "image/png", "width": 1, "height": 1,
            "digest": "invented", "source_digest": "invented", "key_id": "invented", "wrapped_key": b"", "content": b"",
        })  # fmt: skip


@pytest.fixture
def url(both_urls: list[str]) -> str:
    return both_urls[1]


@pytest.fixture
async def register(url: str, anyio_backend: str) -> AsyncIterator[Database]:  # noqa: ARG001  brings the loop
    """A register on PostgreSQL that holds these people, open as the application's role, for nobody yet."""
    opened = open_database(Settings(database_url=url, pool_size=1))
    await opened.keeper.write(fill)
    yield opened
    await opened.close()


def names(connection: Connection, table: sa.Table) -> set[str]:
    """Return whose rows a connection sees, whatever they hold."""
    column = table.c.id if table is profiles else table.c.profile
    known = {id_of(name): name for name in (*PEOPLE, *PROPOSED)}
    return {known[each] for each in connection.execute(sa.select(column)).scalars()}


# -- who sees whom


@pytest.mark.parametrize("who", SEEN)
@pytest.mark.parametrize("table", SECURED, ids=lambda table: table.name)
async def test_a_connection_sees_those_whom_its_settings_reach_and_nobody_else(
    register: Database, table: sa.Table, who: str
) -> None:
    settings, people = SEEN[who]

    def look(connection: Connection) -> set[str]:
        standing_as(connection, **settings)
        return names(connection, table)

    assert await register.write(look) == (people - set(PROPOSED) if table is profiles else people)


def test_every_table_that_holds_a_persons_record_is_secured() -> None:
    assert {table.name for table in metadata.tables.values() if table.info.get("row_security")} == {
        table.name for table in SECURED
    }


async def test_the_database_holds_its_own_owner_to_the_policies(register: Database) -> None:
    statement = sa.text(
        "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity AND relkind = 'r' ORDER BY relname"
    )

    held = await register.read(lambda connection: connection.execute(statement).scalars().all())

    assert held == sorted(table.name for table in SECURED)


async def test_a_photograph_that_no_record_names_yet_is_its_agencys(register: Database) -> None:
    def look(connection: Connection) -> list[int]:
        standing_as(connection, reach="keeper")
        connection.execute(photographs.update().values(profile=None))
        seen = []
        for agency, purpose in (
            ("ke-proposer", "criminal_investigation"),
            (AGENCY, "criminal_investigation"),
            (AGENCY, "register_maintenance"),
        ):  # whoever decides on a proposal may be of another agency, and releases what it named
            standing_as(connection, reach="home", agency=agency, purpose=purpose)
            seen.append(connection.execute(sa.select(sa.func.count()).select_from(photographs)).scalar_one())
        return seen

    every = len(PEOPLE) + len(PROPOSED)
    assert await register.write(look) == [every, 0, every]


async def test_a_new_record_may_be_let_in_before_it_is_registered(register: Database) -> None:
    """Approving writes the version first, while no row of the register says who may see it."""
    name, theirs = "foreign proposal", "foreign covert proposal"

    def approve(connection: Connection) -> list[int]:
        standing_as(connection, reach="home", agency=AGENCY, purpose="register_maintenance")
        decision = {"state": "approved", "version": 1, "decided_by": id_of("decider"), "decided_at": MOMENT}
        return [
            connection.execute(revisions.update().where(revisions.c.profile == id_of(each)).values(decision)).rowcount
            for each in (name, theirs)
        ]

    def look(connection: Connection) -> set[str]:
        standing_as(connection, reach="home", agency=AGENCY, purpose="register_maintenance")
        return names(connection, revisions) & {name, theirs} | names(connection, record_keys) & {name, theirs}

    assert await register.write(approve) == [1, 0]
    assert await register.write(look) == {name}


# -- who writes


@pytest.mark.parametrize("reach", ["", "partner"])
async def test_who_is_not_at_home_writes_no_record(register: Database, reach: str) -> None:
    def write(connection: Connection) -> None:
        standing_as(connection, reach=reach, agency="ug-police", country="UG", purpose="register_maintenance")
        connection.execute(record_keys.insert(), {"profile": id_of("new"), "key_id": "invented", "content": b""})

    with pytest.raises(exc.DBAPIError, match="row-level security"):
        await register.write(write)


async def test_what_is_not_seen_is_neither_changed_nor_deleted(register: Database) -> None:
    def write(connection: Connection) -> tuple[int, int]:
        standing_as(connection, reach="home", agency=AGENCY, purpose="criminal_investigation")
        hidden = profiles.c.id.in_([id_of("own sealed"), id_of("foreign covert")])
        changed = connection.execute(profiles.update().where(hidden).values(owner=AGENCY)).rowcount
        gone = connection.execute(record_keys.delete().where(record_keys.c.profile == id_of("foreign covert"))).rowcount
        return changed, gone

    assert await register.write(write) == (0, 0)


async def test_many_rows_are_let_into_a_secured_table_by_one_statement(register: Database) -> None:
    """COPY is not for tables with policies."""
    rows = [(id_of(str(number)), "invented", bytes([number])) for number in range(200)]

    def write(connection: Connection) -> int:
        insert_many(connection, record_keys, rows)
        return len(names_of_keys(connection))

    def names_of_keys(connection: Connection) -> list[bytes]:
        wanted = record_keys.c.profile.in_([each[0] for each in rows])
        return list(connection.execute(sa.select(record_keys.c.content).where(wanted)).scalars())

    assert await register.keeper.write(write) == len(rows)


# -- whom a connection of the pool works for


def seen(connection: Connection) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(profiles)).scalar_one()


def asks(connection: Connection) -> int:
    """Do as a request does outside a transaction: what it sets stays with the connection."""
    for name, value in (("reach", "home"), ("agency", AGENCY), ("purpose", "criminal_investigation")):
        connection.execute(sa.select(sa.func.set_config(f"registry.{name}", value, False)))
    return seen(connection)


async def test_what_a_request_may_see_does_not_stay_for_whoever_gets_its_connection(register: Database) -> None:
    assert await register.asked.read(asks) == len(INVESTIGATES)
    assert await register.read(seen) == 0
    assert await register.keeper.read(seen) == len(PEOPLE)
    assert await register.read(seen) == 0
    assert await register.keeper.read(seen) == len(PEOPLE)
    assert await register.asked.read(seen) == 0
    assert await register.asked.read(asks) == len(INVESTIGATES)
    assert await register.keeper.read(seen) == len(PEOPLE)


async def test_what_is_set_in_a_transaction_ends_with_it_however_it_ends(register: Database) -> None:
    def fail(connection: Connection) -> None:
        standing_as(connection, reach="keeper")
        assert seen(connection) == len(PEOPLE)
        raise InputRefused("is refused.", field="invented")

    for database in (register, register.asked):
        with pytest.raises(InputRefused):
            await database.write(fail)
        assert await database.write(seen) == 0
    with pytest.raises(InputRefused):
        await register.keeper.write(fail)
    assert await register.keeper.write(seen) == len(PEOPLE)
    assert await register.write(seen) == 0


async def test_a_connection_that_is_gone_when_its_reach_is_set_is_given_up(register: Database, url: str) -> None:
    other = open_database(Settings(database_url=url.replace(f"{APP}@", f"{SUPERUSER}@")))
    ends = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = :app AND datname = current_database()"
    )
    assert await register.read(seen) == 0
    await other.write(lambda connection: connection.execute(ends, {"app": APP}).all())
    await other.close()

    with pytest.raises(Unavailable):
        await register.keeper.read(seen)

    assert await register.keeper.read(seen) == len(PEOPLE)


# -- the plans stay what they were


_PLANS: dict[str, tuple[Callable[[], sa.Select[Any]], str]] = {
    "by id": (lambda: sa.select(profiles.c.number).where(profiles.c.id == id_of("own")), "profiles_pkey"),
    "by number": (
        lambda: (
            sa.select(profiles.c.id, revisions.c.identity)
            .join(revisions, revisions.c.id == profiles.c.current)
            .where(profiles.c.number.in_([1, 2]))
        ),
        "revisions_pkey",
    ),
    "versions of a profile": (
        lambda: sa.select(revisions.c.id).where(revisions.c.profile == id_of("own"), revisions.c.version == 1),
        "revisions_profile_key",
    ),
    "proposals that wait": (
        lambda: sa.select(revisions.c.id).where(revisions.c.state == "pending").order_by(revisions.c.id),
        "revisions_state_id_idx",
    ),
    "due of an owner": (
        lambda: sa.select(profiles.c.number).where(profiles.c.owner == AGENCY).order_by(profiles.c.verify_on),
        "profiles_owner_verify_on_number_idx",
    ),
    "photographs of a profile": (
        lambda: sa.select(photographs.c.id).where(photographs.c.profile == id_of("own")),
        "photographs_profile_uploaded_at_idx",
    ),
}


@pytest.mark.parametrize("question", _PLANS)
async def test_a_policy_leaves_each_question_its_index(register: Database, question: str) -> None:
    """A condition that PostgreSQL takes for leaky would be asked after the policy, of every row of the table."""
    statement, index = _PLANS[question]

    def plan(connection: Connection) -> str:
        standing_as(connection, reach="home", agency=AGENCY, purpose="register_maintenance")
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        written = str(statement().compile(connection.engine, compile_kwargs={"literal_binds": True}))
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN {written}").scalars())

    found = await register.write(plan)

    assert index in found
    assert "Filter: (id =" not in found


# -- the roles


def rights_of(connection: Connection, role: str) -> dict[str, set[str]]:
    """Return what a role may do with each table."""
    rights = "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"
    asked = sa.text("SELECT has_table_privilege(:role, :table, :right)")
    return {
        table: {
            right for right in rights
            if connection.execute(asked, {"role": role, "table": table, "right": right}).scalar_one()
        }
        for table in (*metadata.tables, "alembic_version")
    }  # fmt: skip


async def test_the_application_adds_to_the_log_and_changes_nothing_of_it(register: Database) -> None:
    held = await register.read(lambda connection: rights_of(connection, APP))

    assert {held.pop(table) == {"SELECT", "INSERT"} for table in ADDED_TO} == {True}
    assert {frozenset(held.pop(table)) for table in READ_ONLY} == {frozenset({"SELECT"})}
    assert held.pop("log_promise_keys") == {"INSERT"}
    assert {frozenset(each) for each in held.values()} == {frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})}


async def test_the_notary_reads_entries_and_leaves_and_adds_heads_and_may_nothing_else(register: Database) -> None:
    held = await register.read(lambda connection: rights_of(connection, NOTARY))

    assert {table: rights for table, rights in held.items() if rights} == {
        "log_entries": {"SELECT"}, "log_leaves": {"SELECT"}, "log_promise_keys": {"SELECT"},
        "log_erasures": {"SELECT"}, "log_subjects": {"SELECT"},
        "log_heads": {"SELECT", "INSERT"}, "log_quorums": {"SELECT", "INSERT"},
    }  # fmt: skip


@pytest.mark.parametrize("role", [OWNER, SUPERUSER])
async def test_a_role_that_no_policy_binds_is_refused(register: Database, url: str, role: str) -> None:
    powerful = open_database(Settings(database_url=url.replace(f"{APP}@", f"{role}@")))

    with pytest.raises(InputRefused) as refused:
        await powerful.read(check)

    assert refused.value.code == "DATABASE_ROLE_TOO_POWERFUL"
    await powerful.close()
    await register.read(check)


async def test_rights_are_given_to_a_role_that_is_there_and_to_an_owner_nothing_is_to_be_given(url: str) -> None:
    owner = open_database(Settings(database_url=url.replace(f"{APP}@", f"{OWNER}@")))

    with pytest.raises(InputRefused) as refused:
        await owner.write(lambda connection: grant(connection, "nobody_of_that_name"))
    await owner.write(lambda connection: grant(connection, OWNER))

    assert refused.value.code == "DATABASE_ROLE_UNKNOWN"
    assert await owner.keeper.write(lambda connection: connection.execute(profiles.delete()).rowcount) == 0
    await owner.close()


@pytest.mark.usefixtures("register")
async def test_the_owner_of_the_tables_sees_no_row_without_a_reach_either(url: str) -> None:
    owner = open_database(Settings(database_url=url.replace(f"{APP}@", f"{OWNER}@")))

    assert await owner.read(seen) == 0
    assert await owner.keeper.read(seen) == len(PEOPLE)
    await owner.close()


# -- what is told of a record that is hidden


TOLD = ("number", "standing_now", "category", "owner", "releasable_to", "onward", "clearance", "expires_on")


@pytest.mark.parametrize(("reach", "told"), [
    ("home", {"own secret", "foreign covert", "foreign witness", "foreign of a word not known"}),
    ("partner", {"own secret", "foreign covert", "foreign witness", "foreign of a word not known"}),
    ("", set()), ("keeper", set()), ("everything", set()),
])  # fmt: skip
async def test_of_a_hidden_record_its_id_brings_what_a_decision_needs_and_of_another_nothing(
    register: Database, reach: str, told: set[str]
) -> None:
    """And whom the connection may see afterwards is what it was, in a transaction and outside."""

    def ask(connection: Connection) -> tuple[set[str], int]:
        if reach:
            standing_as(connection, reach=reach, agency=AGENCY, country="UG", purpose="criminal_investigation")
        before, found = seen(connection), {name: hidden(connection, id_of(name)) for name in (*PEOPLE, "nobody")}
        assert all(tuple(each.keys()) == TOLD for each in found.values() if each)
        assert seen(connection) == before
        return {name for name, each in found.items() if each}, before

    assert (await register.write(ask))[0] == told
    assert await register.read(seen) == 0


async def test_outside_a_transaction_it_leaves_a_connection_as_it_was(register: Database) -> None:
    def ask(connection: Connection) -> tuple[int, bool, int]:
        return asks(connection), hidden(connection, id_of("foreign covert")) is None, seen(connection)

    assert await register.asked.read(ask) == (len(INVESTIGATES), False, len(INVESTIGATES))


async def test_it_gives_nobody_rights_that_they_have_not_got(register: Database) -> None:
    """It is no way around the second line: it runs as whoever calls it."""
    asked = sa.text("SELECT prosecdef, provolatile::text FROM pg_proc WHERE proname = 'hidden_record'")

    assert (await register.read(lambda connection: connection.execute(asked).one())) == (False, "v")
