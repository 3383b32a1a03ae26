"""``registry token``, ``query``, ``proof`` and ``grant``: a client of a node, ours or another's.

export REGISTRY_CLIENT=var/demo/investigator.toml        asking.py says what stands in it
registry query '{ __typename }'
"""

import sys
from pathlib import Path
from typing import Any

import click
import orjson

from auth.keys import make_proof
from registry.cli.asking import Client, read
from registry.cli.base import emit, reporting
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.errors import Forbidden, InputRefused, NotFound, RegistryError, Unavailable

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_CASE = click.option("--case", help="Another case reference than the file's.")
_AS = click.option(
    "--as", "client_file", envvar="REGISTRY_CLIENT", required=True, type=_FILE, help="The client's file."
)  # fmt: skip
_TOKEN = click.option(
    "--token",
    envvar="REGISTRY_TOKEN",
    help="An access token of this client; better in REGISTRY_TOKEN, where other accounts don't see it.",
)


@click.command()
@click.argument("client_file", type=_FILE)
@_CASE
@click.option("--proof", help="A proof of somebody else's key, such as that of a page: the token is bound to that one.")
@as_json
@reporting
def token(client_file: Path, case: str | None, proof: str | None, as_json: bool) -> None:
    """Get an access token for the client that CLIENT_FILE describes.

    It is bound to the client's proof key, which is made beside the file when it is not there: a token alone opens
    nothing.

    \b
    Example:
      export REGISTRY_TOKEN=$(registry token var/demo/investigator.toml)
    """  # noqa: D301
    answer = read(client_file).token(case, proof)
    emit(answer, as_json=as_json, text=answer["access_token"])


@click.command()
@click.argument("client_file", type=_FILE)
@_CASE
@reporting
def grant(client_file: Path, case: str | None) -> None:
    """Sign for an officer, as their agency's authority: the JWT that the client of CLIENT_FILE gets a token with.

    It is good for a minute, and once. registry token signs one by itself where the file names authority_key_file.

    \b
    Example:
      registry grant nl-desk.toml
    """  # noqa: D301
    click.echo(read(client_file).grant(case))


@click.command()
@click.argument("method")
@click.argument("url")
@_AS
@_TOKEN
@click.option("--nonce", help="The DPoP-Nonce of an answer that asked for one.")
@click.option("--headers", is_flag=True, help="Print both headers of the request, as curl reads them from a file.")
@reporting
def proof(method: str, url: str, client_file: Path, token: str | None, nonce: str | None, headers: bool) -> None:
    """Print one proof for one request to URL: good for a minute, and once.

    \b
    Examples:
      registry proof POST http://127.0.0.1:8000/graphql
      curl http://127.0.0.1:8000/graphql -H @<(registry proof POST http://127.0.0.1:8000/graphql --headers) \\
        -H 'Content-Type: application/json' -d '{"query": "{ __typename }"}'
    """  # noqa: D301
    client = read(client_file)
    if headers and token is None:
        token = client.token()["access_token"]
    made = make_proof(client.proof_key(), method, url, now(), token=token, nonce=nonce)
    click.echo(f"Authorization: DPoP {token}\nDPoP: {made}" if headers else made)


@click.command()
@click.argument("document")
@_AS
@_TOKEN
@click.option("--variables", default="{}", help="Variables as JSON; - reads them from standard input.")
@click.option("--pick", help="Print only the value at this path, such as data.profile.id")
@reporting
def query(document: str, client_file: Path, token: str | None, variables: str, pick: str | None) -> None:
    """Send a GraphQL DOCUMENT to the client's node and print its answer; without a token it gets one.

    \b
    Example:
      export REGISTRY_CLIENT=var/demo/investigator.toml
      registry query 'query ($id: ID!) { profile(id: $id) { sex } }' --variables '{"id": "…"}'
    """  # noqa: D301
    try:
        given = orjson.loads(sys.stdin.read() if variables == "-" else variables)
    except orjson.JSONDecodeError:
        raise InputRefused("is not JSON.", field="--variables", remedy="Write a JSON object.") from None
    answer = _asked(read(client_file), token, {"query": document, "variables": given})
    if "errors" not in answer and pick:
        click.echo(_picked(answer, pick))
    else:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
    if "errors" in answer:
        raise told(answer)


def _asked(client: Client, token: str | None, question: dict[str, Any]) -> dict[str, Any]:
    return client.post("/graphql", token or client.token()["access_token"], json=question)


_REFUSED = frozenset({"FORBIDDEN", "CASE_CONTEXT_REQUIRED", "CRITERION_NOT_PERMITTED", "NOT_OWNER"})


def told(answer: Any) -> RegistryError:
    """Return the node's first error as one of ours, so that its exit code says what kind it is."""
    try:
        error = answer["errors"][0]
        message, code = str(error["message"]), str(error["extensions"]["code"])
    except (KeyError, IndexError, TypeError):
        return Unavailable("What answers there is no node.", remedy="Check the url of the client's file.")
    kind: type[RegistryError] = InputRefused
    if code in _REFUSED or code.startswith(("TOKEN_", "PROOF_", "UNAUTHENTICATED")):
        kind = Forbidden
    elif code in ("NOT_FOUND", "INTERNAL"):
        kind = NotFound if code == "NOT_FOUND" else RegistryError
    return kind(message, code=code)


def _picked(answer: Any, path: str) -> str:
    for step in path.split("."):
        try:
            answer = answer[int(step)] if isinstance(answer, list) else answer[step]
        except (KeyError, IndexError, TypeError, ValueError):
            raise NotFound("The answer has no such value.", field=path) from None
    return answer if isinstance(answer, str) else orjson.dumps(answer).decode()
