"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from registry.cli.base import OnBehalf
from registry.disclosure.vocabulary import Purpose

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value for programs.")


def on_behalf(purpose: Purpose) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that name an officer and the case; hand over one OnBehalf."""

    def wrapped(command: Callable[..., Any]) -> Callable[..., Any]:
        def run(agency: str, officer: str, case: str, legal_basis: str, **options: Any) -> Any:
            return command(on_behalf=OnBehalf(agency, officer, purpose, case, legal_basis), **options)

        run.__doc__ = command.__doc__
        run.__name__ = command.__name__
        run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # options below ours
        for option in (
            click.option("--legal-basis", required=True, help="Code of the legal basis, from the country edition."),
            click.option("--case", required=True, help="Case or file reference."),
            click.option("--officer", required=True, help="Your reference in your agency."),
            click.option("--agency", required=True, help="Code of your agency."),
        ):
            run = option(run)
        return run

    return wrapped
