"""The life of a record: every cell of standing and change, as a pure table and through the real use cases."""

from datetime import date, timedelta
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Conflict, RegistryError
from registry.core.ids import read_public_id
from registry.profiles.operations import deciding, reading
from registry.profiles.standing import (
    CARRIES_A_RECORD,
    LIFE,
    NEEDS_ORDER,
    NEEDS_OTHER,
    SEARCHABLE,
    SUPERVISED,
    WITHDRAWS,
    Change,
    Standing,
    after,
    contested_after,
    on,
)
from registry.profiles.vetting import State
from tests.approved import assert_approved
from tests.factories import MOMENT, named
from tests.registry.profiles.invariant import check_register
from tests.registry.profiles.scenes import (
    SITUATIONS,
    SUBJECT,
    Scene,
    Situation,
    approving,
    done,
    everything,
    proposal_of,
    staged,
    standing_of,
    supervisor,
    undone,
)

APPROVED = Path(__file__).parent / "life.txt"
CELLS = list(product(Standing, Change))


# -- the table


def test_the_table_is_what_was_approved() -> None:
    """A dot is refused: read the text like a law's annex."""
    width = max(len(each.value) for each in Standing) + 2
    head = f"{'what it stands as':<20}" + "".join(f"{each.value:<{width}}" for each in Change)
    rows = [
        f"{standing.value:<20}" + "".join(f"{_cell(standing, change):<{width}}" for change in Change)
        for standing in Standing
    ]
    marks = {
        "brings a record": CARRIES_A_RECORD, "names an order": NEEDS_ORDER, "names another": NEEDS_OTHER,
        "by a supervisor": SUPERVISED, "is recalled": WITHDRAWS,
    }  # fmt: skip
    said = [
        f"{title:<20}" + "".join(f"{'yes' if change in marked else '.':<{width}}" for change in Change)
        for title, marked in marks.items()
    ]
    found = [f"{'found by a search':<20}" + ", ".join(each.value for each in Standing if each in SEARCHABLE)]

    assert_approved(APPROVED, "\n".join(line.rstrip() for line in (head, *rows, "", *said, "", *found, "")))


def _cell(standing: Standing, change: Change) -> str:
    made = LIFE.get((standing, change))
    return "." if made is None else made.value


@pytest.mark.parametrize(("standing", "change"), CELLS)
def test_a_change_leads_where_the_table_says_or_is_refused(standing: Standing, change: Change) -> None:
    if (standing, change) in LIFE:
        assert after(standing, change) is LIFE[standing, change]
        return
    with pytest.raises(Conflict) as caught:
        after(standing, change)
    assert caught.value.code == "STANDING"
    assert standing.value in caught.value.message
    assert caught.value.remedy


def test_laws_of_the_table() -> None:
    ends = {Change.SEAL: Standing.SEALED, Change.RETIRE: Standing.RETIRED, Change.REMOVE: Standing.REMOVED}

    for (standing, change), made in LIFE.items():
        assert made not in (Standing.ENTERED, Standing.EXPIRED, Standing.MERGED)  # nobody proposes these
        assert (standing is Standing.ENTERED) == (change is Change.CREATE)
        assert made is ends.get(change, made)
        if made is Standing.SHAREABLE:
            assert change is Change.RELEASE or standing is Standing.SHAREABLE
        if change is Change.RESTORE:
            assert standing not in SEARCHABLE
            assert made is Standing.VETTED
        if change in WITHDRAWS:
            assert made not in SEARCHABLE
    assert ends.keys() == WITHDRAWS
    assert {change for _, change in LIFE} == set(Change)
    assert {standing for standing, _ in LIFE} == set(Standing) - {Standing.MERGED}  # a split, from the other's side


@pytest.mark.parametrize("change", Change)
def test_whether_a_record_is_contested_follows_from_contesting_and_settling(change: Change) -> None:
    told = {contested: _contested(change, contested=contested) for contested in (False, True)}

    expected: dict[bool, Any] = {False: False, True: True}
    if change is Change.CONTEST:
        expected = {False: True, True: "CONTESTED"}
    if change is Change.SETTLE:
        expected = {False: "NOT_CONTESTED", True: False}
    assert told == expected


def _contested(change: Change, *, contested: bool) -> bool | str:
    try:
        return contested_after(change, contested=contested)
    except Conflict as refused:
        return refused.code


@pytest.mark.parametrize("standing", Standing)
def test_an_entry_is_over_from_its_day_on_and_only_a_live_one(standing: Standing) -> None:
    today = date(2026, 11, 21)
    days = {
        "yesterday": today - timedelta(days=1),
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "never": None,
    }

    told = {name: on(standing, day, today) for name, day in days.items()}

    over = Standing.EXPIRED if standing in SEARCHABLE else standing
    assert told == {"yesterday": over, "today": over, "tomorrow": standing, "never": standing}


# -- every cell, through the use cases

LASTS = SUBJECT | {"expires_on": "2030-01-01"}


def arguments(change: Change, scene: Scene, situation: Situation) -> dict[str, Any]:
    """Return what a change needs, so that nothing but the cell refuses it."""
    if change is Change.MERGE:
        return {"other": scene.third, "record": SUBJECT | {"expires_on": _ends(situation)}}
    if change is Change.SPLIT:
        return {"other": scene.merged, "record": SUBJECT | {"expires_on": _ends(situation)}}
    if change is Change.AMEND:
        return {"record": named("Baraka Amended Kimani", expires_on=_ends(situation))}
    if change is Change.RESTORE and situation.standing is Standing.EXPIRED:
        return {"record": LASTS}
    return {}


def _ends(situation: Situation) -> str | None:
    return MOMENT.date().isoformat() if situation.standing is Standing.EXPIRED else None


def expected(change: Change, situation: Situation) -> str:
    """Return the standing that a change leads to, or the code that refuses it."""
    if situation.standing is Standing.ENTERED:
        return "NOT_FOUND"
    if change is Change.CREATE:
        return "CODE_UNKNOWN"
    made = LIFE.get((situation.standing, change))
    if made is None:
        return "STANDING"
    if change is Change.CONTEST and situation.contested:
        return "CONTESTED"
    if change is Change.SETTLE and not situation.contested:
        return "NOT_CONTESTED"
    return made.value


@pytest.mark.anyio
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_each_change_of_each_standing_is_made_or_refused_as_the_table_says(
    database: Database, situation: Situation
) -> None:
    scene = await done(database, lambda connection: staged(connection, situation))
    before = await database.read(everything)
    told: dict[str, str] = {}
    contested: dict[str, bool] = {}

    def attempt(change: Change, connection: Connection) -> None:
        try:
            proposal = proposal_of(connection, scene.profile, change, **arguments(change, scene, situation))
        except RegistryError as refused:
            told[change.value] = refused.code
            assert everything(connection) == before
            return
        assert standing_of(connection, scene.profile) == _stored(situation)  # a proposal changes nothing
        approving(proposal)(connection)
        check_register(connection)
        view = reading.read_profile(supervisor(connection), scene.profile)
        told[change.value] = view.standing
        assert standing_of(connection, scene.profile) == view.standing
        if view.standing != "removed":
            contested[change.value] = view.contested

    for change in Change:
        await undone(database, partial(attempt, change))

    assert told == {change.value: expected(change, situation) for change in Change}
    assert contested == {
        name: Change(name) is Change.CONTEST or (situation.contested and Change(name) is not Change.SETTLE)
        for name in contested
    }
    assert await database.read(everything) == before


def _stored(situation: Situation) -> str:
    return Standing.VETTED.value if not situation.swept else situation.standing.value


@pytest.mark.anyio
async def test_entered_is_let_in_by_creating_alone(database: Database) -> None:
    (entered,) = [each for each in SITUATIONS if each.standing is Standing.ENTERED]

    def create(connection: Connection) -> list[str | None]:
        scene = staged(connection, entered)
        page = deciding.list_proposals(supervisor(connection), State.PENDING, after=None, limit=9)
        (waiting,) = page.proposals
        told = [waiting.change, standing_of(connection, scene.profile)]
        approving(read_public_id("proposal", waiting.id))(connection)
        return [*told, standing_of(connection, scene.profile)]

    assert await done(database, create) == ["create", None, "vetted"]
