"""People as hypothesis invents them, from common parts of names."""

from hypothesis import strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching.types import Handle, Identifier, Identity

NAMES = (
    "Peter", "John", "Mary", "Wanjiku", "Kamau", "Njoroge", "Otieno", "Akinyi", "Wafula", "Nekesa", "Mutua", "Mueni",
    "Kiptoo", "Chebet", "Saitoti", "Naserian", "Maxamed", "Cabdi", "Hassan", "Fatuma", "Juma", "Mwanaisha", "Patel",
    "Singh", "Svetlana", "Ivanov", "Zhang", "Abebe",
)  # fmt: skip
DIGITS = "0123456789"

full_names = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True).map(" ".join)
any_names = st.one_of(full_names, st.text(max_size=40))
birth_dates = st.one_of(
    st.builds(PartialDate, st.integers(1930, 2010)),
    st.builds(PartialDate, st.integers(1930, 2010), st.integers(1, 12)),
    st.builds(PartialDate, st.integers(1930, 2010), st.integers(1, 12), st.integers(1, 28)),
)
documents = st.builds(
    Identifier,
    st.sampled_from(["national_id", "passport"]),
    st.text(DIGITS, min_size=5, max_size=9),
    st.sampled_from([None, "KE", "UG"]),
)
handles = st.builds(Handle, st.sampled_from([None, "x", "tiktok"]), st.text("abcdef._123", min_size=1, max_size=12))


def identities(names: st.SearchStrategy[str] = any_names) -> st.SearchStrategy[Identity]:
    """Anybody: complete, or nearly unknown."""
    return st.builds(
        Identity,
        names=st.lists(names, max_size=3).map(tuple),
        birth_date=st.none() | birth_dates,
        sex=st.sampled_from([None, "male", "female", "other"]),
        nationalities=st.lists(st.sampled_from(["KE", "SO", "TZ"]), max_size=2).map(tuple),
        county=st.sampled_from([None, "Nairobi", "Kilifi County"]),
        identifiers=st.lists(documents, max_size=2).map(tuple),
        phones=st.lists(st.text(DIGITS, min_size=9, max_size=10).map("07".__add__), max_size=2).map(tuple),
        emails=st.lists(st.sampled_from(["a@example.org", "b.c@example.com"]), max_size=2).map(tuple),
        handles=st.lists(handles, max_size=2).map(tuple),
    )
