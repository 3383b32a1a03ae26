"""Types of the log."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, Long
from registry.audit.events import Outcome
from registry.disclosure.vocabulary import Purpose
from registry.oversight.reports import By

PurposeCode = enum("Purpose", Purpose, "Why somebody asks.")
OutcomeCode = enum("Outcome", Outcome, "How an operation ended.")


class LogEvent(Object):
    """One thing that the operation did."""

    name = graphene.String(required=True)
    profile_ids = graphene.List(
        graphene.NonNull(graphene.ID), required=True, description="Profiles in the answer; masked without a reason."
    )
    details = graphene.String(
        required=True,
        description="What was asked or changed, as JSON; what says anything of a person is masked without a reason.",
    )


class LogEntry(Object):
    """One operation: who asked what, when, why, and how it ended."""

    index = Long(required=True, description="Place in the log; there are no gaps.")
    at = DateTime(required=True)
    kind = graphene.String(required=True)
    operation = graphene.String(required=True)
    outcome = OutcomeCode(required=True)
    code = graphene.String()
    request_id = graphene.String(required=True)
    client = graphene.String()
    agency = graphene.String()
    country = graphene.String(description="The agency's.")
    officer_id = graphene.ID()
    officer_reference = graphene.String(description="The agency's own mark of the officer.")
    on_behalf_of = graphene.List(
        graphene.NonNull(graphene.ID), required=True, description="Officers whose delegate this one was, if asked."
    )
    attribution = graphene.String(description="How surely it is known who asked.")
    purpose = graphene.String()
    case_reference = graphene.String()
    legal_basis = graphene.String()
    justification = graphene.String(description="Why, in the asker's own words; masked without a reason.")
    policy = graphene.String(description="SHA-256 of the policy of disclosure that was in force.")
    program = graphene.String(description="The program's version.")
    token_id = graphene.String()
    source = graphene.String()
    document = graphene.String(description="SHA-256 of the document.")
    fields = graphene.List(graphene.NonNull(graphene.String), required=True)
    events = graphene.List(graphene.NonNull(LogEvent), required=True)
    milliseconds = graphene.Float(required=True)
    erased = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="Fields that were erased by law."
    )
    is_masked = graphene.Boolean(required=True, description="Whether persons are masked, because no reason was stated.")


LogEntryConnection = connection(
    LogEntry,
    "Entries. Where few are found a page ends before it is full, or empty: hasNextPage says whether to go on.",
    looked_until=Long(description="All entries up to this one have been looked at; none: there are no more."),
)


class LogFilterInput(graphene.InputObjectType):
    """Which entries; what is left out does not limit."""

    query = graphene.String(description='As docs/auditing.md says: officer:… outcome:denied since:2026-11-01 "words".')
    officer_id = graphene.ID()
    profile_id = graphene.ID()
    purpose = PurposeCode()
    outcome = OutcomeCode()
    since = DateTime()
    until = DateTime()


LogReportBy = enum("LogReportBy", By, "What accesses are counted by; days and hours are those of the country.")


class LogReportCount(Object):
    """One count of a report."""

    count = graphene.Int(description="Null where it is not told.")


class LogReportRow(Object):
    """A row of a report."""

    name = graphene.String(required=True)
    counts = graphene.List(graphene.NonNull(LogReportCount), required=True, description="In the order of the columns.")
    total = graphene.Int(description="Null where it is not told.")


class LogReport(Object):
    """Accesses, counted. What is small is not told, nor what would give it away."""

    since = DateTime(required=True)
    until = DateTime(required=True)
    by = graphene.List(graphene.NonNull(LogReportBy), required=True)
    columns = graphene.List(
        graphene.NonNull(graphene.String), required=True, description="A single empty one, if counted by one thing."
    )
    rows = graphene.List(graphene.NonNull(LogReportRow), required=True)
    column_totals = graphene.List(graphene.NonNull(LogReportCount), required=True)
    total = graphene.Int()
    least = graphene.Int(required=True, description="Counts from 1 to below this are not told.")
