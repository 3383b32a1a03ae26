"""``registry``: run and look after a node.

registry demo                     a synthetic register with its server, and a walk-through
registry serve                    the server, with the settings of REGISTRY_SETTINGS
registry token client.toml        an access token for a client
"""

import shutil
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import click
import uvicorn

from auth.keys import load_signing_key
from registry import migrations, sandbox
from registry.audit import partitions
from registry.cli import (
    access,
    audit,
    certificates,
    client,
    counting,
    data,
    demo,
    documents,
    drill,
    enrolment,
    erasing,
    export,
    index,
    keys,
    log_exports,
    mirror,
    misuse,
    notary,
    policy,
    proving,
    receipts,
    schemas,
    screening,
    seeing,
    signing,
    signing_in,
    witness,
)
from registry.cli.base import emit, reporting, settings, with_database
from registry.cli.options import as_json
from registry.core import roles, tracing
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import Forbidden, RegistryError, Unavailable
from registry.core.key_providers import open_sealer
from registry.core.metrics import shared
from registry.core.secret_files import read_secret
from registry.disclosure.policy import approved as approved_policy
from registry.editions.edition import load as load_edition


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Run and look after a register of child sex offenders.

    \b
    Examples:
      registry demo                                  try everything with synthetic data
      registry migrate && registry serve             run a node
      registry import records.jsonl --dry-run …      check a file before it is proposed
      registry audit list since:2026-11-01 …         read the log
    \b
    Exit codes: 0 done, 1 failure, 2 usage or bad input, 3 refused, 4 not found, 5 a proof failed,
    75 try later.
    """  # noqa: D301  \b keeps click from refilling the lines


@main.command()
@reporting
def serve() -> None:
    """Run the server.

    \b
    Example:
      REGISTRY_SETTINGS=settings.toml registry serve
    """  # noqa: D301
    run_server(settings())


def run_server(chosen: Settings) -> None:
    """Serve until a signal says stop; answers in flight are finished first.

    Keys and edition are read here once, although each worker reads them again: a worker that can't start
    would be started anew for ever.
    """
    load_signing_key(chosen.signing_key_file)
    read_secret(chosen.cursor_key_file, field="cursor_key_file", least=32)
    open_sealer(chosen)
    load_edition(chosen.edition)
    approved_policy(chosen.edition)
    if chosen.sandbox_folder:
        sandbox.load(Path(chosen.sandbox_folder))
        with_database(chosen, sandbox.prove)
    tracing.check(chosen.otlp_endpoint)
    with_database(chosen, _check_role)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again once all answers are given
    try:
        with shared(chosen.workers), notary.running_beside(chosen):
            _run_uvicorn(chosen)
    except SystemExit as end:
        if end.code:
            raise RegistryError("The server did not start; its log says why.", code="NOT_STARTED") from end
        raise


async def _check_role(database: Database) -> None:
    """See that policies bind this role; a database that does not answer yet is asked again by each worker."""
    with suppress(Unavailable):
        await database.read(roles.check)


def _run_uvicorn(chosen: Settings) -> None:
    uvicorn.run(
        "registry.app:create",
        factory=True,
        host=chosen.listen_host,
        port=chosen.listen_port,
        workers=chosen.workers,
        loop="uvloop",
        http="registry.heads:BoundedHeads",
        ws="none",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # registry/proxies.py reads them: it has to see where a connection really comes from
        limit_concurrency=1000,
        timeout_graceful_shutdown=chosen.shutdown_seconds,
        timeout_keep_alive=30,
        timeout_worker_healthcheck=60,  # after 5 s the library kills whoever starts on a busy machine, again and again
    )


@main.command()
@click.option("--to", "revision", default="head", help="Revision to go to; a lower one goes back.")
@click.option("--drop-data", is_flag=True, help="Go back although that drops tables with what they hold.")
@as_json
@reporting
def migrate(revision: str, drop_data: bool, as_json: bool) -> None:
    """Bring the database to this program's schema.

    \b
    Examples:
      registry migrate
      registry migrate --to 0002_log --drop-data
    """  # noqa: D301

    async def run(database: Database) -> str | None:
        if revision == "base" or revision in migrations.before(await _revision(database)):
            if not drop_data:
                raise Forbidden(
                    "Going back drops tables, the log's among them.", code="DATA_WOULD_BE_DROPPED",
                    remedy="Make a backup, then add --drop-data.",
                )  # fmt: skip
            await migrations.downgrade(database, revision)
        else:
            await migrations.upgrade(database, revision, role=chosen.role if chosen.migration_url else "")
        return await _revision(database)

    chosen = settings()
    reached = with_database(chosen.migrating, run)
    emit({"revision": reached}, as_json=as_json, text=f"The schema stands at {reached or 'nothing'}.")


async def _revision(database: Database) -> str | None:
    return await database.read(migrations.current)


@main.command()
@as_json
@reporting
def doctor(as_json: bool) -> None:
    """Check settings, secrets, database, schema and disk, and say what to do.

    \b
    Example:
      registry doctor --json
    """  # noqa: D301
    chosen = settings()
    checks: list[tuple[str, Callable[[], str]]] = [
        ("signing key", lambda: load_signing_key(chosen.signing_key_file).kid),
        ("cursor key", lambda: f"{len(read_secret(chosen.cursor_key_file, field='cursor_key_file', least=32))} bytes"),
        ("sealing key", lambda: open_sealer(chosen).current),
        ("schema", lambda: with_database(chosen, _schema)),
        ("database file", lambda: _database_file(chosen)),
        ("disk", lambda: _disk(chosen)),
    ]
    found = [(name, *_checked(check)) for name, check in checks]
    lines = "\n".join(f"{'ok  ' if good else 'FAIL'}  {name}: {words}" for name, good, words in found)
    emit([{"check": name, "ok": good, "details": words} for name, good, words in found], as_json=as_json, text=lines)
    if not all(good for _, good, _ in found):
        sys.exit(1)


def _checked(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except RegistryError as problem:
        return False, str(problem)


async def _schema(database: Database) -> str:
    stands = await database.read(migrations.current)
    if stands != migrations.head():
        raise Unavailable(f"The database stands at {stands}.", remedy="Run: registry migrate")
    if database.dialect == "postgresql" and not await database.read(partitions.ahead):
        raise Unavailable("No partition of the log waits.", remedy="Run: registry audit partitions")
    return f"{database.dialect}, {stands}, {await index.state(database)}"


def _database_file(chosen: Settings) -> str:
    """See that no other account of this machine can read the register."""
    if not chosen.is_sqlite:
        return "kept by the server"
    try:
        mode = Path(chosen.database_url.removeprefix("sqlite:///")).stat().st_mode
    except OSError as problem:
        raise Unavailable("The register's file is not there.", remedy="Run: registry migrate") from problem
    if mode & 0o077:
        raise Forbidden("Others than its owner can read the register's file.", remedy="chmod 600 it.")
    return "private"


def _disk(chosen: Settings) -> str:
    place = Path(chosen.database_url.removeprefix("sqlite:///")).parent if chosen.is_sqlite else Path()
    usage = shutil.disk_usage(place if place.exists() else Path())
    if usage.free < usage.total * 0.1:
        raise Unavailable("Less than a tenth of the disk is free.", remedy="Make room: a full disk stops the log.")
    return f"{usage.free * 100 // usage.total} % free"


keys.keys.add_command(signing.signing)
keys.keys.add_command(notary.notary_keys)
for _change in (erasing.erase, erasing.retain, erasing.partitions_):
    audit.audit.add_command(_change)
for _check in (proving.verify, proving.prove, proving.fsck, receipts.receipt, receipts.open_, counting.report):
    audit.audit.add_command(_check)
for _taken in (seeing.seen, log_exports.export, log_exports.export_approve):
    audit.audit.add_command(_taken)
for _copy in (mirror.mirror, mirror.restore, mirror.thaw, drill.drill):
    audit.audit.add_command(_copy)

for _command in (
    access.administer,
    access.close,
    access.open_,
    schemas.schema,
    audit.audit,
    certificates.certificate,
    client.grant,
    client.proof,
    client.query,
    client.token,
    data.import_,
    demo.demo,
    documents.documents,
    enrolment.enrol,
    export.export,
    index.index,
    keys.keys,
    misuse.misuse,
    notary.notary,
    policy.policy,
    screening.screen,
    signing_in.sessions_,
    witness.witness,
):
    main.add_command(_command)
