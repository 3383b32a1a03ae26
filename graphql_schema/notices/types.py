"""Types of what is told, and of watches. Ids, codes and counts; nothing of a person."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.types import Change, ProposalState
from graphql_schema.scalars import DateTime
from graphql_schema.screening.types import ScreeningState


class ScreeningProgress(Object):
    """How far a screening had come at a moment."""

    id = graphene.ID(required=True)
    state = ScreeningState(required=True)
    people = graphene.Int(description="Rows of the list, once it is here.")
    done = graphene.Int(required=True, description="Rows that are checked.")
    refused = graphene.Int(required=True, description="Rows that could not be read.")
    hits = graphene.Int(required=True)
    at = DateTime(required=True)


class DecisionNotice(Object):
    """A proposal of your agency was decided on."""

    proposal_id = graphene.ID(required=True)
    change = Change(required=True)
    state = ProposalState(required=True, description="What the decision made of the proposal.")
    own = graphene.Boolean(required=True, description="Whether you proposed it.")
    at = DateTime(required=True)


class WatchNotice(Object):
    """A profile that you watch has another version, or the watch has ended: then that is all."""

    watch_id = graphene.ID(required=True)
    profile_id = graphene.ID()
    version = graphene.Int(description="Number of the version that is current now.")
    ended = graphene.Boolean(required=True, description="Whether the watch has ended; it is not said why.")
    at = DateTime(required=True)


class Watch(Object):
    """A profile that you watch in the token's case."""

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True)
    begun_at = DateTime(required=True)
    until = DateTime(required=True, description="When it ends, unless you ask again; of an ended watch, when it ended.")


WatchConnection = connection(Watch, "Profiles that you watch in the token's case, oldest first.")


class WatchBeginInput(graphene.InputObjectType):
    """Which profile to watch, and why."""

    profile_id = graphene.ID(required=True)
    reason = graphene.String(required=True, description="A sentence: what the case needs it for.")


class WatchEndInput(graphene.InputObjectType):
    """Which watch is to end."""

    watch_id = graphene.ID(required=True)
