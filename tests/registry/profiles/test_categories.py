"""Who is registered without a conviction, or was under age, is kept apart: found by fewer, and for less long."""

from collections.abc import Callable  # noqa: TC003  pytest reads it
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from auth.actor import Actor
from registry.core.db import Database
from registry.core.errors import NotFound
from registry.core.ids import new_id
from registry.disclosure import rules
from registry.disclosure.vocabulary import Action, Purpose, Role
from registry.profiles.intake import Problems
from registry.profiles.operations import deciding, duplicates, proposing, reading
from registry.profiles.standing import Change
from registry.profiles.vetting import State
from tests.factories import (
    EDITION,
    MOMENT,
    actor,
    amended,
    changed,
    conviction,
    proposed,
    proved,
    read,
    record,
    vetted,
    work,
)
from tests.registry.profiles.scenes import code_of, done, found

pytestmark = pytest.mark.anyio
ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}
OF_CATEGORY: dict[str, dict[str, Any]] = {
    "convicted": record(),
    "ordered": record(category="ordered", orders=[ORDER], convictions=None),
    "juvenile": record(category="juvenile", orders=[ORDER], birth_date="1999-05-17",
                       convictions=[conviction(committed_on="2015")]),
}  # fmt: skip
READERS: dict[str, Actor] = {
    f"{role.value} {purpose.value}": actor(role=role, purpose=purpose)
    for role in set(Role) - {Role.PARTNER_OFFICER}
    for purpose in Purpose
    if rules.may(Action.PROFILE_READ, [role], purpose)
}


def test_every_category_of_the_edition_is_looked_at() -> None:
    assert set(OF_CATEGORY) == set(EDITION.categories)
    assert EDITION.categories["convicted"].roles == ("investigator", "registrar", "supervisor", "partner_officer")


@pytest.mark.parametrize("category", OF_CATEGORY)
async def test_records_of_a_category_are_found_and_read_by_its_roles_only(database: Database, category: str) -> None:
    """Whoever may not know of it gets the answer of a record that is not there, by any way."""
    profile = await done(database, lambda connection: vetted(connection, OF_CATEGORY[category]))

    def look(connection: Connection, by: Actor, sought: UUID) -> list[Any]:
        asking = work(connection, by)
        attempts: list[Callable[[], object]] = [
            lambda: reading.read_profile(asking, sought),
            lambda: reading.read_profile(asking, sought, known_at=MOMENT),
            lambda: reading.read_differences(asking, sought, since=MOMENT, until=MOMENT),
            lambda: reading.open_photograph(asking, sought, new_id()),
        ]
        by_phone = found(connection, by=by, phone="0712345678") == [sought]
        by_name = found(connection, by=by, name="Juma Hamisi Mwakio") == [sought]
        return [by_phone, by_name, *(code_of(each) for each in attempts)]

    roles = EDITION.categories[category].roles
    for name, by in READERS.items():
        told = await database.write(lambda connection, by=by: look(connection, by, profile))  # type: ignore[misc]
        known = not {role.value for role in by.roles}.isdisjoint(roles)
        seen = [True, True, None, None, None, "NOT_FOUND"]  # it shows no photograph
        assert told == (seen if known else [False, False, *["NOT_FOUND"] * 4]), name
        nobody = await database.write(lambda connection, by=by: look(connection, by, new_id()))  # type: ignore[misc]
        assert known or told == nobody


async def test_an_officer_of_several_roles_knows_what_any_of_them_knows(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, OF_CATEGORY["juvenile"]))
    both = actor()
    assert both.officer is not None
    both = replace(both, officer=replace(both.officer, roles=frozenset({Role.INVESTIGATOR, Role.SUPERVISOR})))

    view = await database.read(lambda connection: reading.read_profile(work(connection, both), profile))

    assert view.category == "juvenile"


async def test_the_refusal_is_the_one_of_a_record_that_is_not_there(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, OF_CATEGORY["ordered"]))

    def refusal(connection: Connection, sought: UUID) -> tuple[str, str, str | None, str | None]:
        with pytest.raises(NotFound) as caught:
            reading.read_profile(work(connection, actor()), sought)
        error = caught.value
        return error.code, error.message, error.field, error.remedy

    assert await database.read(lambda c: refusal(c, profile)) == await database.read(lambda c: refusal(c, new_id()))


async def test_a_record_that_changes_its_category_is_hidden_at_once_and_from_its_past(database: Database) -> None:
    """Convicted when it was entered, found to have been a minor since."""
    profile = await done(database, lambda connection: vetted(connection, OF_CATEGORY["convicted"]))
    await done(database, lambda connection: amended(connection, profile, OF_CATEGORY["juvenile"]))

    def look(connection: Connection) -> tuple[list[UUID], list[str | None]]:
        asking = work(connection, actor())
        return found(connection, phone="0712345678"), [
            code_of(lambda: reading.read_profile(asking, profile)),
            code_of(lambda: reading.read_profile(asking, profile, known_at=MOMENT)),
        ]

    assert await database.read(look) == ([], ["NOT_FOUND", "NOT_FOUND"])


async def test_the_past_of_a_record_stays_hidden_from_those_who_might_not_know_of_it_then(database: Database) -> None:
    """Ordered first, convicted since: what the register knew while it was only ordered is not for everybody now."""

    def live(connection: Connection) -> UUID:
        profile = vetted(connection, OF_CATEGORY["ordered"], now=MOMENT)
        later = MOMENT.replace(day=25)
        amended(connection, profile, OF_CATEGORY["convicted"], now=later)
        return profile

    profile = await done(database, live)

    def look(connection: Connection, role: Role) -> tuple[list[str | None], set[str | None]]:
        asking = work(connection, actor(role=role), MOMENT.replace(day=26))
        told = reading.read_differences(asking, profile, since=MOMENT, until=MOMENT.replace(day=25))
        return [
            code_of(lambda: reading.read_profile(asking, profile)),
            code_of(lambda: reading.read_profile(asking, profile, known_at=MOMENT)),
        ], {each.before for each in told if each.group in ("category", "orders", "names")}

    assert await database.read(lambda c: look(c, Role.INVESTIGATOR)) == ([None, "NOT_FOUND"], {None})
    codes, before = await database.read(lambda c: look(c, Role.REGISTRAR))
    assert codes == [None, None]
    assert "ordered" in before


@pytest.mark.parametrize("category", ["ordered", "juvenile"])
async def test_entries_without_a_conviction_are_shorter_and_reviewed_more_often(
    database: Database, category: str
) -> None:
    def days(connection: Connection, value: dict[str, Any]) -> tuple[str, str]:
        view = reading.read_profile(work(connection, actor(role=Role.SUPERVISOR)), vetted(connection, value))
        return str(view.expires_on), str(view.review_on)

    ordered = await done(database, lambda c: days(c, OF_CATEGORY[category] | {"tier": "three"}))
    convicted = await done(database, lambda c: days(c, OF_CATEGORY["convicted"] | {"tier": "one"}))

    assert ordered == ("2029-02-05", "2027-11-21")
    assert all(one < two for one, two in zip(ordered, convicted, strict=True))


# -- rules of the class


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"orders": None}, "ORDER_MISSING"),
        ({"category": "convicted"}, "JUVENILE_CLASS"),
        ({"category": "ordered"}, "JUVENILE_CLASS"),
        ({}, None),
        ({"birth_date": "1997-05-17"}, "JUVENILE_CLASS"),
        ({"convictions": None}, None),
    ],
    ids=str,
)
async def test_who_was_under_age_is_registered_by_a_court_s_own_order_only(
    database: Database, changes: dict[str, Any], code: str | None
) -> None:
    value = OF_CATEGORY["juvenile"] | changes
    if changes.get("birth_date"):
        value |= {"category": "convicted"}

    def propose(connection: Connection) -> None:
        proposing.propose_profile(work(connection, actor(role=Role.REGISTRAR)), value, "A reason")

    if code is None:
        await done(database, propose)
        return
    with pytest.raises(Problems) as caught:
        await done(database, propose)
    assert [each.code for each in caught.value.found] == [code]


async def test_parents_names_are_refused_in_kenya(database: Database) -> None:
    value = record(parents=[{"relation": "mother", "name": "Invented Mother"}])

    with pytest.raises(Problems) as caught:
        await done(database, lambda connection: vetted(connection, value))

    assert [(each.code, each.field) for each in caught.value.found] == [("PARENTS_NAMES", "parents")]


async def test_a_duplicate_of_a_hidden_record_is_found_by_registrars_who_know_of_it(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, OF_CATEGORY["ordered"]))

    def alike(connection: Connection, role: Role) -> list[UUID]:
        asking = work(connection, actor(role=role))
        return [each.profile for each in duplicates.likely(asking, read(OF_CATEGORY["convicted"]))]

    assert await database.read(lambda connection: alike(connection, Role.REGISTRAR)) == [profile]
    assert await database.read(lambda connection: alike(connection, Role.INVESTIGATOR)) == []


# -- proposals of records at rest


@pytest.mark.parametrize("change", [Change.SEAL, Change.RETIRE, Change.REMOVE])
async def test_proposals_of_a_record_at_rest_show_its_content_to_keepers_only(
    database: Database, change: Change
) -> None:
    """Else whoever lists what was approved reads on what a court has closed."""

    def live(connection: Connection) -> UUID:
        profile = vetted(connection, record())
        proposed(connection, record(sex="other"), profile=profile)
        changed(connection, profile, change)
        return profile

    await done(database, live)

    def look(connection: Connection, role: Role) -> list[tuple[str, bool, bool]]:
        by = work(connection, proved(actor(role=role, chain="another")))
        listed = [
            each for state in State for each in deciding.list_proposals(by, state, after=None, limit=9).proposals
        ]  # fmt: skip
        return [(each.change, each.record.names is not None, bool(each.differences)) for each in listed]

    hidden = await database.read(lambda connection: look(connection, Role.REGISTRAR))
    shown = await database.read(lambda connection: look(connection, Role.SUPERVISOR))

    assert not any(names or differences for _, names, differences in hidden)
    assert all(names for _, names, _ in shown)
