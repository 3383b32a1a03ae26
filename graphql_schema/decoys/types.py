"""Types of decoys and alarms."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.scalars import DateTime, Long
from registry.audit.alarms import Kind
from registry.decoys.decoy import State

DecoyState = enum("DecoyState", State, "Where a decoy stands.")
DecoyDecision = enum("DecoyDecision", ("approve", "reject"), "What a second officer decides on a decoy.")
AlarmKind = enum("AlarmKind", Kind, "Why there is an alarm.")


class Decoy(Object):
    """A profile that stands for nobody: whoever is shown it raises an alarm."""

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True)
    state = DecoyState(required=True)
    reason = graphene.String(required=True)
    proposed_by = graphene.ID(required=True)
    proposed_at = DateTime(required=True)
    decided_by = graphene.ID()
    decided_at = DateTime()
    ended_by = graphene.ID()
    ended_at = DateTime()


class Alarm(Object):
    """Something that an administrator is to look at, and whose question raised it."""

    id = graphene.ID(required=True)
    at = DateTime(required=True)
    kind = AlarmKind(required=True)
    entry = Long(required=True, description="Index of the log's entry, which auditors read.")
    client = graphene.String()
    agency = graphene.String()
    officer_reference = graphene.String(description="The agency's own mark of the officer.")
    purpose = graphene.String()
    case_reference = graphene.String()
    operation = graphene.String(required=True)
    outcome = graphene.String(required=True)


DecoyConnection = connection(Decoy, "Decoys, oldest first.")
AlarmConnection = connection(Alarm, "Alarms, newest first.")
