"""Types of what is told, and of watches. Ids, codes and counts; nothing of a person."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.profiles.form import enum
from graphql_schema.profiles.types import Change, ProposalState
from graphql_schema.scalars import DateTime, Long
from graphql_schema.screening.types import ScreeningState
from registry.notices.notice import How

AlertHow = enum("AlertHow", How, "What somebody did when they met a record whose owner is told of it.")


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


class Alert(Object):
    """Somebody has met a record of your agency that they must not know of, or been shown one of which you are told.

    They were answered as if there were none, and do not know of this alert: whether to speak with them is yours to say.
    """

    id = graphene.ID(required=True)
    profile_id = graphene.ID(required=True, description="Your record.")
    register_number = Long(required=True, description="Its place in the register.")
    at = DateTime(required=True)
    how = AlertHow(required=True, description="What they did. SHOWN: it was shown to them, as a rule allows.")
    agency = graphene.String(required=True, description="Theirs, by its code.")
    officer_id = graphene.ID()
    officer_reference = graphene.String(description="Their agency's own mark of the officer.")
    case_reference = graphene.String(description="The case in which they asked.")


AlertConnection = connection(Alert, "Alerts of your own agency, oldest first.")


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
