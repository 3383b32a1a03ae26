"""Types of the log."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, Long
from registry.audit.events import Outcome
from registry.disclosure.vocabulary import Purpose

PurposeCode = enum("Purpose", Purpose, "Why somebody asks.")
OutcomeCode = enum("Outcome", Outcome, "How an operation ended.")


class LogEvent(Object):
    """One thing that the operation did."""

    name = graphene.String(required=True)
    profile_ids = graphene.List(graphene.NonNull(graphene.ID), required=True, description="Profiles in the answer.")
    details = graphene.String(required=True, description="What was asked or changed, as JSON.")


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
    officer_id = graphene.ID()
    officer_reference = graphene.String(description="The agency's own mark of the officer.")
    purpose = graphene.String()
    case_reference = graphene.String()
    legal_basis = graphene.String()
    token_id = graphene.String()
    source = graphene.String()
    document = graphene.String(description="SHA-256 of the document.")
    fields = graphene.List(graphene.NonNull(graphene.String), required=True)
    events = graphene.List(graphene.NonNull(LogEvent), required=True)
    milliseconds = graphene.Float(required=True)


LogEntryConnection = connection(LogEntry, "Entries, newest first.")


class LogFilterInput(graphene.InputObjectType):
    """Which entries; what is left out does not limit."""

    officer_id = graphene.ID()
    profile_id = graphene.ID()
    purpose = PurposeCode()
    outcome = OutcomeCode()
    since = DateTime()
    until = DateTime()
