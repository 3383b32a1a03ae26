"""Duplicates: looked for before somebody is entered, decided once, merged without a loss, and parted again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Forbidden, InputRefused, NotFound
from registry.core.ids import public_id, read_public_id
from registry.profiles import pairs, queries
from registry.profiles.intake import Problems
from registry.profiles.models import decided_pairs
from registry.profiles.operations import deciding, duplicates, proposing, reading
from registry.profiles.operations.duplicates import SHOWN, Different
from registry.profiles.standing import Change
from registry.work import Work
from tests.factories import (
    MOMENT,
    SEALER,
    amended,
    approved,
    changed,
    named,
    read,
    record,
    statements,
    vetted,
)  # fmt: skip
from tests.registry.profiles.scenes import (
    approving,
    code_of,
    done,
    everything,
    found,
    proposal_of,
    registrar,
    supervisor,
)

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
ALIKE = record(names=[{"full": "Juma Hamisi Mwakyo"}])
"""The same person, spelt otherwise."""


def proposing_(value: object, different: list[Different] | None = None) -> Callable[[Connection], UUID]:
    def propose(connection: Connection) -> UUID:
        view = proposing.propose_profile(registrar(connection), value, "A reason", different or ())
        return read_public_id("proposal", view.id)

    return propose


def kept(connection: Connection) -> list[tuple[frozenset[UUID], bool, str]]:
    """Return every pair that was decided."""
    return [
        (frozenset((row.one, row.two)), bool(row.same), row.reason)
        for row in connection.execute(sa.select(decided_pairs))
    ]


def profile_of(connection: Connection, proposal: UUID) -> UUID:
    found_ = queries.proposal(connection, SEALER, proposal)
    assert found_ is not None
    return found_.profile


# -- search first


async def test_whoever_may_be_in_the_register_already_is_not_entered_again(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    before = await database.read(everything)

    def attempt(connection: Connection) -> Work:
        by = registrar(connection)
        with pytest.raises(Problems) as caught:
            proposing.propose_profile(by, ALIKE, "A reason")
        (problem,) = caught.value.found
        assert (problem.code, problem.field) == ("DUPLICATE_POSSIBLE", "record")
        assert public_id("profile", profile) in problem.message
        assert problem.remedy
        assert "Mwakio" not in str(problem)
        return by

    asking = await database.write(attempt)

    assert await database.read(everything) == before
    found, event = asking.events
    assert (found.name, found.records) == ("profile:duplicates:found", (profile,))
    assert (event.name, event.records) == ("profile:change:propose:refused", (profile,))


async def test_a_person_unlike_any_other_is_entered_without_more(database: Database) -> None:
    await done(database, lambda connection: vetted(connection, record()))

    await done(database, proposing_(named("Cheptoo Dorcas Jepkosgei")))

    assert await database.read(kept) == []


async def test_somebody_else_is_entered_with_the_reason_why(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    proposal = await done(database, proposing_(ALIKE, [Different(profile, " His  elder brother ")]))

    new = await database.read(lambda connection: profile_of(connection, proposal))
    assert await database.read(kept) == [(frozenset({profile, new}), False, "His elder brother")]
    await done(database, approving(proposal))  # is not asked again


async def test_a_reason_for_somebody_else_is_a_sentence(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(InputRefused) as caught:
        await done(database, proposing_(ALIKE, [Different(profile, "x")]))

    assert (caught.value.code, caught.value.field) == ("REASON_MALFORMED", "differentFrom.reason")


async def test_each_likely_duplicate_is_accounted_for(database: Database) -> None:
    def fill(connection: Connection) -> tuple[UUID, UUID]:
        return vetted(connection, record()), vetted(connection, record(county="Lamu"))

    one, two = await done(database, fill)

    def attempt(connection: Connection) -> list[str]:
        with pytest.raises(Problems) as caught:
            proposing_(ALIKE, [Different(one, "Another person")])(connection)
        return [each.message for each in caught.value.found]

    (message,) = await database.write(attempt)
    assert public_id("profile", two) in message
    await done(database, proposing_(ALIKE, [Different(one, "Another person"), Different(two, "Another one")]))


async def test_whoever_became_alike_meanwhile_is_asked_about_at_approval(database: Database) -> None:
    first = await done(database, proposing_(record()))
    second = await done(database, proposing_(ALIKE))
    profile = await done(database, lambda connection: approved(connection, first))
    before = await database.read(everything)

    with pytest.raises(Problems) as caught:
        await done(database, approving(second))

    assert [each.code for each in caught.value.found] == ["DUPLICATE_POSSIBLE"]
    assert public_id("profile", profile) in caught.value.found[0].message
    assert await database.read(everything) == before
    await done(database, approving(second, different_from=[Different(profile, "His brother")]))
    assert len(await database.read(kept)) == 1


async def test_what_is_let_in_in_part_is_looked_for_too(database: Database) -> None:
    first, second = await done(database, proposing_(record())), await done(database, proposing_(ALIKE))
    await done(database, lambda connection: approved(connection, first))

    with pytest.raises(Problems) as caught:
        await done(database, approving(second, note="A note", fields=["names", "convictions", "identifiers"]))

    assert {each.code for each in caught.value.found} == {"DUPLICATE_POSSIBLE"}


ORDER = {"kind": "registration", "court": "Invented Law Courts", "number": "MISC 4/2024", "made_on": "2024-02-05"}


@pytest.mark.parametrize("change", [Change.SEAL, Change.RETIRE, Change.REMOVE])
async def test_nobody_learns_of_a_record_at_rest_by_proposing_its_person(database: Database, change: Change) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))
    await done(database, lambda connection: changed(connection, profile, change))

    await done(database, proposing_(ALIKE))


async def test_a_record_of_the_stricter_categories_is_a_duplicate_to_those_who_may_know(database: Database) -> None:
    await done(database, lambda connection: vetted(connection, record(category="ordered", orders=[ORDER])))

    with pytest.raises(Problems):
        await database.write(proposing_(ALIKE))


# -- pairs


async def test_the_likeliest_others_are_shown_side_by_side_until_they_are_decided(database: Database) -> None:
    def fill(connection: Connection) -> list[UUID]:
        profiles = [vetted(connection, record()) for _ in range(3)]
        connection.execute(decided_pairs.delete())
        return [*profiles, vetted(connection, named("Cheptoo Dorcas"))]

    one, two, three, _ = await done(database, fill)

    def listed(connection: Connection) -> tuple[set[str], Work, int]:
        by = supervisor(connection)
        with statements(connection) as seen:
            shown = duplicates.list_duplicates(by, one, ["names"])
        assert all(each.profile.names and each.reasons and each.band in ("strong", "possible") for each in shown)
        assert [each.score for each in shown] == sorted((each.score for each in shown), reverse=True)
        return {each.profile.id for each in shown}, by, len(seen)

    told, asking, count = await database.read(listed)
    assert told == {public_id("profile", two), public_id("profile", three)}
    assert [(each.name, set(each.records)) for each in asking.events] == [
        ("profile:duplicates:listed", {one, two, three})
    ]
    assert count <= 8

    def decide(connection: Connection, other: UUID, *, same: bool) -> Any:
        return duplicates.decide_pair(supervisor(connection), one, other, same=same, reason="Compared")

    view = await done(database, lambda connection: decide(connection, two, same=False))
    assert (view.profile_id, view.other_profile_id, view.same) == (
        public_id("profile", one), public_id("profile", two), False,
    )  # fmt: skip
    assert (await database.read(listed))[0] == {public_id("profile", three)}
    await done(database, lambda connection: decide(connection, three, same=True))
    assert (await database.read(listed))[0] == set()


async def test_at_most_five_are_shown(database: Database) -> None:
    def fill(connection: Connection) -> UUID:
        profiles = [vetted(connection, record()) for _ in range(SHOWN + 3)]
        connection.execute(decided_pairs.delete())
        return profiles[0]

    profile = await done(database, fill)

    shown = await database.read(lambda connection: duplicates.list_duplicates(supervisor(connection), profile))
    assert len(shown) == SHOWN


async def test_a_later_finding_takes_the_place_of_an_earlier_one_whichever_is_named_first(database: Database) -> None:
    def fill(connection: Connection) -> tuple[UUID, UUID]:
        return vetted(connection, named("Ali Bakari")), vetted(connection, named("Cheptoo Dorcas"))

    one, two = await done(database, fill)

    def decide(connection: Connection, pair: tuple[UUID, UUID], *, same: bool) -> None:
        duplicates.decide_pair(supervisor(connection), *pair, same=same, reason=f"Found {same}")

    await done(database, lambda connection: decide(connection, (one, two), same=False))
    await done(database, lambda connection: decide(connection, (two, one), same=True))

    assert await database.read(kept) == [(frozenset({one, two}), True, "Found True")]
    assert await database.read(lambda connection: pairs.decided_of(connection, one)) == {two: True}
    assert await database.read(lambda connection: pairs.decided_of(connection, two)) == {one: True}


async def test_a_record_is_no_pair_with_itself(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    with pytest.raises(NotFound):
        await database.write(
            lambda c: duplicates.decide_pair(supervisor(c), profile, profile, same=True, reason="A reason")
        )


async def test_a_pair_that_was_found_the_same_is_still_a_duplicate_of_a_new_record(database: Database) -> None:
    """To say that two are one is no reason to enter a third time."""
    profile = await done(database, lambda connection: vetted(connection, record()))
    proposal = await done(database, proposing_(ALIKE, [Different(profile, "Another person")]))

    def say_same(connection: Connection) -> None:
        pairs.decide(connection, profile, profile_of(connection, proposal), same=True, reason="The same after all",
                     by=profile, at=MOMENT)  # fmt: skip

    await done(database, say_same)

    with pytest.raises(Problems):
        await done(database, approving(proposal))


# -- merging and splitting

ONE, TWO = record(), named("Juma Mwakyo Hamisi", phones=["0733000000"])
BOTH = record(phones=["+254712345678", "0733000000"], names=[*record()["names"], {"full": "Juma Mwakyo Hamisi"}])


def two(connection: Connection) -> tuple[UUID, UUID]:
    """Two records of one person, each with a history."""
    one, other = vetted(connection, ONE), vetted(connection, TWO)
    amended(connection, other, TWO | {"sex": "male"}, now=MOMENT + DAY)
    return one, other


def merging(one: UUID, other: UUID, days: int = 2, value: object = BOTH) -> Callable[[Connection], UUID]:
    return lambda c: changed(c, one, Change.MERGE, other=other, record=value, now=MOMENT + days * DAY)


def splitting(one: UUID, other: UUID, days: int = 3, value: object = ONE) -> Callable[[Connection], UUID]:
    return lambda c: changed(c, one, Change.SPLIT, other=other, record=value, now=MOMENT + days * DAY)


def opened(profile: UUID, days: int = 9, **options: Any) -> Callable[[Connection], Any]:
    return lambda c: reading.read_profile(registrar(c, now=MOMENT + days * DAY), profile, **options)


async def test_a_merged_record_is_found_by_all_that_either_was_found_by(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))

    assert await database.read(lambda c: found(c, phone="0712345678")) == [one]
    assert await database.read(lambda c: found(c, phone="0733000000")) == [one]
    assert await database.read(lambda c: found(c, name="Juma Mwakyo Hamisi")) == [one]


async def test_the_old_id_leads_to_the_record_that_answers_for_both(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))

    view = await database.read(opened(other))

    assert (view.id, view.merged_from) == (public_id("profile", one), public_id("profile", other))
    assert view.phones == read(BOTH).phones


async def test_both_histories_are_kept(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))

    def histories(connection: Connection) -> list[list[tuple[int, str, str]]]:
        by = registrar(connection)
        return [
            [(each.version, each.change, each.standing) for each in reading.read_versions(by, profile) or ()]
            for profile in (one, other)
        ]

    assert await database.read(histories) == [
        [(2, "merge", "vetted"), (1, "create", "vetted")],
        [(3, "merge", "merged"), (2, "amend", "vetted"), (1, "create", "vetted")],
    ]


async def test_before_a_merge_the_register_knew_two(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))

    told = []
    for days in (0, 1, 2):
        view = await database.read(opened(other, known_at=MOMENT + days * DAY))
        told.append((view.id, view.sex, [each.number for each in view.phones], view.standing))

    assert told == [
        (public_id("profile", other), "unknown", ["+254733000000"], "vetted"),
        (public_id("profile", other), "male", ["+254733000000"], "vetted"),
        (public_id("profile", one), "male", ["+254712345678", "+254733000000"], "vetted"),
    ]


async def test_a_merge_is_undone_and_each_record_is_as_it_was(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))
    await done(database, splitting(one, other))

    first, second = await database.read(opened(one)), await database.read(opened(other))

    assert (first.id, first.merged_from, first.phones) == (public_id("profile", one), None, read(ONE).phones)
    assert (second.id, second.merged_from, second.sex) == (public_id("profile", other), None, "male")
    assert second.phones == read(TWO).phones
    assert (first.version, second.version, second.standing) == (3, 4, "vetted")
    assert await database.read(lambda c: found(c, phone="0733000000")) == [other]
    while_merged = await database.read(opened(other, known_at=MOMENT + 2 * DAY))
    assert while_merged.id == public_id("profile", one)


async def test_a_split_right_after_the_merge_needs_no_record(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))
    await done(database, lambda c: changed(c, one, Change.SPLIT, other=other, now=MOMENT + 3 * DAY))

    view = await database.read(opened(one))

    assert view.phones == read(ONE).phones


async def test_what_was_split_is_merged_again_the_other_way_round(database: Database) -> None:
    one, other = await done(database, two)
    await done(database, merging(one, other))
    await done(database, splitting(one, other))
    await done(database, merging(other, one, 4))

    view = await database.read(opened(one))

    assert (view.id, view.merged_from) == (public_id("profile", other), public_id("profile", one))
    await done(database, splitting(other, one, 5, TWO))
    assert (await database.read(opened(one))).phones == read(ONE).phones


async def test_old_ids_resolve_through_every_merge_since(database: Database) -> None:
    def fill(connection: Connection) -> list[UUID]:
        return [vetted(connection, named(name)) for name in ("Ali Bakari", "Cheptoo Dorcas", "Eunice Furaha")]

    one, two_, three = await done(database, fill)
    await done(database, merging(two_, one, 1, named("Cheptoo Dorcas")))
    await done(database, merging(three, two_, 2, named("Eunice Furaha")))

    for old in (one, two_):
        view = await database.read(opened(old))
        assert (view.id, view.merged_from) == (public_id("profile", three), public_id("profile", old))
    between = await database.read(opened(one, known_at=MOMENT + DAY))
    assert (between.id, between.names) == (public_id("profile", two_), read(named("Cheptoo Dorcas")).names)
    with pytest.raises(InputRefused):  # a record that was merged has no changes of its own
        await done(database, merging(one, one))
    assert await database.write(
        lambda c: code_of(lambda: proposal_of(c, two_, Change.SPLIT, other=one))
    ) == "STANDING"  # fmt: skip


async def test_a_merge_waits_for_nobody_who_changed_since(database: Database) -> None:
    """Neither of the two records may have moved on since the merge was proposed."""
    one, other = await done(database, two)
    merge = await done(
        database, lambda c: proposal_of(c, one, Change.MERGE, other=other, record=BOTH, now=MOMENT + 2 * DAY)
    )  # fmt: skip
    await done(database, lambda c: amended(c, other, TWO, now=MOMENT + 3 * DAY))

    assert await database.write(lambda c: code_of(lambda: approving(merge, now=MOMENT + 4 * DAY)(c))) == (
        "PROPOSAL_OUTDATED"
    )  # fmt: skip


@pytest.mark.parametrize("contested", ["one", "other", "both"])
async def test_a_dispute_goes_on_in_the_record_that_answers_for_both(database: Database, contested: str) -> None:
    one, other = await done(database, two)
    for name, profile in (("one", one), ("other", other)):
        if contested in (name, "both"):
            await done(database, lambda c, profile=profile: changed(c, profile, Change.CONTEST, now=MOMENT + DAY))  # type: ignore[misc]
    await done(database, merging(one, other))

    assert (await database.read(opened(one))).contested
    await done(database, splitting(one, other))
    parted = {"one": await database.read(opened(one)), "other": await database.read(opened(other))}
    assert parted["other"].contested == (contested in ("other", "both"))
    assert parted["one"].contested


async def test_nobody_merges_a_record_of_another_agency_away(database: Database) -> None:

    def fill(connection: Connection) -> tuple[UUID, UUID]:
        return vetted(connection, ONE), vetted(connection, TWO, agency="ke-elsewhere")

    one, other = await done(database, fill)

    with pytest.raises(Forbidden) as refused:
        await done(database, merging(one, other))
    assert (refused.value.code, refused.value.field) == ("NOT_OWNER", "otherProfileId")

    view = await database.read(opened(other))
    assert (view.id, view.record_owner) == (public_id("profile", other), "ke-elsewhere")


async def test_a_merge_leaves_both_records_in_the_log(database: Database) -> None:
    one, other = await done(database, two)

    def merge(connection: Connection) -> tuple[Work, Work]:
        by, vetter = registrar(connection, now=MOMENT + DAY), supervisor(connection, now=MOMENT + DAY)
        view = proposing.propose_change(by, one, Change.MERGE, "A reason", record=BOTH, other=other)
        assert view.other_profile_id == public_id("profile", other)
        deciding.approve_change(vetter, read_public_id("proposal", view.id))
        return by, vetter

    asking = await done(database, merge)

    assert [each.events[0].records for each in asking] == [(one, other)] * 2
