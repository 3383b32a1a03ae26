"""The schema, put together from the rooms."""

from typing import Any

import graphene
from graphql import GraphQLSchema, lexicographic_sort_schema, print_schema

from graphql_schema import cost, scalars
from graphql_schema.certificates.mutations import CertificateMutations
from graphql_schema.certificates.queries import CertificateQueries
from graphql_schema.decoys.mutations import DecoyMutations
from graphql_schema.decoys.queries import DecoyQueries
from graphql_schema.desk.mutations import DeskMutations
from graphql_schema.desk.queries import DeskQueries
from graphql_schema.enrolment.mutations import EnrolmentMutations
from graphql_schema.enrolment.queries import EnrolmentQueries
from graphql_schema.meetings.queries import MeetingQueries
from graphql_schema.misuse.mutations import MisuseMutations
from graphql_schema.misuse.queries import MisuseQueries
from graphql_schema.nodes import NodeQueries
from graphql_schema.notices.mutations import WatchMutations
from graphql_schema.notices.queries import NoticeQueries
from graphql_schema.notices.subscriptions import Subscription
from graphql_schema.oversight.queries import OversightQueries
from graphql_schema.oversight.seen import SeenQueries
from graphql_schema.policy.queries import PolicyQueries
from graphql_schema.profiles.mutations import ProfileMutations
from graphql_schema.profiles.queries import ProfileQueries
from graphql_schema.screening.mutations import ScreeningMutations
from graphql_schema.screening.queries import ScreeningQueries
from graphql_schema.search.explanations import ExplanationQueries
from graphql_schema.search.queries import SearchQueries
from graphql_schema.trusted.mutations import TrustedDocumentMutations
from graphql_schema.trusted.queries import TrustedDocumentQueries


class Query(
    SearchQueries,
    ScreeningQueries,
    ExplanationQueries,
    CertificateQueries,
    ProfileQueries,
    NoticeQueries,
    MeetingQueries,
    OversightQueries,
    SeenQueries,
    PolicyQueries,
    DeskQueries,
    TrustedDocumentQueries,
    EnrolmentQueries,
    DecoyQueries,
    MisuseQueries,
    NodeQueries,
):
    """What may be asked. Every answer, and every refusal, is an entry of the log."""


class Mutation(
    ProfileMutations,
    WatchMutations,
    ScreeningMutations,
    CertificateMutations,
    DeskMutations,
    TrustedDocumentMutations,
    EnrolmentMutations,
    DecoyMutations,
    MisuseMutations,
):
    """What may be changed; one mutation a request."""


def build() -> GraphQLSchema:
    """Return the executable schema."""
    schema: GraphQLSchema = graphene.Schema(Query, Mutation, Subscription).graphql_schema
    for name, specification in scalars.SPECIFICATIONS.items():
        scalar: Any = schema.type_map[name]  # Any: the map holds every kind of type
        scalar.specified_by_url = specification
    cost.check(schema)
    return schema


def sdl() -> str:
    """Return the schema as text, in one fixed order: what stands in ``schema.graphql``."""
    return print_schema(lexicographic_sort_schema(build())) + "\n"
