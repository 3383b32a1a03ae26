"""Use cases of misuse: runs of the rules, facts from outside, and findings that two people close.

begin_run, keep_run        the rules look at what was signed since the last run; what they found is kept
add_facts                  what other systems know: assigned cases, shifts, court lists, who has left
state_reason               why somebody asked, said afterwards where that was drawn
list_findings, read_finding
assign, assess, close      a finding goes from one person to another

Each step is an entry of the log, so how findings were dealt with is proved like every access.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from auth import reasons
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.core.errors import Conflict, InputRefused, NotFound
from registry.core.ids import new_id
from registry.disclosure.vocabulary import Action
from registry.misuse import finding, intake, looking, queries, views
from registry.misuse.finding import Finding, Step, Taken, Verdict
from registry.misuse.looking import Look
from registry.misuse.names import Digest
from registry.misuse.queries import FindingFilter, Reader
from registry.misuse.thresholds import Thresholds
from registry.misuse.views import FindingView
from registry.profiles.operations.text import sentence
from registry.work import Work, operation

_KEPT = "misuse:run:kept"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, and behind what the next begins."""

    nodes: tuple[FindingView, ...]
    last: UUID | None
    has_next: bool


# -- runs


@operation(Action.MISUSE_RUN)
def begin_run(work: Work, *, dry: bool, since: datetime | None = None) -> None:
    """Let the rules look. A run that is not to be kept is entered too: it shows what was found."""
    work.require(Action.MISUSE_RUN)
    work.record("misuse:run:begun", (), dry=dry, since=since.isoformat() if since else None)


@operation(Action.MISUSE_RUN)
def keep_run(work: Work, look: Look, thresholds: Thresholds) -> int:
    """Keep what a run has found; return how many findings. Raises Conflict (MISUSE_OVERTAKEN)."""
    work.require(Action.MISUSE_RUN)
    made = looking.keep(work.connection, look, thresholds, work.now)
    work.record(_KEPT, (), **look.to_json())
    return len(made)


def keep_by_itself(connection: Connection, look: Look, thresholds: Thresholds, at: datetime) -> int:
    """Keep what the node's own run has found, with its entry; return how many findings. Raises Conflict."""
    made = looking.keep(connection, look, thresholds, at)
    append(connection, [
        Entry(at=at, kind="command", operation="misuseRun", outcome=Outcome.ALLOWED, request_id=str(new_id()),
              source="local", events=(Event(_KEPT, (), look.to_json()),))
    ])  # fmt: skip
    return len(made)


# -- facts


@operation(Action.MISUSE_FACTS)
def add_facts(work: Work, content: bytes) -> int:
    """Take in what other systems know, all of a file or nothing; return how many facts.

    Raises InputRefused (FACTS_MALFORMED), Forbidden (FACTS_OF_ONESELF), Conflict (FACTS_THERE).
    """
    officer = work.require(Action.MISUSE_FACTS)
    read = intake.rows(content, work.edition)
    if queries.has_file(work.connection, read.digest):
        raise Conflict("These facts are there already.", field="file", code="FACTS_THERE", remedy="Nothing is to do.")
    references = {each.officer for each in read.rows if each.officer}
    known = queries.officers_by_reference(work.connection, work.actor.agency, references)
    digest = Digest(work.sealer.blind)
    new = [each.fact(work.actor.agency, known, digest, by=officer.id) for each in read.rows]
    count = queries.add_facts(work.connection, new, file=read.digest, by=officer.id, at=work.now)
    work.record("misuse:facts:added", (), file=read.digest, count=count, kinds=read.kinds)
    return count


# -- reasons


@operation(Action.REASON_STATE)
def state_reason(work: Work, request_id: str, text: str) -> str:
    """Say why one has asked; the entry keeps the words.

    Raises NotFound, InputRefused (REASON_MALFORMED, REASON_TOO_SHORT, REASON_REPEATED).
    """
    officer = work.require(Action.REASON_STATE)
    if not reasons.is_demanded(work.connection, request_id, officer.id):
        raise NotFound("No reason was asked for this request.", field="requestId")
    said = sentence(text, "text")
    if len(said.split()) < work.draw.words:
        raise InputRefused(f"has less than {work.draw.words} words.", field="text", code="REASON_TOO_SHORT",
                           remedy="Say what the case needed it for.")  # fmt: skip
    digest = work.sealer.blind("stated-reason", said.casefold())
    if reasons.is_used(work.connection, officer.id, digest):
        raise InputRefused("is what you have said before.", field="text", code="REASON_REPEATED",
                           remedy="Say why you asked this time.")  # fmt: skip
    if not reasons.state(work.connection, request_id, officer.id, digest, work.now):
        raise InputRefused("has its reason already.", field="requestId", code="REASON_STATED",
                           remedy="Nothing is to do.")  # fmt: skip
    work.justification = said
    work.record("reason:stated", (), request=request_id)
    return request_id


# -- findings


@operation(Action.FINDING_READ)
def list_findings(work: Work, chosen: FindingFilter, *, after: UUID | None, limit: int) -> Page:
    """Return findings, newest first; those about oneself or one's unit are not among them."""
    officer = work.require(Action.FINDING_READ)
    reader = Reader(officer.id, work.actor.agency, officer.chain)
    found = queries.listed(work.connection, chosen, reader, after=after, limit=limit + 1)
    shown = found[:limit]
    work.record("findings:listed", (), filter=chosen.to_json(), findings=[str(each.id) for each in shown])
    return Page(tuple(map(views.finding, shown)), shown[-1].id if shown else None, len(found) > limit)


@operation(Action.FINDING_READ)
def read_finding(work: Work, identifier: UUID) -> FindingView:
    """Return one finding. Raises NotFound, also for one about oneself."""
    work.require(Action.FINDING_READ)
    found = _found(work, identifier)
    work.record("finding:read", (), finding=str(identifier))
    return views.finding(found)


@operation(Action.FINDING_JUDGE)
def assign(work: Work, identifier: UUID) -> FindingView:
    """Take a finding on. Raises as ``assess``."""
    work.require(Action.FINDING_JUDGE)
    return _done(work, identifier, Step.ASSIGN)


@operation(Action.FINDING_JUDGE)
def assess(work: Work, identifier: UUID, verdict: Verdict, words: str) -> FindingView:
    """Say what a finding is, as the first of two.

    Raises NotFound, Conflict (FINDING_STATE), Forbidden (FINDING_OTHER_AGENCY), InputRefused (REASON_MALFORMED).
    """
    work.require(Action.FINDING_JUDGE)
    return _done(work, identifier, Step.ASSESS, verdict, sentence(words, "words"))


@operation(Action.FINDING_JUDGE)
def close(work: Work, identifier: UUID, verdict: Verdict, words: str) -> FindingView:
    """Close a finding as the second person. Raises as ``assess``, and Forbidden (FINDING_SECOND_PERSON)."""
    work.require(Action.FINDING_JUDGE)
    return _done(work, identifier, Step.CLOSE, verdict, sentence(words, "words"))


def _found(work: Work, identifier: UUID) -> Finding:
    found = queries.by_id(work.connection, identifier)
    if found is None or finding.is_near(found, work.actor):
        raise NotFound("No such finding.", field="findingId")
    return found


def _done(
    work: Work, identifier: UUID, step: Step, verdict: Verdict | None = None, words: str | None = None
) -> FindingView:
    found = _found(work, identifier)
    made: Taken = finding.taken(
        found, step, by=work.actor, acts_for=work.acts_for(), at=work.now, verdict=verdict, words=words
    )
    queries.add_step(work.connection, found, made)
    told = {"verdict": verdict.value, "said": work.closed(words=words or "")} if verdict else {}
    work.record(f"finding:{made.state.value}", (), finding=str(identifier), rule=found.rule, **told)
    return read_again(work, identifier)


def read_again(work: Work, identifier: UUID) -> FindingView:
    """Return a finding as it stands after a step."""
    found = queries.by_id(work.connection, identifier)
    assert found is not None
    return views.finding(found)
