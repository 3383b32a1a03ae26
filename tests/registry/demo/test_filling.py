"""Filling: a register proposed by one and vetted by another, the same every time, on which every scene holds."""

import copyreg
import pickle
from collections.abc import Callable
from dataclasses import is_dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.audit.models import entries
from registry.core import config
from registry.core.clock import now
from registry.core.errors import NotFound
from registry.core.key_providers import open_sealer
from registry.demo import filling
from registry.demo.cast import OWNER
from registry.documents import operations as documents
from registry.documents.queries import DocumentFilter
from registry.editions.edition import load
from registry.matching.types import Identifier
from registry.profiles import intake, queries, rows
from registry.profiles.models import match_records, profiles, revisions
from registry.profiles.operations import duplicates, duties, reading
from registry.profiles.views import ProfileView
from registry.search.operations import search
from registry.search.query import SearchQuery
from registry.synthetic.first_question import SEARCH
from registry.synthetic.register import people
from registry.synthetic.scenes import CONTESTED, DUPLICATES, EXPIRED, SCENES, SEALED
from registry.work import Work
from tests.registry.demo.stages import asked, read, set_up

T = TypeVar("T")
SIZE = 40
OVERDUE, TRAVELLER, ORDERED = 18, 19, 20


@pytest.fixture
def folder(database_url: str, tmp_path: Path) -> Path:
    """A stage that is set."""
    assert sum(set_up(tmp_path, database_url, SIZE)) == SIZE
    return tmp_path


def acting(folder: Path, player: str, use: Callable[[Work], T]) -> T:
    """Do something as a player."""
    settings = config.load({}, folder / "settings.toml")

    def run(connection: Connection) -> T:
        actor = filling.player_actor(connection, player)
        return use(Work(connection, actor, now(), load(), open_sealer(settings)))

    return asked(folder, run)


def profile_of(folder: Path, number: int) -> UUID:
    """Return the id of the profile with a register number."""
    ((found,),) = read(folder, sa.select(profiles.c.id).where(profiles.c.number == number))
    assert isinstance(found, UUID)
    return found


def opened(folder: Path, number: int, player: str = "investigator") -> ProfileView:
    """Open a profile as a player."""
    profile = profile_of(folder, number)
    return acting(folder, player, lambda work: reading.read_profile(work, profile))


def found(folder: Path, number: int, player: str = "investigator") -> list[int]:
    """Search for a scene's own document or name as a player; return the register numbers of the hits."""
    scene = SCENES[number]
    numbers = tuple(Identifier(each["type"], each["value"], each["country"]) for each in scene.identifiers)
    sought = SearchQuery(name=scene.names[0]["full"], identifiers=numbers)
    page = acting(folder, player, lambda work: search(work, sought, limit=10))
    return [hit.profile.register_number for hit in page.hits]


def test_the_register_is_filled_by_two_chains_and_every_step_is_entered(folder: Path) -> None:
    decisions = read(folder, sa.select(revisions.c.state, revisions.c.change, sa.func.count())
                     .group_by(revisions.c.state, revisions.c.change).order_by(revisions.c.change))  # fmt: skip
    assert decisions == [("approved", "contest", 1), ("approved", "create", SIZE), ("approved", "seal", 1)]
    assert read(folder, sa.select(sa.func.count()).select_from(profiles)) == [(SIZE,)]
    assert read(folder, sa.select(revisions.c.id).where(revisions.c.proposed_by == revisions.c.decided_by)) == []
    log = read(
        folder, sa.select(entries.c["index"], entries.c.operation, entries.c.outcome).order_by(entries.c["index"])
    )
    assert log == [(place, "demo", "allowed") for place in range(9)]


def test_the_first_question_may_be_sent_by_its_id(folder: Path) -> None:
    page = acting(folder, "vetter", lambda work: documents.list_documents(work, DocumentFilter(), after=None, limit=9))

    (document,) = page.documents
    assert (document.client, document.state, document.text) == ("demo-investigator", "approved", SEARCH)
    assert document.proposed_agency == OWNER
    assert document.proposed_by != document.decided_by
    assert document.operations[0].permissions == ("profile:search",)


def test_two_fillings_hold_the_same_records(both_urls: list[str], tmp_path: Path) -> None:
    held = []
    for url, place in zip(both_urls, ("one", "two"), strict=True):
        set_up(tmp_path / place, url, 25)
        sealer = open_sealer(config.load({}, tmp_path / place / "settings.toml"))
        held.append(asked(tmp_path / place, lambda connection, sealer=sealer: [  # type: ignore[misc]
            rows.canonical(rows.record(row, rows.key_of(sealer, row["id"], row)))
            for _, row in sorted(queries.by_number(connection, list(range(1, 26)), rows.COLUMNS).items())
        ]))  # fmt: skip

    assert held[0] == held[1]


def test_a_register_number_is_the_persons_number(folder: Path) -> None:
    for number in (1, 2, 39):
        assert opened(folder, number, "registrar").register_number == number
    assert opened(folder, 1).names[0].full == "Juma Hamisi Mwakio"


def test_a_small_register_has_the_scenes_that_it_has_room_for(database_url: str, tmp_path: Path) -> None:
    set_up(tmp_path, database_url, CONTESTED)

    assert read(tmp_path, sa.select(profiles.c.number, profiles.c.standing).where(profiles.c.number == CONTESTED)) == [
        (CONTESTED, "vetted")
    ]
    assert opened(tmp_path, CONTESTED).contested


def test_the_contested_entry_says_so_and_is_found(folder: Path) -> None:
    assert found(folder, CONTESTED)[0] == CONTESTED
    assert opened(folder, CONTESTED).contested
    assert not opened(folder, 12).contested


def test_the_sealed_record_is_found_by_nobody_and_known_to_its_keepers_only(folder: Path) -> None:
    for player in ("investigator", "registrar", "vetter"):
        assert SEALED not in found(folder, SEALED, player)
    for player in ("investigator", "registrar"):
        with pytest.raises(NotFound):
            opened(folder, SEALED, player)
    assert opened(folder, SEALED, "vetter").standing == "sealed"


def test_the_expired_entry_is_found_by_nobody(folder: Path) -> None:
    for player in ("investigator", "registrar", "vetter"):
        assert EXPIRED not in found(folder, EXPIRED, player)
    assert opened(folder, EXPIRED, "vetter").standing == "expired"


def test_whoever_is_ordered_without_a_conviction_is_hidden_from_investigators(folder: Path) -> None:
    assert ORDERED not in found(folder, ORDERED)
    assert found(folder, ORDERED, "registrar")[0] == ORDERED
    with pytest.raises(NotFound):
        opened(folder, ORDERED)


def test_the_pair_is_a_likely_duplicate_of_each_other(folder: Path) -> None:
    for one, other in (DUPLICATES, DUPLICATES[::-1]):
        profile = profile_of(folder, one)
        likely = acting(folder, "registrar", lambda work, profile=profile: duplicates.list_duplicates(work, profile))  # type: ignore[misc]
        assert likely[0].profile.register_number == other


def test_the_quashed_conviction_stands_beside_one_that_holds(folder: Path) -> None:
    assert [each.appeal for each in opened(folder, 14).convictions] == ["quashed", "dismissed"]


def test_the_longest_overdue_heads_the_registrars_list(folder: Path) -> None:
    page = acting(folder, "registrar", lambda work: duties.list_verifications(work, after=None, limit=SIZE))

    overdue = {each.register_number: each.days_overdue for each in page.due}
    assert overdue[OVERDUE] == 308
    assert len(overdue) < SIZE / 2


def test_the_journey_lies_ahead_of_the_day_of_setting_up(folder: Path) -> None:
    past, ahead = opened(folder, TRAVELLER).travels

    assert past.returns_on.earliest < now().date() < ahead.departs_on.earliest
    assert (ahead.state, ahead.country) == ("intended", "TH")


def test_only_the_sealed_record_has_no_match_record(folder: Path) -> None:
    without = sa.select(profiles.c.number).where(profiles.c.number.not_in(sa.select(match_records.c.number)))

    assert read(folder, without) == [(SEALED,)]


def test_what_processes_hand_over_is_made_again_as_it_was() -> None:
    edition = load()
    for person in people(count=300, record_owner=OWNER):
        record = intake.record(person, edition, owner=OWNER)
        again = pickle.loads(pickle.dumps(record, pickle.HIGHEST_PROTOCOL))  # noqa: S301  our own bytes
        assert again == record


def test_every_value_of_a_record_has_its_short_way() -> None:
    kinds = filling._handed_over()

    assert {kind.__name__ for kind in kinds} > {"Name", "NamePart", "Place", "Freshness", "Handling", "PartialDate"}
    assert all(is_dataclass(kind) and kind in copyreg.dispatch_table for kind in kinds)
