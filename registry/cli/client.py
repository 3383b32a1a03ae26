"""``registry token`` and ``registry query``: a client of a node, ours or another's.

# investigator.toml
url = "http://127.0.0.1:8000"
client = "demo-desk"
key_file = "desk.pem"                  beside this file
officer = "DEMO-1001"
purpose = "criminal_investigation"
case_reference = "CR 12/2026"
legal_basis = "KE-SOA-39-13"
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

import click
import httpx
import orjson

from auth.details import TYPE
from auth.keys import make_assertion
from registry.cli.base import emit, reporting
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import read_secret
from registry.core.errors import Forbidden, InputRefused, NotFound, RegistryError, Unavailable

TIMEOUT = httpx.Timeout(15.0)
_CASE = ("officer", "purpose", "case_reference", "legal_basis")


@click.command()
@click.argument("client_file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--case", help="Another case reference than the file's.")
@as_json
@reporting
def token(client_file: Path, case: str | None, as_json: bool) -> None:
    """Get an access token for the client that CLIENT_FILE describes.

    \b
    Example:
      export REGISTRY_TOKEN=$(registry token var/demo/investigator.toml)
    """  # noqa: D301
    answer = fetch_token(client_file, case)
    emit(answer, as_json=as_json, text=answer["access_token"])


def fetch_token(client_file: Path, case: str | None = None) -> dict[str, Any]:
    """Return the token endpoint's answer. Raises InputRefused, Forbidden, Unavailable."""
    described = _client(client_file)
    key = read_secret(str(client_file.parent / described["key_file"]), field="key_file").decode()
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": make_assertion(described["client"], described["url"], key, now()),
    }
    if all(name in described for name in _CASE):
        item = {"type": TYPE} | {name: described[name] for name in _CASE}
        form["authorization_details"] = orjson.dumps([item | ({"case_reference": case} if case else {})]).decode()
    answer = _posted(f"{described['url']}/oauth/token", data=form)
    if "access_token" not in answer:
        raise Forbidden(str(answer.get("error_description")), code=str(answer.get("code") or answer.get("error")))
    return answer


@click.command()
@click.argument("document")
@click.option("--url", default="http://127.0.0.1:8000", help="The node.")
@click.option(
    "--token",
    "bearer",
    envvar="REGISTRY_TOKEN",
    required=True,
    help="An access token; better in REGISTRY_TOKEN, where other accounts don't see it.",
)
@click.option("--variables", default="{}", help="Variables as JSON; - reads them from standard input.")
@click.option("--pick", help="Print only the value at this path, such as data.profile.id")
@reporting
def query(document: str, url: str, bearer: str, variables: str, pick: str | None) -> None:
    """Send a GraphQL DOCUMENT to a node and print its answer.

    \b
    Example:
      export REGISTRY_TOKEN=$(registry token var/demo/investigator.toml)
      registry query 'query ($id: ID!) { profile(id: $id) { sex } }' --variables '{"id": "…"}'
    """  # noqa: D301
    try:
        given = orjson.loads(sys.stdin.read() if variables == "-" else variables)
    except orjson.JSONDecodeError:
        raise InputRefused("is not JSON.", field="--variables", remedy="Write a JSON object.") from None
    answer = _posted(
        f"{url}/graphql", json={"query": document, "variables": given}, headers={"Authorization": f"Bearer {bearer}"}
    )
    if "errors" not in answer and pick:
        click.echo(_picked(answer, pick))
    else:
        click.echo(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
    if "errors" in answer:
        raise _told(answer)


_REFUSED = frozenset({"FORBIDDEN", "CASE_CONTEXT_REQUIRED", "CRITERION_NOT_PERMITTED", "NOT_OWNER"})


def _told(answer: Any) -> RegistryError:
    """Return the node's first error as one of ours, so that its exit code says what kind it is."""
    try:
        error = answer["errors"][0]
        message, code = str(error["message"]), str(error["extensions"]["code"])
    except (KeyError, IndexError, TypeError):
        return Unavailable("What answers there is no node.", remedy="Check --url.")
    kind: type[RegistryError] = InputRefused
    if code in _REFUSED or code.startswith(("TOKEN_", "UNAUTHENTICATED")):
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


def _posted(url: str, **content: Any) -> dict[str, Any]:
    try:
        response = httpx.post(url, timeout=TIMEOUT, follow_redirects=False, trust_env=False, **content)
        answer = response.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as problem:
        raise Unavailable(f"{url} does not answer ({type(problem).__name__}).", remedy="Is the node up?") from problem
    if response.status_code == 503 or not isinstance(answer, dict):
        raise Unavailable(f"{url} can't answer now.", remedy="Try again later.")
    return answer


def _client(file: Path) -> dict[str, Any]:
    try:
        described = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InputRefused("is not TOML.", field=str(file), code="CLIENT_FILE_MALFORMED") from problem
    for name in ("url", "client", "key_file"):
        if not isinstance(described.get(name), str):
            raise InputRefused("is not given.", field=name, code="CLIENT_FILE_MALFORMED", remedy=f"Add it to {file}.")
    return described
