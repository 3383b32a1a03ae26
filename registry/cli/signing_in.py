"""``registry enrol first-administrator`` and ``invitation``: how somebody gets in before anybody else is there.

    registry enrol first-administrator 1 --agency ke-odpc --chain administration
    registry enrol invitation 1 --agency ke-odpc
    registry sessions end 20417 --agency ke-dci

An invitation is a code that registers one passkey, once, within a quarter of an hour. Whoever has it becomes the
officer: so it is printed and never logged, and once administrators of two chains of command are enrolled, nobody gets
one from the command line without breaking the glass: two of them invite (docs/signing-in.md).
"""

from uuid import UUID

import click
from sqlalchemy import Connection

from auth import directory, invitations, passkeys, people, sessions
from auth.invitations import Invitation
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.enrolment import bootstrapped, breaking_glass, enrol, entered
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.errors import Conflict, NotFound
from registry.core.ids import public_id
from registry.disclosure.vocabulary import Role


@enrol.command("first-administrator")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the agency, which is enrolled already.")
@click.option("--chain", required=True, help="Chain of command; the second administrator needs another.")
@breaking_glass
@as_json
@reporting
def first_administrator(reference: str, agency: str, chain: str, break_glass: str | None, as_json: bool) -> None:
    """Enrol the administrator REFERENCE, and print what registers their passkey.

    Called again it prints a new invitation, for as long as no passkey is registered.

    \b
    Example:
      registry enrol first-administrator 1 --agency ke-odpc --chain administration
    """  # noqa: D301
    at = now()

    def let_in(connection: Connection) -> Invitation:
        known = people.named(connection, agency, reference)
        if known is None:
            directory.enrol_officer(connection, agency, reference, chain=chain, roles=[Role.ADMINISTRATOR])
            known = people.named(connection, agency, reference)
        if known is None or Role.ADMINISTRATOR not in known.roles or passkeys.known(connection, known.id):
            raise Conflict("is enrolled already.", field="reference", code="ALREADY_ENROLLED",
                           remedy="Sign in, or invite: registry enrol invitation.")  # fmt: skip
        return invitations.invite(connection, known.id, at)

    made = bootstrapped("administrator:invited", let_in, break_glass, agency=agency, officer=reference)
    _tell(made, as_json=as_json)


@enrol.command("invitation")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@breaking_glass
@as_json
@reporting
def invitation(reference: str, agency: str, break_glass: str | None, as_json: bool) -> None:
    """Print what registers one passkey of the officer REFERENCE.

    \b
    Example:
      registry enrol invitation 1 --agency ke-odpc --break-glass "Both keys of the officer are lost"
    """  # noqa: D301
    at = now()

    def invite(connection: Connection) -> Invitation:
        return invitations.invite(connection, _enrolled(connection, agency, reference), at)

    made = bootstrapped("passkey:invited", invite, break_glass, agency=agency, officer=reference)
    _tell(made, as_json=as_json)


@click.group("sessions")
def sessions_() -> None:
    """See who is signed in, and end it."""


@sessions_.command("list")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@as_json
@reporting
def list_(reference: str, agency: str, as_json: bool) -> None:
    """Print the sessions of the officer REFERENCE that are not over.

    \b
    Example:
      registry sessions list 20417 --agency ke-dci
    """  # noqa: D301
    at = now()
    found = with_database(
        settings(),
        lambda database: database.read(
            lambda connection: sessions.listed(connection, _enrolled(connection, agency, reference), at)
        ),
    )
    lines = [f"{public_id('session', each.id)}  {each.method.value}  since {sessions.told(each.created_at)}"
             f"  from {each.source or 'nowhere known'}" for each in found]  # fmt: skip
    emit([each.as_json() for each in found], as_json=as_json, text="\n".join(lines) or "Not signed in.")


@sessions_.command("end")
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@as_json
@reporting
def end(reference: str, agency: str, as_json: bool) -> None:
    """End every session of the officer REFERENCE. To keep them out as well, close the officer (registry access close).

    \b
    Example:
      registry sessions end 20417 --agency ke-dci
    """  # noqa: D301
    count = entered(
        "sessions:ended",
        lambda connection: sessions.end_all(
            connection, _enrolled(connection, agency, reference), "ended_by_operator", now()
        ),
        agency=agency, officer=reference,
    )  # fmt: skip
    emit({"ended": count}, as_json=as_json, text=f"Ended {count}.")


def _enrolled(connection: Connection, agency: str, reference: str) -> UUID:
    found = people.enrolled(connection, agency, reference)
    if found is None:
        raise NotFound("is not enrolled.", field="officer", remedy="Enrol the officer first.")
    return found


def _tell(made: Invitation, *, as_json: bool) -> None:
    address = f"{settings().public_url}/session/enter#{made.code}"
    until = sessions.told(made.until)
    text = f"Open this once, before {until}, at the computer where the passkey is:\n\n  {address}\n"
    emit({"address": address, "invitation": made.code, "until": until}, as_json=as_json, text=text)
