"""Types of findings."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, Long
from registry.misuse.finding import State, Verdict
from registry.misuse.rules import RULES

FindingState = enum("FindingState", State, "Where a finding stands.")
FindingVerdict = enum("FindingVerdict", Verdict, "What somebody who has looked says.")
MisuseRule = enum("MisuseRule", tuple(rule.id for rule in RULES), "The rules of misuse; docs/misuse.md.")


class FindingStep(Object):
    """Something that was done about a finding."""

    state = FindingState(required=True)
    by = graphene.ID(required=True)
    agency = graphene.String(required=True)
    at = DateTime(required=True)
    verdict = FindingVerdict()
    words = graphene.String()


class Finding(Object):
    """Something in the log that two people are to look at. It accuses nobody."""

    id = graphene.ID(required=True)
    rule = MisuseRule(required=True)
    title = graphene.String(required=True)
    counts = graphene.String(required=True, description="What the rule counts.")
    why = graphene.String(required=True, description="What the rule rests on.")
    state = FindingState(required=True)
    score = graphene.Float(required=True, description="0 to 1: it ranks, and is no probability of guilt.")
    officer_id = graphene.ID(description="Whose accesses they are; none where a client asked without an officer.")
    agency = graphene.String(required=True)
    unit = graphene.String(required=True)
    entries = graphene.List(
        graphene.NonNull(Long), required=True, description="Indexes of the log's entries; of many the last hundred."
    )
    entry_count = graphene.Int(required=True)
    numbers = graphene.String(required=True, description="What was counted, as JSON.")
    made_at = DateTime(required=True)
    due_at = DateTime(description="By when it is to be reviewed, where the rule says so.")
    assigned_to = graphene.ID()
    steps = graphene.List(graphene.NonNull(FindingStep), required=True)


FindingConnection = connection(Finding, "Findings, newest first.")


class FindingFilterInput(graphene.InputObjectType):
    """Which findings; what is not given does not limit."""

    rule = MisuseRule()
    state = FindingState()
    officer_id = graphene.ID()
    overdue = graphene.Boolean(description="True: only those whose time is over and that are not closed.")
