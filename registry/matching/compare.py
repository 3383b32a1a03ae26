"""One small comparison for each kind of evidence; its docstring is the explanation a person reads.

    birth_dates(question, profile)   →   ("born.swapped", "1984-05-03", "1984-03-05")

Each gives a feature of the table in `weights` and the two values that met, or nothing where a side is silent:
what is not known is neither for nor against. Documents, phones, e-mails and handles meet by their tokens: the value
shown is the asker's own, and that of the profile is known only where it is the same.
"""

from collections.abc import Callable
from functools import lru_cache

from registry.matching.fits import FITS
from registry.matching.query import PreparedQuery
from registry.matching.record import Account, Document, MatchRecord
from registry.matching.slips import are_near

Evidence = tuple[str, str, str | None]
"""Feature, value of the question, value of the profile where it is known."""

Comparison = Callable[[PreparedQuery, MatchRecord], Evidence | None]

HOME = "KE"

_SHORT_HANDLE = 6
"""Below it a handle is one that many choose."""


def birth_dates(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """Dates of birth count by how much of them agrees, and by how likely the difference is a slip."""
    asked, held = query.record.born, record.born
    if not asked[0] or not held[0]:
        return None
    return _born(asked, held), _date_text(asked), _date_text(held)


def sexes(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same sex says little, another says much."""
    asked, held = query.record.sex, record.sex
    if not asked or not held:
        return None
    if asked != held:
        return "sex.differs", asked, held
    return ("sex.female" if asked == "female" else "sex.same"), asked, held


def nationalities(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """A nationality in common says the more the fewer hold it; having none in common speaks against."""
    asked, held = query.record.nationalities, record.nationalities
    if not asked or not held:
        return None
    shared = [n for n in asked if n in held]
    if not shared:
        return "nationality.differs", ", ".join(asked), ", ".join(held)
    foreign = [n for n in shared if n != HOME]
    return ("nationality.same", foreign[0], foreign[0]) if foreign else ("nationality.home", HOME, HOME)


def counties(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same county speaks for it; people move, so another one hardly speaks against."""
    asked, held = query.record.county, record.county
    if not asked or not held:
        return None
    return ("county.same" if asked == held else "county.differs"), asked, held


def documents(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same number decides nearly alone, one slip away it needs support, another of the same kind is against."""
    if not query.record.identifiers or not record.identifiers:
        return None
    best: Evidence | None = None
    for asked in query.record.identifiers:
        for held in record.identifiers:
            feature = _document(asked, held, query.slips[asked[1]])
            if feature and (best is None or _ORDER[feature] < _ORDER[best[0]]):
                best = feature, *_values(query, asked[1], held[1])
    return best


def phones(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same phone number, however it was written."""
    return _shared("phone.same", query, query.record.phones, record.phones)


def emails(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same e-mail address."""
    return _shared("email.same", query, query.record.emails, record.emails)


def handles(query: PreparedQuery, record: MatchRecord) -> Evidence | None:
    """The same name on a platform, on another one, or its letters with other digits."""
    if not query.record.handles or not record.handles:
        return None
    best: Evidence | None = None
    for asked in query.record.handles:
        for held in record.handles:
            feature = _handle(asked, held, query.clear[asked[1]])
            if feature and (best is None or _ORDER[feature] < _ORDER[best[0]]):
                best = feature, *_values(query, asked[1], held[1])
    return best


COMPARISONS: tuple[Comparison, ...] = (
    birth_dates, sexes, nationalities, counties, documents, phones, emails, handles,
)  # fmt: skip
"""Of who somebody is; those of what they are known by besides are `fits.FITS`."""


def asked_for(query: PreparedQuery) -> tuple[Comparison, ...]:
    """Give the comparisons that a question says anything to; all others are silent whomever it meets."""
    it = query.record
    given = (it.born[0], it.sex, it.nationalities, it.county, it.identifiers, it.phones, it.emails, it.handles)
    known_by = [compare for compare, value in zip(COMPARISONS, given, strict=True) if value]
    return (*known_by, *FITS) if query.asked else tuple(known_by)


_ORDER = {
    "document.same": 0, "document.number": 1, "document.near": 2, "document.differs": 3,
    "handle.same": 0, "handle.elsewhere": 1, "handle.short": 2, "handle.letters": 3,
}  # fmt: skip
"""The closest first."""


def _born(a: tuple[int, int, int], b: tuple[int, int, int]) -> str:
    placeholder = a[1:] == (1, 1) or b[1:] == (1, 1)
    if a[2] and b[2] and a[0] == b[0]:
        return _born_in_one_year(a, b, placeholder=placeholder)
    if a[2] and b[2] and not placeholder:
        return _born_in_two_years(a, b)
    if a[0] != b[0]:
        return _YEARS_APART.get(abs(a[0] - b[0]), "born.differs")
    if not a[1] or not b[1]:
        return "born.year"
    if placeholder:
        return "born.placeholder"
    return "born.month" if a[1] == b[1] else "born.other_month"


def _born_in_two_years(a: tuple[int, int, int], b: tuple[int, int, int]) -> str:
    apart = abs(a[0] - b[0])
    if a[1:] == b[1:] and apart == 1:
        return "born.year_near"
    if _digits_apart(a, b) == 1 or (a[1:] == b[1:] and apart == 10):
        return "born.digit"
    return "born.next_year" if apart == 1 else "born.differs"


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


@lru_cache(maxsize=4096)
def _date_text(born: tuple[int, int, int]) -> str:
    year, month, day = born
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def _document(asked: Document, held: Document, slips: frozenset[str]) -> str | None:
    kind, number, country, _ = asked
    held_kind, held_number, held_country, near = held
    same_kind = kind == held_kind and (country == held_country or not country or not held_country)
    if number == held_number:
        return "document.same" if same_kind else "document.number"
    if are_near(slips, held_number, near):
        return "document.near"
    return "document.differs" if same_kind else None


def _handle(asked: Account, held: Account, clear: str) -> str | None:
    platform, name, letters = asked
    held_platform, held_name, held_letters = held
    if name == held_name:
        if len(clear) < _SHORT_HANDLE:
            return "handle.short"
        return "handle.same" if platform == held_platform or not platform or not held_platform else "handle.elsewhere"
    return "handle.letters" if letters and letters == held_letters else None


def _shared(feature: str, query: PreparedQuery, asked: tuple[str, ...], held: tuple[str, ...]) -> Evidence | None:
    for token in asked:
        if token in held:
            return feature, query.clear[token], query.clear[token]
    return None


def _values(query: PreparedQuery, asked: str, held: str) -> tuple[str, str | None]:
    """Put the asker's value in place of the token, for the profile only where it is the same."""
    clear = query.clear[asked]
    return clear, clear if held == asked else None
