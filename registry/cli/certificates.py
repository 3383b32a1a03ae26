"""``registry certificate``: a certificate of "not this person", for paper."""

from functools import partial
from pathlib import Path

import click

from registry.certificates import operations, paper
from registry.certificates.words import LANGUAGES
from registry.cli.base import OnBehalf, commanded, console, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.key_providers import open_sealer
from registry.core.private import write_private
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition

BOTH = "both"


@click.group()
def certificate() -> None:
    """Certificates for people who are mistaken for somebody on the register."""


@certificate.command("print")
@click.argument("number")
@click.option("--language", type=click.Choice([*LANGUAGES, BOTH]), default=BOTH, help="Both, one below the other.")
@click.option("--html", "is_html", is_flag=True, help="A page for a browser to print; otherwise text.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file that only you can read; what is there is replaced.",
)
@on_behalf(Purpose.SUBJECT_REQUEST)
@as_json
@reporting
def print_(
    number: str, on_behalf: OnBehalf, language: str, is_html: bool, out: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Print the certificate of a NUMBER for its holder. The desk prints; it stands in the log.

    \b
    Example:
      registry certificate print CERT-7K2M-9XQ4-HRWB --html --out certificate.html --agency ke-dci --officer 40001 \\
        --case "REG 1/2026" --legal-basis KE-SOA-39-13
    """  # noqa: D301
    node = settings()
    reading = partial(operations.read_paper, number=number)
    made = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "certificate print", reading, load_edition(node.edition), open_sealer(node)
        ),
    )
    languages = LANGUAGES if language == BOTH else (language,)
    told = paper.page(made, languages) if is_html else paper.text(made, languages)
    if out is not None:
        write_private(out, told)
        console.print(f"Written: {out}", markup=False)
    value = {"number": made.number, "valid_until": str(made.valid_until)}
    if out is None:
        emit(value | {"paper": told}, as_json=as_json, text=told.rstrip("\n"))
    elif as_json:
        emit(value | {"file": str(out)}, as_json=True, text="")
