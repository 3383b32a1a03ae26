"""``registry notary``: the process that signs what the log has become; ``registry keys notary`` makes its keys.

One log has one notary. It may run beside the server, or elsewhere under an account of its own, which is better: it
needs to read the log and to write log_heads, nothing else. docs/notary.md.
"""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click

from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.options import as_json
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.core.telemetry import configure_logging, log
from registry.notary import keys
from registry.notary.cosigning import Cosigning
from registry.notary.running import FolderFailed, Rounds, keep
from registry.notary.signing import Notary
from registry.notary.store import Store
from registry.witness.asking import open_witnesses

if TYPE_CHECKING:  # its library comes with an extra
    from registry.notary.stamping import Stamping


def store_of(node: Settings) -> Store:
    """Return the notary's two folders. Raises InputRefused where nothing is published."""
    if not node.log_folder:
        raise InputRefused("is empty.", field="log_folder", code="SETTING_INVALID",
                           remedy="Name the folder that the notary publishes.")  # fmt: skip
    return Store(Path(node.notary_folder), Path(node.log_folder))


@click.command()
@click.option("--once", is_flag=True, help="Sign all that waits, then end.")
@click.option("--beside", is_flag=True, hidden=True, help="End when standard input ends, with whoever started it.")
@as_json
@reporting
def notary(once: bool, beside: bool, as_json: bool) -> None:
    """Hash the log's entries again, sign the tree over them, publish it.

    It ends by itself, with exit code 5, when the log is not what it signed; and so does every start after that.
    Nothing more is signed then until a person has found out why: docs/notary.md.

    \b
    Examples:
      REGISTRY_SETTINGS=settings.toml registry notary
      registry notary --once --json
    """  # noqa: D301
    node = settings()
    try:
        size = _signed(node, once=once, beside=beside)
    except OSError as problem:
        raise FolderFailed from problem
    emit({"size": size, "origin": node.origin}, as_json=as_json, text=f"{size} entries are signed.")


@contextmanager
def running_beside(node: Settings) -> Iterator[None]:
    """Run the notary as a child, as long as whoever calls; where the settings don't want it, run nothing.

    It ends when its standard input does, so it ends with a server that is killed as well. One that refuses to sign
    says so in its log, and the server goes on.
    """
    if not node.is_notary_beside:
        yield
        return
    command = [sys.executable, "-c", "from registry.cli.main import main; main()", "notary", "--beside"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:  # noqa: S603  our own
        try:
            yield
        finally:
            child.terminate()


def _signed(node: Settings, *, once: bool, beside: bool) -> int:
    store = store_of(node)
    with closing(store):
        store.open()
        signers = keys.signers_of(node, is_first=store.memory() is None)
        working = Notary(store, node.origin, signers)
        run = partial(_run, working=working, store=store, node=node, once=once, beside=beside)
        with_database(node, run)
        return working.size


async def _run(
    database: Database, working: Notary, store: Store, node: Settings, *, once: bool, beside: bool
) -> None:  # fmt: skip
    silence = timedelta(seconds=node.heartbeat_seconds)
    rounds = Rounds(working, store, database, silence, cosigning=_cosigning(node, working),
                    stamping=_stamping(node))  # fmt: skip
    if once:
        while await rounds.one(now()):
            pass
        return
    configure_logging(node.log_level)
    ended = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ended.set)
    if beside:
        asyncio.get_running_loop().add_reader(sys.stdin, ended.set)  # nothing is ever written there, so it has ended
    log.info("notary_started", size=working.size)
    await keep(rounds, now, node.notary_seconds, ended,
               lambda signed, size: log.info("signed", count=signed, size=size))  # fmt: skip
    log.info("notary_stopped", size=working.size)


def _cosigning(node: Settings, working: Notary) -> Cosigning | None:
    """Open the witnesses of the policy. Raises InputRefused where whoever goes by it would not believe this notary."""
    if not node.witness_policy_file:
        return None
    witnesses = open_witnesses(Path(node.witness_policy_file), networks=node.networks)
    if not witnesses.knows(working.keys):
        raise InputRefused(
            "has no key of this log.", field="witness_policy_file", code="SETTING_INVALID",
            remedy="Add a line: log, and what registry keys notary prints first.",
        )  # fmt: skip
    return Cosigning(witnesses)


def _stamping(node: Settings) -> "Stamping | None":
    """Open the authority of time-stamps. Raises InputRefused where the extra is not installed."""
    if not node.timestamp_url:
        return None
    stamping: ModuleType = stamping_room("timestamp_url")
    opened: Stamping = stamping.opened(node.timestamp_url, node.networks)
    return opened


def stamping_room(field: str) -> ModuleType:
    """Return registry.notary.stamping, whose library is an extra. Raises InputRefused where that is not installed."""
    try:
        return import_module("registry.notary.stamping")
    except ModuleNotFoundError as problem:
        raise InputRefused("needs an extra that is not installed.", field=field, code="SETTING_INVALID",
                           remedy="pip install 'registry[timestamps]', or leave it out.") from problem  # fmt: skip


@click.command("notary")
@as_json
@reporting
def notary_keys(as_json: bool) -> None:
    """Make the notary's keys where the settings name them, unless they are there, and print their public halves.

    Hand these to whoever is to check the log: they believe it by them.

    \b
    Example:
      registry keys notary > DEMO-registry.vkeys
    """  # noqa: D301
    node = settings()
    keys.make_missing(node)
    printed = [each.key.print() for each in keys.signers_of(node, is_first=False)]
    emit({"keys": printed}, as_json=as_json, text="\n".join(printed))
