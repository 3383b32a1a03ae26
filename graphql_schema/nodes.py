"""`node(id:)`: whatever has an id, opened again by it (GraphQL Global Object Identification).

    { node(id: "cAGX…") { id ... on Profile { names { full } } } }

The kind stands in the id. Each kind is opened by its own use case, with its permission and its entry in the log, so
this field opens nothing that the kind's own query would not.
"""

from collections.abc import Callable, Mapping
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from graphql_schema.context import Context, context_of
from registry.core.errors import NotFound
from registry.core.ids import kind_of, read_public_id
from registry.desk import operations as desk
from registry.profiles.operations import deciding, reading
from registry.screening import operations as screening


class Node(graphene.Interface):
    """Something with an id."""

    id = graphene.ID(required=True, description="Opaque; it says of what kind it is, and nothing else.")

    @classmethod
    def resolve_type(cls, root: Any, info: GraphQLResolveInfo) -> Any:
        """Find the type: views are called after the things they show. graphene takes its own class only, no name."""
        name = type(root).__name__
        declared: Any = info.schema.type_map[TYPES.get(name, name.removesuffix("View"))]
        return declared.graphene_type


TYPES = {"RequestView": "SubjectRequest"}
"""Views whose type the schema calls otherwise."""

_OPENED: Mapping[str, Callable[[Context, str], Any]] = {
    "profile": lambda context, id_: reading.read_profile(context.work, read_public_id("profile", id_), context.wanted),
    "proposal": lambda context, id_: deciding.read_proposal(context.work, read_public_id("proposal", id_)),
    "request": lambda context, id_: desk.read_request(context.work, read_public_id("request", id_)),
    "screening": lambda context, id_: screening.read_screening(context.work, read_public_id("screening", id_)),
}


class NodeQueries(graphene.ObjectType):
    """Opening things by id."""

    node = graphene.Field(
        Node, id=graphene.ID(required=True),
        description="Open a profile, proposal, screening or request again by its id; each with the permission of its "
                    "own query.",
    )  # fmt: skip

    @staticmethod
    def resolve_node(_root: Any, info: GraphQLResolveInfo, id: str) -> Any:  # noqa: A002  the schema's name
        """Open it."""
        opened = _OPENED.get(kind_of(id))
        if opened is None:
            raise NotFound("Nothing that can be opened by its id.", field="id")
        return opened(context_of(info), id)
