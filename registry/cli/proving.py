"""``registry audit verify | prove | fsck``: the log, checked by whoever holds its public keys.

These trust nothing of what they read: not this program's database, not the server, not the folder. Exit code 5 says
that a proof has failed, and which entry or file it was. docs/notary.md says what each of them proves.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click
import httpx
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from registry.cli.base import console, emit, reporting, settings, with_database
from registry.cli.notary import store_of
from registry.cli.options import as_json
from registry.core.config import is_private_channel
from registry.core.db import Database
from registry.core.errors import InputRefused, ProofFailed, Unavailable
from registry.notary import checking, keys, queries
from registry.notary.checking import Log, Source
from registry.tlog.keys import VerifierKey, parse_key
from registry.tlog.proof import parse_proof
from registry.tlog.strict import Malformed
from registry.tlog.tiles import WIDTH

TIMEOUT = httpx.Timeout(15.0)
MOST_TOLD = 20

source_option = click.option(
    "--from", "place", metavar="PLACE", help="A published folder, or an address that ends in /log; else log_folder."
)
keys_option = click.option(
    "--key", "named", multiple=True, metavar="KEY|FILE",
    help="Public key of the log, or a file of them, one a line; else those of the notary on this machine.",
)  # fmt: skip


@click.command()
@source_option
@keys_option
@click.option("--bodies", is_flag=True, help="Hash every entry of this node's database as well.")
@click.option("--kept", type=click.Path(dir_okay=False, path_type=Path),
              help="A checkpoint that you kept: does the log go on from it? Then keeps the new one.")  # fmt: skip
@as_json
@reporting
def verify(place: str | None, named: tuple[str, ...], bodies: bool, kept: Path | None, as_json: bool) -> None:
    """Check the log: its signature, every tile, every leaf, the root, and that time never goes back.

    \b
    Examples:
      registry audit verify --from https://registry.example/log --key DEMO-registry.vkeys --kept my.checkpoint
      registry audit verify --bodies
    """  # noqa: D301
    with _source(place) as source:
        log = checking.opened(source, _keys(named))
        with progress("Hashing tiles", log.bundles) as advance:
            checking.whole(log, advance)
        before = checking.goes_on(log, kept.read_bytes()).size if kept and kept.exists() else None
        if bodies:
            with_database(settings(), partial(_compare, log=log))
    if kept:
        kept.write_bytes(log.note.print())
    told = {"origin": log.checkpoint.origin, "size": log.size, "root": log.checkpoint.root.hex(),
            "signed_by": sorted(key.kind.name for key in log.signed), "bodies": bodies, "kept": before}  # fmt: skip
    words = [f"{log.checkpoint.origin}: {log.size} entries, all of them under the signed root.",
             f"Signed with {' and '.join(told['signed_by'])}."]  # type: ignore[arg-type]  # fmt: skip
    if bodies:
        words.append("Every entry of the database hashes to its leaf.")
    if before is not None:
        words.append(f"The {before} entries of the checkpoint that you kept are the same.")
    emit(told, as_json=as_json, text="\n".join(words))


async def _compare(database: Database, log: Log) -> None:
    with progress("Hashing entries", log.bundles) as advance:
        for bundle in range(log.bundles):
            texts = checking.leaves(log, bundle)
            first = bundle * WIDTH
            rows = await database.read(partial(queries.rows, first=first, most=len(texts)))
            checking.compared(first, rows, texts)
            advance(1)


@click.command()
@click.argument("index", type=click.IntRange(0), required=False)
@source_option
@keys_option
@click.option("--check", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Check a proof that was made before; the log is not needed.")  # fmt: skip
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write the proof to.")
@reporting
def prove(index: int | None, place: str | None, named: tuple[str, ...], check: Path | None, out: Path | None) -> None:
    """Prove that entry INDEX is in the log, as a C2SP tlog-proof that anybody can check offline.

    \b
    Examples:
      registry audit prove 4711 --from https://registry.example/log --key DEMO-registry.vkeys --out 4711.tlog-proof
      registry audit prove --check 4711.tlog-proof --key DEMO-registry.vkeys
    """  # noqa: D301
    if (index is None) == (check is None):
        raise InputRefused("or --check is needed, and not both.", field="INDEX", remedy="Name one of them.")
    if check:
        try:
            proof = parse_proof(check.read_bytes())
        except Malformed as problem:
            raise checking.failed(problem) from problem
        checkpoint = checking.proved(proof, _keys(named))
        leaf = (proof.extra or b"").decode("ascii", "replace")
        click.echo(f"Entry {proof.index} is in {checkpoint.origin} of {checkpoint.size} entries. Its leaf: {leaf}")
        return
    with _source(place) as source:
        proof = checking.proof_of(checking.opened(source, _keys(named)), index or 0)
    if out:
        out.write_bytes(proof.print())
        click.echo(f"Wrote {out}.")
        return
    click.echo(proof.print().decode("utf-8"), nl=False)


@click.command()
@keys_option
@as_json
@reporting
def fsck(named: tuple[str, ...], as_json: bool) -> None:
    """Make every published file again from the leaves, and compare; then the notary's memory.

    \b
    Example:
      registry audit fsck
    """  # noqa: D301
    store = store_of(settings())
    log = checking.opened(checking.folder_source(store.published), _keys(named))
    with progress("Comparing files", log.bundles) as advance:
        problems = [*checking.rebuilt(log, store, advance), *checking.remembered(log, store)]
    text = f"{log.size} entries: every file is as it should be." if not problems else "\n".join(problems[:MOST_TOLD])
    emit({"size": log.size, "problems": problems}, as_json=as_json, text=text)
    if problems:
        sys.exit(ProofFailed.exit_code)


@contextmanager
def progress(word: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar; what it yields moves it on."""
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
    ) as bar:  # fmt: skip
        task = bar.add_task(word, total=total)
        yield lambda done: bar.advance(task, done)


def _keys(named: tuple[str, ...]) -> list[VerifierKey]:
    """Return the keys that are named, or those of the notary whose private halves can be read here."""
    if not named:
        return [each.key for each in keys.signers_of(settings(), is_first=False)]
    found: list[VerifierKey] = []
    for each in named:
        try:
            lines = Path(each).read_text(encoding="utf-8").split("\n") if Path(each).is_file() else [each]
            found += [parse_key(line) for line in lines if line]
        except (OSError, UnicodeDecodeError, Malformed) as problem:
            raise InputRefused("is no public key of a log.", field="--key", code="KEY_REFUSED",
                               remedy="Take what registry keys notary prints.") from problem  # fmt: skip
    return found


@contextmanager
def _source(place: str | None) -> Iterator[Source]:
    """Return what reads a folder, or an address."""
    if place is None or not urlsplit(place).scheme:
        yield checking.folder_source(Path(place) if place else store_of(settings()).published)
        return
    if not is_private_channel(place):
        raise InputRefused("is no address to read a log from.", field="--from",
                           remedy="Write https://…/log; http on this machine only.")  # fmt: skip
    with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
        yield partial(_fetched, http, place.rstrip("/"))


def _fetched(http: httpx.Client, place: str, path: str, most: int) -> bytes | None:
    """Fetch a file, counted while it comes."""
    try:
        with http.stream("GET", f"{place}/{path}", headers={"accept-encoding": "identity"}) as answer:
            if answer.status_code == httpx.codes.NOT_FOUND:
                return None
            answer.raise_for_status()
            content = b""
            for part in answer.iter_raw():
                content += part
                if len(content) > most:
                    raise ProofFailed(f"{path} is longer than any such file.")
            return content
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        raise Unavailable("The log can't be read from there.", remedy="Try again later.") from problem
