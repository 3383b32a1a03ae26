"""``registry audit verify | prove | fsck``: the log, checked by whoever holds its public keys.

These trust nothing of what they read: not this program's database, not the server, not the folder. Exit code 5 says
that a proof has failed, and which entry or file it was. docs/notary.md says what each of them proves.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import click
import httpx
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from registry.cli.base import console, emit, reporting, settings, with_database
from registry.cli.notary import stamping_room, store_of
from registry.cli.options import as_json
from registry.core.addresses import is_private_channel
from registry.core.db import Database
from registry.core.errors import InputRefused, ProofFailed, Unavailable
from registry.notary import checking, keeping, keys, promised, times
from registry.notary.bodies import Bodies, compare
from registry.notary.checking import Log, Source
from registry.tlog.keys import VerifierKey, parse_key
from registry.tlog.note import Note
from registry.tlog.policy import Policy, is_met, parse_policy
from registry.tlog.proof import parse_proof
from registry.tlog.strict import Malformed

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
@click.option("--kept", type=click.Path(path_type=Path),
              help="A checkpoint that you kept, or a folder of them: does the log go on from each, and are its leaves"
                   " dated between them? Then keeps the new one.")  # fmt: skip
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A C2SP tlog-policy: have enough of its witnesses cosigned?")  # fmt: skip
@click.option("--tsa", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Root certificate (PEM) of an authority of time-stamps: when did it see the log? Needs the extra"
                   " timestamps.")  # fmt: skip
@as_json
@reporting
def verify(  # one for each option
    place: str | None, named: tuple[str, ...], bodies: bool, kept: Path | None, policy: Path | None, tsa: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Check the log: its signature, every tile, every leaf, the root, and that time never goes back.

    \b
    Examples:
      registry audit verify --from https://registry.example/log --key DEMO-registry.vkeys --kept my.checkpoint
      registry audit verify --from https://registry.example/log --policy witnesses.txt --kept my-checkpoints/
      registry audit verify --bodies
    """  # noqa: D301
    believed = _believed(named, policy)
    silences = times.Silences()
    with source_of(place) as source:
        log = checking.opened(source, believed.logs)
        if not believed.is_met(log.note):
            raise ProofFailed("The checkpoint is not cosigned by enough witnesses of the policy.")
        older = keeping.notes(kept) if kept else []
        before = max((checking.goes_on(log, each).size for each in older), default=None)
        brackets = times.Brackets(keeping.bracketing([*older, log.note.print()], believed.witnesses, believed.logs))
        with progress("Hashing tiles", log.bundles) as advance:
            checking.whole(log, advance, silences, brackets)
        stamped = stamping_room("--tsa").newest(log, source, tsa.read_bytes()) if tsa else None
        found = Bodies()
        if bodies:
            found = with_database(settings(), partial(_compare, log=log))
    if kept:
        keeping.keep(kept, log.note, log.size)
    told = {"origin": log.checkpoint.origin, "size": log.size, "root": log.checkpoint.root.hex(),
            "signed_by": sorted(key.kind.name for key in log.signed), "bodies": bodies, "kept": before,
            "whole": found.whole, "in_part": found.in_part, "missing": found.gone, "accounts": sorted(found.accounts),
            "stamped": {"size": stamped.size, "at": stamped.at.isoformat()} if stamped else None,
            "quorum": bool(policy), "bracketed": brackets.checked,
            "silences": [{"before": each.index, "since": each.since.isoformat(), "until": each.until.isoformat()}
                         for each in silences.found]}  # fmt: skip
    words = [f"{log.checkpoint.origin}: {log.size} entries, all of them under the signed root.",
             f"Signed with {' and '.join(told['signed_by'])}."]  # type: ignore[arg-type]  # fmt: skip
    if bodies:
        words.append(str(found))
    if before is not None:
        words.append(f"The {before} entries of the checkpoint that you kept are the same.")
    if policy:
        words.append("Enough witnesses of the policy have cosigned it.")
    if stamped:
        words.append(f"The first {stamped.size} of them were there at {stamped.at}, says the authority.")
    if brackets.checked:
        words.append(f"{brackets.checked} entries are dated between the checkpoints before and after them.")
    words += [f"Silent for more than ten minutes before entry {each.index}: from {each.since} to {each.until}."
              for each in silences.found[:MOST_TOLD]]  # fmt: skip
    emit(told, as_json=as_json, text="\n".join(words))


async def _compare(database: Database, log: Log) -> Bodies:
    with progress("Hashing entries", log.bundles) as advance:
        return await compare(database, log, advance)


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
        checkpoint = checking.proved(proof, named_keys(named))
        leaf = (proof.extra or b"").decode("ascii", "replace")
        click.echo(f"Entry {proof.index} is in {checkpoint.origin} of {checkpoint.size} entries. Its leaf: {leaf}")
        return
    with source_of(place) as source:
        proof = checking.proof_of(checking.opened(source, named_keys(named)), index or 0)
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
    log = checking.opened(checking.folder_source(store.published), named_keys(named))
    with progress("Comparing files", log.bundles) as advance:
        problems = [*checking.rebuilt(log, store, advance), *checking.remembered(log, store)]
    problems += promised.spoilt(store.published, list(log.signed))
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


def named_keys(named: tuple[str, ...]) -> list[VerifierKey]:
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


@dataclass(frozen=True, slots=True)
class Believed:
    """By which keys a log is believed, and by how many witnesses where there is a policy."""

    logs: list[VerifierKey]
    policy: Policy | None = None

    @property
    def witnesses(self) -> list[VerifierKey]:
        """The keys of the policy's witnesses."""
        return [each.key for each in self.policy.witnesses.values()] if self.policy else []

    def is_met(self, note: Note) -> bool:
        """Say whether a checkpoint bears what the policy asks for."""
        return self.policy is None or is_met(self.policy, note)


def _believed(named: tuple[str, ...], file: Path | None) -> Believed:
    """Take the keys that are named; without any, the policy's; without one, those of the notary here."""
    if file is None:
        return Believed(named_keys(named))
    try:
        policy = parse_policy(file.read_bytes())
    except Malformed as problem:
        raise InputRefused(f"{problem}.", field="--policy", code="POLICY_UNREADABLE",
                           remedy="See docs/witness.md for its form.") from problem  # fmt: skip
    return Believed(named_keys(named) if named else [each.key for each in policy.logs], policy)


@contextmanager
def source_of(place: str | None) -> Iterator[Source]:
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
