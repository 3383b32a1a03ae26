"""Mutations of screenings: one begins, the list comes by its own address, one ends."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.base import Object, UserErrorValue, attempted, plain
from graphql_schema.context import context_of
from graphql_schema.profiles.mutations import mutation, payload
from graphql_schema.screening import types
from registry.core.ids import read_public_id
from registry.matching.types import Band
from registry.screening import operations
from registry.screening.operations import Asked
from registry.screening.views import ListTicketView, ScreeningView

BEGIN_CODES = frozenset({"DATE_FORM_UNKNOWN", "SCREENING_QUOTA_EXCEEDED"})
CANCEL_CODES = frozenset({"SCREENING_OVER"})


class ScreeningPayload:
    """What each of these mutations answers."""

    __slots__ = ("screening", "upload", "user_errors")

    def __init__(
        self, screening: ScreeningView | None, errors: list[UserErrorValue], upload: ListTicketView | None = None
    ):  # fmt: skip
        self.screening, self.user_errors, self.upload = screening, errors, upload


class ScreeningBeginPayload(payload(  # type: ignore[misc]  # a base that is made
    "ScreeningBegin", BEGIN_CODES, "screening", types.Screening, "The screening and where its list goes, or why not."
)):  # fmt: skip
    """The screening and where its list goes, or why not."""

    upload = graphene.Field(types.ScreeningTicket)


ScreeningCancelPayload: type[Object] = payload(
    "ScreeningCancel", CANCEL_CODES, "screening", types.Screening, "The screening as it ended, or why not."
)


class ScreeningMutations(graphene.ObjectType):
    """Checking lists of people."""

    screening_begin = mutation(
        ScreeningBeginPayload, types.ScreeningBeginInput,
        "Begin a screening, and get the address where its list can be put once; it is checked in the background. "
        "Permission: profile:screen.",
    )  # fmt: skip
    screening_cancel = mutation(
        ScreeningCancelPayload, types.ScreeningCancelInput,
        "End a screening; what was found until then stays. Permission: profile:screen.",
    )  # fmt: skip

    @staticmethod
    def resolve_screening_begin(_root: Any, info: GraphQLResolveInfo, input: Any) -> ScreeningPayload:  # noqa: A002  the schema's name
        """Begin."""
        context, given = context_of(info), plain(input)
        begun, errors = attempted(
            context,
            lambda: operations.begin(
                context.work, Asked(Band(given.get("least") or Band.POSSIBLE), given.get("dates"))
            ),
            BEGIN_CODES,
        )
        return ScreeningPayload(begun.screening if begun else None, errors, begun.upload if begun else None)

    @staticmethod
    def resolve_screening_cancel(_root: Any, info: GraphQLResolveInfo, input: Any) -> ScreeningPayload:  # noqa: A002  the schema's name
        """End."""
        context = context_of(info)
        identifier = read_public_id("screening", input["screening_id"])
        return ScreeningPayload(*attempted(context, lambda: operations.cancel(context.work, identifier), CANCEL_CODES))
