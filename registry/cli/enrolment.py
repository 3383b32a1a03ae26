"""``registry enrol`` and ``registry suspend``: who may ask at all. Each call is an entry in the log.

Whoever can run these on the node can let anybody in: they are for its operator, until administration by
four eyes is there. A suspension takes effect with the next request.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import click
import orjson
from sqlalchemy import Connection

from auth import directory
from auth.directory import Subject
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import new_id, public_id, read_public_id
from registry.disclosure.vocabulary import Role

T = TypeVar("T")


@click.group()
def enrol() -> None:
    """Let an agency, an officer or a client in."""


@enrol.command("agency")
@click.argument("code")
@click.option("--name", required=True)
@click.option("--country", required=True, help="Two capitals of ISO 3166-1.")
@as_json
@reporting
def agency(code: str, name: str, country: str, as_json: bool) -> None:
    """Enrol the agency CODE.

    \b
    Example:
      registry enrol agency ke-dci --name "Directorate of Criminal Investigations" --country KE
    """  # noqa: D301
    entered("agency:enrolled", lambda db: directory.enrol_agency(db, code, name=name, country=country), agency=code)
    emit({"agency": code}, as_json=as_json, text=f"Enrolled agency {code}.")


@enrol.command("officer")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@click.option("--chain", required=True, help="Chain of command: whoever shares it can't vet this officer's proposals.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([each.value for each in Role]))
@as_json
@reporting
def officer(reference: str, agency: str, chain: str, roles: tuple[str, ...], as_json: bool) -> None:
    """Enrol the officer whom the agency calls REFERENCE.

    \b
    Example:
      registry enrol officer 20417 --agency ke-dci --chain child-protection --role investigator
    """  # noqa: D301
    held = [Role(each) for each in roles]
    identifier = entered(
        "officer:enrolled",
        lambda db: directory.enrol_officer(db, agency, reference, chain=chain, roles=held),
        agency=agency, officer=reference, roles=list(roles),
    )  # fmt: skip
    told = public_id("officer", identifier)
    emit({"officer": told}, as_json=as_json, text=f"Enrolled officer {reference} as {told}.")


@enrol.command("client")
@click.argument("identifier")
@click.option("--agency", required=True, help="Code of the client's agency.")
@click.option("--keys", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="File with the client's public keys: a JWK Set.")  # fmt: skip
@click.option("--introspection", is_flag=True, help="Let it ask for the schema.")
@as_json
@reporting
def client(identifier: str, agency: str, keys: Path, introspection: bool, as_json: bool) -> None:
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
    entered(
        "client:enrolled",
        lambda db: directory.enrol_client(db, identifier, agency, jwks=jwks, scopes=scopes),
        agency=agency, client=identifier, scopes=scopes,
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


def _officer(connection: Connection, agency: str, reference: str) -> UUID:
    found = directory.officer(connection, agency, reference)
    if found is None:
        raise NotFound("is not enrolled, or suspended.", field="officer", remedy="Enrol the officer first.")
    return found.id


@click.command()
@click.argument("subject", type=click.Choice([each.value for each in Subject]))
@click.argument("key")
@as_json
@reporting
def suspend(subject: str, key: str, as_json: bool) -> None:
    """Shut out the agency, client or officer KEY, from the next request on.

    \b
    Examples:
      registry suspend client ke-dci-desk
      registry suspend officer bwGh_4_IxnQ1q6mbwAXwKKw
    """  # noqa: D301
    kind = Subject(subject)
    chosen = read_public_id("officer", key, field="key") if kind is Subject.OFFICER else key
    entered(f"{subject}:suspended", lambda db: directory.suspend(db, kind, chosen, at=now()), **{subject: key})
    emit({subject: key, "suspended": True}, as_json=as_json, text=f"Suspended {subject} {key}.")


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
