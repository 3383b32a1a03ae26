"""Types of screenings."""

import graphene

from graphql_schema.base import Object, connection
from graphql_schema.nodes import Node
from graphql_schema.profiles.form import enum
from graphql_schema.profiles.types import Profile
from graphql_schema.scalars import DateTime
from graphql_schema.search.types import Band, Reason, Warning  # noqa: A004  the schema's name
from registry.screening.states import State

ScreeningState = enum("ScreeningState", State, "Where a screening stands.")


class Screening(Object):
    """A list of people that is checked against the register, and how far that has come."""

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True)
    state = ScreeningState(required=True)
    purpose = graphene.String(required=True)
    case_reference = graphene.String(required=True)
    officer = graphene.String(required=True, description="The agency's own mark of the officer who began it.")
    least = Band(required=True, description="The lowest band that is told.")
    matcher = graphene.String(required=True, description="Version of the weights it was begun with.")
    people = graphene.Int(description="Rows of the list, once it is here.")
    done = graphene.Int(required=True, description="Rows that are checked.")
    refused = graphene.Int(required=True, description="Rows that could not be read.")
    hits = graphene.Int(required=True)
    disclosed = graphene.Int(required=True, description="Profiles that the hits name; each is an entry of the log.")
    failure = graphene.String(description="Why it can't go on: a code of docs/errors.md.")
    begun_at = DateTime(required=True)
    ended_at = DateTime()


ScreeningConnection = connection(Screening, "Screenings of the token's case, newest first.")


class ScreeningHit(Object):
    """Somebody on the list who may be somebody on the register."""

    row = graphene.Int(required=True, description="As whoever opens the list counts: from 1, headings included.")
    reference = graphene.String(required=True, description="The list's own mark of the row.")
    score = graphene.Float(required=True, description="Ranks hits, 0 to 1. It is not a probability.")
    band = Band(required=True)
    discriminator = graphene.Boolean(
        required=True, description="Whether something beside the name tells this person apart."
    )
    reasons = graphene.List(graphene.NonNull(Reason), required=True)
    profile = graphene.Field(Profile, required=True)
    warning = graphene.Field(
        Warning, description="Who stands in the row was certified not to be this person when the list was checked."
    )


ScreeningHitConnection = connection(ScreeningHit, "Hits of a screening, best first.")


class ScreeningProblem(Object):
    """A row that could not be read, and why."""

    row = graphene.Int(required=True)
    field = graphene.String(required=True)
    code = graphene.String(required=True, description="A code of docs/errors.md.")
    rule = graphene.String(required=True)
    remedy = graphene.String(required=True)


class ScreeningTicket(Object):
    """A one-time address of a list."""

    path = graphene.String(
        required=True,
        description=(
            "Below the node's public address: PUT the list there, once, "
            "with its Content-Length and Content-Digest (RFC 9530)."
        ),
    )
    expires_at = DateTime(required=True)


class ScreeningBeginInput(graphene.InputObjectType):
    """How a list is to be checked."""

    least = Band(description="The lowest band that is told; POSSIBLE without it.")
    dates = graphene.String(description="How the list writes dates, such as DD/MM/YYYY; it is never guessed.")


class ScreeningCancelInput(graphene.InputObjectType):
    """Which screening is to end."""

    screening_id = graphene.ID(required=True)
