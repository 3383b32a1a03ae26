"""Opening a profile: by whom and for what, on either time axis, and in how many statements."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from registry.core.db import Database
from registry.core.errors import Forbidden, InputRefused, NotFound
from registry.core.ids import new_id, public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Purpose, Role
from registry.profiles import queries, rows
from registry.profiles.operations import deciding, duplicates, proposing, reading
from registry.profiles.record import GROUPS
from registry.profiles.standing import Change, Standing
from registry.profiles.views import Tombstone
from registry.work import Work
from tests.factories import (
    AGENCY,
    ELSEWHERE,
    MOMENT,
    SEALER,
    actor,
    amended,
    changed,
    conviction,
    named,
    proposed,
    read,
    record,
    statements,
    vetted,
    work,
)  # fmt: skip
from tests.registry.profiles.scenes import (
    SITUATIONS,
    Situation,
    code_of,
    done,
    found,
    investigator,
    registrar,
    staged,
    supervisor,
)
from tests.registry.profiles.whole import minimal, whole

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)


# -- who reads what


async def test_a_profile_is_read_as_role_and_purpose_permit(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, whole()))

    def look(connection: Connection, role: Role, purpose: Purpose) -> Any:
        return reading.read_profile(work(connection, actor(role=role, purpose=purpose)), profile)

    investigating = await database.read(lambda c: look(c, Role.INVESTIGATOR, Purpose.MISSING_CHILD))
    supervising = await database.read(lambda c: look(c, Role.SUPERVISOR, Purpose.OFFENDER_SUPERVISION))
    maintaining = await database.read(lambda c: look(c, Role.REGISTRAR, Purpose.REGISTER_MAINTENANCE))

    assert [each.path for each in investigating.redactions] == [
        "legalBasis", "notes", "ownerPost", "recordOwner", "sources", "versions",
    ]  # fmt: skip
    assert (investigating.record_owner, investigating.notes) == (None, None)
    assert investigating.handles == read(whole()).handles
    assert [each.path for each in supervising.redactions] == [
        "biometrics", "descriptions", "handles", "identifiers", "legalBasis", "marks", "modusOperandi", "notes",
        "ownerPost", "photographs", "recordOwner", "risks", "sources", "travels", "versions",
    ]  # fmt: skip
    assert (supervising.handles, supervising.identifiers, supervising.risks) == (None, None, None)
    assert supervising.names == read(whole()).names
    assert (maintaining.redactions, maintaining.record_owner) == ((), AGENCY)
    assert {name: _shown(maintaining, name) for name in GROUPS if name != "freshness"} == {
        name: getattr(read(whole()), name) for name in GROUPS if name != "freshness"
    }


def _shown(view: Any, name: str) -> Any:
    return getattr(view, "record_owner" if name == "owner" else name)


async def test_a_profile_that_is_not_there_leaves_the_attempt(database: Database) -> None:
    guessed = new_id()

    def ask(connection: Connection) -> Work:
        asking = investigator(connection)
        with pytest.raises(NotFound):
            reading.read_profile(asking, guessed)
        return asking

    (event,) = (await database.read(ask)).events
    assert (event.name, event.records, event.details) == (
        "profile:read:refused", (guessed,), {"profile": str(guessed)},
    )  # fmt: skip


async def test_what_is_not_there_is_not_found(database: Database) -> None:
    attempts: list[Callable[[Connection], Any]] = [
        lambda connection: reading.read_profile(investigator(connection), new_id()),
        lambda connection: reading.read_differences(investigator(connection), new_id(), since=MOMENT, until=MOMENT),
        lambda connection: reading.open_photograph(investigator(connection), new_id(), new_id()),
        lambda connection: deciding.read_proposal(supervisor(connection), new_id()),
        lambda connection: proposing.propose_change(registrar(connection), new_id(), Change.AMEND, "A reason"),
        lambda connection: deciding.approve_change(supervisor(connection), new_id()),
        lambda connection: deciding.reject_change(supervisor(connection), new_id(), "A reason"),
        lambda connection: deciding.return_change(supervisor(connection), new_id(), "A reason"),
        lambda connection: deciding.withdraw_change(registrar(connection), new_id(), "A reason"),
        lambda connection: duplicates.list_duplicates(supervisor(connection), new_id()),
        lambda connection: duplicates.decide_pair(
            supervisor(connection), new_id(), new_id(), same=True, reason="A reason"
        ),
    ]

    for attempt in attempts:
        with pytest.raises(NotFound):
            await database.write(attempt)


async def test_a_proposal_is_no_profile(database: Database) -> None:
    """What is not vetted can neither be opened nor amended, by whoever guesses its id."""
    proposal = await done(database, lambda connection: proposed(connection, record()))

    def guess(connection: Connection) -> list[str | None]:
        kept = queries.proposal(connection, SEALER, proposal)
        assert kept is not None
        attempts: list[Callable[[], object]] = [
            lambda: reading.read_profile(investigator(connection), kept.profile),
            lambda: reading.read_profile(supervisor(connection), kept.profile),
            lambda: reading.read_versions(registrar(connection), kept.profile),
            lambda: reading.read_differences(registrar(connection), kept.profile, since=MOMENT, until=MOMENT),
            lambda: proposing.propose_change(registrar(connection), kept.profile, Change.AMEND, "A reason"),
        ]
        return [code_of(each) for each in attempts]

    assert await done(database, guess) == ["NOT_FOUND"] * 5


# -- standings

LIVE = {Standing.VETTED, Standing.SHAREABLE}


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda each: each.name)
async def test_only_keepers_know_of_a_record_at_rest(database: Database, situation: Situation) -> None:
    """Absent and hidden look the same, in every use case that opens a person."""
    scene = await done(database, lambda connection: staged(connection, situation))

    def look(by: Work) -> list[str | None]:
        attempts: list[Callable[[], object]] = [
            lambda: reading.read_profile(by, scene.profile),
            lambda: reading.read_profile(by, scene.profile, known_at=MOMENT - DAY),
            lambda: reading.read_differences(by, scene.profile, since=MOMENT - DAY, until=MOMENT),
            lambda: reading.read_profile(by, scene.merged),
            lambda: reading.read_versions(by, scene.profile),
        ]
        return [code_of(each) for each in attempts]

    def looks(connection: Connection) -> dict[str, list[str | None]]:
        supervising = actor(role=Role.SUPERVISOR, purpose=Purpose.OFFENDER_SUPERVISION)
        return {
            "registrar": look(registrar(connection)),
            "keeper": look(supervisor(connection)),
            "investigator": look(investigator(connection))[:-1],  # no versions are told to these two
            "supervisor of persons": look(work(connection, supervising))[:-1],
        }

    told = await database.read(looks)

    assert told == {name: expected(situation, name)[: len(each)] for name, each in told.items()}


def expected(situation: Situation, reader: str) -> list[str | None]:
    """Return what each look of a reader comes to."""
    if situation.standing is Standing.ENTERED:
        return ["NOT_FOUND", "NOT_FOUND", "NOT_FOUND", None, "NOT_FOUND"]  # nothing was merged into it
    if situation.standing in LIVE or situation.standing is Standing.MERGED:
        return [None] * 5  # the record that one was merged into answers for it
    if reader != "keeper":
        return ["NOT_FOUND"] * 5
    return [None, None, "NOT_FOUND" if situation.standing is Standing.REMOVED else None, None, None]


async def test_a_refusal_to_show_a_sealed_record_says_what_one_of_an_unknown_one_says(database: Database) -> None:
    (sealed,) = [each for each in SITUATIONS if each.name == "sealed"]
    scene = await done(database, lambda connection: staged(connection, sealed))

    def refusal(connection: Connection, profile: UUID) -> tuple[str, str | None, str | None]:
        with pytest.raises(NotFound) as caught:
            reading.read_profile(investigator(connection), profile)
        return caught.value.message, caught.value.field, caught.value.remedy

    assert await database.read(lambda c: refusal(c, scene.profile)) == await database.read(
        lambda c: refusal(c, new_id())
    )


# -- two axes of time


async def history(database: Database) -> tuple[UUID, list[datetime]]:
    """A profile with three versions, a day between them; return the moment of each."""
    moments = [MOMENT + number * DAY for number in range(3)]
    places = [
        [{"kind": "residence", "name": "Invented summer", "since": "2018", "until": "2019"}],
        [{"kind": "residence", "name": "Invented summer", "since": "2018", "until": "2019-06"},
         {"kind": "residence", "name": "Invented winter", "since": "2019-07"}],
    ]  # fmt: skip

    def live(connection: Connection) -> UUID:
        profile = vetted(connection, record(places=places[0]), now=moments[0])
        amended(connection, profile, record(places=places[1], sex="other"), now=moments[1])
        changed(connection, profile, Change.CONTEST, now=moments[2])
        return profile

    return await done(database, live), moments


def opened(profile: UUID, **options: Any) -> Callable[[Connection], Any]:
    later = MOMENT + 10 * DAY
    return lambda connection: reading.read_profile(registrar(connection, now=later), profile, **options)


async def test_the_register_answers_as_it_would_have_at_a_moment(database: Database) -> None:
    profile, (first, second, third) = await history(database)
    told = []

    for moment in (first, second - timedelta(microseconds=1), second, third, third + DAY):
        view = await database.read(opened(profile, known_at=moment))
        told.append((view.version, view.sex, view.contested, len(view.places), view.recorded_at))

    assert told == [
        (1, "male", True, 1, first), (1, "male", True, 1, first), (2, "other", True, 2, second),
        (3, "other", True, 2, third), (3, "other", True, 2, third),
    ]  # fmt: skip


async def test_whoever_reads_of_the_past_is_told_that_the_record_is_contested_now(database: Database) -> None:
    """And whoever reads of the time of a dispute that is settled, that there was one."""
    profile, (first, second, third) = await history(database)
    await done(database, lambda c: changed(c, profile, Change.SETTLE, now=MOMENT + 3 * DAY))

    told = [(await database.read(opened(profile, known_at=each))).contested for each in (first, second, third)]

    assert told == [False, False, True]
    assert not (await database.read(opened(profile))).contested


async def test_what_was_true_on_a_day_is_told_as_it_is_known_now(database: Database) -> None:
    profile, _ = await history(database)

    def names(view: Any) -> list[str]:
        return [each.name for each in view.places]

    async def on(text: str, **options: Any) -> list[str]:
        return names(await database.read(opened(profile, as_of=PartialDate.parse(text), **options)))

    assert await on("2017-12-31") == []
    assert await on("2019-01-01") == ["Invented summer"]
    assert await on("2019-12-31") == ["Invented winter"]
    assert await on("2026-11-21") == ["Invented winter"]


async def test_both_axes_meet_in_what_was_held_true_of_a_day_at_a_moment(database: Database) -> None:
    profile, (first, second, _) = await history(database)
    winter = PartialDate(2019, 12, 31)

    before = await database.read(opened(profile, as_of=winter, known_at=first))
    after = await database.read(opened(profile, as_of=winter, known_at=second))

    assert [each.name for each in before.places] == ["Invented summer"]
    assert [each.name for each in after.places] == ["Invented winter"]


async def test_a_past_answer_of_few_fields_is_rebuilt_too(database: Database) -> None:
    """Whatever columns the fields stand in."""
    profile, (first, *_) = await history(database)

    for wanted in (["sex"], ["places"], ["risks"], ["id"], []):
        view = await database.read(opened(profile, wanted=wanted, known_at=first))
        assert (view.version, view.standing) == (1, "vetted")


async def test_before_its_first_version_there_was_no_profile(database: Database) -> None:
    profile, (first, *_) = await history(database)

    with pytest.raises(NotFound):
        await database.read(opened(profile, known_at=first - timedelta(microseconds=1)))


async def test_nobody_asks_what_the_register_will_know(database: Database) -> None:
    profile, _ = await history(database)

    with pytest.raises(InputRefused) as caught:
        await database.read(opened(profile, known_at=MOMENT + 11 * DAY))

    assert (caught.value.code, caught.value.field) == ("MOMENT_IN_FUTURE", "knownAt")


@pytest.mark.parametrize("as_of", ["2019", "2019-06", "2019-06-01/2019-06-02"])
async def test_what_was_true_is_asked_of_a_whole_day(database: Database, as_of: str) -> None:
    profile, _ = await history(database)

    with pytest.raises(InputRefused) as caught:
        await database.read(opened(profile, as_of=PartialDate.parse(as_of)))

    assert (caught.value.code, caught.value.field) == ("DATE_MALFORMED", "asOf")


async def test_the_log_says_of_which_moment_the_answer_was(database: Database) -> None:
    profile, (first, *_) = await history(database)

    def ask(connection: Connection) -> Work:
        asking = registrar(connection, now=MOMENT + 10 * DAY)
        reading.read_profile(asking, profile, as_of=PartialDate(2019, 1, 1), known_at=first)
        return asking

    (event,) = (await database.read(ask)).events
    decision = event.details.pop("decision")
    assert decision["facts"] == [f"vetted convicted {AGENCY} H1 restricted"]
    assert event.details == {"version": 1, "asOf": "2019-01-01", "knownAt": first.isoformat()}


async def test_a_record_withdrawn_today_is_withdrawn_from_its_past(database: Database) -> None:
    profile, (first, *_) = await history(database)
    await done(database, lambda connection: changed(connection, profile, Change.SEAL, now=MOMENT + 5 * DAY))

    def ask(_connection: Connection, by: Work) -> str | None:
        return code_of(lambda: reading.read_profile(by, profile, known_at=first))

    later = MOMENT + 10 * DAY
    assert await database.read(lambda c: ask(c, investigator(c, later))) == "NOT_FOUND"
    assert await database.read(lambda c: ask(c, registrar(c, now=later))) == "NOT_FOUND"
    assert await database.read(lambda c: ask(c, supervisor(c, now=later))) is None


async def test_a_past_answer_says_what_the_record_stood_as(database: Database) -> None:
    """An end that was put off since had come then, and one that came since had not."""
    ends = "2026-11-23"

    def live(connection: Connection) -> UUID:
        profile = vetted(connection, record(expires_on=ends))
        changed(connection, profile, Change.RELEASE, now=MOMENT + DAY)
        changed(connection, profile, Change.RESTORE, record=record(expires_on="2030-01-01"), now=MOMENT + 5 * DAY)
        return profile

    profile = await done(database, live)
    told = []
    for days in (0, 1, 2, 4, 5):
        moment = MOMENT + days * DAY
        view = await database.read(
            lambda c, moment=moment: reading.read_profile(  # type: ignore[misc]
                supervisor(c, now=MOMENT + 10 * DAY), profile, ["sex"], known_at=moment
            )
        )
        told.append((view.standing, view.version))

    assert told == [("vetted", 1), ("shareable", 2), ("expired", 2), ("expired", 2), ("vetted", 3)]
    with pytest.raises(NotFound):  # those who might not have known of it then
        await database.read(opened(profile, wanted=["sex"], known_at=MOMENT + 2 * DAY))


# -- differences and versions


async def test_differences_of_two_moments_are_readable(database: Database) -> None:
    profile, (first, second, third) = await history(database)

    def compare(since: datetime, until: datetime) -> Callable[[Connection], Any]:
        return lambda c: reading.read_differences(registrar(c, now=third), profile, since=since, until=until)

    found_ = await database.read(compare(first, second))
    assert [(each.path, each.before is None, each.after is None) for each in found_] == [
        ("sex", False, False), ("places", False, True), ("places", True, False), ("places", True, False),
    ]  # fmt: skip
    assert await database.read(compare(second, third)) == ()
    assert await database.read(compare(first, first)) == ()
    whole_ = await database.read(compare(first - DAY, first))
    assert {each.before for each in whole_} == {None, "unknown"}
    back = await database.read(compare(second, first))
    assert {(each.before, each.after) for each in back} == {(each.after, each.before) for each in found_}


async def test_differences_are_masked_like_the_fields_they_speak_of(database: Database) -> None:
    def live(connection: Connection) -> UUID:
        profile = vetted(connection, whole())
        amended(connection, profile, whole(sex="other", notes=None, handles=None), now=MOMENT + DAY)
        return profile

    profile = await done(database, live)

    def compare(_connection: Connection, by: Work) -> set[str]:
        told = reading.read_differences(by, profile, since=MOMENT, until=MOMENT + DAY)
        return {each.group for each in told}

    supervising = actor(role=Role.SUPERVISOR, purpose=Purpose.OFFENDER_SUPERVISION)
    assert await database.read(lambda c: compare(c, registrar(c))) == {"sex", "notes", "handles"}
    assert await database.read(lambda c: compare(c, investigator(c))) == {"sex", "handles"}
    assert await database.read(lambda c: compare(c, work(c, supervising))) == {"sex"}


async def test_versions_are_kept_newest_first_with_who_decided(database: Database) -> None:
    profile, moments = await history(database)

    versions = await database.read(lambda connection: reading.read_versions(registrar(connection), profile))

    assert versions is not None
    assert [(each.version, each.change, each.standing, each.contested) for each in versions] == [
        (3, "contest", "vetted", True), (2, "amend", "vetted", False), (1, "create", "vetted", False),
    ]  # fmt: skip
    assert [each.decided_at for each in versions] == moments[::-1]
    assert [each.reason for each in versions] == ["An invented change", "An invented change", "An invented reason"]
    assert all(each.proposed_by != each.decided_by for each in versions)


async def test_versions_are_withheld_from_those_who_may_not_know(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def ask(connection: Connection) -> tuple[Any, list[str]]:
        asking = investigator(connection)
        return reading.read_versions(asking, profile), [each.name for each in asking.events]

    assert await database.read(ask) == (None, ["profile:versions:read"])


# -- removal


async def test_of_a_removed_record_keepers_see_a_tombstone_and_others_nothing(database: Database) -> None:
    removed_at = MOMENT + DAY

    def remove(connection: Connection) -> tuple[UUID, str]:
        profile = vetted(connection, whole())
        kept = queries.proposal(connection, SEALER, _current(connection, profile))
        assert kept is not None
        changed(connection, profile, Change.REMOVE, order_number="MISC 9/2026", now=removed_at)
        return profile, rows.digest(kept.record)

    profile, digest = await done(database, remove)

    def look(connection: Connection, **options: Any) -> Any:
        return reading.read_profile(supervisor(connection, now=removed_at + DAY), profile, **options)

    for options in ({}, {"known_at": MOMENT}, {"as_of": PartialDate(2020, 1, 1)}, {"wanted": ["names"]}):
        view = await database.read(lambda connection, options=options: look(connection, **options))  # type: ignore[misc]
        assert view.tombstone == Tombstone(digest, removed_at, "MISC 9/2026")
        assert (view.standing, view.version, view.names, view.sex) == ("removed", 2, None, None)
    assert await database.read(lambda c: found(c, name="Juma Hamisi Mwakio", now=removed_at)) == []


def _current(connection: Connection, profile: UUID) -> UUID:
    current = queries.current_revision(connection, profile)
    assert current is not None
    return current


async def test_of_a_removed_record_nothing_else_can_be_opened(database: Database) -> None:
    (removed,) = [each for each in SITUATIONS if each.name == "removed"]
    scene = await done(database, lambda connection: staged(connection, removed))

    def look(connection: Connection) -> list[str | None]:
        by = supervisor(connection)
        attempts: list[Callable[[], object]] = [
            lambda: reading.read_differences(by, scene.profile, since=MOMENT - DAY, until=MOMENT),
            lambda: reading.open_photograph(by, scene.profile, new_id()),
            lambda: duplicates.list_duplicates(by, scene.profile),
            lambda: duplicates.decide_pair(by, scene.profile, scene.third, same=False, reason="A reason"),
        ]
        return [code_of(each) for each in attempts]

    assert await database.write(look) == ["NOT_FOUND"] * 4


# -- statements


async def test_a_profile_is_read_in_one_statement_that_names_needed_columns_only(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, record()))

    def ask(connection: Connection) -> tuple[Any, list[str], Work]:
        asking = investigator(connection)
        with statements(connection) as seen:
            view = reading.read_profile(asking, profile, ["sex", "record_owner", "redactions"])
        return view, seen, asking

    view, seen, asking = await database.read(ask)

    assert len(seen) == 1
    assert "revisions.identity" in seen[0]
    assert not any(name in seen[0] for name in ("details", "sealed", "record_keys"))
    assert (view.sex, view.names, view.record_owner) == ("male", None, None)
    assert [(each.name, each.records) for each in asking.events] == [("profile:read", (profile,))]


READS: dict[str, Callable[[Work, UUID], Any]] = {
    "now": reading.read_profile,
    "at a moment": lambda by, profile: reading.read_profile(by, profile, known_at=MOMENT),
    "on a day": lambda by, profile: reading.read_profile(by, profile, as_of=PartialDate(2026, 11, 21)),
    "with its versions": lambda by, profile: (reading.read_profile(by, profile), reading.read_versions(by, profile)),
}


@pytest.mark.parametrize("how", READS)
async def test_a_full_profile_is_read_in_as_many_statements_whatever_it_holds(database: Database, how: str) -> None:
    """At most eight; a record that holds fifty of each costs no more than one that holds nothing."""

    def fill(connection: Connection) -> list[UUID]:
        least, most = vetted(connection, minimal()), vetted(connection, whole())
        much = whole(**{name: values * 50 for name, values in whole().items() if isinstance(values, list)})
        many = {
            name: [each | _distinct(each, number) for number, each in enumerate(values[:50])]
            for name, values in much.items() if isinstance(values, list) and isinstance(values[0], dict)
        }  # fmt: skip
        largest = vetted(connection, much | many | {"nationalities": ["KE"], "modus_operandi": ["force"],
                                                    "freshness": whole()["freshness"]})  # fmt: skip
        for number in range(5):
            amended(connection, most, whole(sex="other" if number % 2 else "male"))
        return [least, most, largest]

    profiles = await done(database, fill)

    def count(connection: Connection, profile: UUID) -> int:
        by = registrar(connection)
        with statements(connection) as seen:
            READS[how](by, profile)
        return len(seen)

    counts = [await database.read(lambda connection, each=each: count(connection, each)) for each in profiles]  # type: ignore[misc]

    assert len(set(counts)) == 1
    assert counts[0] <= 8


def _distinct(part: dict[str, Any], number: int) -> dict[str, Any]:
    """Change a part a little, so that a list of fifty holds fifty."""
    for name in ("full", "handle", "source", "address", "description", "build", "case_number", "terms", "text",
                 "reference", "assessor", "issuer", "purpose", "profession", "place"):  # fmt: skip
        if name in part:
            return {name: f"a{number}@mail.example" if "@" in part[name] else f"{part[name]} {number}"}
    return {}


async def test_the_merged_id_of_a_profile_costs_one_statement_more(database: Database) -> None:
    (merged,) = [each for each in SITUATIONS if each.name == "vetted"]
    scene = await done(database, lambda connection: staged(connection, merged))

    def count(connection: Connection, profile: UUID) -> tuple[int, str, str | None]:
        with statements(connection) as seen:
            view = reading.read_profile(registrar(connection), profile)
        return len(seen), view.id, view.merged_from

    direct = await database.read(lambda connection: count(connection, scene.profile))
    by_old_id = await database.read(lambda connection: count(connection, scene.merged))

    assert direct == (1, public_id("profile", scene.profile), None)
    assert by_old_id == (2, public_id("profile", scene.profile), public_id("profile", scene.merged))


async def test_the_catalogue_is_the_edition_s_and_says_what_is_unverified(database: Database) -> None:
    def ask(connection: Connection) -> tuple[Any, Work]:
        asking = investigator(connection)
        return reading.read_catalogue(asking), asking

    catalogue, asking = await database.read(ask)

    assert catalogue.version == asking.edition.offence_catalogue_version
    assert {each.code for each in catalogue.offences} == set(asking.edition.offences)
    assert any(not each.verified for each in catalogue.offences)
    assert catalogue.caveat
    assert [each.name for each in asking.events] == ["catalogue:read"]


async def test_another_agency_reads_what_it_does_not_own(database: Database) -> None:
    profile = await done(database, lambda connection: vetted(connection, named("Ali Bakari"), agency=ELSEWHERE))

    view = await database.read(lambda connection: reading.read_profile(registrar(connection), profile))

    assert view.record_owner == ELSEWHERE
    with pytest.raises(Forbidden):
        await database.write(
            lambda connection: proposing.propose_change(registrar(connection), profile, Change.RELEASE, "A reason")
        )
    assert conviction()
