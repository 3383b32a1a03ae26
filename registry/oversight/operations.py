"""Use cases of oversight."""

from dataclasses import dataclass

from registry.disclosure.vocabulary import Action
from registry.oversight import queries, views
from registry.oversight.queries import LogFilter
from registry.oversight.views import EntryView
from registry.work import Work, operation


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of the log, newest first."""

    entries: tuple[EntryView, ...]
    has_next: bool


@operation(Action.LOG_READ)
def read_log(work: Work, chosen: LogFilter, *, before: int | None, limit: int) -> LogPage:
    """Read the log. This reading is an entry of it."""
    work.require(Action.LOG_READ)
    rows = queries.page(work.connection, chosen, before=before, limit=limit + 1)
    work.record("log:read", (), filter=chosen.to_json(), before=before, count=len(rows[:limit]))
    return LogPage(tuple(views.entry(row, work.sealer) for row in rows[:limit]), len(rows) > limit)
