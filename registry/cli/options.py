"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from registry.cli.base import OnBehalf
from registry.disclosure.vocabulary import Purpose

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON value for programs.")


def on_behalf(purpose: Purpose, *, needed: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the options that name an officer and the case; hand over one OnBehalf, or None where they are not all there.

    ``needed`` says whether the command refuses to run without them.
    """

    def wrapped(command: Callable[..., Any]) -> Callable[..., Any]:
        def run(
            agency: str | None, officer: str | None, case: str | None, legal_basis: str | None, **options: Any
        ) -> Any:  # fmt: skip
            named = None
            if agency and officer and case and legal_basis:
                named = OnBehalf(agency, officer, purpose, case, legal_basis)
            return command(on_behalf=named, **options)

        run.__doc__ = command.__doc__
        run.__name__ = command.__name__
        run.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]  # options below ours
        for option in (
            click.option("--legal-basis", required=needed, help="Code of the legal basis, from the country edition."),
            click.option("--case", required=needed, help="Case or file reference."),
            click.option("--officer", required=needed, help="Your reference in your agency."),
            click.option("--agency", required=needed, help="Code of your agency."),
        ):
            run = option(run)
        return run

    return wrapped
