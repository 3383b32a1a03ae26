"""One chunk of a screening is written: its hits, the step forward, and an entry of the log for each person disclosed.

All of it in one transaction, so whenever a process dies a row is neither checked twice nor left out, and nobody's hit
is there without its entry. Whoever began the screening is asked about anew each time: an officer who was suspended, or
lost the role, has no screening that goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from auth import directory
from auth.actor import Actor
from registry.audit.events import Entry, Event, Outcome
from registry.audit.log import append
from registry.core.errors import Conflict, Forbidden, InputRefused, RegistryError
from registry.core.ids import new_id
from registry.core.sealing import Sealer
from registry.disclosure import policy
from registry.disclosure.vocabulary import Action, Attribution, Purpose
from registry.editions.edition import Edition
from registry.matching import discriminators
from registry.notices import queries as notices
from registry.profiles import disclosed
from registry.screening import hit_queries, limits, progress, queries, views
from registry.screening.checking import Found, Screened
from registry.screening.hit_queries import Findable, Hit
from registry.screening.operations import SEALED
from registry.screening.queries import Screening, Step
from registry.screening.states import State
from registry.screening.views import Opened
from registry.work import Work

KIND = "screening"
"""The kind of these entries in the log: data leaves by them (registry/audit/disclosures.py)."""
ATTRIBUTION = Attribution.STATED
"""How surely it is known who asks, once a list is worked on by itself."""
COMMAND = "command-line"
"""The client of a command, which is no machine client."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What a transaction of a screening has besides its connection."""

    now: datetime
    edition: Edition
    sealer: Sealer
    holder: UUID
    """Which process works on the list."""


def actor(connection: Connection, screening: Screening, edition: Edition) -> Actor:
    """Return who a screening is for, by the state of this moment. Raises Forbidden (SCREENING_ORPHANED)."""
    serving = directory.serving(connection, screening.agency, screening.officer_reference)
    client = None if screening.client == COMMAND else directory.client(connection, screening.client)
    if serving is None or (client.is_closed if client else screening.client != COMMAND):
        raise Forbidden("Who began this screening may not ask any more.", code="SCREENING_ORPHANED",
                        remedy="Let another officer begin it anew.")  # fmt: skip
    officer, closed = serving
    return Actor(
        client=screening.client, agency=screening.agency, token_id=screening.token_id, officer=officer,
        purpose=Purpose(screening.purpose), case_reference=screening.case_reference,
        legal_basis=screening.legal_basis, country=edition.country, attribution=ATTRIBUTION,
        closed=closed,
    )  # fmt: skip


def worked(connection: Connection, moment: Moment, screening: Screening) -> Work:
    """Return the work of a screening's officer, who may still screen. Raises Forbidden."""
    work = Work(connection, actor(connection, screening, moment.edition), moment.now, moment.edition, moment.sealer)
    work.require(Action.PROFILE_SCREEN)
    return work


def taken(connection: Connection, moment: Moment, identifier: UUID) -> tuple[Screening, Work]:
    """Take a screening to work on. Raises Conflict (SCREENING_RUNNING), Forbidden."""
    until = moment.now + limits.LEASE
    found = queries.by_id(connection, identifier)
    if found is None or not queries.hold(connection, identifier, moment.holder, now=moment.now, until=until):
        raise elsewhere()
    if found.state is not State.RUNNING:
        notices.keep(connection, moment.now, [progress.news(replace(found, state=State.RUNNING))])
    return found, worked(connection, moment, found)


def enter(connection: Connection, moment: Moment, identifier: UUID, screened: Screened) -> Step:
    """Write what came of a chunk. Raises Conflict (SCREENING_RUNNING), Forbidden."""
    screening = queries.by_id(connection, identifier)
    if screening is None:
        raise elsewhere()
    work = worked(connection, moment, screening)
    known = disclosed.Known(work)
    findable = hit_queries.findable(connection, {each.number for each in screened.found}, moment.now.date())
    hidden = {number: each.facts for number, each in findable.items() if not known.exists(each.facts)}
    findable = {number: each for number, each in findable.items() if number not in hidden}
    told = [each for each in screened.found if each.number in findable]
    new = findable.keys() - hit_queries.found_before(connection, identifier, findable)
    step = Step(screened.first, screened.rows, len(screened.problems), len(told), len(new))
    if not queries.advance(connection, identifier, moment.holder, step, until=moment.now + limits.LEASE):
        raise elsewhere()
    hit_queries.keep_problems(connection, identifier, screened.problems, most=limits.PROBLEMS)
    queries.drop_chunk(connection, identifier, screened.first)
    if told:
        _keep(connection, moment, screening, told)
        first = {each.number: each for each in reversed(told)}
        append(connection, [_disclosed(moment, screening, known, findable, first[number]) for number in sorted(new)])
    known.meet(hidden.items(), "screening")
    if work.events:
        append(connection, [_entry(moment.now, screening, moment.edition, "screen", each) for each in work.events])
    notices.keep(connection, moment.now, [progress.news(screening, step), *work.alerts])
    return step


def _keep(connection: Connection, moment: Moment, screening: Screening, told: Sequence[Found]) -> None:
    key = queries.data_key(connection, moment.sealer, screening.id)
    assert key is not None
    hit_queries.keep_hits(connection, screening.id, [
        Hit(
            each.row, each.number, round(each.match.score * 10_000), str(each.match.band),
            discriminators.has_one(each.match),
            key.seal(views.content(_opened(each)), **SEALED),
        )
        for each in told
    ])  # fmt: skip


def _opened(found: Found) -> Opened:
    return Opened(found.row, found.number, found.reference, found.match.reasons, found.warning)


def finish(connection: Connection, moment: Moment, identifier: UUID) -> Screening:
    """Note that the whole list is checked.

    Raises Conflict (SCREENING_RUNNING), also when another process has taken over, InputRefused (FILE_CHANGED).
    """
    if not queries.complete(connection, identifier, moment.holder, moment.now):
        raise elsewhere()
    found = queries.by_id(connection, identifier)
    if found is None or found.rows_done != found.people:
        raise InputRefused("has lost rows since it was counted.", field="file", code="FILE_CHANGED",
                           remedy="Leave it alone, and begin again.")  # fmt: skip
    return _ended(connection, moment, found, Outcome.ALLOWED)


def fail(connection: Connection, moment: Moment, identifier: UUID, problem: RegistryError) -> Screening | None:
    """Note that a screening can't go on, and why."""
    if not queries.end(connection, identifier, State.FAILED, moment.now, problem.code):
        return None
    found = queries.by_id(connection, identifier)
    assert found is not None
    return _ended(connection, moment, found, Outcome.FAILED, problem.code)


def _ended(
    connection: Connection, moment: Moment, found: Screening, outcome: Outcome, code: str | None = None
) -> Screening:  # fmt: skip
    counts = {"people": found.people, "done": found.rows_done, "refused": found.refused, "hits": found.hits,
              "disclosed": found.disclosed, "file": found.file_digest, "matcher": found.matcher}  # fmt: skip
    event = Event(f"screening:{found.state.value}", (), {"screening": str(found.id)} | counts)
    append(connection, [_entry(moment.now, found, moment.edition, "screen", event, outcome, code)])
    notices.keep(connection, moment.now, [progress.news(found)])
    return found


def _disclosed(
    moment: Moment, screening: Screening, known: disclosed.Known, findable: Mapping[int, Findable], found: Found
) -> Entry:
    """Return the entry of one person disclosed: the first row that met the profile, and how well."""
    met = findable[found.number]
    event = Event("screening:disclosed", (met.profile,), known.told([met.facts]) | {
        "screening": str(screening.id), "row": found.row, "score": found.match.score, "band": str(found.match.band),
        "matcher": screening.matcher,
    })  # fmt: skip
    return _entry(moment.now, screening, moment.edition, "screeningDisclose", event)


def upload_entry(
    at: datetime, screening: Screening | None, event: Event, outcome: Outcome = Outcome.ALLOWED,
    code: str | None = None, *, edition: Edition, **visit: Any,
) -> Entry:  # fmt: skip
    """Return the entry of a visit to the address of a list; of an unknown one nobody is known.

    ``visit`` is what Entry says of the request: ``request_id``, ``source``.
    """
    if screening is None:
        return Entry(at, KIND, "screeningUpload", outcome, code=code, events=(event,), **visit)
    told = _entry(at, screening, edition, "screeningUpload", event, outcome, code)
    return replace(told, **visit)


def _entry(
    at: datetime, screening: Screening, edition: Edition, operation: str, event: Event,
    outcome: Outcome = Outcome.ALLOWED, code: str | None = None,
) -> Entry:  # fmt: skip
    return Entry(
        at=at, kind=KIND, operation=operation, outcome=outcome, request_id=str(new_id()), code=code,
        client=screening.client, agency=screening.agency, officer=screening.officer,
        officer_reference=screening.officer_reference, purpose=screening.purpose,
        case_reference=screening.case_reference, legal_basis=screening.legal_basis, token_id=screening.token_id,
        country=edition.country, attribution=ATTRIBUTION.name.lower(), policy=policy.approved(edition.code).version,
        source="local", events=(event,),
    )  # fmt: skip


def elsewhere() -> Conflict:
    """Return the refusal of a process that is not the one which works on a list, or not any more."""
    return Conflict("Another process works on this screening, or it is over.", code="SCREENING_RUNNING", field="file",
                    remedy="Let it end, or cancel it.")  # fmt: skip
