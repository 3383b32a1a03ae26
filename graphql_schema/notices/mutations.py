"""Mutations of watches: one begins or is renewed, one ends."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted
from graphql_schema.context import context_of
from graphql_schema.notices import types
from graphql_schema.profiles.mutations import mutation, payload
from registry.core.ids import read_public_id
from registry.notices.views import WatchView
from registry.profiles.operations import watching

BEGIN_CODES = frozenset({"NOT_WATCHABLE", "REASON_MALFORMED", "TOO_MANY_WATCHES", "VICTIM_DATA"})
END_CODES = frozenset({"NOT_FOUND"})


class WatchPayload:
    """What each of these mutations answers."""

    __slots__ = ("user_errors", "watch")

    def __init__(self, watch: WatchView | None, errors: list[UserErrorValue]):
        self.watch, self.user_errors = watch, errors


WatchBeginPayload: type[Object] = payload(
    "WatchBegin", BEGIN_CODES, "watch", types.Watch, "The watch, or why there is none."
)
WatchEndPayload: type[Object] = payload("WatchEnd", END_CODES, "watch", types.Watch, "The watch as it ended.")


class WatchMutations(graphene.ObjectType):
    """Watching profiles."""

    watch_begin = mutation(
        WatchBeginPayload, types.WatchBeginInput,
        "Watch a profile in the token's case for 90 days, or 90 days more; `watched` tells when it changes. "
        "Permission: profile:read.",
    )  # fmt: skip
    watch_end = mutation(WatchEndPayload, types.WatchEndInput, "End your own watch. Permission: profile:read.")

    @staticmethod
    def resolve_watch_begin(_root: Any, info: GraphQLResolveInfo, input: Any) -> WatchPayload:  # noqa: A002  the schema's name
        """Begin."""
        context = context_of(info)
        profile = read_public_id("profile", input["profile_id"], field="profileId")
        return WatchPayload(*attempted(
            context, lambda: watching.begin_watch(context.work, profile, input["reason"]), BEGIN_CODES
        ))  # fmt: skip

    @staticmethod
    def resolve_watch_end(_root: Any, info: GraphQLResolveInfo, input: Any) -> WatchPayload:  # noqa: A002  the schema's name
        """End."""
        context = context_of(info)
        watch = read_public_id("watch", input["watch_id"], field="watchId")
        return WatchPayload(*attempted(context, lambda: watching.end_watch(context.work, watch), END_CODES))
