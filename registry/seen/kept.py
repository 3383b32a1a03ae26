"""An entry, read again: what each of its events says of the records that were shown, and by which rules.

    kept = Kept(work, row)
    kept.events[0].name, kept.events[0].records       "profile:searched", (…, …)
    kept.reader(kept.events[0])                       masks records as was decided then
    kept.row(event, 0)                                the version that was shown, standing as it stood then

Nothing is guessed: what the entry, or the register, does not hold any more raises ``Gone`` with a code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from auth.actor import Actor, Officer
from registry.audit import policies
from registry.core.sealing import Sealer
from registry.disclosure import decided, facts as spelling, table
from registry.disclosure.access import Access, Facts
from registry.disclosure.policy import Policy
from registry.disclosure.vocabulary import Purpose
from registry.profiles.standing import Standing
from registry.profiles.views import Reader
from registry.seen import queries
from registry.work import Work

ANSWER = "answer"
"""The member of an event's details that holds the keyed digest of the whole answer."""
ASKED = "asked"
"""The member that holds what was asked, sealed."""
KIND = "log-answer"
"""The kind of the digest among blind indexes."""
CODES = {
    "ENTRY_ERASED": "What the entry said was erased lawfully: its leaf stands, and nothing can be made again of it.",
    "VERSION_NOT_KEPT": "The entry does not say which version of the record was shown.",
    "DECISION_NOT_KEPT": "The entry does not say by which rules it was decided.",
    "POLICY_NOT_KEPT": "The policy that decided was never kept here, or is not what the entry names.",
    "RECORD_ERASED": "What the record held was destroyed since.",
    "RECORD_OUT_OF_REACH": "The database shows this record to its keepers only: ask at the node (registry audit seen).",
    "DOCUMENT_NOT_KEPT": "What was asked, to the letter, is kept neither in the entry nor among approved documents.",
    "DIGEST_NOT_KEPT": "The entry is older than the digests of answers, or its answer did not leave by GraphQL.",
    "PART_NOT_REBUILT": "Part of the answer came from something whose past can't be made again.",
    "SEARCH_NOT_REPRODUCIBLE": "The search can't be made again: its weights or its question do not open any more.",
}
"""Why something can't be made again, or can't be proved."""


def digest_of(data: bytes, sealer: Sealer) -> str:
    """Return what equal answers have in common, and no others: seventy-two bits, keyed."""
    return sealer.blind(KIND, sha256(data).hexdigest())


class Gone(Exception):
    """Something of the past that can't be made again."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code: Final = code


@dataclass(frozen=True, slots=True)
class Kept:
    """One event of an entry."""

    name: str
    records: tuple[UUID, ...]
    details: dict[str, Any]

    @property
    def versions(self) -> tuple[int, ...]:
        """The version of each record that was shown. Raises Gone."""
        if "versions" in self.details:
            found: tuple[int, ...] = tuple(self.details["versions"])
        elif "version" in self.details:
            found = (self.details["version"],)  # a second id is that of a record merged into it
        else:
            raise Gone("VERSION_NOT_KEPT")
        return found

    @property
    def facts(self) -> tuple[Facts, ...]:
        """What each record stood as, in their order. Raises Gone."""
        told = self.decision
        kinds = [spelling.read(each) for each in told["facts"]]
        return tuple(kinds[each] for each in told.get("of", [0] * len(self.versions)))

    @property
    def decision(self) -> dict[str, Any]:
        """What was decided, by which policy and for whom. Raises Gone."""
        if "decision" not in self.details:
            raise Gone("DECISION_NOT_KEPT")
        told: dict[str, Any] = self.details["decision"]
        return told


def standing_as(row: Mapping[Any, Any], facts: Facts) -> dict[str, Any]:
    """Return a row of a profile, standing as these facts say."""
    return dict(row) | {
        "standing_now": facts.standing, "category": facts.category, "owner": facts.owner, "onward": facts.onward,
        "clearance": facts.clearance, "releasable_to": " ".join(sorted(facts.releasable_to)), "expires_on": None,
    }  # fmt: skip


class Past:
    """One entry, and what the register held when it was made."""

    def __init__(self, work: Work, row: Any) -> None:  # Any: a row of the log
        self.work: Final = work
        self.row: Final = row
        self.at: Final = row["at"]
        self.events: Final = tuple(
            Kept(each["name"], tuple(map(UUID, each["records"])), each["details"])
            for each in row["body"]["events"] if each["records"] is not None and each["details"] is not None
        )  # fmt: skip
        self._policies: dict[str, Policy] = {}

    @property
    def shown(self) -> tuple[Kept, ...]:
        """The events that showed records."""
        return tuple(each for each in self.events if each.records and not each.name.endswith(":refused"))

    @property
    def digest(self) -> str | None:
        """The digest of what was answered, where one is kept."""
        return next((each.details[ANSWER] for each in self.events if ANSWER in each.details), None)

    @property
    def fields(self) -> frozenset[str]:
        """Schema coordinates that the answer holds."""
        return frozenset(self.row["body"]["fields"] or ())

    @cached_property
    def _versions(self) -> dict[tuple[UUID, int], Any]:
        chosen = [
            pair for each in self.shown if each.details.keys() & {"version", "versions"}
            for pair in zip(each.records, each.versions, strict=False)
        ]  # fmt: skip
        return queries.versions(self.work.connection, chosen) if chosen else {}

    def version(self, event: Kept, place: int) -> dict[str, Any]:
        """Return the row of a version that was shown, standing as it stood then. Raises Gone."""
        row = self._versions.get((event.records[place], event.versions[place]))
        facts = event.facts[place]
        if row is None:
            raise Gone("RECORD_OUT_OF_REACH")
        if row["key_id"] is None and facts.standing != Standing.REMOVED.value:
            raise Gone("RECORD_ERASED")
        return standing_as(row, facts)

    def access(self, event: Kept) -> Access:
        """Return who asked under what."""
        return decided.access_of(event.decision["access"])

    def reader(self, event: Kept) -> Reader:
        """Return what masks records as was decided then. Raises Gone."""
        policy, access = self._policy(event.decision["policy"]), self.access(event)
        return Reader(lambda facts: policy.decide(access, facts), self.work.sealer, self.at)

    def readable(self, event: Kept) -> Any:  # Any: a decision
        """Return what was decided of the most open record there may be."""
        return self._policy(event.decision["policy"]).decide(self.access(event))

    def _policy(self, version: str) -> Policy:
        if version not in self._policies:
            text = policies.text(self.work.connection, version)
            if text is None or table.version_of(text) != version:
                raise Gone("POLICY_NOT_KEPT")
            self._policies[version] = Policy(table.read(text), self.at.date())
        return self._policies[version]

    def actor(self) -> Actor:
        """Return who asked, as far as an answer depends on it."""
        row = self.row
        access = next((self.access(each) for each in self.events if "decision" in each.details), None)
        officer = row["officer"] and Officer(
            row["officer"], row["officer_reference"] or "", "", access.roles if access else frozenset()
        )
        return Actor(
            row["client"] or "", row["agency"] or "", row["token_id"] or "", officer=officer,
            purpose=Purpose(row["purpose"]) if row["purpose"] else None, case_reference=row["case_reference"],
            legal_basis=row["legal_basis"],
        )  # fmt: skip
