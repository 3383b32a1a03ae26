"""Any record that could stand in the register, for laws that hold of all of them."""

from datetime import date

from hypothesis import strategies as st

from registry.core.partial_dates import PartialDate
from registry.profiles.parts import (
    IDENTIFIER_TYPES,
    NAME_KINDS,
    NAME_PARTS,
    SCRIPTS,
    SEXES,
    VICTIM_AGE_BANDS,
    VICTIM_SEXES,
    Conviction,
    Handle,
    Identifier,
    LegalBasis,
    Name,
    NamePart,
    Record,
)  # fmt: skip
from tests.factories import EDITION

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20)
DAYS = st.dates(date(1900, 1, 1), date(2026, 1, 1))
DATES = st.one_of(
    DAYS.map(lambda day: PartialDate(day.year)),
    DAYS.map(lambda day: PartialDate(day.year, day.month)),
    DAYS.map(lambda day: PartialDate(day.year, day.month, day.day)),
)
PARTS = st.dictionaries(st.sampled_from(NAME_PARTS), LINES, max_size=3).map(
    lambda texts: tuple(NamePart(kind, texts[kind]) for kind in NAME_PARTS if kind in texts)
)
RECORDS = st.builds(
    Record,
    owner=LINES,
    legal_basis=st.builds(LegalBasis, st.sampled_from(sorted(EDITION.legal_bases)), LINES),
    names=st.lists(
        st.builds(Name, LINES, PARTS, st.sampled_from(SCRIPTS), st.sampled_from(NAME_KINDS)), min_size=1, max_size=3
    ).map(tuple),
    birth_date=st.none() | DATES,
    sex=st.sampled_from(SEXES),
    nationalities=st.lists(st.sampled_from(["KE", "TZ", "UG"]), max_size=2).map(tuple),
    identifiers=st.lists(
        st.builds(Identifier, st.sampled_from(IDENTIFIER_TYPES), LINES, st.none() | st.just("KE")), max_size=2
    ).map(tuple),
    phones=st.lists(st.from_regex(r"\+2547[0-9]{8}", fullmatch=True), max_size=2).map(tuple),
    emails=st.lists(st.emails(), max_size=2).map(tuple),
    handles=st.lists(st.builds(Handle, st.none() | LINES, LINES), max_size=2).map(tuple),
    county=st.none() | st.sampled_from(EDITION.counties),
    convictions=st.lists(
        st.builds(
            Conviction, st.sampled_from(sorted(EDITION.offences)), LINES, LINES, DATES, LINES,
            st.sampled_from(VICTIM_AGE_BANDS), st.sampled_from(VICTIM_SEXES),
        ),
        min_size=1, max_size=2,
    ).map(tuple),
)  # fmt: skip
