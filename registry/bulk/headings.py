"""Headings of old registers, in English and Swahili, and where their columns go: a proposal that an officer confirms.

    "Full name" "Jina kamili" "FULL_NAME"    names[0].full
    "Phone 1" "Namba ya simu 2"              phones[]
    "convictions[0].court"                   a path means itself

Capitals, spaces, underscores and points decide nothing. What no row knows is not taken over, and says so. How dates are
written is never guessed; a table of codes is proposed for the sex only.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping as AbstractMapping, Sequence
from dataclasses import dataclass, field

from registry.bulk.mapping import MOST_COLUMNS, Column, Mapping, about_victim, own
from registry.bulk.paths import target
from registry.bulk.places import column_letters
from registry.core.errors import InputRefused
from registry.disclosure.handling import CODES
from registry.editions.edition import Edition
from registry.profiles import victims

HOME = "{home}"
SEX = {
    "M": "male", "Male": "male", "Mume": "male", "Mwanaume": "male", "Kiume": "male", "Me": "male",
    "F": "female", "Female": "female", "Mke": "female", "Mwanamke": "female", "Kike": "female", "Ke": "female",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Known:
    """What some headings mean. ``{n}`` in a path is the next free entry, ``{at}`` the number in the heading."""

    path: str
    words: str
    """Headings that mean it, with ``;`` between."""
    constants: AbstractMapping[str, str] = field(default_factory=dict)
    values: AbstractMapping[str, str] = field(default_factory=dict)


def _number(kind: str, words: str, *, home: bool = False) -> Known:
    country = {"identifiers[{n}].country": HOME} if home else {}
    return Known("identifiers[{n}].value", words, {"identifiers[{n}].type": kind} | country)


def _name(kind: str, words: str) -> Known:
    return Known("names[{n}].full", words, {"names[{n}].kind": kind})


def _of(vocabulary: str) -> dict[str, str]:
    """Return the codes of a vocabulary by how a column of it alone writes them: without its name before each."""
    return {each.removeprefix(f"{vocabulary}:"): each for each in CODES if each.startswith(f"{vocabulary}:")}


KNOWN = (
    Known("names[0].full",
          "full name; full names; name; names; offender; offender name; name of offender; jina; majina; jina kamili; "
          "majina kamili; jina la mkosaji"),
    Known("names[0].parts.given",
          "first name; given name; given names; forename; christian name; jina la kwanza"),
    Known("names[0].parts.middle",
          "middle name; middle names; second name; other name; other names; jina la kati; jina la pili"),
    Known("names[0].parts.family",
          "surname; last name; family name; third name; jina la ukoo; jina la familia; jina la mwisho"),
    Known("names[0].parts.clan", "clan; clan name; ukoo"),
    _name("alias", "alias; aliases; aka; also known as; other known name; jina lingine"),
    _name("nickname", "nickname; street name; jina la utani; lakabu"),
    _name("previous", "previous name; former name; maiden name; jina la awali"),
    Known("birth_date",
          "dob; date of birth; birth date; birthday; born; year of birth; yob; tarehe ya kuzaliwa; "
          "mwaka wa kuzaliwa; kuzaliwa"),
    Known("birth_place", "place of birth; birth place; mahali pa kuzaliwa"),
    Known("sex", "sex; gender; jinsia", values=SEX),
    Known("nationalities[]", "nationality; citizenship; country of citizenship; uraia"),
    _number("national_id",
            "id; id no; id number; id card no; national id; national id no; national id number; nid; "
            "namba ya kitambulisho; nambari ya kitambulisho; kitambulisho", home=True),
    _number("passport", "passport; passport no; passport number; pasipoti; namba ya pasipoti; nambari ya pasipoti"),
    _number("alien_id", "alien id; alien id no; alien card no; foreigner certificate no", home=True),
    _number("driving_licence",
            "driving licence; driving licence no; driving license; dl no; leseni ya udereva", home=True),
    _number("police_number", "police no; police number; police file no; crime record no; cro no"),
    Known("phones[]",
          "phone; phone no; phone number; telephone; telephone no; tel; tel no; mobile; mobile no; mobile number; "
          "cell; cellphone; simu; namba ya simu; nambari ya simu"),
    Known("emails[]", "email; email address; mail; barua pepe"),
    Known("handles[{n}].handle", "handle; user name; screen name; social media handle"),
    Known("county", "county; home county; county of residence; kaunti"),
    Known("places[{n}].address",
          "address; home address; residence; residential address; physical address; makazi; anwani",
          {"places[{n}].kind": "residence"}),
    Known("places[{n}].name",
          "employer; place of work; workplace; mwajiri; mahali pa kazi", {"places[{n}].kind": "work"}),
    Known("vehicles[{n}].plate",
          "vehicle; vehicle reg no; number plate; plate; registration plate; namba ya gari"),
    Known("convictions[{at}].offence", "offence; offence code; offense; kosa"),
    Known("convictions[{at}].court", "court; convicting court; mahakama"),
    Known("convictions[{at}].case_number",
          "case; case no; case number; court case no; criminal case no; namba ya kesi; nambari ya kesi"),
    Known("convictions[{at}].convicted_on",
          "convicted on; date of conviction; conviction date; convicted; tarehe ya hukumu; tarehe ya kuhukumiwa"),
    Known("convictions[{at}].committed_on", "date of offence; offence date; committed on; tarehe ya kosa"),
    Known("convictions[{at}].sentence", "sentence; adhabu"),
    Known("convictions[{at}].register_entry", "register entry; csoer no; csoer entry"),
    Known("convictions[{at}].victim_age_band", "victim age band"),
    Known("convictions[{at}].victim_sex", "victim sex"),
    Known("orders[{at}].kind", "order kind; kind of order; type of order"),
    Known("orders[{at}].court", "order court; court of order"),
    Known("orders[{at}].number", "order no; order number; court order no; namba ya amri; nambari ya amri"),
    Known("orders[{at}].made_on", "order date; date of order; court order date; tarehe ya amri"),
    Known("category", "category; register category"),
    Known("tier", "tier; class; register class"),
    Known("owner_post", "owner post; post"),
    Known("legal_basis.code", "legal basis; legal basis code; msingi wa sheria"),
    Known("legal_basis.article", "legal basis article; article; kifungu cha sheria"),
    Known("handling.codes[]", "handling code; handling codes"),
    Known("handling.codes[]", "siena; siena code; siena handling code", values=_of("SIENA")),
    Known("handling.codes[]", "interpol; interpol code; interpol confidentiality", values=_of("INTERPOL")),
    Known("handling.codes[]", "tlp; tlp code; traffic light protocol", values=_of("TLP")),
    Known("review_on", "review date; review on; next review"),
    Known("expires_on", "expiry date; expires on; expiry"),
)  # fmt: skip
"""A heading that no row knows is told to the officer, not dropped in silence."""


def _squeezed(heading: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFKD", heading) if unicodedata.category(each)[0] != "M")
    return re.sub(r"[\W_]+", "", plain.casefold())


_BY_WORD = {_squeezed(word): known for known in KNOWN for word in known.words.split(";")}
_NUMBERED = re.compile(r"(.*?)([1-9][0-9]?)?")


def checked(headings: Sequence[str], row: int = 1) -> list[str]:
    """Return the headings of a table, trimmed. A victim's column ends it here, before a row is read.

    Raises InputRefused (VICTIM_DATA, HEADING_TWICE, HEADINGS_MISSING, FILE_REFUSED), naming the cell.
    """
    plain = [" ".join(each.split()) for each in headings]
    for at, heading in enumerate(plain):
        if victims.is_about_victim(heading):
            raise about_victim(f"{column_letters(at)}{row}")
    if not any(plain):
        raise InputRefused("holds no headings.", field="file", code="HEADINGS_MISSING",
                           remedy="Write the names of the columns into the first row.")  # fmt: skip
    if len(plain) > MOST_COLUMNS:
        raise InputRefused(f"has more than {MOST_COLUMNS} columns.", field="file", code="FILE_REFUSED",
                           remedy="Remove those that are not needed.")  # fmt: skip
    for heading, times in Counter(each.casefold() for each in plain if each).items():
        if times > 1:
            second = [at for at, each in enumerate(plain) if each.casefold() == heading][1]
            raise InputRefused("is a heading that stands twice.", field=f"{column_letters(second)}{row}",
                               code="HEADING_TWICE", remedy="Give each column a name of its own.")  # fmt: skip
    return plain


def guessed(headings: Sequence[str], edition: Edition) -> Mapping:
    """Return what the headings seem to mean. Raises InputRefused (HEADINGS_MISSING) where none is known."""
    columns: dict[str, Column] = {}
    constants: dict[str, object] = {}
    entries: Counter[str] = Counter({"names": 1})
    taken: set[str] = set()
    for heading in headings[: own(headings)]:
        if heading:
            columns[heading] = _column(heading, edition, entries, taken, constants)
    if not any(each.path for each in columns.values()):
        raise InputRefused("has no heading that is known.", field="file", code="HEADINGS_MISSING",
                           remedy="Write the names of the columns into the first row, or give --mapping.")  # fmt: skip
    return Mapping(columns, constants)


def _column(
    heading: str, edition: Edition, entries: Counter[str], taken: set[str], constants: dict[str, object]
) -> Column:
    try:
        path, known = target(heading).path, None
    except InputRefused:
        words, number = _numbered(heading)
        known = _BY_WORD.get(words)
        if known is None:
            return Column()
        path = known.path.replace("{at}", str(number - 1 if number else 0))
    if "{n}" in path:
        group = path.partition("[")[0]
        place = str(entries[group])
        entries[group] += 1
        path = path.replace("{n}", place)
        assert known is not None
        constants |= {
            each.replace("{n}", place): edition.country if value == HOME else value
            for each, value in known.constants.items()
        }
    if path in taken and not path.endswith("[]"):
        return Column()
    taken.add(path)
    return Column(path, values=known.values if known else {})


def _numbered(heading: str) -> tuple[str, int | None]:
    """Return a heading without the number at its end, and the number."""
    words = _squeezed(heading)
    found = _NUMBERED.fullmatch(words)
    assert found is not None
    return (found[1], int(found[2])) if found[2] and words not in _BY_WORD else (words, None)
