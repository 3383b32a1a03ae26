"""Whether a question is about somebody who holds a certificate, and whether a hit is to carry its warning. Pure.

    search for DEMO Juma Mwakio, 1990-02-03          hits profile 4711, by name and date
    certificate of DEMO Juma Mwakio, 1990-02-03      says: not the person of profile 4711        →  the hit is warned of

The same matcher that made the hit compares the question with the holder. Two ways lead to a warning:

    the number of a document is the holder's, and nothing else that was asked speaks against the holder
    the whole name and the full birth date are the holder's, and no document asked for is another's of the same kind

And one way leads away from it: the question meets the profile by something that is not known to be the holder's, such
as a phone, an account, or a document that is not theirs. So whoever of the register carries a stolen certificate is
still met by what is his own. A warning removes no hit and alters no score; an officer decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from registry.matching import compare
from registry.matching.alignment import align
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord
from registry.matching.scale import Scale
from registry.matching.types import Match

SHARED = frozenset({"name", "born", "sex", "nationality", "county", "register"})
"""What two people may have in common. Whatever else agrees is one person's own."""
OWN_DOCUMENT = frozenset({"document.same", "document.number"})
SAME_WORD = frozenset({"name.exact", "name.spelling", "name.form", "name.joined", "name.near"})
"""Words that are one, whatever slip or spelling is between them."""
LEFT_OUT = frozenset({"name.missing", "name.initial", "name.short", "name.shared"})
"""What a question may lack, or shorten, of the holder's name."""
CONFLICT = "name.conflict"
FITTING_DATES = frozenset({"born.same", "born.month", "born.year", "born.placeholder", "born.swapped"})
LEAST_WORDS = 2
MANY = 1_000_000
"""So that every word weighs alike: what counts here is how they meet, and that an exact one is taken first."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate that stands, as far as a warning needs it."""

    number: str
    valid_until: date
    record: MatchRecord
    """Its holder's."""


def warning(question: PreparedQuery, match: Match, held: Iterable[Held]) -> Held | None:
    """Return the certificate that a hit is to warn of, of those against its profile; the longest valid of several."""
    fitting = [
        each for each in held if is_holder(question, each.record) and not is_met_otherwise(question, match, each.record)
    ]
    return max(fitting, key=lambda each: (each.valid_until, each.number), default=None)


def is_holder(question: PreparedQuery, record: MatchRecord) -> bool:
    """Say whether a question is about the holder of a certificate."""
    document = _feature(compare.documents(question, record))
    born = _feature(compare.birth_dates(question, record))
    if document in OWN_DOCUMENT:
        return born in FITTING_DATES | {""} and (not question.record.names or _fits_name(question, record))
    return document != "document.differs" and born == "born.same" and _is_same_name(question, record)


def is_met_otherwise(question: PreparedQuery, match: Match, record: MatchRecord) -> bool:
    """Say whether a question meets a profile by something that is not known to be the holder's."""
    theirs = set(question.record.numbers) <= set(record.numbers)
    kinds = {each.feature.partition(".")[0] for each in match.reasons if each.weight > 0}
    return bool(kinds - SHARED - ({"document"} if theirs else set()))


def _feature(evidence: compare.Evidence | None) -> str:
    return evidence[0] if evidence else ""


def _is_same_name(question: PreparedQuery, record: MatchRecord) -> bool:
    """Say whether each word asked for is one of a name of the holder's, and there are two or more of them."""
    for met in _meetings(question, record):
        same = [feature for feature in met if feature in SAME_WORD]
        if len(same) >= LEAST_WORDS and set(met) <= SAME_WORD | LEFT_OUT:
            return True
    return False


def _fits_name(question: PreparedQuery, record: MatchRecord) -> bool:
    """Say whether a word asked for is one of a name of the holder's, and none stands in the place of another."""
    return any(not SAME_WORD.isdisjoint(met) and CONFLICT not in met for met in _meetings(question, record))


def _meetings(question: PreparedQuery, record: MatchRecord) -> Iterable[list[str]]:
    """Return how each name asked for meets each name of the holder."""
    even = Scale({}, MANY)
    for asked in question.record.names:
        for theirs in record.names:
            yield [each.feature for each in align(asked, theirs, even).meetings]
