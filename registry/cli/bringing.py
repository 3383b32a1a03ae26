"""What ``registry import`` does, step by step, for one officer: open, look up, check, enter. The command is in data.py.

    brought = opened(register, file, asked)      permission first, then the file, its mapping, what is known of it
    trial, found = check(register, brought, …)   the dry run
    enter(register, brought, asked, begun, …)    chunk by chunk, each a transaction with its entry in the log

What is decided and written stands in registry/bulk/operations.py.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import IO, TypeVar

from auth.actor import Actor
from registry.bulk import dry_run, files, headings, operations
from registry.bulk.assembly import check_fits
from registry.bulk.checking import Conditions
from registry.bulk.dry_run import Advance, Trial
from registry.bulk.files import Source, Unchanged
from registry.bulk.mapping import Mapping, fingerprint, from_json, from_toml
from registry.bulk.operations import Choice, Findings, Recalled
from registry.bulk.preparing import Chosen, Preparer
from registry.bulk.queries import Import
from registry.bulk.reading import Plan
from registry.bulk.verdicts import Verdict, unpacked
from registry.bulk.workers import CHUNK, chunks, ready, working
from registry.cli.base import OnBehalf, commanded, with_database
from registry.core.config import Settings
from registry.core.db import Database
from registry.core.errors import InputRefused
from registry.core.sealing import Sealer
from registry.editions.edition import Edition
from registry.work import Work

T = TypeVar("T")
SMALL = 4_000_000
"""Bytes below which a file is read in this process: others would start longer than they work."""
AS_IT_IS = "as it is"
"""In place of a mapping's digest, where a file is in the register's own format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command was asked for besides the file."""

    mapping: Path | None = None
    dates: str | None = None
    constants: tuple[str, ...] = ()
    sheet: str | None = None
    ready_only: bool = False
    with_duplicates: bool = False
    reason: str = "Import of an existing register"
    processes: int | None = None
    chunk: int = CHUNK


@dataclass(frozen=True, slots=True)
class Register:
    """The register, as an officer reaches it by a command."""

    settings: Settings
    edition: Edition
    sealer: Sealer
    on_behalf: OnBehalf

    def run(self, use_case: Callable[[Work], T]) -> T:
        """Run a use case in a transaction, with its entry in the log."""
        return with_database(self.settings, lambda database: self.within(database, use_case))

    async def within(self, database: Database, use_case: Callable[[Work], T]) -> T:
        """Do so in a database that is open."""
        return await commanded(database, self.on_behalf, "import", use_case, self.edition, self.sealer)

    @property
    def rules(self) -> str:
        """By which rules rows are read: a dry run by others does not count."""
        return f"{self.edition.code} {self.edition.offence_catalogue_version}"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was opened, how it is read, and what the register knows of it."""

    source: Source
    digest: str
    plan: Plan
    fingerprint: str | None
    """Of its headings, if it has some."""
    actor: Actor
    recalled: Recalled
    is_guessed: bool
    """Whether nobody has said yet what the headings mean."""
    processes: int

    @property
    def mapping_digest(self) -> str:
        """By which the mapping is known again."""
        return self.plan.mapping.digest if self.plan.mapping else AS_IT_IS

    def is_checked(self, rules: str) -> bool:
        """Whether a dry run has seen this file as it is to be read now."""
        known = self.recalled.known
        return known is not None and (known.mapping_digest, known.edition) == (self.mapping_digest, rules)


def opened(register: Register, file: Path, asked: Asked) -> Brought:
    """Ask for permission, then open the file and find out how it is read.

    Raises InputRefused (FILE_…, HEADING…, VICTIM_DATA, MAPPING_MALFORMED), Forbidden.
    """
    content = files.digest(file)
    register.run(partial(operations.begin, content=content))
    source = files.opened(file, asked.sheet)
    names = headings.checked(source.headings) if source.headings is not None else []
    known_by, digest = fingerprint(names) if names else None, files.identity(source, content)
    actor, recalled = register.run(lambda work: (work.actor, operations.recall(work, digest, known_by)))
    given = guess(names, register.edition, asked, recalled)
    plan = Plan(source.kind, tuple(names or (given.columns if given else ())), given, actor.agency,
                register.settings.edition)  # fmt: skip
    is_guessed = bool(names) and recalled.mapping is None and asked.mapping is None
    return Brought(source, digest, plan, known_by, actor, recalled, is_guessed, _processes(file, asked))


def guess(names: Sequence[str], edition: Edition, asked: Asked, recalled: Recalled | None = None) -> Mapping | None:
    """Return how rows are read: as the officer says, else as the last time, else as the headings seem to mean.

    None for a file in the register's own format.
    """
    if asked.mapping is not None:
        made = from_toml(asked.mapping.read_text(encoding="utf-8"))
    elif not names:
        if asked.dates or asked.constants:
            raise InputRefused("is for tables, or for a --mapping.", field="--dates" if asked.dates else "--set",
                               code="MAPPING_MALFORMED", remedy="Leave it out.")  # fmt: skip
        return None
    else:
        made = (recalled.mapping if recalled else None) or headings.guessed(names, edition)
    if asked.dates or asked.constants:
        constants = {**made.constants, **dict(_constants(asked.constants))}
        made = from_json(replace(made, dates=asked.dates or made.dates, constants=constants).to_json())
    if names:
        check_fits(made, names)
    return made


def _constants(given: Sequence[str]) -> Iterator[tuple[str, str]]:
    for each in given:
        path, equals, value = each.partition("=")
        if not equals or not value:
            raise InputRefused("is not PATH=VALUE.", field="--set", code="MAPPING_MALFORMED",
                               remedy="Write it so: legal_basis.code=KE-SOA-39-13.")  # fmt: skip
        yield path, value


def _processes(file: Path, asked: Asked) -> int:
    if asked.processes is not None:
        return asked.processes
    return 0 if file.stat().st_size < SMALL else os.cpu_count() or 1


def check(register: Register, brought: Brought, kept: IO[bytes], advance: Advance) -> tuple[Trial, Import]:
    """Check every row, and keep what was found; reasons go to ``kept``.

    Raises InputRefused, Conflict (FILE_CHANGED, IMPORT_BEGUN).
    """
    conditions = Conditions(brought.plan, register.settings, brought.actor, brought.recalled.register_is_empty)
    seen = register.run(partial(operations.recall_rows, file_digest=brought.digest))
    trial = dry_run.check(brought.source, conditions, seen, kept=kept, processes=brought.processes, advance=advance)
    findings = Findings(
        brought.digest, brought.mapping_digest, register.rules, bytes(trial.verdicts), tuple(trial.profiles)
    )
    mapping = brought.plan.mapping
    found = register.run(
        lambda work: operations.finish_check(work, findings, brought.fingerprint, mapping),
    )
    return trial, found


def choice(register: Register, brought: Brought, asked: Asked) -> Choice:
    """Return which rows are to be entered."""
    return Choice(brought.mapping_digest, register.rules, ready_only=asked.ready_only,
                  with_duplicates=asked.with_duplicates)  # fmt: skip


def begin(register: Register, brought: Brought, asked: Asked) -> Import:
    """Begin to enter a file, or go on where an earlier run stopped.

    Raises Conflict (DRY_RUN_NEEDED, IMPORT_BEGUN), InputRefused (ROWS_NOT_READY).
    """
    chosen = choice(register, brought, asked)
    return register.run(lambda work: operations.begin_import(work, brought.digest, chosen))


def enter(register: Register, brought: Brought, asked: Asked, begun: Import, advance: Advance) -> int:
    """Enter what the dry run found ready and is not entered yet; return how many rows are entered in all.

    Raises Conflict (IMPORT_RUNNING, FILE_CHANGED, CHECK_OUTDATED).
    """
    return with_database(register.settings, partial(_enter, register, brought, asked, begun, advance))


async def _enter(
    register: Register, brought: Brought, asked: Asked, begun: Import, advance: Advance, database: Database
) -> int:
    unchanged, entered = Unchanged(brought.source.path), begun.entered
    with working(Preparer, brought.plan, register.settings, processes=brought.processes) as work:
        for entering in work(_chosen(brought.source, begun, asked)):
            unchanged.check()
            use_case = partial(operations.enter_batch, identifier=begun.id, entering=entering, reason=asked.reason)
            entered += await register.within(database, use_case)
            advance(entering.rows)
    await register.within(database, partial(operations.finish_import, identifier=begun.id))
    return entered


def _chosen(source: Source, begun: Import, asked: Asked) -> Iterator[Chosen]:
    """Cut the rows that are left into chunks, each with the places of the rows to enter."""
    verdicts = unpacked(begun.verdicts)
    also = Verdict.DUPLICATE if asked.with_duplicates else None
    for chunk in chunks(source.rows(), first=begun.rows_done, size=asked.chunk):
        yield Chosen(chunk, ready(verdicts, chunk, also=also), source.before)
