"""``registry close``, ``registry open`` and ``registry administer``: who is shut out, and administration by four eyes.

registry close agency nl-police --reason "Its client key was stolen"       on the node: one person, at once
registry administer propose opening.json --reason "A new key" --as admin.toml        anywhere: two persons
registry administer approve ZQGX… --as second.toml

What stands in opening.json is one member of EnrolmentProposeInput: {"opening": {"scope": "AGENCY", "key": "nl-police"}}
"""

from pathlib import Path
from typing import Any

import click
import orjson

from auth import changes, directory
from auth.scope import Scope
from registry.cli import asking
from registry.cli.base import emit, reporting
from registry.cli.client import told as refusal
from registry.cli.enrolment import bootstrapped, entered
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.errors import InputRefused, NotFound
from registry.enrolment.intake import closable
from registry.enrolment.operations import closed_already
from registry.profiles.operations.text import sentence

OPERATOR = "command-line"
_SCOPE = click.argument("scope", type=click.Choice([each.value for each in Scope]))
_AS = click.option(
    "--as", "client_file", envvar="REGISTRY_CLIENT", required=True, help="The client's file.",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip
_REASON = click.option("--reason", required=True, help="Why, in a sentence.")
_ACT = "id kind subject state terms before reason decidedBy"
_INVITATION = "invitation { code until }"
_ERRORS = "userErrors { code field message remedy }"


@click.command()
@_SCOPE
@click.argument("key")
@_REASON
@as_json
@reporting
def close(scope: str, key: str, reason: str, as_json: bool) -> None:
    """Shut out the agency, client, officer, agreement or field class KEY, from the next request on.

    An officer's KEY is agency and reference. To open again takes two administrators.

    \b
    Examples:
      registry close client ke-dci-desk --reason "The laptop with its key is lost"
      registry close officer "ke-dci DCI/20417" --reason "Dismissed"
    """  # noqa: D301
    chosen, why = Scope(scope), sentence(reason)
    closed = closable(chosen, key)

    def change(connection: Any) -> None:
        if not directory.close(connection, chosen, closed, by=OPERATOR, reason=why, at=now()):
            raise closed_already()

    entered("access:closed", change, scope=scope, key=closed, reason=why)
    emit({"scope": scope, "key": closed, "closed": True}, as_json=as_json, text=f"Closed {scope} {closed}.")


@click.command("open")
@_SCOPE
@click.argument("key")
@click.option("--break-glass", metavar="REASON", required=True, help="Why two administrators can't decide on it.")
@as_json
@reporting
def open_(scope: str, key: str, break_glass: str, as_json: bool) -> None:
    """Open again what was closed, where fewer than two administrators are left to decide on it.

    Otherwise it takes two of them: registry administer.

    \b
    Example:
      registry open officer "ke-dci DCI/60001" --break-glass "Both administrators were closed by mistake"
    """  # noqa: D301
    chosen = Scope(scope)
    closed = closable(chosen, key)

    def change(connection: Any) -> None:
        if changes.closure(connection, chosen, closed) is None:
            raise NotFound("is not closed.", field="key")
        changes.open_(connection, chosen, closed, by=f"{OPERATOR} (glass broken)", at=now())

    bootstrapped("access:opened", change, break_glass, scope=scope, key=closed)
    emit({"scope": scope, "key": closed, "closed": False}, as_json=as_json, text=f"Opened {scope} {closed}.")


@click.group()
def administer() -> None:
    """Administer a node as the officer whom a client's file names: an administrator, for the purpose administration."""


@administer.command()
@click.argument("act", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_REASON
@_AS
@as_json
@reporting
def propose(client_file: Path, act: Path, reason: str, as_json: bool) -> None:
    """Propose the act in the file ACT: JSON, one member of EnrolmentProposeInput.

    \b
    Example:
      registry administer propose agreement.json --reason "Signed on 2026-11-20" --as admin.toml
    """  # noqa: D301
    try:
        given = orjson.loads(act.read_bytes())
    except orjson.JSONDecodeError:
        given = None
    if not isinstance(given, dict):
        raise InputRefused("is not a JSON object.", field="ACT", code="BAD_USER_INPUT",
                           remedy="Write one member of EnrolmentProposeInput.")  # fmt: skip
    _tell(_changed(client_file, "enrolmentPropose", given | {"reason": reason}), as_json=as_json)


@administer.command()
@click.argument("reference")
@click.option("--agency", required=True, help="Code of the officer's agency.")
@_REASON
@_AS
@as_json
@reporting
def invite(client_file: Path, reference: str, agency: str, reason: str, as_json: bool) -> None:
    """Propose that the officer REFERENCE may register a passkey. Who approves it is told the code.

    \b
    Example:
      registry administer invite DCI/20417 --agency ke-dci --reason "New at the unit" --as admin.toml
    """  # noqa: D301
    act = {"passkeyInvitation": {"agency": agency, "reference": reference}, "reason": reason}
    _tell(_changed(client_file, "enrolmentPropose", act), as_json=as_json)


@administer.command()
@click.argument("client")
@click.argument("pem", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_REASON
@_AS
@as_json
@reporting
def certificate(client_file: Path, client: str, pem: Path, reason: str, as_json: bool) -> None:
    """Propose that tokens of CLIENT may be bound to the certificate in the file PEM.

    \b
    Example:
      registry administer certificate ke-dci-desk desk-2027.crt --reason "The old one ends" --as admin.toml
    """  # noqa: D301
    given = {"client": client, "certificate": pem.read_text("utf-8", "replace")}
    act = {"clientCertificate": given, "reason": reason}
    _tell(_changed(client_file, "enrolmentPropose", act), as_json=as_json)


@administer.command()
@click.argument("enrolment")
@_AS
@as_json
@reporting
def approve(client_file: Path, enrolment: str, as_json: bool) -> None:
    """Do what an administrator of another chain proposed. The code of a passkey's invitation is printed, this once.

    \b
    Example:
      registry administer approve ZQGX… --as second.toml
    """  # noqa: D301
    act = _changed(client_file, "enrolmentApprove", {"enrolmentId": enrolment}, _INVITATION)
    made = act.get("invitation")
    said = (
        f"\nHand this over in person; at /session/enter it registers one passkey, before {made['until']}:"
        if made
        else ""
    )
    emit(act, as_json=as_json, text=_line(act) + (f"{said}\n\n  {made['code']}\n" if made else ""))


@administer.command()
@click.argument("enrolment")
@click.option("--note", required=True, help="Why not, in a sentence.")
@_AS
@as_json
@reporting
def reject(client_file: Path, enrolment: str, note: str, as_json: bool) -> None:
    """Refuse what an administrator of another chain proposed.

    \b
    Example:
      registry administer reject ZQGX… --note "Not signed yet" --as second.toml
    """  # noqa: D301
    _tell(_changed(client_file, "enrolmentReject", {"enrolmentId": enrolment, "note": note}), as_json=as_json)


@administer.command()
@click.argument("enrolment")
@_REASON
@_AS
@as_json
@reporting
def withdraw(client_file: Path, enrolment: str, reason: str, as_json: bool) -> None:
    """Take an own proposal back.

    \b
    Example:
      registry administer withdraw ZQGX… --reason "Another code" --as admin.toml
    """  # noqa: D301
    _tell(_changed(client_file, "enrolmentWithdraw", {"enrolmentId": enrolment, "reason": reason}), as_json=as_json)


@administer.command()
@_AS
@as_json
@reporting
def waiting(client_file: Path, as_json: bool) -> None:
    """List the acts that wait for a second word.

    \b
    Example:
      registry administer waiting --as second.toml
    """  # noqa: D301
    document = f"{{ enrolments(state: PROPOSED, first: 100) {{ edges {{ node {{ {_ACT} }} }} }} }}"
    found = [edge["node"] for edge in _asked(client_file, document, {})["enrolments"]["edges"]]
    emit(found, as_json=as_json, text="\n".join(map(_line, found)) or "Nothing waits.")


@administer.command()
@_AS
@as_json
@reporting
def keys(client_file: Path, as_json: bool) -> None:
    """List the keys and certificates that end within thirty days, or have ended.

    \b
    Example:
      registry administer keys --as admin.toml
    """  # noqa: D301
    found = _asked(client_file, "{ keysExpiring { holder name kid notAfter isCertificate } }", {})["keysExpiring"]
    kinds = {False: "key", True: "certificate"}
    lines = [
        f"{each['notAfter']}  {each['holder']} {each['name']}, {kinds[each['isCertificate']]} {each['kid']}"
        for each in found
    ]
    emit(found, as_json=as_json, text="\n".join(lines) or "No key or certificate ends within thirty days.")


@administer.command("close")
@_SCOPE
@click.argument("key")
@_REASON
@_AS
@as_json
@reporting
def close_there(client_file: Path, scope: str, key: str, reason: str, as_json: bool) -> None:
    """Shut out the agency, client, officer, agreement or field class KEY.

    \b
    Example:
      registry administer close client nl-police-desk --reason "Its key was stolen" --as admin.toml
    """  # noqa: D301
    document = f"""mutation ($input: AccessCloseInput!) {{ accessClose(input: $input) {{
        closure {{ scope key reason closedBy closedAt }} {_ERRORS} }} }}"""
    given = {"input": {"scope": scope.upper(), "key": key, "reason": reason}}
    closed = _value(_asked(client_file, document, given)["accessClose"], "closure")
    emit(closed, as_json=as_json, text=f"Closed {scope} {key}.")


def _changed(client_file: Path, name: str, given: dict[str, Any], more: str = "") -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ enrolment {{ {_ACT} {more} }} {_ERRORS} }} }}"
    return _value(_asked(client_file, document, {"input": given})[name], "enrolment")


def _asked(client_file: Path, document: str, variables: dict[str, Any]) -> Any:
    """Return the data of an answer. Raises what the node refused with."""
    client = asking.read(client_file)
    token = client.token()["access_token"]
    answer = client.post("/graphql", token, json={"query": document, "variables": variables})
    if "errors" in answer:
        raise refusal(answer)
    return answer["data"]


def _value(payload: dict[str, Any], name: str) -> dict[str, Any]:
    """Return what a mutation made. Raises InputRefused for the first rule that it found broken."""
    for error in payload["userErrors"]:
        raise InputRefused(error["message"], code=error["code"], field=error["field"], remedy=error["remedy"])
    made: dict[str, Any] = payload[name]
    return made


def _tell(act: dict[str, Any], *, as_json: bool) -> None:
    emit(act, as_json=as_json, text=_line(act))


def _line(act: dict[str, Any]) -> str:
    return f"{act['id']}  {act['state'].lower()}  {act['kind'].lower()} {act['subject']}: {act['reason']}"
