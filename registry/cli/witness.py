"""``registry witness``: be a witness of the logs of others, and of your own from another machine.

registry witness init                             make its keys and its memory, once
registry witness key                              the keys to give to logs
registry witness                                  serve
registry witness --config other.toml key          another file than witness.toml here
"""

import signal
import sys
from pathlib import Path

import click
import uvicorn

from registry.cli.base import emit, reporting
from registry.cli.options import as_json
from registry.core.errors import RegistryError
from registry.core.telemetry import configure_logging
from registry.tlog.keys import Signer
from registry.witness import configuration
from registry.witness.configuration import Configuration
from registry.witness.memory import Memory
from registry.witness.server import create
from registry.witness.witness import Witness

MOST_CONNECTIONS = 256
_config = click.option(
    "--config", type=click.Path(dir_okay=False, path_type=Path), default=Path("witness.toml"), show_default=True,
    envvar="REGISTRY_WITNESS", help="The witness's configuration (docs/witness.md).",
)  # fmt: skip


@click.group(invoke_without_command=True)
@_config
@click.pass_context
@reporting
def witness(context: click.Context, config: Path) -> None:
    """See that logs have one history, and sign what was seen. Without a command: serve.

    \b
    Examples:
      registry witness init
      registry witness key
      registry witness --config witness.toml
    """  # noqa: D301
    context.obj = config
    if context.invoked_subcommand is None:
        serve(configuration.load(config))


@witness.command()
@as_json
@click.pass_obj
@reporting
def init(config: Path, as_json: bool) -> None:
    """Make the keys and the empty memory of a new witness, together, once.

    \b
    Example:
      registry witness init
    """  # noqa: D301
    _told(configuration.begin(configuration.load(config)), as_json=as_json)


@witness.command()
@as_json
@click.pass_obj
@reporting
def key(config: Path, as_json: bool) -> None:
    """Print the keys by which cosignatures are believed, one in a line.

    \b
    Example:
      registry witness key
    """  # noqa: D301
    _told(configuration.signers(configuration.load(config)), as_json=as_json)


def _told(signers: tuple[Signer, ...], *, as_json: bool) -> None:
    keys = [each.key.print() for each in signers]
    emit({"keys": keys}, as_json=as_json, text="\n".join(keys))


def serve(chosen: Configuration) -> None:
    """Serve until a signal says stop; answers in flight are finished first."""
    configure_logging("info")
    server = create(Witness(chosen.logs, configuration.signers(chosen), Memory(chosen.memory)))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # uvicorn raises it again once all answers are given
    try:
        uvicorn.run(
            server,
            host=chosen.listen_host,
            port=chosen.listen_port,
            loop="uvloop",
            http="registry.heads:BoundedHeads",
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=10,
            timeout_keep_alive=75,  # logs ask each second, and should not have to connect anew
        )
    except SystemExit as end:
        if end.code:
            raise RegistryError("The witness did not start; its log says why.", code="NOT_STARTED") from end
        raise
