"""What has changed in the schema since a release, and whether clients may be hurt by it.

    hurting(released, schema.sdl())      ["FIELD_REMOVED: Profile.sex was removed."]

A change that breaks a client, or may surprise one (graphql-core's "breaking" and "dangerous"), is refused unless
`accepted_changes.toml` names it with the reason. A field or value that is to go is deprecated first, with the day since
when and what to use instead, and stays for two releases.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    find_breaking_changes,
    find_dangerous_changes,
)

ACCEPTED = Path(__file__).with_name("accepted_changes.toml")
DEPRECATION = re.compile(r"Since \d{4}-\d{2}-\d{2}: use `[^`]+`\.( .+)?", re.DOTALL)
"""``Since 2027-01-31: use `names`.``"""


def hurting(released: str, current: str) -> list[str]:
    """Return what breaks or may surprise clients that were written for a release, each as ``KIND: sentence``."""
    before, after = build_schema(released), build_schema(current)
    breaking, dangerous = find_breaking_changes(before, after), find_dangerous_changes(before, after)
    found = [(each.type.name, each.description) for each in breaking]
    found += [(each.type.name, each.description) for each in dangerous]
    return sorted({f"{kind}: {sentence}" for kind, sentence in found})


def accepted(text: str | None = None) -> Mapping[str, str]:
    """Return the changes that were decided on since the last release, each with its reason."""
    content = tomllib.loads(ACCEPTED.read_text(encoding="utf-8") if text is None else text)
    return {each["change"]: each["because"] for each in content.get("accepted", [])}


def refused(released: str, current: str, accepted: Mapping[str, str]) -> list[str]:
    """Return the changes that nobody decided on, and decisions on changes that are not there any more."""
    found = hurting(released, current)
    stale = [f"ACCEPTED_IN_VAIN: {each}" for each in accepted if each not in found]
    return [each for each in found if each not in accepted] + stale


def deprecations(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Yield what is deprecated, by schema coordinate, with what is said of it."""
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for name, field in type_.fields.items():
                if field.deprecation_reason is not None:
                    yield f"{type_.name}.{name}", field.deprecation_reason
                for argument, each in getattr(field, "args", {}).items():
                    if each.deprecation_reason is not None:
                        yield f"{type_.name}.{name}({argument}:)", each.deprecation_reason
        elif isinstance(type_, GraphQLEnumType):
            for name, value in type_.values.items():
                if value.deprecation_reason is not None:
                    yield f"{type_.name}.{name}", value.deprecation_reason


def unexplained(schema: GraphQLSchema) -> list[str]:
    """Return what is deprecated without a day and a replacement."""
    return [where for where, reason in deprecations(schema) if not DEPRECATION.fullmatch(reason)]
