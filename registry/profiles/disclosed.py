"""The one way out of the register: whether a record exists for whoever asks, and what of it they are told.

    known = disclosed.Known(work)
    known.exists(facts)                     whether this actor may know that there is such a record
    known.meet([(17, facts)], "search")     it does not exist for them: its owner is told that somebody came across it
    known.reader.mask(facts)                what of it may be read, and why the rest may not
    known.told([facts, …])                  the decisions as the log keeps them, to be made again later

A record that must not be known of answers exactly like one that is not there: it is a candidate, it is scored, and is
dropped when all are ranked. So it takes the same statements and the same work, and counts and pages agree.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from registry.audit.events import REFUSED
from registry.core.errors import Forbidden
from registry.core.ids import new_id
from registry.disclosure import decided, facts as spelled, policy
from registry.disclosure.access import Facts
from registry.disclosure.decision import Decision, Reason, RemedyKind
from registry.disclosure.vocabulary import FieldClass, Use
from registry.notices.notice import News, Topic
from registry.profiles import facts as facts_of
from registry.profiles.views import Mask, Reader, shut
from registry.work import Work

MET = f"profile:silent{REFUSED}"
"""The event that only auditors see. Nothing was shown, so it charges nothing and makes nobody a recipient."""


class Known:
    """What one actor may know of records, in one request."""

    def __init__(self, work: Work):
        self.work = work
        self._decisions: dict[Facts | None, Decision] = {}
        self.reader = Reader(work.decide, work.sealer, work.now)

    @property
    def today(self) -> date:
        """The day that records stand on."""
        return self.work.now.date()

    def decision(self, told: Facts | None = None) -> Decision:
        """Return what is decided on a record of these facts, or on the most open one there may be."""
        return self._decisions.get(told) or self._decisions.setdefault(told, self.work.decide(told))

    def may(self, use: Use, told: Facts | None = None) -> frozenset[FieldClass]:
        """Return the classes that may be put to this use."""
        return self.decision(told).may(use)

    def check_reads(self) -> None:
        """Refuse to open anything where nothing of any record may be read. Raises Forbidden (OFFICER_REQUIRED).

        It depends on who asks alone, so it tells of no record.
        """
        decision = self.decision()
        if not decision.may(Use.READ):
            missing = any(each.remedy.kind is RemedyKind.OFFICER_GRANT for each in decision.withheld)
            raise officer_required() if missing else Forbidden("No rule opens anything of a record to this officer.")

    def step_up_required(self, use: Use) -> Forbidden | None:
        """Return the refusal of an officer whom only a new proof of who they are keeps from a use; None for others."""
        access, edition = self.work.access(), self.work.edition.code
        if access is None:
            return None
        proved = policy.load(edition, self.today).decide(replace(access, stepped_up=True))
        if proved.may(use) == self.may(use):
            return None
        return Forbidden("This takes a new proof of who you are.", code="STEP_UP_REQUIRED",
                         remedy="Prove it again, and ask again.")  # fmt: skip

    def exists(self, told: Facts) -> bool:
        """Whether this actor may know that there is such a record."""
        return not self.decision(told).silent

    def is_hidden(self, told: Facts) -> bool:
        """Whether a record is silent for what it is, and not for how it stands: also to its owner's own officers."""
        decision = self.decision(told)
        return decision.silent and any(each.reason is Reason.CLEARANCE for each in decision.withheld)

    def is_told(self, told: Facts) -> bool:
        """Whether it may be told who a record is about."""
        return FieldClass.IDENTITY in self.may(Use.READ, told)

    def clearances(self, owner: str) -> frozenset[str]:
        """Return the clearances of an agency's records of which this actor may know: for lists and counts."""
        return frozenset(
            each for each in self.work.edition.handling.clearances
            if not self.is_hidden(Facts("vetted", "convicted", owner, clearance=each))
        )  # fmt: skip

    def cleared(self, owner: str) -> frozenset[str]:
        """Return the clearances of an agency's records that this actor's own reaches: of no other they are alerted."""
        return frozenset(
            each for each in self.clearances(owner)
            if all(
                one.reason is not Reason.CLEARANCE
                for one in self.decision(Facts("vetted", "convicted", owner, clearance=each)).withheld
            )
        )  # fmt: skip

    def mask(self, told: Facts) -> Mask:
        """Return what of a record may leave."""
        return self.reader.mask(told) if self.exists(told) else shut("STATUS")

    def meet(self, met: Iterable[tuple[int, Facts]], how: str) -> None:
        """Tell auditors of silent records that somebody came across, and their owners where a rule says so."""
        found = dict(sorted(met))
        if found:
            self.work.record(MET, (), numbers=list(found), how=how, **self.told(list(found.values())))
            self._alert("alert_owner", found, how)

    def shown(self, told: Iterable[tuple[int, Facts]]) -> None:
        """Tell the owners of records of which this actor is shown something, where a rule says so."""
        self._alert("notify_owner", dict(told), "shown")

    def _alert(self, duty: str, found: Mapping[int, Facts], how: str) -> None:
        """Leave word for owners: one of each record and way, however often the same question comes upon it."""
        asking = self.work.actor
        who = {
            "agency": asking.agency, "officer": asking.officer and str(asking.officer.id),
            "reference": asking.officer and asking.officer.reference, "case": asking.case_reference,
        }  # fmt: skip
        said = {(each.details["number"], each.details["how"]) for each in self.work.alerts}
        self.work.alert(*(
            News(Topic.ALERT, told.owner, new_id(), None, {"number": number, "how": how, **who})
            for number, told in found.items() if duty in self.decision(told).duties and (number, how) not in said
        ))  # fmt: skip

    def told(self, records: Sequence[Facts]) -> dict[str, Any]:
        """Return the decisions on these records as an event of the log keeps them."""
        access = self.work.access()
        return {} if access is None else {"decision": decided.kept(access, records, self.decision)}


def officer_required() -> Forbidden:
    """Return the refusal of whoever has not proved which officer asks."""
    return Forbidden(
        "Which officer asks is stated and not proved.", code="OFFICER_REQUIRED",
        remedy="Ask for a token by a grant that the officer's authority has signed.",
    )  # fmt: skip


def of_row(work: Work, row: Any) -> Facts:  # Any: a row of profiles
    """Return what a decision needs to know of a row."""
    return facts_of.of_row(row, work.now.date())


def number_of(row: Any) -> int:  # Any: a row of profiles, alone or beside a certificate
    """Return the register number of a row."""
    number: int = row["register_number"] if "register_number" in row else row["number"]
    return number


def of_text(text: str) -> Facts:
    """Return what a decision needs to know of a match record."""
    return spelled.read(text)
