"""``registry keys signing``: the keys that sign access tokens, exchanged or withdrawn. Each run is entered in the log.

Workers see what is done here within five seconds (auth/signing.py); nothing has to be restarted.
"""

from datetime import datetime, timedelta

import click
from sqlalchemy import Connection

from auth import signing as ring
from auth.keys import SigningKey, load_signing_key
from auth.signing import Listed
from registry.audit.events import Event
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.keys import entered
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.key_providers import open_sealer


@click.group()
def signing() -> None:
    """The keys that sign access tokens."""


def _told(keys: list[Listed], moment: datetime) -> list[dict[str, str | None]]:
    """Return what becomes of each key: waiting, signing, verifying, over or withdrawn."""
    using, may = ring.in_use(keys, moment), {key.kid for key in ring.standing(keys, moment)}

    def state(key: Listed) -> str:
        if key.withdrawn_at is not None:
            return "withdrawn"
        if using is not None and key.kid == using.kid:
            return "signing"
        if key.kid not in may:
            return "over"
        return "waiting" if key.used_from > moment else "verifying"

    return [{"kid": key.kid, "state": state(key), "used_from": key.used_from.isoformat()} for key in keys]


@signing.command("list")
@as_json
@reporting
def list_(as_json: bool) -> None:
    """List every key that signed tokens, or will. Without any the key file's signs.

    \b
    Example:
      registry keys signing list
    """  # noqa: D301
    keys = with_database(settings(), lambda database: database.read(ring.listed))
    told = _told(keys, now())
    lines = [f"{each['state']:10} {each['kid']}  from {each['used_from']}" for each in told]
    emit(told, as_json=as_json, text="\n".join(lines) or "The key file's key signs; none was made yet.")


@signing.command("rotate")
@click.option("--at-once", is_flag=True, help="Let it sign now, where the old one can't be trusted any more.")
@as_json
@reporting
def rotate(at_once: bool, as_json: bool) -> None:
    """Make the next key: published now, it signs in 24 hours; the old one verifies for a day beyond that.

    \b
    Examples:
      registry keys signing rotate
      registry keys signing rotate --at-once
    """  # noqa: D301
    node = settings()
    ahead = timedelta(0) if at_once else ring.AHEAD

    def change(connection: Connection) -> Listed:
        made = ring.rotate(connection, open_sealer(node), _file(node), now(), ahead=ahead)
        details = {"kid": made.kid, "used_from": made.used_from.isoformat()}
        entered(connection, "keys signing rotate", Event("signing-key:made", details=details))
        return made

    made = with_database(node, lambda database: database.write(change))
    emit({"kid": made.kid, "used_from": made.used_from.isoformat()}, as_json=as_json,
         text=f"Made {made.kid}. It signs from {made.used_from:%Y-%m-%d %H:%M} UTC on.")  # fmt: skip


@signing.command("withdraw")
@click.argument("kid")
@as_json
@reporting
def withdraw(kid: str, as_json: bool) -> None:
    """Let the key KID verify nothing any more: whoever holds one of its tokens gets a new one.

    If it is the one that signs, another is made in its place.

    \b
    Example:
      registry keys signing withdraw 0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I
    """  # noqa: D301
    node = settings()

    def change(connection: Connection) -> Listed | None:
        made = ring.withdraw(connection, open_sealer(node), _file(node), kid, now())
        details = {"kid": kid, "in_its_place": made.kid if made else None}
        entered(connection, "keys signing withdraw", Event("signing-key:withdrawn", details=details))
        return made

    made = with_database(node, lambda database: database.write(change))
    said = f"Withdrew {kid}." + (f" {made.kid} signs in its place." if made else "")
    emit({"withdrawn": kid, "in_its_place": made.kid if made else None}, as_json=as_json, text=said)


def _file(node: Settings) -> SigningKey:
    return load_signing_key(node.signing_key_file)
