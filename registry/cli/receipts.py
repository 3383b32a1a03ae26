"""``registry audit receipt | open``: what an answer promised is kept, and what an entry says is shown, field by field.

Both are checked by whoever holds the log's public keys, and trust nothing of what they read
(registry/notary/promised.py, registry/notary/openings.py). Exit code 5 says that a promise is broken, or that a proof
fails.
"""

from functools import partial
from pathlib import Path

import click

from registry.audit.receipts import Receipt
from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.options import as_json, on_behalf
from registry.cli.proving import keys_option, named_keys, source_of, source_option
from registry.core.clock import now
from registry.core.errors import InputRefused, ProofFailed
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition
from registry.notary import checking, openings, promised
from registry.notary.checking import Log, Source
from registry.oversight.opening import open_entry
from registry.tlog.keys import VerifierKey
from registry.tlog.proof import Proof, parse_proof
from registry.tlog.strict import Malformed

PROMISE = ".promise"
"""Behind the name of a proof: the certificate of the receipt's key."""
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("receipts", metavar="FILE|LINE")
@source_option
@keys_option
@click.option("--proof", "out", type=_OUT, help="File to write the proof to, and the key's certificate beside it.")
@click.option("--with", "kept", type=_FILE, help="A proof that was written before: neither log nor network is needed.")
@as_json
@reporting
def receipt(
    receipts: str, place: str | None, named: tuple[str, ...], out: Path | None, kept: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Check the receipts of answers: who promised, and whether the log holds what was promised.

    FILE|LINE is a receipt as the header Log-Receipt says it, or a file of them, one line for each answer. Those that
    the log need not hold yet end with exit code 75. A promise without inclusion after 60 seconds is proof of
    misconduct: exit code 5.

    \b
    Examples:
      registry audit receipt receipts.txt --from https://registry.example/log --key DEMO-registry.vkeys
      registry audit receipt "v1 4711 1795344843120 …" --proof 4711.tlog-proof
      registry audit receipt "v1 4711 1795344843120 …" --with 4711.tlog-proof --key DEMO-registry.vkeys
    """  # noqa: D301
    given = promised.read(Path(receipts).read_text(encoding="utf-8") if _is_file(receipts) else receipts)
    if not given or ((out or kept) and len(given) > 1):
        raise InputRefused("is not one receipt, or a file of some.", field="FILE|LINE", remedy="Give one line each.")
    for index in promised.twice(given):
        raise ProofFailed(f"Two answers were promised entry {index}; each has one of its own.", code="PROMISED_TWICE")
    keys = named_keys(named)
    if kept:
        words = _checked_offline(given[0], kept, keys)
    else:
        with source_of(place) as source:
            words = _checked(given, source, keys, out)
    emit({"receipts": len(given), "kept": True}, as_json=as_json, text=words)


def _is_file(text: str) -> bool:
    return " " not in text and Path(text).is_file()


def _checked(given: list[Receipt], source: Source, keys: list[VerifierKey], out: Path | None) -> str:
    log = checking.opened(source, keys)
    certificates = {each.key: promised.fetched(source, each) for each in given}
    for each in sorted(given, key=lambda found: found.index):
        promised.check(each, log.checkpoint.origin)
        promised.vouched(each, certificates[each.key], keys, now())
        proof = promised.proof_of(log, each, now())
        if out:
            _keep(out, proof, certificates[each.key] or b"")
    return _kept(given, log)


def _keep(out: Path, proof: Proof, certificate: bytes) -> None:
    out.write_bytes(proof.print())
    out.with_name(out.name + PROMISE).write_bytes(certificate)


def _kept(given: list[Receipt], log: Log) -> str:
    first = f"Entry {given[0].index}" if len(given) == 1 else f"All {len(given)} entries"
    return f"{first}: in {log.checkpoint.origin} of {log.size} entries, as promised."


def _checked_offline(given: Receipt, kept: Path, keys: list[VerifierKey]) -> str:
    try:
        proof = parse_proof(kept.read_bytes())
    except Malformed as problem:
        raise checking.failed(problem) from problem
    checkpoint = promised.proved(proof, given, keys)
    words = f"Entry {given.index}: in {checkpoint.origin} of {checkpoint.size} entries, as promised."
    certificate = kept.with_name(kept.name + PROMISE)
    if not certificate.exists():
        return f"{words} Who promised it was not looked at: {certificate.name} is not there."
    promised.certified(given, certificate.read_bytes(), keys)
    return words


@click.command("open")
@click.argument("index", type=click.IntRange(0), required=False)
@click.option("--field", "fields", multiple=True, metavar="NAME", help="A field to show; docs/log.md lists them.")
@source_option
@keys_option
@click.option("--out", type=_OUT, help="File to write to; else it is printed.")
@click.option("--check", type=_FILE, help="Check a file that was made before; neither log nor database is needed.")
@click.option("--reason", help="Why persons must be known: records, details and justification take one.")
@on_behalf(Purpose.OVERSIGHT, needed=False)
@reporting
def open_(
    index: int | None, fields: tuple[str, ...], place: str | None, named: tuple[str, ...], out: Path | None,
    check: Path | None, on_behalf: OnBehalf | None, **why: str | None,
) -> None:  # fmt: skip
    """Show some fields of entry INDEX, with the proof that the log holds them; the others stay closed.

    Whoever gets the file can check it without us. That it was made is an entry of its own.

    \b
    Examples:
      registry audit open 4711 --field at --field officer_reference --field case_reference --out 4711.json \\
        --agency demo-ipoa --officer DEMO-4001 --case "AUDIT 1/2026" --legal-basis …
      registry audit open --check 4711.json --key DEMO-registry.vkeys
    """  # noqa: D301
    if (index is None) == (check is None):
        raise InputRefused("or --check is needed, and not both.", field="INDEX", remedy="Name one of them.")
    if check:
        _tell(check, named)
        return
    if on_behalf is None:
        raise InputRefused(
            "is needed.", field="--agency", remedy="Say for whom: --agency, --officer, --case, --legal-basis."
        )
    with source_of(place) as source:
        proof = checking.proof_of(checking.opened(source, named_keys(named)), index or 0)
    node = settings()
    opening = with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit open",
            partial(open_entry, index=index or 0, names=frozenset(fields), **why),
            load_edition(node.edition), open_sealer(node),
        ),
    )  # fmt: skip
    shown = openings.Shown(opening, proof)
    shown.check()
    if out:
        out.write_bytes(shown.print())
        click.echo(f"Wrote {out}.")
        return
    click.echo(shown.print().decode("utf-8"), nl=False)


def _tell(file: Path, named: tuple[str, ...]) -> None:
    shown = openings.parse(file.read_bytes())
    checkpoint = openings.proved(shown, named_keys(named))
    click.echo(f"Entry {shown.proof.index} of {checkpoint.origin}, placed at {shown.leaf.at.isoformat()}:")
    for name, each in sorted(shown.opening.shown.items()):
        click.echo(f"  {name}: {each.value}")
    click.echo(f"{len(shown.opening.closed)} fields are closed.")
