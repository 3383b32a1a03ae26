"""``registry enrol``: the first administrators, and whoever they need to work. Each call is an entry in the log.

    registry enrol agency ke-odpp --name "Office of the Director of Public Prosecutions" --country KE
    registry enrol officer 30001 --agency ke-odpp --chain administration --role administrator

It serves until administrators of two chains of command are enrolled; from then on administration takes two of them
(docs/administration.md), and this is refused (BOOTSTRAP_OVER). Should fewer than two of them be left who are not shut
out, whoever has the node may break the glass: ``--break-glass`` with a reason, which stands in the log.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
import orjson
from sqlalchemy import Connection

from auth import directory, enrolled_certificates, validity
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import new_id, public_id
from registry.core.telemetry import log
from registry.disclosure.vocabulary import Role
from registry.enrolment import first, queries
from registry.profiles.operations.text import sentence

T = TypeVar("T")
FIRST_KEYS = timedelta(days=365)
breaking_glass = click.option(
    "--break-glass", metavar="REASON", help="Do it although it takes two: fewer than two administrators are left."
)


@click.group()
def enrol() -> None:
    """Let the first agencies, officers and clients in, until there are administrators of two chains of command."""


@enrol.command("agency")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--country", required=True, help="Two capitals of ISO 3166-1.")
@breaking_glass
@as_json
@reporting
def agency(code: str, name: str, country: str, break_glass: str | None, as_json: bool) -> None:
    """Enrol the agency CODE.

    \b
    Example:
      registry enrol agency ke-dci --name "Directorate of Criminal Investigations" --country KE
    """  # noqa: D301
    bootstrapped(
        "agency:enrolled", lambda db: directory.enrol_agency(db, code, name=name, country=country), break_glass,
        agency=code,
    )  # fmt: skip
    emit({"agency": code}, as_json=as_json, text=f"Enrolled agency {code}.")


@enrol.command("officer")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@click.option("--chain", required=True, help="Chain of command: whoever shares it can't vet this officer's proposals.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@breaking_glass
@as_json
@reporting
def officer(
    reference: str, agency: str, chain: str, roles: tuple[str, ...], break_glass: str | None, as_json: bool
) -> None:  # fmt: skip
    """Enrol the officer whom the agency calls REFERENCE.

    \b
    Example:
      registry enrol officer 20417 --agency ke-dci --chain child-protection --role investigator
    """  # noqa: D301
    held = [Role(each) for each in roles]
    identifier = bootstrapped(
        "officer:enrolled",
        lambda db: directory.enrol_officer(db, agency, reference, chain=chain, roles=held),
        break_glass, agency=agency, officer=reference, roles=list(roles),
    )  # fmt: skip
    told = public_id("officer", identifier)
    emit({"officer": told}, as_json=as_json, text=f"Enrolled officer {reference} as {told}.")


@enrol.command("client")
@click.argument("identifier")
@click.option("--agency", required=True, help="Code of the client's agency.")
@click.option("--keys", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="File with the client's public keys: a JWK Set.")  # fmt: skip
@click.option("--introspection", is_flag=True, help="Let it ask for the schema.")
@click.option("--certificate", "pems", multiple=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="PEM of a certificate that its tokens may be bound to (RFC 8705).")  # fmt: skip
@breaking_glass
@as_json
@reporting
def client(
    identifier: str, agency: str, keys: Path, introspection: bool, pems: tuple[Path, ...], break_glass: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Enrol the machine client IDENTIFIER.

    \b
    Example:
      registry enrol client ke-dci-desk --agency ke-dci --keys desk.jwks.json
    """  # noqa: D301
    try:
        jwks = orjson.loads(keys.read_bytes())
    except orjson.JSONDecodeError:
        raise InputRefused("is not JSON.", field="--keys", remedy="Write a JWK Set (RFC 7517).") from None
    scopes = [directory.INTROSPECTION] if introspection else []
    given = [enrolled_certificates.read(each.read_text("utf-8", "replace"), "--certificate") for each in pems]
    known = enrolled_certificates.collected(given, now())
    bootstrapped(
        "client:enrolled",
        lambda db: directory.enrol_client(
            db, identifier, agency, jwks=_for_a_year(jwks), scopes=scopes, certificates=known
        ),
        break_glass, agency=agency, client=identifier, scopes=scopes,
        certificates=enrolled_certificates.thumbprints(known),
    )  # fmt: skip
    emit({"client": identifier}, as_json=as_json, text=f"Enrolled client {identifier}.")


@enrol.command("delegate")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@click.option("--to", "delegate", required=True, help="The officer of the same agency who acts for REFERENCE.")
@click.option("--until", required=True, type=click.DateTime(), help="End, UTC.")
@as_json
@reporting
def delegate(reference: str, agency: str, delegate: str, until: datetime, as_json: bool) -> None:
    """Let another officer act for REFERENCE; a delegate's decision counts as the officer's own.

    It opens nothing, it only takes away whom a delegate may decide on: so one person is enough.

    \b
    Example:
      registry enrol delegate 20417 --agency ke-dci --to 20633 --until 2026-12-31
    """  # noqa: D301
    entered(
        "officer:delegated",
        lambda db: directory.delegate(
            db, _officer(db, agency, reference), _officer(db, agency, delegate), since=now(),
            until=until.replace(tzinfo=UTC),
        ),
        agency=agency, officer=reference, delegate=delegate, until=until.isoformat(),
    )  # fmt: skip
    emit({"officer": reference, "delegate": delegate}, as_json=as_json,
         text=f"{delegate} acts for {reference} until {until:%Y-%m-%d}.")  # fmt: skip


def _for_a_year(jwks: object) -> object:
    """Let keys that name no end be good for a year: none is enrolled for ever."""
    if not isinstance(jwks, dict) or not isinstance(jwks.get("keys"), list):
        return jwks
    end = {validity.NOT_AFTER: int((now() + FIRST_KEYS).timestamp())}
    return jwks | {"keys": [end | each if isinstance(each, dict) else each for each in jwks["keys"]]}


def _officer(connection: Connection, agency: str, reference: str) -> UUID:
    found = directory.officer(connection, agency, reference)
    if found is None:
        raise NotFound("is not enrolled, or suspended.", field="officer", remedy="Enrol the officer first.")
    return found.id


def bootstrapped(event: str, change: Callable[[Connection], T], break_glass: str | None, **details: object) -> T:
    """Make a change that two administrators would decide on, while there are not two.

    Raises Forbidden (BOOTSTRAP_OVER).
    """

    def checked(connection: Connection) -> T:
        first.check(queries.administrators(connection), break_glass)
        return change(connection)

    if break_glass is None:
        return entered(event, checked, **details)
    reason = sentence(break_glass, "--break-glass")
    log.warning("glass_broken", operation=event)
    return entered(event, checked, **details, break_glass=reason)


def entered(event: str, change: Callable[[Connection], T], **details: object) -> T:
    """Make a change together with its entry in the log."""

    def run(connection: Connection) -> T:
        answer = change(connection)
        entry = Entry(
            now(), "command", event.replace(":", " "), Outcome.ALLOWED, str(new_id()), client="command-line",
            source="local", events=(Event(event, details=details),),
        )  # fmt: skip
        append(connection, [entry])
        return answer

    return with_database(settings(), lambda database: database.write(run))
