"""Search with a client made from our schema: pip install ariadne-codegen 'pyjwt[crypto]'.

ariadne-codegen --config ariadne-codegen.toml         writes register_client/
python ask_typed.py
"""

import os
import sys
from typing import Any

from proofs import Holder
from register_client import Client, SearchCriteriaInput
from register_client.exceptions import GraphQLClientGraphQLMultiError, GraphQLClientHttpError
from register_client.search import Search


def best_name(found: Search) -> str | None:
    """Return the name of the best hit; nothing where nobody was found."""
    names = found.search.edges[0].node.profile.names if found.search and found.search.edges else None
    return names[0].full if names else None


def refusals(raised: GraphQLClientGraphQLMultiError | GraphQLClientHttpError) -> list[dict[str, Any]]:
    """Return the errors of an answer: the client raises them, but of a status of 400 or more only the response."""
    if isinstance(raised, GraphQLClientHttpError):
        response: Any = raised.response  # of httpx; the generated client promises its status only
        told: list[dict[str, Any]] = response.json()["errors"]
        return told
    return [{"message": each.message, "extensions": each.extensions} for each in raised.errors]


def main() -> int:
    """Search for one person."""
    criteria = SearchCriteriaInput(name="Jumaa Khamis Mwakyo", birthDate="1979")
    with Client(f"{os.environ['REGISTRY_URL']}/graphql") as client:
        try:
            print(best_name(client.search(criteria, timeout=30, auth=Holder())))
        except (GraphQLClientGraphQLMultiError, GraphQLClientHttpError) as raised:
            for error in refusals(raised):
                extensions = error["extensions"]
                print(extensions["code"], extensions["requestId"], error["message"], file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
