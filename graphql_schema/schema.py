"""The schema, put together from the rooms."""

from typing import Any

import graphene
from graphql import GraphQLSchema, lexicographic_sort_schema, print_schema

from graphql_schema import scalars
from graphql_schema.certificates.mutations import CertificateMutations
from graphql_schema.certificates.queries import CertificateQueries
from graphql_schema.desk.mutations import DeskMutations
from graphql_schema.desk.queries import DeskQueries
from graphql_schema.oversight.queries import OversightQueries
from graphql_schema.profiles.mutations import ProfileMutations
from graphql_schema.profiles.queries import ProfileQueries
from graphql_schema.screening.mutations import ScreeningMutations
from graphql_schema.screening.queries import ScreeningQueries
from graphql_schema.search.explanations import ExplanationQueries
from graphql_schema.search.queries import SearchQueries


class Query(
    SearchQueries,
    ScreeningQueries,
    ExplanationQueries,
    CertificateQueries,
    ProfileQueries,
    OversightQueries,
    DeskQueries,
):
    """What may be asked. Every answer, and every refusal, is an entry of the log."""


class Mutation(ProfileMutations, ScreeningMutations, CertificateMutations, DeskMutations):
    """What may be changed; one mutation a request."""


def build() -> GraphQLSchema:
    """Return the executable schema."""
    schema: GraphQLSchema = graphene.Schema(query=Query, mutation=Mutation).graphql_schema
    for name, specification in scalars.SPECIFICATIONS.items():
        scalar: Any = schema.type_map[name]  # Any: the map holds every kind of type
        scalar.specified_by_url = specification
    return schema


def sdl() -> str:
    """Return the schema as text, in one fixed order: what stands in ``schema.graphql``."""
    return print_schema(lexicographic_sort_schema(build())) + "\n"
