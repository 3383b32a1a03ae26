"""Use cases of imports. Every one is a transaction with an entry in the log.

    begin ─▶ recall ─▶ rows are read ─▶ finish_check                      the dry run: what it found is kept
    begin ─▶ recall ─▶ begin_import ─▶ enter_batch, many ─▶ finish_import

What the register has to know of a file is its digest; its name is never told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from registry.bulk import queries
from registry.bulk.mapping import Mapping, from_json
from registry.bulk.preparing import Entering
from registry.bulk.queries import Import
from registry.bulk.sameness import BEFORE, Sameness
from registry.bulk.verdicts import Verdict, packed
from registry.core.errors import Conflict, InputRefused
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Action
from registry.profiles.operations import proposing
from registry.profiles.postings import postings
from registry.work import Work, operation


@operation(Action.PROFILE_CHANGE_PROPOSE)
def begin(work: Work, content: str) -> None:
    """See that the officer may propose at all, before a file is opened; ``content`` is its digest."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    work.record("import:begun", file=content)


@dataclass(frozen=True, slots=True)
class Recalled:
    """What the register knows of a file before its rows are read."""

    known: Import | None
    """The file, if it has been brought before."""
    mapping: Mapping | None
    """How files with its headings were read the last time."""
    register_is_empty: bool


@operation(Action.PROFILE_CHANGE_PROPOSE)
def recall(work: Work, file_digest: str, fingerprint: str | None) -> Recalled:
    """Return what is known of a file, and of others with its headings."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    agency = work.actor.agency
    known = queries.of_file(work.connection, agency, file_digest)
    mapping = None if fingerprint is None else queries.mapping(work.connection, agency, fingerprint)
    work.record("import:recalled", file=file_digest, known=known is not None, mapping=mapping is not None)
    is_empty = postings(work.connection, (), (), 1).register_size == 0
    return Recalled(known, None if mapping is None else from_json(mapping), is_empty)


@operation(Action.PROFILE_CHANGE_PROPOSE)
def recall_rows(work: Work, file_digest: str) -> Sameness:
    """Return the rows that the agency's other files entered, as digests: they are known when they come again."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    entered, count = Sameness(), 0
    for digest in queries.entered_before(work.connection, work.actor.agency, file_digest):
        entered.add(digest, BEFORE)
        count += 1
    work.record("import:rows:recalled", file=file_digest, count=count)
    return entered


@dataclass(frozen=True, slots=True)
class Findings:
    """What a dry run found of a file."""

    file_digest: str
    mapping_digest: str
    edition: str
    verdicts: bytes
    profiles: Sequence[UUID]
    """Of the register, that rows may be about: the officer is told of them, so the log is."""


@operation(Action.PROFILE_CHANGE_PROPOSE)
def finish_check(work: Work, found: Findings, fingerprint: str | None, mapping: Mapping | None) -> Import:
    """Keep what a dry run found, and how the columns were read. Raises Conflict (IMPORT_BEGUN)."""
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    before = queries.of_file(work.connection, work.actor.agency, found.file_digest)
    if before is not None and before.rows_done and before.mapping_digest != found.mapping_digest:
        raise _begun_otherwise()
    counts = {each: found.verdicts.count(each) for each in Verdict}
    made = Import(
        id=before.id if before else new_id(), agency=work.actor.agency, file_digest=found.file_digest,
        mapping_digest=found.mapping_digest, edition=found.edition, rows=len(found.verdicts),
        ready=counts[Verdict.READY], needs_fixing=counts[Verdict.NEEDS_FIXING], duplicates=counts[Verdict.DUPLICATE],
        refused=counts[Verdict.REFUSED], verdicts=packed(found.verdicts), checked_by=officer.id, checked_at=work.now,
    )  # fmt: skip
    queries.keep_check(work.connection, made)
    if fingerprint is not None and mapping is not None:
        queries.keep_mapping(
            work.connection, work.actor.agency, fingerprint, mapping.to_json(), by=officer.id, at=work.now
        )
    work.record("import:checked", tuple(found.profiles), file=found.file_digest, ready=made.ready,
                needs_fixing=made.needs_fixing, duplicates=made.duplicates, refused=made.refused)  # fmt: skip
    return made


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows of a file are to be entered, and how they are read."""

    mapping_digest: str
    edition: str
    ready_only: bool = False
    """Leave out what is not ready; otherwise nothing is entered while anything is not."""
    with_duplicates: bool = False
    """Enter possible duplicates too: each is looked at when it is vetted."""

    def left_out(self, known: Import) -> int:
        """Return how many rows keep the whole file out."""
        if self.ready_only:
            return 0
        return known.needs_fixing + known.refused + (0 if self.with_duplicates else known.duplicates)


@operation(Action.PROFILE_CHANGE_PROPOSE)
def begin_import(work: Work, file_digest: str, choice: Choice) -> Import:
    """Begin to enter a file, or go on where an earlier run stopped.

    Raises Conflict (DRY_RUN_NEEDED, IMPORT_BEGUN), InputRefused (ROWS_NOT_READY).
    """
    officer = work.require(Action.PROFILE_CHANGE_PROPOSE)
    known = queries.of_file(work.connection, work.actor.agency, file_digest)
    work.record("import:entering", file=file_digest)
    if known is not None and known.rows_done and known.mapping_digest != choice.mapping_digest:
        raise _begun_otherwise()
    if known is None or (known.mapping_digest, known.edition) != (choice.mapping_digest, choice.edition):
        raise Conflict(
            "This file has not been checked as it is to be read now.", code="DRY_RUN_NEEDED", field="file",
            remedy="Run it with --dry-run and read the report; or add --yes to check and enter at once.",
        )  # fmt: skip
    if left := choice.left_out(known):
        raise InputRefused(
            f"has {left} rows that are not ready, so none is entered.", code="ROWS_NOT_READY", field="file",
            remedy="Mend them; or leave them out: --ready-only. Possible duplicates are entered by --with-duplicates.",
        )  # fmt: skip
    queries.begin(work.connection, known.id, officer.id, work.now)
    return known


@operation(Action.PROFILE_CHANGE_PROPOSE)
def enter_batch(work: Work, identifier: UUID, entering: Entering, reason: str) -> int:
    """Enter the rows of one chunk, and move the import on in the same transaction; return how many were entered.

    So a row is entered once, whenever the process dies. Raises Conflict (IMPORT_RUNNING).
    """
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    count = len(entering.prepared)
    if not queries.advance(
        work.connection, identifier, first=entering.first, rows=entering.rows, entered=count
    ):  # fmt: skip
        raise Conflict("Another process enters this file.", code="IMPORT_RUNNING", field="file",
                       remedy="Let it end, or stop it and begin again.")  # fmt: skip
    if count:
        proposing.propose_prepared(work, entering.prepared, reason)
        queries.keep_digests(work.connection, identifier, entering.first, entering.digests)
    work.record("import:batch", first=entering.first, rows=entering.rows, count=count)
    return count


@operation(Action.PROFILE_CHANGE_PROPOSE)
def finish_import(work: Work, identifier: UUID) -> None:
    """Note that the whole file is entered."""
    work.require(Action.PROFILE_CHANGE_PROPOSE)
    queries.finish(work.connection, identifier, work.now)
    work.record("import:finished")


def _begun_otherwise() -> Conflict:
    return Conflict("This file is entered in part, read by another mapping.", code="IMPORT_BEGUN", field="file",
                    remedy="Go on with the mapping it was begun with.")  # fmt: skip
