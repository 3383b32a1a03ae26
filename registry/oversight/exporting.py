"""Use cases of taking entries out of the register: exactly the filtered set, up to a signed checkpoint.

    begun = begin_export(work, chosen, form="csv", size=None, reason=None)
    batch = export_batch(work, chosen, begun, after=None, most=10_000)       again, until batch.after is None
    end_export(work, chosen, begun, form="csv", count=1200, digest="9f86…")

Each of the three is an entry. Persons are counted, and named only where a reason is given. What is sealed stays sealed.
More than ``most`` entries in a day, in however many files, take a second person, who lets exactly this filter up to
exactly this checkpoint go (``approve_export``): then it is good for a day, and gives
the same file as often as it is asked for.
"""

from dataclasses import dataclass
from uuid import UUID

from registry.core.errors import Conflict, Forbidden, NotFound
from registry.disclosure.vocabulary import Action
from registry.oversight import export_queries, masking, queries
from registry.oversight.export_forms import Said, said
from registry.oversight.filters import LogFilter, written
from registry.profiles.operations.text import sentence
from registry.work import Work, operation

BATCH = 1_000
KIND = "log-export"
"""The kind of a filter's digest among blind indexes."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What an export stands on."""

    size: int
    """Entries that the checkpoint covers: those before this place are exported."""
    root: str
    note: str
    """The signed checkpoint."""
    names_persons: bool
    is_approved: bool
    """Whether a second person has let it go, however large it is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some entries, oldest first."""

    lines: tuple[Said, ...]
    after: int | None
    """The place to go on behind; None where all have been looked at."""


@operation(Action.LOG_EXPORT)
def begin_export(work: Work, chosen: LogFilter, *, form: str, size: int | None, reason: str | None) -> Begun:
    """Say which entries are to be exported, and return what that stands on.

    Raises Conflict (NOTHING_SIGNED), NotFound (CHECKPOINT_UNKNOWN), InputRefused (REASON_MALFORMED, REASON_REQUIRED).
    """
    officer = work.require(Action.LOG_EXPORT)
    if chosen.is_of_persons and reason is None:  # whose entries they are, the filter itself would tell
        raise masking.reason_required("--reason")
    said_why = sentence(reason) if reason is not None else None
    head = export_queries.head(work.connection, size)
    if head is None and size is None:
        raise Conflict("The notary has signed nothing yet, so nothing could be proved of an export.",
                       code="NOTHING_SIGNED", remedy="Start the notary, and ask again.")  # fmt: skip
    if head is None:
        raise NotFound("No checkpoint of this size was signed.", field="size", code="CHECKPOINT_UNKNOWN")
    approved = export_queries.is_approved(work.connection, _digest(work, chosen), head.size, officer.id, work.now)
    work.record("log:export:begun", (), form=form, size=head.size, approved=approved, **_told(work, chosen),
                **({"reason": work.closed(reason=said_why)} if said_why else {}))  # fmt: skip
    return Begun(head.size, head.root.hex(), head.note, said_why is not None, approved)


@operation(Action.LOG_EXPORT)
def export_batch(work: Work, chosen: LogFilter, begun: Begun, *, after: int | None, most: int) -> Batch:
    """Read the next entries. Raises Forbidden (EXPORT_NEEDS_SECOND) for one more than a person may take in a day."""
    officer = work.require(Action.LOG_EXPORT)
    page = queries.page(
        work.connection, chosen, before=begun.size, after=after, limit=BATCH, oldest_first=True
    )  # fmt: skip
    lines = tuple(said(row, names_persons=begun.names_persons) for row in page.rows)
    if not begun.is_approved and export_queries.taken(work.connection, officer.id, work.now) + len(lines) > most:
        raise Forbidden(
            f"More than {most} entries within a day take a second person.", code="EXPORT_NEEDS_SECOND",
            remedy=f"Ask another auditor: registry audit export-approve with the same filter and --size {begun.size}; "
                   f"then export with --size {begun.size}.",
        )  # fmt: skip
    work.record(export_queries.EXPORTED, (), size=begun.size, after=after, count=len(lines), approved=begun.is_approved,
                **_told(work, chosen))  # fmt: skip
    return Batch(lines, page.looked_until if page.has_next else None)


@operation(Action.LOG_EXPORT)
def end_export(work: Work, chosen: LogFilter, begun: Begun, *, form: str, count: int, digest: str) -> None:
    """Say that a file was written, of so many entries, with this SHA-256."""
    work.require(Action.LOG_EXPORT)
    work.record("log:export:ended", (), form=form, size=begun.size, count=count, sha256=digest, **_told(work, chosen))


@operation(Action.LOG_EXPORT)
def approve_export(work: Work, chosen: LogFilter, *, size: int, officer: UUID, reason: str) -> None:
    """Let another auditor's large export go: this filter, up to this checkpoint, within a day.

    Raises Forbidden (OWN_PROPOSAL), NotFound (CHECKPOINT_UNKNOWN), InputRefused (REASON_MALFORMED).
    """
    by = work.require(Action.LOG_EXPORT)
    why = sentence(reason)
    if by.id == officer or officer in work.acts_for():
        raise Forbidden("You can't let your own export go.", code="OWN_PROPOSAL", remedy="Another auditor decides.")
    if export_queries.head(work.connection, size) is None:
        raise NotFound("No checkpoint of this size was signed.", field="size", code="CHECKPOINT_UNKNOWN")
    export_queries.approve(work.connection, _digest(work, chosen), size, officer, by.id, work.now)
    work.record("log:export:approved", (), size=size, officer=str(officer), **_told(work, chosen),
                reason=work.closed(reason=why))  # fmt: skip


def _digest(work: Work, chosen: LogFilter) -> str:
    return work.sealer.blind(KIND, written(chosen))


def _told(work: Work, chosen: LogFilter) -> dict[str, object]:
    """Return a filter as the log keeps it: its words, which may be a name, sealed."""
    sought = {"sought": work.closed(words=chosen.spoken)} if chosen.words else {}
    return {"filter": chosen.to_json(), **sought}
