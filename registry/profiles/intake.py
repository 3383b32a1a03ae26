"""Reading a record that somebody hands in: strictly, and with every problem named.

    {"names": [{"full": "Juma Hamisi Mwakio", "parts": {"given": "Juma"}, "script": "Latn", "kind": "legal"}],
     "birth_date": "1971-05", "sex": "male", "nationalities": ["KE"], "phones": ["0712 345 678"], …}

The result is canonical: NFC, one space between words, phones as E.164, document numbers in capitals.
A value that breaks a rule is never repaired in silence, and never repeated in the error.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import phonenumbers
import pycountry

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.profiles import parts
from registry.profiles.parts import Conviction, Handle, Identifier, LegalBasis, Name, NamePart, Record

T = TypeVar("T")
LEAST_LETTERS = 2
MOST = 50
"""Most entries of any list in one record."""
COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
KIND_SYNONYMS = {"primary": "legal", "original": "legal", "maiden": "previous"}
"""Words that older files use."""
_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9 /.-]{1,38}[A-Z0-9]", re.ASCII)
_PLATFORM = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII)
_VICTIM = re.compile(r"victim|complainant|child|minor|mtoto|mwathiriwa", re.IGNORECASE)
_MEMBERS = frozenset({
    "id", "names", "birth_date", "dob", "sex", "nationalities", "identifiers", "phones", "emails", "handles", "county",
    "convictions", "legal_basis", "record_owner",
})  # fmt: skip


class Problems(InputRefused):
    """Everything that is wrong with one record."""

    def __init__(self, found: Sequence[InputRefused]):
        super().__init__(found[0].message, code=found[0].code, field=found[0].field, remedy=found[0].remedy)
        self.found = tuple(found)


def record(value: object, edition: Edition, *, owner: str) -> Record:
    """Return the record that ``value`` describes, owned by ``owner`` unless it says otherwise.

    Raises Problems with one InputRefused for each rule broken.
    """
    reader = _Reader(edition)
    read = reader.record(value, owner)
    if reader.found or read is None:
        raise Problems(reader.found)
    return read


class _Reader:
    """One pass over a record; problems gather in ``found``."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.found: list[InputRefused] = []

    def refuse(self, field: str, code: str, rule: str, remedy: str) -> None:
        self.found.append(InputRefused(rule, field=field, code=code, remedy=remedy))

    def record(self, value: object, owner: str) -> Record | None:
        if not isinstance(value, Mapping):
            self.refuse("record", "RECORD_MALFORMED", "is not an object.", "Write one JSON object a record.")
            return None
        self.members("", value, _MEMBERS)
        birth_date = self.birth_date(value)
        names = self.each(value, "names", self.name, least=1)
        convictions = self.each(value, "convictions", self.conviction, least=1)
        basis = self.legal_basis(value.get("legal_basis"))
        sex = self.one_of("sex", value.get("sex", "unknown"), parts.SEXES)
        county = value.get("county")
        if county is not None:
            county = self.one_of("county", county, self.edition.counties)
        owner = self.text("record_owner", value.get("record_owner", owner), 80) or owner
        nationalities = self.each(value, "nationalities", self.country)
        identifiers = self.each(value, "identifiers", self.identifier)
        phones = self.each(value, "phones", self.phone)
        emails = self.each(value, "emails", self.email)
        handles = self.each(value, "handles", self.handle)
        self.order_of_dates(birth_date, convictions)
        if self.found or basis is None or sex is None:
            return None
        return Record(
            owner=owner, legal_basis=basis, names=names, birth_date=birth_date, sex=sex, nationalities=nationalities,
            identifiers=identifiers, phones=phones, emails=emails, handles=handles, county=county,
            convictions=convictions,
        )  # fmt: skip

    def order_of_dates(self, birth_date: PartialDate | None, convictions: Sequence[Conviction]) -> None:
        """Refuse a conviction of somebody not yet born: one of the two dates is wrong."""
        for place, each in enumerate(convictions):
            if birth_date and each.convicted_on.year <= birth_date.year:
                self.refuse(f"convictions[{place}].convicted_on", "DATE_OUT_OF_ORDER", "is not after the birth date.",
                            "Correct one of the two.")  # fmt: skip

    # -- shapes

    def members(self, field: str, value: Mapping[Any, Any], known: frozenset[str]) -> None:
        """Refuse members nobody knows, and name victim data for what it is."""
        for name in value:
            if name in known:
                continue
            shown = str(name)[:40] if name and str(name).isprintable() else "?"
            place = f"{field}.{shown}" if field else shown
            if _VICTIM.search(str(name)):
                self.refuse(place, "VICTIM_DATA", "looks like a victim's data, which the register never holds.",
                            "Remove it; of a victim only victim_age_band and victim_sex are kept.")  # fmt: skip
            else:
                self.refuse(place, "FIELD_UNKNOWN", "is no field of a record.", "Remove it or correct its name.")

    def each(
        self, value: Mapping[str, Any], field: str, read: Callable[[str, Any], T | None], *, least: int = 0
    ) -> tuple[T, ...]:
        """Read a list; duplicates are dropped."""
        given = value.get(field)
        given = [] if given is None else given
        if not isinstance(given, list) or not least <= len(given) <= MOST:
            self.refuse(field, "LIST_MALFORMED", f"is not a list of {least} to {MOST} values.", "Write such a list.")
            return ()
        values = [read(f"{field}[{place}]", each) for place, each in enumerate(given)]
        return tuple(dict.fromkeys(each for each in values if each is not None))

    def text(self, field: str, value: object, most: int) -> str | None:
        """Read one line of text."""
        line = " ".join(unicodedata.normalize("NFC", value).split()) if isinstance(value, str) else ""
        if not 1 <= len(line) <= most or not is_plain(str(value)):
            self.refuse(field, "TEXT_MALFORMED", f"is not a line of 1 to {most} printable characters.",
                        "Write such a line.")  # fmt: skip
            return None
        return line

    def one_of(self, field: str, value: object, known: Sequence[str]) -> str | None:
        """Read a code."""
        if isinstance(value, str) and value in known:
            return value
        shown = ", ".join(known) if len(known) <= 12 else "those of the country edition"
        self.refuse(field, "CODE_UNKNOWN", "is not one of the known codes.", f"Write one of: {shown}.")
        return None

    def matching(self, field: str, value: object, pattern: re.Pattern[str], rule: str) -> str | None:
        """Read text of a fixed form."""
        if isinstance(value, str) and pattern.fullmatch(value):
            return value
        self.refuse(field, "FORM_MALFORMED", "does not have its form.", rule)
        return None

    # -- parts of a record

    def birth_date(self, value: Mapping[str, Any]) -> PartialDate | None:
        """``birth_date``, or the older ``dob`` with a value and a precision."""
        given = value.get("birth_date")
        if "dob" not in value:
            return self.date("birth_date", given) if given is not None else None
        dob = value["dob"]
        if given is not None or not isinstance(dob, Mapping) or set(dob) != {"value", "precision"}:
            self.refuse("dob", "DATE_MALFORMED", "is not one value with its precision.",
                        "Write birth_date: YYYY, YYYY-MM or YYYY-MM-DD.")  # fmt: skip
            return None
        if dob["value"] is None and dob["precision"] == "unknown":
            return None
        read = self.date("dob.value", dob["value"])
        if read and read.precision != dob["precision"]:
            self.refuse("dob.precision", "DATE_MALFORMED", "is not the precision of the value.",
                        "Write year, month or day as the value has it.")  # fmt: skip
        return read

    def date(self, field: str, value: object) -> PartialDate | None:
        try:
            return PartialDate.parse(value if isinstance(value, str) else "", field=field)
        except InputRefused as problem:
            self.found.append(problem)
            return None

    def name(self, field: str, value: object) -> Name | None:
        if not isinstance(value, Mapping):
            self.refuse(field, "NAME_MALFORMED", "is not an object.", "Write {full, parts, script, kind}.")
            return None
        self.members(field, value, frozenset({"full", "parts", "script", "kind"}))
        full = self.text(f"{field}.full", value.get("full"), 200)
        kind = value.get("kind", "legal")
        kind = self.one_of(f"{field}.kind", KIND_SYNONYMS.get(kind, kind) if isinstance(kind, str) else kind,
                           parts.NAME_KINDS)  # fmt: skip
        script = self.one_of(f"{field}.script", value.get("script", "Latn"), parts.SCRIPTS)
        name_parts = self.name_parts(f"{field}.parts", value.get("parts"))
        if full and sum(each.isalpha() for each in full) < LEAST_LETTERS:
            self.refuse(
                f"{field}.full", "NAME_MALFORMED", "has no letters to find it by.", "Write the name in letters."
            )
        return Name(full, name_parts, script, kind) if full and kind and script else None

    def name_parts(self, field: str, value: object) -> tuple[NamePart, ...]:
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.refuse(field, "NAME_MALFORMED", "is not an object.", "Write {given: …, family: …}.")
            return ()
        self.members(field, value, frozenset(parts.NAME_PARTS))
        texts = [(kind, self.text(f"{field}.{kind}", value[kind], 100)) for kind in parts.NAME_PARTS if kind in value]
        return tuple(NamePart(kind, text) for kind, text in texts if text)

    def country(self, field: str, value: object) -> str | None:
        if isinstance(value, str) and value in COUNTRIES:
            return value
        self.refuse(field, "COUNTRY_UNKNOWN", "is no country code.", "Write two capitals of ISO 3166-1, such as KE.")
        return None

    def identifier(self, field: str, value: object) -> Identifier | None:
        if not isinstance(value, Mapping):
            self.refuse(field, "IDENTIFIER_MALFORMED", "is not an object.", "Write {type, value, country}.")
            return None
        self.members(field, value, frozenset({"type", "value", "country"}))
        kind = self.one_of(f"{field}.type", value.get("type"), parts.IDENTIFIER_TYPES)
        number = value.get("value")
        number = number.strip().upper() if isinstance(number, str) and number.isascii() else None
        number = self.matching(f"{field}.value", number, _NUMBER,
                               "Write 3 to 40 letters, digits, spaces or / . - of the number.")  # fmt: skip
        country = value.get("country")
        if country is not None:
            country = self.country(f"{field}.country", country)
        return Identifier(kind, number, country) if kind and number else None

    def phone(self, field: str, value: object) -> str | None:
        digits = isinstance(value, str) and len(value) <= 40 and not any(each.isalpha() for each in value)
        try:  # letters would be read as digits, or as an extension and dropped
            number = phonenumbers.parse(str(value) if digits else "", self.edition.phone_region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or number.extension or not phonenumbers.is_possible_number(number):
            self.refuse(field, "PHONE_MALFORMED", "is no phone number.",
                        "Write it with its country code, such as +254 712 345678.")  # fmt: skip
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def email(self, field: str, value: object) -> str | None:
        given = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) and is_plain(value) else ""
        local, at, domain = given.rpartition("@")
        address = local + at + domain.lower() if domain.isascii() and len(given) <= 254 else None
        return self.matching(field, address, _EMAIL, "Write name@domain.")

    def handle(self, field: str, value: object) -> Handle | None:
        if not isinstance(value, Mapping):
            self.refuse(field, "HANDLE_MALFORMED", "is not an object.", "Write {platform, handle}.")
            return None
        self.members(field, value, frozenset({"platform", "handle"}))
        platform = value.get("platform")
        if platform is not None:
            platform = self.matching(f"{field}.platform", platform, _PLATFORM, "Write it in small letters.")
        handle = self.text(f"{field}.handle", value.get("handle"), 100)
        return Handle(platform, handle) if handle else None

    def conviction(self, field: str, value: object) -> Conviction | None:
        if not isinstance(value, Mapping):
            self.refuse(field, "CONVICTION_MALFORMED", "is not an object.", "Write {offence, court, …}.")
            return None
        self.members(field, value, frozenset(Conviction.__dataclass_fields__))
        offence = self.one_of(f"{field}.offence", value.get("offence"), tuple(self.edition.offences))
        court = self.text(f"{field}.court", value.get("court"), 200)
        case_number = self.text(f"{field}.case_number", value.get("case_number"), 80)
        convicted_on = self.date(f"{field}.convicted_on", value.get("convicted_on"))
        sentence = self.text(f"{field}.sentence", value.get("sentence"), 500)
        band = self.one_of(f"{field}.victim_age_band", value.get("victim_age_band", "unknown"), parts.VICTIM_AGE_BANDS)
        sex = self.one_of(f"{field}.victim_sex", value.get("victim_sex", "unknown"), parts.VICTIM_SEXES)
        if not (offence and court and case_number and convicted_on and sentence and band and sex):
            return None
        return Conviction(offence, court, case_number, convicted_on, sentence, band, sex)

    def legal_basis(self, value: object) -> LegalBasis | None:
        if not isinstance(value, Mapping):
            self.refuse("legal_basis", "LEGAL_BASIS_MISSING", "is not given.", "Write {code, article}.")
            return None
        self.members("legal_basis", value, frozenset({"code", "article"}))
        code = self.one_of("legal_basis.code", value.get("code"), tuple(self.edition.legal_bases))
        article = self.text("legal_basis.article", value.get("article"), 200)
        return LegalBasis(code, article) if code and article else None


def is_plain(text: str) -> bool:
    """Whether no character hides, turns or controls others (bidirectional marks, controls, surrogates)."""
    return all(
        unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn") or each in "\t\n\r\u200c\u200d"
        for each in text
    )
