"""``registry schema …``: the GraphQL schema, its limits and changes, and the form of a record."""

from pathlib import Path

import click

from graphql_schema import changes, limits_page, reference, schema as graphql
from registry.cli import forms
from registry.cli.base import reporting
from registry.core.errors import Conflict


@click.group()
def schema() -> None:
    """The GraphQL schema, and the form of a record."""


@schema.command("print")
def schema_print() -> None:
    """Print the schema as text.

    \b
    Example:
      registry schema print > graphql_schema/schema.graphql
    """  # noqa: D301
    click.echo(graphql.sdl(), nl=False)


@schema.command("limits")
def schema_limits() -> None:
    """Print the limits and prices of questions.

    \b
    Example:
      registry schema limits > docs/limits.md
    """  # noqa: D301
    click.echo(limits_page.page(), nl=False)


@schema.command("pages")
@click.option(
    "--folder",
    default="docs/api",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Where the pages are written.",
)
def schema_pages(folder: Path) -> None:
    """Write the reference of the API: operations by room, types, enums, scalars, codes, deprecations.

    \b
    Example:
      registry schema pages --folder docs/api
    """  # noqa: D301
    for name, text in reference.pages(reference.known()).items():
        (folder / name).write_text(text, encoding="utf-8")


@schema.command("changes")
@click.argument("released", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reporting
def schema_changes(released: Path) -> None:
    """List what would break or surprise clients of a RELEASED schema; exits 5 if nobody decided on it.

    \b
    Example:
      git show v0.1.0:graphql_schema/schema.graphql > released.graphql
      registry schema changes released.graphql
    """  # noqa: D301
    found = changes.refused(released.read_text(encoding="utf-8"), graphql.sdl(), changes.accepted())
    for each in found:
        click.echo(each)
    if found:
        raise Conflict(
            "The schema would hurt clients of the release.", code="SCHEMA_BREAKS",
            remedy="Deprecate first, or decide in graphql_schema/accepted_changes.toml.",
        )  # fmt: skip


for _form in forms.COMMANDS:
    schema.add_command(_form)
