"""``registry documents``: what machine clients may ask, for whoever writes it, and for the node's operator.

registry documents check find.graphql              its id, what it asks, what it costs; no database is needed
registry documents mode ke-dci-desk require        which documents a client may send, from the next request on
registry documents catalogue --out documents.md    every approved document, as a page
"""

from dataclasses import asdict
from pathlib import Path

import click
from graphql import GraphQLSchema
from sqlalchemy import Connection

from auth import directory
from auth.actor import Documents
from graphql_schema import schema
from graphql_schema.limits import Limits
from graphql_schema.trusted import reading
from graphql_schema.trusted.reading import TextRefused
from registry.cli.base import console, emit, reporting
from registry.cli.enrolment import entered
from registry.cli.options import as_json
from registry.core.errors import InputRefused, LimitExceeded
from registry.documents import catalogue as pages, queries
from registry.documents.approval import Question, TrustedDocument, identifier
from registry.documents.catalogue import Listed

SAYS = {
    Documents.OFF: "may send any document",
    Documents.LOG: "may send any document; what is not approved is marked in the log",
    Documents.REQUIRE: "may send approved documents only",
}


@click.group()
def documents() -> None:
    """Trusted documents: what machine clients may ask."""


@documents.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@reporting
def check(file: Path, as_json: bool) -> None:
    """Validate the document in FILE, and say its id, what it asks and what it costs.

    The id is that of the file to the byte, a last line's end too: send and propose it as it is.

    \b
    Example:
      registry documents check find.graphql
    """  # noqa: D301
    limits, built = Limits(), schema.build()
    try:
        read = reading.read(built, limits, _text(file))
    except TextRefused as refused:
        for other in refused.found[1:]:
            console.print(str(other), markup=False)
        raise
    asked = reading.questions(read, built, limits)
    named = identifier(read.sha256)
    value = {"document_id": named, "operations": [asdict(each) for each in asked]}
    emit(value, as_json=as_json, text="\n".join([named, *map(_line, asked)]))


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()  # in text mode line ends would be changed, and the digest with them
    except UnicodeDecodeError:
        raise InputRefused("is not UTF-8.", field="FILE", remedy="Save it as UTF-8.") from None


def _line(question: Question) -> str:
    needs = f", needs {', '.join(question.permissions)}" if question.permissions else ""
    return f"{question.title}: {question.cost} points{needs}"


@documents.command()
@click.argument("client")
@click.argument("chosen", metavar="MODE", type=click.Choice([each.value for each in Documents]))
@as_json
@reporting
def mode(client: str, chosen: str, as_json: bool) -> None:
    """Say which documents CLIENT may send: off (any), log (any, and the log says which are not approved), require.

    \b
    Example:
      registry documents mode ke-dci-desk require
    """  # noqa: D301
    wanted = Documents(chosen)

    def change(connection: Connection) -> tuple[Documents, int]:
        return directory.set_documents(connection, client, wanted), queries.count_approved(connection, client)

    before, approved = entered("client:documents", change, client=client, mode=chosen)
    value = {"client": client, "mode": chosen, "before": before.value, "approved": approved}
    emit(value, as_json=as_json, text=f"Client {client} {SAYS[wanted]}. Approved: {approved}. It was {before.value}.")


@documents.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; what is there is replaced.")
@reporting
def catalogue(out: Path | None) -> None:
    """Print every approved document of every client, with the cost of each, as a page of Markdown.

    \b
    Example:
      registry documents catalogue --out documents.md
    """  # noqa: D301
    found = entered("documents:catalogued", queries.approved)
    built, limits = schema.build(), Limits()
    page = pages.page(_listed(each, built, limits) for each in found)
    if out is None:
        click.echo(page, nl=False)
    else:
        out.write_text(page, encoding="utf-8")
        console.print(f"Written: {out}", markup=False)


def _listed(document: TrustedDocument, built: GraphQLSchema, limits: Limits) -> Listed:
    try:
        return Listed(document, reading.questions(reading.read(built, limits, document.text), built, limits))
    except (TextRefused, LimitExceeded) as refused:
        return Listed(document, refused=refused.code)
