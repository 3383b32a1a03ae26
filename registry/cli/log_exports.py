"""``registry audit export``: entries of the log in a file, and beside it a signature that says what it stands on.

    log.csv          exactly the filtered set, each line with its place in the log
    log.csv.jws      filter, count, checkpoint, who, when, and the file's SHA-256, signed with the node's key

An export that was cut off goes on where it stopped: what is written lies in FILE.part, how far it is in FILE.state.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any

import click
import orjson

from auth import jose
from auth.keys import load_signing_key
from registry.cli.base import OnBehalf, commanded, emit, reporting, settings, with_database
from registry.cli.data import bar
from registry.cli.options import as_json, on_behalf
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import Conflict
from registry.core.ids import read_public_id
from registry.core.key_providers import open_sealer
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import load as load_edition
from registry.oversight import exporting, filters
from registry.oversight.export_forms import FORMS
from registry.oversight.export_summary import Counted, pdf
from registry.oversight.exporting import Begun
from registry.oversight.filters import LogFilter, written

SIGNED_AS = "registry-log-export+jwt"
"""The kind of the signature: it is good for nothing else."""
filter_option = click.option("--filter", "text", default="", help="As of audit list; without one, the whole log.")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be exported, by whom and where to."""

    node: Settings
    on_behalf: OnBehalf
    chosen: LogFilter
    form: str
    out: Path
    size: int | None
    reason: str | None

    @property
    def what(self) -> str:
        """What the same export has in common, however often it is begun."""
        told = [written(self.chosen), self.form, self.reason is not None, self.on_behalf.agency, self.on_behalf.officer]
        return hashlib.sha256(orjson.dumps(told)).hexdigest()

    def beside(self, ending: str) -> Path:
        """Return a file beside the one that is to be."""
        return self.out.with_name(f"{self.out.name}.{ending}")


@dataclass(slots=True)
class State:
    """How far an export is."""

    size: int | None
    after: int | None = None
    count: int = 0
    length: int = 0
    """Bytes that are whole."""
    counted: Counted = field(default_factory=Counted)


@click.command()
@filter_option
@click.option("--as", "form", type=click.Choice([*FORMS, "pdf"]), required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--size", type=click.IntRange(1), help="Up to this checkpoint; else the newest that is signed.")
@click.option("--reason", help="Why persons are to be named and not only counted. It is kept, sealed.")
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def export(on_behalf: OnBehalf, as_json: bool, text: str, **more: Any) -> None:  # Any: the options' own types
    """Write exactly the filtered entries to a file, and what it stands on, signed, beside it.

    Each batch is an entry before it is written. docs/log-exports.md describes the forms, and how each is checked.

    \b
    Example:
      registry audit export --filter "agency:demo-dci since:2026-11-01" --as csv --out log.csv --agency demo-ipoa …
    """  # noqa: D301
    node = settings()
    order = Order(node, on_behalf, filters.read(text, load_edition(node.edition)), **more)
    state = _begun(order)
    with _part(order, state) as (file, save):
        begun = with_database(node, partial(_export, order, state, file, save))
        told = _about(order, begun, state)
        if order.form == "pdf":
            file.write(pdf(state.counted, {name: str(value) for name, value in told.items() if name != "note"}))
        file.flush()
        file.seek(0)
        told |= {"form": order.form, "sha256": _digest(file)}
    with_database(node, partial(_end, order, begun, told))
    key = load_signing_key(node.signing_key_file)
    order.beside("part").replace(order.out)
    order.beside("state").unlink(missing_ok=True)
    signed = jose.sign(told, key.private, algorithm="ES256", kind=SIGNED_AS, kid=key.kid)
    _for_its_owner(order.beside("jws"), f"{signed}\n".encode("ascii"))
    words = f"{told['count']:,} entries are written to {order.out}, what they stand on to {order.beside('jws')}."
    emit(told, as_json=as_json, text=words)


def _begun(order: Order) -> State:
    """Return how far the same export had come. Raises Conflict (EXPORT_IN_PROGRESS) where another lies there."""
    place = order.beside("state")
    if order.form == "pdf" or not place.exists() or not order.beside("part").exists():
        return State(order.size)
    told = orjson.loads(place.read_bytes())
    if told.pop("what") != order.what:
        raise Conflict("Another export that was cut off lies there.", field="--out", code="EXPORT_IN_PROGRESS",
                       remedy=f"Go on with that one, or remove {place.name}.")  # fmt: skip
    return State(**told)


@contextmanager
def _part(order: Order, state: State) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """Yield the file that is written, for its owner's eyes, and what makes durable how far it is."""
    place = os.open(order.beside("part"), os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(place, "rb+") as file:
        file.truncate(state.length)
        file.seek(state.length)

        def save() -> None:
            file.flush()
            os.fsync(file.fileno())
            state.length = file.tell()
            told = {name: getattr(state, name) for name in ("size", "after", "count", "length")}
            new = order.beside("state.new")
            _for_its_owner(new, orjson.dumps(told | {"what": order.what}))
            new.replace(order.beside("state"))

        yield file, save
        os.fsync(file.fileno())


def _for_its_owner(place: Path, content: bytes) -> None:
    """Write a file that nobody else can read: it tells what was looked for."""
    place.unlink(missing_ok=True)  # a file that stands there would keep its mode
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while piece := file.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def _command(order: Order, database: Database) -> Callable[..., Any]:  # Any: commanded's own
    return partial(commanded, database, order.on_behalf, "audit export", edition=load_edition(order.node.edition),
                   sealer=open_sealer(order.node))  # fmt: skip


async def _export(
    order: Order, state: State, file: IO[bytes], save: Callable[[], None], database: Database
) -> Begun:  # fmt: skip
    """Write batch after batch; return what the export stands on."""
    run, chosen, form = _command(order, database), order.chosen, FORMS.get(order.form)
    begin = partial(exporting.begin_export, chosen=chosen, form=order.form, size=state.size, reason=order.reason)
    begun: Begun = await run(use_case=begin)
    state.size = begun.size
    if form and not state.length:
        file.write(form.heading)
    with bar() as progress:
        task = progress.add_task("Exporting", total=begun.size, completed=state.after or 0)
        while True:
            batch = await run(use_case=partial(
                exporting.export_batch, chosen=chosen, begun=begun, after=state.after,
                most=order.node.log_export_entries,
            ))  # fmt: skip
            for each in batch.lines:
                file.write(form.line(each) if form else b"")
                state.counted.add(each)
            state.count += len(batch.lines)
            if batch.after is None:
                return begun
            state.after = batch.after
            save()
            progress.update(task, completed=state.after)


async def _end(order: Order, begun: Begun, told: dict[str, Any], database: Database) -> None:
    await _command(order, database)(use_case=partial(
        exporting.end_export, chosen=order.chosen, begun=begun, form=order.form, count=told["count"],
        digest=told["sha256"],
    ))  # fmt: skip


def _about(order: Order, begun: Begun, state: State) -> dict[str, Any]:
    """Return what a file stands on, and who took it."""
    by = order.on_behalf
    return {
        "iss": order.node.public_url, "filter": written(order.chosen), "count": state.count, "size": begun.size,
        "root": begun.root, "names_persons": begun.names_persons, "agency": by.agency, "officer": by.officer,
        "case": by.case_reference, "at": now().isoformat(), "note": begun.note,
    }  # fmt: skip


@click.command("export-approve")
@filter_option
@click.option("--size", type=click.IntRange(1), required=True, help="The checkpoint that the export stands on.")
@click.option("--for-officer", required=True, help="Who exports, by the id that the log prints.")
@click.option("--reason", required=True, help="Why you let it go. It is kept, sealed.")
@on_behalf(Purpose.OVERSIGHT)
@as_json
@reporting
def export_approve(
    text: str, size: int, for_officer: str, reason: str, on_behalf: OnBehalf, as_json: bool
) -> None:  # fmt: skip
    """Let another auditor's large export go: exactly this filter, up to exactly this checkpoint, within a day.

    \b
    Example:
      registry audit export-approve --filter "agency:demo-dci" --size 20480 --for-officer cAGX… …
    """  # noqa: D301
    node = settings()
    officer = read_public_id("officer", for_officer, field="--for-officer")
    chosen = filters.read(text, load_edition(node.edition))
    use_case = partial(exporting.approve_export, chosen=chosen, size=size, officer=officer, reason=reason)
    with_database(
        node,
        lambda database: commanded(
            database, on_behalf, "audit export-approve", use_case, load_edition(node.edition), open_sealer(node)
        ),
    )
    emit({"filter": written(chosen), "size": size}, as_json=as_json, text="It may be exported for a day.")
