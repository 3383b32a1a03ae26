"""Reading the log."""

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import EdgeValue, PageInfoValue, PageValue, plain
from graphql_schema.context import context_of
from graphql_schema.oversight.types import LogEntry, LogEntryConnection, LogFilterInput, LogReport, LogReportBy
from graphql_schema.paging import checked_size
from graphql_schema.scalars import Long
from registry.core.ids import read_public_id
from registry.editions.edition import Edition
from registry.oversight import filters, operations, reports
from registry.oversight.filters import LogFilter
from registry.oversight.reports import Report
from registry.oversight.views import EntryView

_REASON = "Why persons must be known: three words or more, entered in the log. Without it they are masked."


class OversightQueries(graphene.ObjectType):
    """The log."""

    log_entries = graphene.Field(
        LogEntryConnection,
        filter=LogFilterInput(),
        first=graphene.Int(required=True),
        after=graphene.String(),
        oldest_first=graphene.Boolean(default_value=False),
        reason=graphene.String(description=_REASON),
        description="Read the log, newest first; this reading is logged too. Permission: log:read.",
    )
    log_entry = graphene.Field(
        LogEntry,
        index=Long(required=True),
        reason=graphene.String(description=_REASON),
        description="Read one entry of the log; this reading is logged too. Permission: log:read.",
    )

    log_report = graphene.Field(
        LogReport,
        by=graphene.List(graphene.NonNull(LogReportBy), required=True, description="One thing or two."),
        filter=LogFilterInput(),
        reason=graphene.String(description="Needed where the filter names a person."),
        description="Count entries of a time, a year at most, small counts suppressed. Permission: log:read.",
    )

    @staticmethod
    def resolve_log_report(
        _root: Any,
        info: GraphQLResolveInfo,
        by: Any,
        filter: Any = None,  # noqa: A002  the schema's name
        reason: str | None = None,
    ) -> "ReportValue":
        """Count entries."""
        context = context_of(info)
        limits = context.limits
        chosen = log_filter(plain(filter or {}), context.work.edition)
        most = operations.ReportLimits(limits.report_least, limits.report_entries, limits.report_cells)
        return ReportValue(operations.read_report(
            context.work, chosen, reports.read_by(plain(by), "by"), most, reason=reason
        ))  # fmt: skip

    @staticmethod
    def resolve_log_entries(
        _root: Any,
        info: GraphQLResolveInfo,
        first: int,
        filter: Any = None,  # noqa: A002  the schema's name
        after: str | None = None,
        oldest_first: bool | None = False,
        reason: str | None = None,
    ) -> "LogPageValue":
        """Page through the log."""
        context = context_of(info)
        limit, oldest_first = checked_size(first), bool(oldest_first)
        chosen = log_filter(plain(filter or {}), context.work.edition)
        question = ["log", filters.written(chosen), oldest_first]
        place = context.cursors.read(question, context.principal, after) if after is not None else None
        found = operations.read_log(
            context.work, chosen, before=None if oldest_first else place, after=place if oldest_first else None,
            limit=limit, oldest_first=oldest_first, reason=reason,
        )  # fmt: skip

        def cursor(index: int) -> str:
            return context.cursors.make(question, context.principal, index)

        edges = [EdgeValue(each, cursor(each.index)) for each in found.entries]
        until = None if found.looked_until is None else cursor(found.looked_until)
        return LogPageValue(edges, found.has_next, after is not None, found.looked_until, until)

    @staticmethod
    def resolve_log_entry(_root: Any, info: GraphQLResolveInfo, index: int, reason: str | None = None) -> EntryView:
        """Read one entry."""
        return operations.read_entry(context_of(info).work, index, reason=reason)


class ReportValue:
    """A report as its type reads it."""

    __slots__ = ("by", "column_totals", "columns", "least", "rows", "since", "total", "until")

    def __init__(self, report: Report):
        self.since, self.until, self.columns = report.since, report.until, report.columns
        self.by = [each.value for each in report.by]
        table = report.table
        self.rows = [RowValue(*each) for each in zip(report.rows, table.cells, table.rows, strict=True)]
        self.column_totals = [CountValue(each) for each in table.columns]
        self.total, self.least = table.total, report.least


class RowValue:
    """A row of a report."""

    __slots__ = ("counts", "name", "total")

    def __init__(self, name: str, counts: Sequence[int | None], total: int | None):
        self.name, self.counts, self.total = name, [CountValue(each) for each in counts], total


class CountValue:
    """A count of a report: a list of its type holds no null."""

    __slots__ = ("count",)

    def __init__(self, count: int | None):
        self.count = count


class LogPageValue(PageValue):
    """A page of the log: it goes on behind what has been looked at, also where no entry of it was found."""

    __slots__ = ("looked_until",)

    def __init__(
        self, edges: list[EdgeValue], has_next: bool, has_previous: bool, looked_until: int | None, cursor: str | None
    ):
        super().__init__(edges, has_next=has_next, has_previous=has_previous)
        self.looked_until = looked_until
        self.page_info = _PageInfo(edges, has_next=has_next, has_previous=has_previous, until=cursor)


class _PageInfo(PageInfoValue):
    __slots__ = ("_until",)

    def __init__(self, edges: list[EdgeValue], *, has_next: bool, has_previous: bool, until: str | None):
        super().__init__(edges, has_next=has_next, has_previous=has_previous)
        self._until = until

    @property
    def end_cursor(self) -> str | None:
        """Where the next page goes on."""
        return self._until or super().end_cursor


def log_filter(given: dict[str, Any], edition: Edition) -> LogFilter:
    """Return the filter as a value: what its members say, and what its text says. Raises InputRefused, NotFound."""
    text = given.pop("query", None)
    ids: dict[str, Any] = {
        name: read_public_id(name, given.pop(f"{name}_id"), field=f"filter.{name}Id")
        for name in ("officer", "profile") if given.get(f"{name}_id") is not None
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    chosen = LogFilter.where(**said, **ids)
    if text is None:
        return chosen
    return chosen.narrowed(filters.read(text, edition, place="filter.query"))
