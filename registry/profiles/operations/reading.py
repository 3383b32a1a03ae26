"""Opening a profile: as it stands, as it was true on a day, as the register knew it at a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from registry.core.errors import InputRefused, NotFound
from registry.core.ids import new_id, public_id
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import Action, FieldClass, Purpose, Use
from registry.editions.edition import Offence
from registry.notices.notice import How
from registry.photographs import operations as photographs
from registry.photographs.views import TicketView
from registry.profiles import alert_queries, queries, views
from registry.profiles.differences import Difference, differences
from registry.profiles.disclosed import Known, number_of, of_row
from registry.profiles.facts import of_record
from registry.profiles.headline import day
from registry.profiles.record import GROUPS, Record
from registry.profiles.rows import needed
from registry.profiles.standing import SEARCHABLE, Standing, on
from registry.profiles.views import ProfileView, VersionView
from registry.work import Work, operation


@operation(Action.PROFILE_READ)
def read_profile(
    work: Work, profile: UUID, wanted: Iterable[str] | None = None, *, as_of: PartialDate | None = None,
    known_at: datetime | None = None,
) -> ProfileView:  # fmt: skip
    """Open one profile; the id of a record merged into it opens it too.

    ``as_of`` keeps what was true on that day, ``known_at`` answers as the register would have at that moment: the two
    time axes. A record that is withdrawn today is withdrawn from its past as well. Raises NotFound, InputRefused
    (MOMENT_IN_FUTURE, DATE_MALFORMED).
    """
    work.require(Action.PROFILE_READ)
    known = Known(work)
    known.check_reads()
    fetched = views.groups(wanted, known.may(Use.READ))
    if known_at is not None and known_at > work.now:
        raise InputRefused("lies in the future.", field="knownAt", code="MOMENT_IN_FUTURE", remedy="Correct it.")
    held_on = None if as_of is None else _whole_day(as_of)
    row, merged_from = visible(work, profile, needed(fetched), known_at=known_at)
    told = {"asOf": str(as_of) if as_of else None, "knownAt": known_at.isoformat() if known_at else None}
    work.record("profile:read", tuple(dict.fromkeys((row["id"], profile))), version=row["version"],
                **{name: value for name, value in told.items() if value},
                **known.told([of_row(work, row)]))  # fmt: skip
    known.shown([(row["number"], of_row(work, row))])
    if Standing(row["standing_now"]) is Standing.REMOVED:
        return views.tombstone(row)
    return views.profile(
        known.reader, row, fetched, as_of=held_on, known_at=known_at, merged_from=profile if merged_from else None
    )


def _whole_day(as_of: PartialDate) -> date:
    if as_of.precision != "day":
        raise InputRefused("is not a whole day.", field="asOf", code="DATE_MALFORMED", remedy="Write YYYY-MM-DD.")
    return as_of.earliest


def visible(
    work: Work, profile: UUID, columns: Iterable[str] = (), *, known_at: datetime | None = None
) -> tuple[Any, bool]:
    """Return the row of a profile that this actor may know of, and whether a merge led to it. Raises NotFound.

    What one may know is asked of the present; a record that is removed is removed from its past as well.
    """
    now, last = followed(work, profile, columns if known_at is None else ())
    if now is None or not may_know(work, now):
        meet_by_id(work, last, now)
        raise NotFound("No such profile.", field="id")
    if known_at is None or Standing(now["standing_now"]) is Standing.REMOVED:
        return now, last != profile
    row, last = followed(work, profile, columns, known_at=known_at)
    if row is None or not _might_know(work, row, known_at):
        raise NotFound("No such profile.", field="id")
    stood = as_today(row, now)
    if not may_know(work, stood):
        meet(work, stood)
        raise NotFound("No such profile.", field="id")
    return stood, last != profile


def as_today(row: Any, now: Any) -> dict[str, Any]:
    """Return a version of the past as it is decided on today: a record merged since stands as the one it leads to."""
    return dict(row) | {
        "contested": row["contested"] or now["contested"], "standing_now": now["standing_now"],
        "expires_on": now["expires_on"],
    }  # fmt: skip


def meet(work: Work, row: Any, how: How = How.ID) -> None:
    """Tell the owner of a record that must not be known of that somebody asked for it by its id."""
    known, facts = Known(work), of_row(work, row)
    if not known.exists(facts):
        known.meet([(number_of(row), facts)], how)


def meet_by_id(work: Work, profile: UUID, row: Any | None, how: How = How.ID) -> bool:
    """Do the same where the database may have hidden the row; say whether there is such a record.

    The database is asked whether or not it showed a row: a record that is refused here, one that is hidden there and
    one that is not there take the same statements.
    """
    unseen = alert_queries.hidden(work.connection, profile)
    met = unseen if row is None else row
    if met is not None:
        meet(work, met, how)
    return met is not None


def _might_know(work: Work, row: Any, known_at: datetime) -> bool:
    """Whether this actor might have known of the record as it stood at a moment of the past."""
    standing = on(Standing(row["standing"]), day(row["details"].get("expires_on")), known_at.date())
    category = row["identity"].get("category", GROUPS["category"].default)
    return category in work.categories() and (standing in SEARCHABLE or work.is_keeper())


def held(work: Work, profile: UUID, columns: Iterable[str] = ()) -> Any:
    """Return the row of a profile that this actor may know of and that holds a record still. Raises NotFound."""
    row, _ = visible(work, profile, columns)
    if Standing(row["standing_now"]) is Standing.REMOVED:
        raise NotFound("No such profile.", field="id")
    return row


def followed(
    work: Work, profile: UUID, columns: Iterable[str] = (), *, known_at: datetime | None = None
) -> tuple[Any, UUID]:
    """Return the row of a profile, or of the one it was merged into by then, and the id that was looked for last."""
    columns = tuple(columns)
    row = queries.by_id(work.connection, profile, columns, known_at=known_at)
    while row is not None and Standing(row["standing"]) is Standing.MERGED:
        profile = row["other"]
        row = queries.by_id(work.connection, profile, columns, known_at=known_at)
    return row, profile


@operation(Action.DESK_ANSWER)
def read_for_subject(work: Work, profile: UUID, *, known_at: datetime | None = None) -> ProfileView:
    """Open the record of a person who asked what is held of them, as a rule of disclosure opens it to the desk.

    Whatever it stands as: the right of access does not end with the use of a record (Data Protection Act 2019 s. 26).
    Of a record that a court's order closed the desk is told that it is there, and more after a new proof of who asks;
    of a removed one what is left of it.
    The desk has found out whose record it is (registry/desk). Raises NotFound.
    """
    work.require(Action.DESK_ANSWER)
    known = Known(work)
    fetched = views.groups(None, known.may(Use.READ))
    row, last = followed(work, profile)
    is_unknown = row is None or known.decision(of_row(work, row)).silent
    if is_unknown and meet_by_id(work, last, row, How.DESK):
        row, profile = None, new_id()  # as of a record that is not there
    is_closed = row is not None and Standing(row["standing_now"]) is Standing.SEALED
    is_closed = is_closed and not known.may(Use.READ, of_row(work, row))
    if row is not None and not is_closed and Standing(row["standing_now"]) is not Standing.REMOVED:
        now = row
        row, _ = followed(work, profile, needed(fetched), known_at=known_at)  # else its past is closed with it
        row = row and as_today(row, now)
    if row is None:
        return _entered(work, profile, fetched, known_at or work.now)
    work.record("profile:read:for_subject", tuple(dict.fromkeys((row["id"], profile))), version=row["version"],
                **known.told([of_row(work, row)]))  # fmt: skip
    standing = Standing(row["standing_now"])
    if standing is Standing.REMOVED:
        return views.tombstone(row)
    if is_closed:
        return views.closed(row)
    return views.profile(known.reader, row, fetched, known_at=known_at)


def _entered(work: Work, profile: UUID, fetched: tuple[str, ...], moment: datetime) -> ProfileView:
    """Return a record that was handed in and not let in by then: nobody finds it, and yet it is held."""
    handed_in = queries.handed_in(work.connection, work.sealer, profile, moment)
    known = Known(work)
    facts = None if handed_in is None else of_record(handed_in.record, Standing.ENTERED)
    if handed_in is None or facts is None or known.decision(facts).silent:
        raise NotFound("No such profile.", field="profileId")
    work.record("profile:read:for_subject", (profile,), proposal=str(handed_in.id), **known.told([facts]))
    values = {name: getattr(handed_in.record, name) for name in fetched}
    return views.redacted(
        values, known.reader.mask(facts), moment.date(), id=public_id("profile", profile), register_number=0, version=0,
        recorded_at=handed_in.proposed_at, standing=Standing.ENTERED, contested=False,
    )  # fmt: skip


def may_know(work: Work, row: Any) -> bool:
    """Whether this actor may know that there is such a record: its standing today, its category, its handling.

    The desk knows of none by itself: it is led to one by a person who proved that it is theirs.
    """
    return work.actor.purpose is not Purpose.SUBJECT_REQUEST and Known(work).exists(of_row(work, row))


@operation(Action.PROFILE_READ)
def read_versions(work: Work, profile: UUID) -> tuple[VersionView, ...] | None:
    """Return who made and vetted each version, newest first; None where that is withheld."""
    work.require(Action.PROFILE_READ)
    known = Known(work)
    withheld = FieldClass.PROVENANCE not in known.may(Use.READ)
    if not withheld:
        row, _ = visible(work, profile)
        withheld = FieldClass.PROVENANCE not in known.mask(of_row(work, row)).readable
    work.record("profile:versions:read", (profile,), **known.told([]))
    return None if withheld else tuple(views.version(row) for row in queries.versions(work.connection, profile))


@operation(Action.PROFILE_READ)
def read_differences(work: Work, profile: UUID, *, since: datetime, until: datetime) -> tuple[Difference, ...]:
    """Return what the register changed of a profile between two moments, field by field."""
    work.require(Action.PROFILE_READ)
    known = Known(work)
    known.check_reads()
    row = held(work, profile)
    facts = of_row(work, row)
    before, after = _known_at(work, row["id"], since), _known_at(work, row["id"], until)
    work.record("profile:differences:read", (row["id"],), since=since.isoformat(), until=until.isoformat(),
                **known.told([facts]))  # fmt: skip
    return views.readable_differences(differences(before, after), known.mask(facts).readable)


def _known_at(work: Work, profile: UUID, moment: datetime) -> Record | None:
    """Return the record as it was known at a moment; None where this actor might not have known of it then."""
    version = queries.version(work.connection, work.sealer, profile, moment)
    if version is None or version.record.category not in work.categories():
        return None
    ends = version.record.expires_on.earliest if version.record.expires_on else None
    is_open = on(version.standing, ends, moment.date()) in SEARCHABLE or work.is_keeper()
    return version.record if is_open else None


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The country edition's offences. A penalty that nobody has read in the statute says so, and drives no rule."""

    version: str
    caveat: str
    offences: tuple[Offence, ...]


@operation(Action.PROFILE_READ)
def read_catalogue(work: Work) -> Catalogue:
    """Return the offence catalogue."""
    work.require(Action.PROFILE_READ)
    edition = work.edition
    work.record("catalogue:read", (), version=edition.offence_catalogue_version)
    return Catalogue(edition.offence_catalogue_version, edition.caveat, tuple(edition.offences.values()))


@operation(Action.PROFILE_READ)
def open_photograph(work: Work, profile: UUID, photograph: UUID) -> TicketView:
    """Return a one-time address of a photograph that the profile shows now. Raises NotFound.

    A picture is never fetched by its id, nor by the profile's; its delivery is an entry of its own.
    """
    work.require(Action.PROFILE_READ)
    row = held(work, profile, ("sealed",))
    work.concerned.append(row["id"])
    named = public_id("photograph", photograph)
    known = Known(work)
    shown = views.groups(["photographs"], known.may(Use.READ))
    view = views.profile(known.reader, row, shown)
    if not any(each.id == named for each in view.photographs or ()):
        raise NotFound("No such photograph.", field="photographId")
    work.record("photograph:opened", (row["id"],), photograph=str(photograph), **known.told([of_row(work, row)]))
    return photographs.issue_view_ticket(work, photograph, row["id"])
