"""Use cases of oversight: an auditor reads the log, and each reading is an entry of it.

    page = read_log(work, filters.read('outcome:denied since:2026-11-01', work.edition), limit=20)
    page = read_log(work, chosen, limit=20, reason="Complaint of a subject, file 12")      persons are not masked

A reason is stated for one page, and stands in the entry of its reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from registry.audit import erasures
from registry.core.errors import InputRefused, NotFound
from registry.disclosure.vocabulary import Action
from registry.oversight import counting, masking, queries, reports, views
from registry.oversight.filters import LogFilter
from registry.oversight.masking import Mask
from registry.oversight.reports import By, Report
from registry.oversight.views import EntryView
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log."""

    entries: tuple[EntryView, ...]
    has_next: bool
    """Whether there may be more."""
    looked_until: int | None
    """All entries have been looked at as far as this one; none where nothing is left."""


@operation(Action.LOG_READ)
def read_log(
    work: Work, chosen: LogFilter, *, before: int | None = None, after: int | None = None, limit: int,
    oldest_first: bool = False, reason: str | None = None,
) -> LogPage:  # fmt: skip
    """Read a page of the log: before one entry, after another. Raises InputRefused (REASON_REQUIRED …)."""
    work.require(Action.LOG_READ)
    reason = masking.stated(reason)
    if chosen.is_of_persons and reason is None:
        raise masking.reason_required("reason")
    texts = partial(views.every_text, sealer=work.sealer) if reason else queries.plain_texts
    found = queries.page(
        work.connection, chosen, before=before, after=after, limit=limit, oldest_first=oldest_first, texts=texts
    )
    places = [row["index"] for row in found.rows]
    sought = {"sought": work.closed(words=chosen.spoken)} if chosen.words else {}
    work.record(
        "log:read", (), filter=chosen.to_json(), before=before, after=after, oldest_first=oldest_first,
        looked_until=found.looked_until, **_told(work, places, reason), **sought,
    )  # fmt: skip
    mask = _mask(work, reason)
    shown = tuple(views.entry(row, work.sealer, mask) for row in found.rows)
    return LogPage(shown, found.has_next, found.looked_until)


@operation(Action.LOG_READ)
def read_entry(work: Work, index: int, *, reason: str | None = None) -> EntryView:
    """Read one entry. Raises NotFound (ENTRY_UNKNOWN), EntryErased and InputRefused (REASON_INSUFFICIENT)."""
    work.require(Action.LOG_READ)
    reason = masking.stated(reason)
    row = queries.entry(work.connection, index)
    work.record("log:entry:read", (), entry=index, **_told(work, [] if row is None else [index], reason))
    erasures.check_there(work.connection, index, row)
    if row is None:
        raise NotFound("No such entry.", code="ENTRY_UNKNOWN", field="index")
    return views.entry(row, work.sealer, _mask(work, reason))


@dataclass(frozen=True, slots=True)
class ReportLimits:
    """How much a report counts, and how little it tells."""

    least: int
    """Counts below it are not told."""
    entries: int
    cells: int


@operation(Action.LOG_READ)
def read_report(
    work: Work, chosen: LogFilter, by: Sequence[By], limits: ReportLimits, *, reason: str | None = None
) -> Report:  # fmt: skip
    """Count accesses by one thing or by two. Raises InputRefused (REPORT_TOO_WIDE, REASON_REQUIRED …)."""
    work.require(Action.LOG_READ)
    reason = masking.stated(reason)
    if chosen.is_of_persons and reason is None:
        raise masking.reason_required("reason")
    if chosen.words:
        raise InputRefused("looks for words, which are not counted.", field="query", code="REPORT_MALFORMED",
                           remedy="Leave the words out, or read the entries.")  # fmt: skip
    of, by = reports.span(chosen.since, chosen.until, work.now), tuple(by)
    counted = counting.counts(work.connection, chosen, by, of, most=limits.entries)
    found = reports.made(
        counted, by, of, work.edition.time_zone, least=limits.least, most_cells=limits.cells
    )  # fmt: skip
    why = {"why": work.closed(reason=reason)} if reason else {}
    work.record("log:reported", (), filter=chosen.to_json(), by=[each.value for each in by], since=str(of.since),
                until=str(of.until), count=sum(each.times for each in counted), least=limits.least, **why)  # fmt: skip
    return found


def _told(work: Work, places: Sequence[int], reason: str | None) -> dict[str, object]:
    """Return what the entry of a reading says: how many, from where to where, and why they were not masked."""
    told: dict[str, object] = {
        "count": len(places), "first": min(places, default=None), "last": max(places, default=None),
        "unmasked": reason is not None,
    }  # fmt: skip
    return told | ({"why": work.closed(reason=reason)} if reason else {})


def _mask(work: Work, reason: str | None) -> Mask | None:
    """Return the mask of this auditor, in this case, on this day; none where a reason is stated."""
    if reason is not None:
        return None
    officer = work.actor.officer
    assert officer is not None  # LOG_READ has been asked
    day = work.now.astimezone(work.edition.time_zone).date()
    return Mask(work.sealer.blind, f"{officer.id} {work.actor.case_reference} {day}")
