"""``registry schema record``, ``export``, ``dictionary``: the form of a record, for programs and for people."""

from collections.abc import Callable

import click

from registry.cli.base import reporting
from registry.editions.edition import Edition, load as load_edition
from registry.profiles import dictionary as dictionary_page, schemas

_EDITION = click.option("--edition", default="ke", show_default=True, help="Country edition whose codes are listed.")


def _prints(name: str, told: str, made: Callable[[Edition], str], file: str) -> click.Command:
    """Return a command that prints what is made of an edition."""

    @click.command(name, help=f"{told}\n\n\b\nExample:\n  registry schema {name} > {file}")
    @_EDITION
    @reporting
    def command(edition: str) -> None:
        click.echo(made(load_edition(edition)), nl=False)

    return command


COMMANDS = (
    _prints("record", "Print the JSON Schema of a record as `registry import` reads it.",
            lambda edition: schemas.printed(schemas.record(edition)), "docs/schemas/record.json"),
    _prints("export", "Print the JSON Schema of a line of `registry export`.",
            lambda edition: schemas.printed(schemas.export(edition)), "docs/schemas/export.json"),
    _prints("dictionary", "Print the data dictionary.", dictionary_page.page, "docs/dictionary.md"),
)  # fmt: skip
