"""Subscriptions: what can be followed. Each resolver tells the next notice, one execution an event (turns.py)."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.notices import types
from graphql_schema.turns import turn_of
from registry.core.ids import read_public_id
from registry.notices.notice import Topic
from registry.notices.views import AlertView, DecisionNoticeView, ProgressView, WatchNoticeView
from registry.profiles.operations import alerting, following
from registry.screening import operations as screening


class Subscription(graphene.ObjectType):
    """What you may be told of when it happens. Every event is an entry of the log; the first says how things stand.

    Send `Accept: text/event-stream`; docs/api.md, "Being told".
    """

    screening_progress = graphene.Field(
        types.ScreeningProgress, id=graphene.ID(required=True),
        description="How far a screening has come: first as it stands, then each step. Permission: profile:screen.",
    )  # fmt: skip
    decisions = graphene.Field(
        types.DecisionNotice,
        description="Decisions on proposals of your agency; null at first, when there is none behind your last event. "
                    "Permission: profile:change:read.",
    )  # fmt: skip
    alerted = graphene.Field(
        types.Alert,
        description="Who meets records of your agency that they must not know of; null at first, when nobody has since "
                    "your last event. Permission: alert:read.",
    )  # fmt: skip
    watched = graphene.Field(
        types.WatchNotice,
        description="Profiles that you watch in this case and that have changed; null at first, when none has behind "
                    "your last event. Permission: profile:read.",
    )  # fmt: skip

    @staticmethod
    def resolve_screening_progress(_root: Any, info: GraphQLResolveInfo, id: str) -> ProgressView | None:  # noqa: A002  the schema's name
        """Tell the next step."""
        turn, identifier = turn_of(info), read_public_id("screening", id)
        return turn.told(
            Topic.SCREENING, str(identifier),
            lambda after: screening.next_progress(turn.work, identifier, after=after),
        )  # fmt: skip

    @staticmethod
    def resolve_decisions(_root: Any, info: GraphQLResolveInfo) -> DecisionNoticeView | None:
        """Tell the next decision."""
        turn = turn_of(info)
        return turn.told(
            Topic.DECISION, turn.work.actor.agency, lambda after: following.next_decision(turn.work, after=after)
        )

    @staticmethod
    def resolve_alerted(_root: Any, info: GraphQLResolveInfo) -> AlertView | None:
        """Tell the next alert."""
        turn = turn_of(info)
        return turn.told(Topic.ALERT, turn.work.actor.agency, lambda after: alerting.next_alert(turn.work, after=after))

    @staticmethod
    def resolve_watched(_root: Any, info: GraphQLResolveInfo) -> WatchNoticeView | None:
        """Tell the next change of a watched profile."""
        turn = turn_of(info)
        officer = turn.work.actor.officer
        return turn.told(
            Topic.WATCH, str(officer.id) if officer else "",
            lambda after: following.next_watched(turn.work, after=after),
        )  # fmt: skip
