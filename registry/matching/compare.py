"""One small comparison for each kind of evidence; its docstring is the explanation a person reads.

    birth_dates(question, profile)   →   ("born.swapped", "1984-05-03", "1984-03-05")

Each gives a feature of the table in `weights` and the two values that met, or nothing where a side is silent:
what is not known is neither for nor against.
"""

from collections.abc import Callable

from rapidfuzz.distance import OSA

from registry.matching.contacts import NEAR_LENGTH, handle_letters
from registry.matching.record import MatchRecord

Evidence = tuple[str, str, str]
"""Feature, value of the question, value of the profile."""

Comparison = Callable[[MatchRecord, MatchRecord], Evidence | None]

HOME = "KE"


def birth_dates(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """Dates of birth count by how much of them agrees, and by how likely the difference is a slip."""
    if not query.born[0] or not record.born[0]:
        return None
    return _born(query.born, record.born), _date_text(query.born), _date_text(record.born)


def sexes(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same sex says little, another says much."""
    if not query.sex or not record.sex:
        return None
    if query.sex != record.sex:
        return "sex.differs", query.sex, record.sex
    return ("sex.female" if query.sex == "female" else "sex.same"), query.sex, record.sex


def nationalities(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """A nationality in common says the more the fewer hold it; having none in common speaks against."""
    if not query.nationalities or not record.nationalities:
        return None
    shared = [n for n in query.nationalities if n in record.nationalities]
    if not shared:
        return "nationality.differs", ", ".join(query.nationalities), ", ".join(record.nationalities)
    foreign = [n for n in shared if n != HOME]
    return ("nationality.same", foreign[0], foreign[0]) if foreign else ("nationality.home", HOME, HOME)


def counties(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same county speaks for it; people move, so another one hardly speaks against."""
    if not query.county or not record.county:
        return None
    feature = "county.same" if query.county == record.county else "county.differs"
    return feature, query.county, record.county


def documents(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same number decides nearly alone, one slip away it needs support, another of the same kind is against."""
    if not query.identifiers or not record.identifiers:
        return None
    best: Evidence | None = None
    for asked in query.identifiers:
        for held in record.identifiers:
            feature = _document(asked, held)
            if feature and (best is None or _DOCUMENT_ORDER[feature] < _DOCUMENT_ORDER[best[0]]):
                best = feature, asked[1], held[1]
    return best


def phones(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same phone number, however it was written."""
    return _shared("phone.same", query.phones, record.phones)


def emails(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same e-mail address."""
    return _shared("email.same", query.emails, record.emails)


def handles(query: MatchRecord, record: MatchRecord) -> Evidence | None:
    """The same name on a platform, on another one, or its letters with other digits."""
    if not query.handles or not record.handles:
        return None
    best: Evidence | None = None
    for asked in query.handles:
        for held in record.handles:
            feature = _handle(asked, held)
            if feature and (best is None or _HANDLE_ORDER[feature] < _HANDLE_ORDER[best[0]]):
                best = feature, asked[1], held[1]
    return best


COMPARISONS: tuple[Comparison, ...] = (
    birth_dates, sexes, nationalities, counties, documents, phones, emails, handles,
)  # fmt: skip

_DOCUMENT_ORDER = {"document.same": 0, "document.number": 1, "document.near": 2, "document.differs": 3}
_HANDLE_ORDER = {"handle.same": 0, "handle.elsewhere": 1, "handle.short": 2, "handle.letters": 3}


def _born(a: tuple[int, int, int], b: tuple[int, int, int]) -> str:
    if a[2] and b[2]:
        placeholder = a[1:] == (1, 1) or b[1:] == (1, 1)
        if a[0] == b[0]:
            return _born_in_one_year(a, b, placeholder=placeholder)
        if not placeholder:
            if a[1:] == b[1:] and abs(a[0] - b[0]) == 1:
                return "born.year_near"
            if _digits_apart(a, b) == 1 or (a[1:] == b[1:] and abs(a[0] - b[0]) == 10):
                return "born.digit"
    elif a[0] == b[0]:
        if not a[1] or not b[1]:
            return "born.year"
        return "born.month" if a[1] == b[1] else "born.same_year"
    return _YEARS_APART.get(abs(a[0] - b[0]), "born.differs")


_YEARS_APART = {1: "born.off_by_one", 2: "born.off_by_two"}


def _born_in_one_year(a: tuple[int, int, int], b: tuple[int, int, int], *, placeholder: bool) -> str:
    if placeholder:
        return "born.placeholder"
    if a == b:
        return "born.same"
    if a[1] == b[2] and a[2] == b[1]:
        return "born.swapped"
    return "born.digit" if _digits_apart(a, b) == 1 else "born.same_year"


def _digits_apart(a: tuple[int, int, int], b: tuple[int, int, int]) -> int:
    return sum(x != y for x, y in zip(_digits(a), _digits(b), strict=True))


def _digits(born: tuple[int, int, int]) -> str:
    return f"{born[0]:04d}{born[1]:02d}{born[2]:02d}"


def _date_text(born: tuple[int, int, int]) -> str:
    year, month, day = born
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def _document(asked: tuple[str, str, str], held: tuple[str, str, str]) -> str | None:
    same_kind = asked[0] == held[0] and (asked[2] == held[2] or not asked[2] or not held[2])
    if asked[1] == held[1]:
        return "document.same" if same_kind else "document.number"
    if min(len(asked[1]), len(held[1])) >= NEAR_LENGTH and OSA.distance(asked[1], held[1], score_cutoff=1) == 1:
        return "document.near"
    return "document.differs" if same_kind else None


def _handle(asked: tuple[str, str], held: tuple[str, str]) -> str | None:
    if asked[1] == held[1]:
        if len(asked[1]) < 6:
            return "handle.short"
        return "handle.same" if asked[0] == held[0] or not asked[0] or not held[0] else "handle.elsewhere"
    letters = handle_letters(asked[1])
    return "handle.letters" if letters and letters == handle_letters(held[1]) else None


def _shared(feature: str, asked: tuple[str, ...], held: tuple[str, ...]) -> Evidence | None:
    for value in asked:
        if value in held:
            return feature, value, value
    return None
