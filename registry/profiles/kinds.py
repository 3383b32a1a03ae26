"""What a member of a record may hold: how it is read strictly, printed canonically, and described to others.

    Line(200).read("  Juma   Mwakio ", edition)      "Juma Mwakio"
    PHONE.read("0712 345 678", edition)              "+254712345678"
    Code("male", "female").read("man", edition)      Refused: CODE_UNKNOWN

``read`` and ``show`` are inverse for canonical values. A value that breaks a rule is never repaired in silence,
and never repeated in the error.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import phonenumbers
import pycountry

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.editions.edition import Edition
from registry.profiles import victims

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)
Schema = dict[str, Any]
"""A JSON Schema (draft 2020-12)."""


class Refused(Exception):
    """A value breaks a rule; the reader adds where it stands."""

    def __init__(self, code: str, rule: str, remedy: str):
        super().__init__(code)
        self.code, self.rule, self.remedy = code, rule, remedy


class Kind(Protocol):
    """One kind of value."""

    def read(self, value: object, edition: Edition) -> Any:
        """Return the canonical value. Raises Refused."""

    def show(self, value: Any) -> Any:
        """Return it as JSON."""

    def revive(self, value: Any) -> Any:
        """Return what ``show`` showed as the value again; it is trusted."""

    def schema(self, edition: Edition) -> Schema:
        """Describe it to programs."""

    def words(self) -> str:
        """Describe it to people."""


class AsIs:
    """A kind whose value is JSON already."""

    __slots__ = ()

    def show(self, value: Any) -> Any:
        """Return it."""
        return value

    def revive(self, value: Any) -> Any:
        """Return it."""
        return value


@dataclass(frozen=True, slots=True)
class Line(AsIs):
    """One line of text: NFC, one space between words. A name is not looked through: Mtoto is one, and so is Dada."""

    most: int
    is_name: bool = False

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002  the kinds' common form
        """Return the line."""
        line = _one_line(value) if isinstance(value, str) else ""
        if not 1 <= len(line) <= self.most or not is_plain(str(value)):
            raise Refused("TEXT_MALFORMED", f"is not a line of 1 to {self.most} printable characters.",
                          "Write such a line.")  # fmt: skip
        if not self.is_name:
            _refuse_victims(line)
        return line

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A string."""
        return {"type": "string", "minLength": 1, "maxLength": self.most}

    def words(self) -> str:
        """Text of a length."""
        return f"line of 1 to {self.most} characters"


@dataclass(frozen=True, slots=True)
class Prose(AsIs):
    """Free text of several lines. It may hold no victim's data."""

    most: int

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002
        """Return the text, its lines trimmed."""
        given = unicodedata.normalize("NFC", value) if isinstance(value, str) else ""
        text = "\n".join(" ".join(line.split()) for line in given.strip().splitlines())
        if not 1 <= len(text) <= self.most or not is_plain(given):
            raise Refused("TEXT_MALFORMED", f"is not text of 1 to {self.most} printable characters.",
                          "Write such a text.")  # fmt: skip
        _refuse_victims(text)
        return text

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A string."""
        return {"type": "string", "minLength": 1, "maxLength": self.most}

    def words(self) -> str:
        """Text of a length."""
        return f"text of 1 to {self.most} characters"


def _one_line(text: str) -> str:
    return " ".join((text if text.isascii() else unicodedata.normalize("NFC", text)).split())


def _refuse_victims(text: str) -> None:
    found = victims.in_text(text)
    if found:
        raise Refused("VICTIM_DATA", f"looks like a victim's data ({found}), which the register never holds.",
                      "Remove it; of a victim only victim_age_band and victim_sex are kept.")  # fmt: skip


class Code(AsIs):
    """One of a closed list of codes, the same in every country."""

    __slots__ = ("codes",)

    def __init__(self, *codes: str):
        self.codes = codes

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002
        """Return the code."""
        return _one_of(value, self.codes)

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """An enumeration."""
        return {"enum": list(self.codes)}

    def words(self) -> str:
        """Its codes."""
        return "one of " + ", ".join(f"`{code}`" for code in self.codes)


class Listed(AsIs):
    """One of the codes of a list that stands elsewhere, most of them in the country edition."""

    __slots__ = ("listed", "name")

    def __init__(self, name: str, listed: Callable[[Edition], Collection[str]]):
        self.name, self.listed = name, listed

    def read(self, value: object, edition: Edition) -> str:
        """Return the code."""
        return _one_of(value, self.listed(edition))

    def schema(self, edition: Edition) -> Schema:
        """An enumeration."""
        return {"enum": list(self.listed(edition))}

    def words(self) -> str:
        """Where the list stands."""
        return f"one of the {self.name}"


def _one_of(value: object, known: Collection[str]) -> str:
    if isinstance(value, str) and value in known:
        return value
    shown = ", ".join(known) if len(known) <= 12 else "those of the country edition"
    raise Refused("CODE_UNKNOWN", "is not one of the known codes.", f"Write one of: {shown}.")


@dataclass(frozen=True, slots=True)
class Form(AsIs):
    """Text of a fixed form, in capitals where ``capitals``."""

    name: str
    pattern: re.Pattern[str]
    remedy: str
    capitals: bool = False

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002
        """Return the text."""
        if isinstance(value, str):
            text = value.strip().upper() if self.capitals and value.isascii() else value
            if self.pattern.fullmatch(text):
                return text
        raise Refused("FORM_MALFORMED", "does not have its form.", self.remedy)

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A pattern; programs write capitals themselves."""
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}

    def words(self) -> str:
        """Its name."""
        return self.name


@lru_cache(maxsize=16_384)
def _date(text: str) -> PartialDate:
    """Read a date; a register of a million people knows few days."""
    return PartialDate.parse(text)


class _Dates:
    """A date known in part."""

    __slots__ = ("whole",)

    def __init__(self, *, whole: bool):
        self.whole = whole

    def read(self, value: object, edition: Edition) -> PartialDate:  # noqa: ARG002
        """Return the date."""
        try:
            read = _date(value if isinstance(value, str) else "")
        except InputRefused as problem:
            raise Refused(problem.code, problem.message, problem.remedy or "") from None
        if self.whole and read.precision != "day":
            raise Refused("DATE_MALFORMED", "is not a whole day.", "Write YYYY-MM-DD.")
        return read

    def show(self, value: PartialDate) -> str:
        """Print it."""
        return str(value)

    def revive(self, value: str) -> PartialDate:
        """Read it back."""
        return _date(value)

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A date, or the EDTF forms of one known in part."""
        if self.whole:
            return {"type": "string", "format": "date"}
        one = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
        return {"type": "string", "pattern": f"^{one}(/{one})?$"}

    def words(self) -> str:
        """How it is written."""
        return "day (YYYY-MM-DD)" if self.whole else "date known in part (YYYY, YYYY-MM, YYYY-MM-DD or a range)"


class _Country(AsIs):
    """ISO 3166-1 alpha-2."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002
        """Return the code."""
        if isinstance(value, str) and value in COUNTRIES:
            return value
        raise Refused("COUNTRY_UNKNOWN", "is no country code.", "Write two capitals of ISO 3166-1, such as KE.")

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """Two capitals."""
        return {"type": "string", "pattern": "^[A-Z]{2}$"}

    def words(self) -> str:
        """The standard."""
        return "country (ISO 3166-1 alpha-2)"


class _Phone(AsIs):
    """ITU-T E.164."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> str:
        """Return the number with its country code."""
        digits = isinstance(value, str) and len(value) <= 40 and not any(each.isalpha() for each in value)
        try:  # letters would be read as digits, or as an extension and dropped
            number = phonenumbers.parse(str(value) if digits else "", edition.phone_region)
        except phonenumbers.NumberParseException:
            number = None
        if number is None or number.extension or not phonenumbers.is_possible_number(number):
            raise Refused("PHONE_MALFORMED", "is no phone number.",
                          "Write it with its country code, such as +254 712 345678.")  # fmt: skip
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A plus and digits; national forms are read too."""
        return {"type": "string", "maxLength": 40}

    def words(self) -> str:
        """The standard."""
        return "phone number, kept as E.164"


_EMAIL = re.compile(r"[^@\s<>\"(),;:\\\[\]]{1,64}@[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)+")


class _Email(AsIs):
    """RFC 5321, as people have them."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> str:  # noqa: ARG002
        """Return the address, its domain in small letters."""
        given = unicodedata.normalize("NFC", value).strip() if isinstance(value, str) and is_plain(value) else ""
        local, at, domain = given.rpartition("@")
        address = local + at + domain.lower()
        if domain.isascii() and len(given) <= 254 and _EMAIL.fullmatch(address):
            return address
        raise Refused("FORM_MALFORMED", "does not have its form.", "Write name@domain.")

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """An address."""
        return {"type": "string", "format": "email", "maxLength": 254}

    def words(self) -> str:
        """The standard."""
        return "e-mail address (RFC 5321)"


@dataclass(frozen=True, slots=True)
class Whole(AsIs):
    """A whole number within bounds."""

    least: int
    most: int
    unit: str

    def read(self, value: object, edition: Edition) -> int:  # noqa: ARG002
        """Return the number."""
        if type(value) is int and self.least <= value <= self.most:
            return value
        raise Refused("NUMBER_MALFORMED", f"is not a whole number of {self.least} to {self.most}.",
                      f"Write it in {self.unit}.")  # fmt: skip

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """An integer."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}

    def words(self) -> str:
        """Unit and bounds."""
        return f"{self.unit}, {self.least} to {self.most}"


class _Flag(AsIs):
    """True or false."""

    __slots__ = ()

    def read(self, value: object, edition: Edition) -> bool:  # noqa: ARG002
        """Return it."""
        if isinstance(value, bool):
            return value
        raise Refused("FLAG_MALFORMED", "is neither true nor false.", "Write true or false.")

    def schema(self, edition: Edition) -> Schema:  # noqa: ARG002
        """A boolean."""
        return {"type": "boolean"}

    def words(self) -> str:
        """Both values."""
        return "`true` or `false`"


DATE = _Dates(whole=False)
DAY = _Dates(whole=True)
COUNTRY = _Country()
PHONE = _Phone()
EMAIL = _Email()
FLAG = _Flag()
NUMBER = Form(
    "number of a document: 3 to 40 letters, digits, spaces or / . -",
    re.compile(r"[A-Z0-9][A-Z0-9 /.-]{1,38}[A-Z0-9]", re.ASCII),
    "Write 3 to 40 letters, digits, spaces or / . - of the number.", capitals=True,
)  # fmt: skip
PLATFORM = Form(
    "platform in small letters", re.compile(r"[a-z0-9][a-z0-9._-]{0,39}", re.ASCII), "Write it in small letters."
)
DIGEST = Form("SHA-256 in hexadecimal", re.compile(r"[0-9a-f]{64}", re.ASCII), "Write 64 hexadecimal digits.")
ADDRESS = Form(
    "web address", re.compile(r"https?://[A-Za-z0-9.-]+(?:[:/?#][!-~]*)?", re.ASCII),
    "Write https://…, percent-encoded.",
)  # fmt: skip
PUBLIC_ID = Form("id", re.compile(r"[A-Za-z0-9_-]{23}", re.ASCII), "Write the id as the register gave it.")


def is_plain(text: str) -> bool:
    """Whether no character hides, turns or controls others (bidirectional marks, controls, surrogates)."""
    if text.isascii():
        return text.isprintable() or all(each.isprintable() or each in "\t\n\r" for each in text)
    return all(
        unicodedata.category(each) not in ("Cc", "Cf", "Cs", "Co", "Cn") or each in "\t\n\r\u200c\u200d"
        for each in text
    )
