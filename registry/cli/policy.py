"""``registry policy``: who may see what, and why; what a change opens and closes; decisions made again.

registry policy explain --role partner_officer --purpose missing_child --tier full --attribution A2 --standing shareable
registry policy matrix --html > matrix.html      one page for paper
registry policy diff OLD.toml                    which cells the edition's table opens and closes in its place
registry policy replay 4711 …                    the decisions of an entry of the log, made again
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.core.clock import now
from registry.core.errors import Conflict
from registry.core.key_providers import open_sealer
from registry.disclosure import cedar, cells, explained, matrix as matrices
from registry.disclosure.access import Access, Facts
from registry.disclosure.policy import Policy, load
from registry.disclosure.table import AXES, name_of, read
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier
from registry.editions.edition import load as load_edition
from registry.oversight import decisions

Command = TypeVar("Command", bound=Callable[..., Any])  # Any: as click's own decorators
_LEVELS = {f"A{level:d}": level for level in Attribution} | {name_of(level): level for level in Attribution}
_ABROAD = "ZZ"
"""A country that no edition is of (ISO 3166-1, user-assigned)."""
_edition = click.option("--edition", default="ke", show_default=True, help="Whose policy.")


@click.group()
def policy() -> None:
    """Who may see what, for what, and by which law."""


def _choice(name: str, *, default: str, of: Iterable[str], help_: str) -> Callable[[Command], Command]:
    return click.option(name, type=click.Choice(list(of)), default=default, show_default=True, help=help_)


@policy.command()
@click.option("--role", type=click.Choice([each.value for each in Role]), required=True)
@click.option("--purpose", type=click.Choice([each.value for each in Purpose]), required=True)
@_choice("--tier", default="none", of=map(name_of, Tier), help_="Of a partner's agreement.")
@_choice("--attribution", default="A1", of=_LEVELS, help_="How surely it is known who asks.")
@click.option("--step-up", is_flag=True, help="The officer has just proved anew who they are.")
@_choice("--officer-clearance", default="restricted", of=AXES["clearances"], help_="The officer's.")
@click.option(
    "--closed", type=click.Choice([each.value for each in FieldClass]), multiple=True, help="Shut for everybody."
)
@click.option("--standing", type=click.Choice(AXES["standings"]), help="Of the record. Without it: of any record.")
@_choice("--category", default="convicted", of=AXES["categories"], help_="Of the record.")
@_choice("--owner", default="other", of=AXES["owners"], help_="Whether the asker's agency owns the record.")
@click.option("--withheld-from-country", is_flag=True, help="The record does not name the asker's country.")
@_choice("--onward", default="H1", of=AXES["onward"], help_="Handling code.")
@_choice("--clearance", default="restricted", of=AXES["clearances"], help_="Of the record.")
@_edition
@as_json
@reporting
def explain(edition: str, as_json: bool, **case: Any) -> None:
    """Say what one case opens and withholds, with rules and laws.

    \b
    Example:
      registry policy explain --role partner_officer --purpose missing_child --tier full --attribution A2 \\
        --standing shareable
    """  # noqa: D301
    access, facts = _case(**case)
    told = explained.explained(load(edition, now().date()), access, facts)
    emit(asdict(told), as_json=as_json, text=explained.said(told))


def _case(  # noqa: PLR0913  each is an option of the command
    *, role: str, purpose: str, tier: str, attribution: str, step_up: bool, officer_clearance: str,
    closed: tuple[str, ...], standing: str | None, category: str, owner: str, withheld_from_country: bool, onward: str,
    clearance: str,
) -> tuple[Access, Facts | None]:  # fmt: skip
    asked = Role(role)
    access = Access(
        frozenset({asked}), Purpose(purpose), "own", _ABROAD, cells.party(asked) == "partner", Tier[tier.upper()],
        _LEVELS[attribution], officer_clearance, step_up, frozenset(map(FieldClass, closed)),
    )  # fmt: skip
    if standing is None:
        return access, None
    countries = frozenset[str]() if withheld_from_country else frozenset({_ABROAD})
    return access, Facts(standing, category, owner, countries, onward, clearance)


@policy.command()
@click.option("--html", "form", flag_value="html", help="One page for paper.")
@click.option("--markdown", "form", flag_value="page", help="docs/permissions.md.")
@click.option("--cells", "form", flag_value="cells", help="Every cell, grouped.")
@click.option("--cedar", "form", flag_value="cedar", help="The rules in Cedar's language.")
@_edition
@reporting
def matrix(form: str | None, edition: str) -> None:
    """Print who may do what with which fields.

    \b
    Examples:
      registry policy matrix
      registry policy matrix --html > matrix.html
    """  # noqa: D301
    chosen = load(edition, now().date())
    click.echo(_FORMS[form or "text"](chosen), nl=form in {None, "cells", "cedar"})


_FORMS: Mapping[str, Callable[[Policy], str]] = {
    "text": matrices.text,
    "html": matrices.html,
    "page": matrices.page,
    "cells": cells.text,
    "cedar": lambda chosen: cedar.policies(chosen.rules, chosen.table.clearances),
}


@policy.command()
@click.argument("old", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("new", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_edition
@as_json
@reporting
def diff(old: Path, new: Path | None, edition: str, as_json: bool) -> None:
    """Print the cells that NEW opens and closes in the place of OLD; without NEW, the edition's approved table.

    \b
    Example:
      git show HEAD:registry/editions/ke/disclosure.toml > old.toml && registry policy diff old.toml
    """  # noqa: D301
    today = now().date()
    after = Policy(read(_text(new)), today) if new else load(edition, today)
    told = cells.changes(Policy(read(_text(old)), today), after)
    counted = f"{told.opened:,} cells open, {told.closed:,} close; in {told.silenced:,} cases silence begins or ends."
    emit(told._asdict(), as_json=as_json, text="\n".join(filter(None, [told.text, counted])))


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@reporting
def check(file: Path, as_json: bool) -> None:
    """Read a table strictly, and print the version that two persons enter beside it.

    \b
    Example:
      registry policy check registry/editions/ke/disclosure.toml
    """  # noqa: D301
    table = read(_text(file))
    told = {"edition": table.edition, "version": table.version, "rules": len(table.rules)}
    emit(told, as_json=as_json, text=f"{table.version}  {len(table.rules)} rules, edition {table.edition}")


def _text(path: Path) -> str:
    return path.read_bytes().decode()


@policy.command()
@click.argument("index", type=click.IntRange(0))
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def replay(on_behalf: OnBehalf, index: int, as_json: bool) -> None:
    """Make the decisions of an entry of the log again, by the policy that was kept. For auditors.

    \b
    Example:
      registry policy replay 4711 --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" --legal-basis KE-DPA-51
    """  # noqa: D301
    node = settings()
    replaying = partial(decisions.replay_decisions, index=index)
    told = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "policy replay", replaying, load_edition(node.edition), open_sealer(node)
        ),
    )
    lines = [_replayed(each) for each in told.events] or ["This entry holds no decision of disclosure."]
    emit({**asdict(told), "is_same": told.is_same}, as_json=as_json, text="\n".join(lines))
    if not told.is_same:
        raise Conflict(
            "A decision of this entry can't be made again as it stands in the log.", code="DECISION_DIFFERS",
            remedy="Compare the program's version, the kept policy and the entry; tell whoever guards the log.",
        )  # fmt: skip


def _replayed(event: decisions.Replayed) -> str:
    then = "; ".join(" ".join(each) or "no rule" for each in event.then)
    if event.now is None:
        return f"{event.name}  policy {event.policy[:12]} was not kept here; then: {then}"
    again = (
        "the same again" if event.is_same else "now: " + "; ".join(" ".join(each) or "no rule" for each in event.now)
    )
    return f"{event.name}  policy {event.policy[:12]}  then: {then}  {again}"
