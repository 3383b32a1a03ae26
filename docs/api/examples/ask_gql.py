"""Ask the register one question with gql: pip install 'gql[httpx]' 'pyjwt[crypto]'.

export REGISTRY_URL=https://registry.example REGISTRY_PROOF_KEY=proof.pem REGISTRY_TOKEN=…
python ask_gql.py search.graphql search.json

Prints the data; each error goes to stderr as code, request id and sentence, and the exit code is 1.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.exceptions import TransportQueryError
from gql.transport.httpx import HTTPXTransport
from proofs import Holder


def ask(document: str, variables: dict[str, Any]) -> tuple[Any, list[Any]]:
    """Return the data and the errors of an answer; there may be both."""
    transport = HTTPXTransport(
        f"{os.environ['REGISTRY_URL']}/graphql",
        headers={"Accept": "application/graphql-response+json"},
        auth=Holder(),
        timeout=30,
    )
    with Client(transport=transport) as session:
        try:
            return session.execute(GraphQLRequest(document, variable_values=variables)), []
        except TransportQueryError as refused:
            return refused.data, refused.errors or []


def main() -> int:
    """Ask what the two files say."""
    document, variables = (Path(each).read_text(encoding="utf-8") for each in sys.argv[1:3])
    data, errors = ask(document, json.loads(variables))
    print(json.dumps(data))
    for error in errors:
        extensions = error["extensions"]
        print(extensions["code"], extensions["requestId"], error["message"], file=sys.stderr)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
