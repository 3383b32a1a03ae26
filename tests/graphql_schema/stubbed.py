"""The register's own schema over values that no use case made: every field with code behind it reads an attribute.

SCHEMA.query_type.fields["search"].resolve(SimpleNamespace(search="what a test put there"), None, first=5)
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema

from graphql_schema import schema
from graphql_schema.plans import plain_attribute


@cache
def attribute_of(name: str) -> str:
    """Return a field's name as Python writes it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _read(name: str) -> Callable[..., Any]:
    """Return a resolver that is nobody's default one, so that plans leave its field alone as they leave ours."""
    return lambda root, _info, **_arguments: getattr(root, attribute_of(name))


def build() -> GraphQLSchema:
    """Return the register's schema with stubs in place of its resolvers."""
    stubbed = schema.build()
    for type_ in stubbed.type_map.values():
        if isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for name, field in type_.fields.items():
                if plain_attribute(field) is None:
                    field.resolve = _read(name)
    return stubbed


SCHEMA = build()
