"""Numbers and addresses a person is reached by or known by; none of them belongs to anybody.

    national_id  9 and seven digits, well above the series in use; the scenes have 7 instead
    alien_id     8 and seven digits
    passport     ZZ (in ISO 3166 nobody's letters) and seven digits; the scenes have ZX
    phone        well-formed for its country, the last seven digits scrambled from the person's index
    e-mail       example.org, example.com, example.net (RFC 2606)

Every value is this person's alone in a register, so that a search for one has one answer. Of some, the register
knows besides when they were in use, who issued or checked them, and where they are known from.
"""

import unicodedata
from typing import TypeVar

from registry.synthetic.draws import Draw, between, pick, scrambled
from registry.synthetic.record import Email, Handle, Identifier, Phone, Profile

Seen = TypeVar("Seen", Phone, Email, Handle)
DOMAINS = ("example.org", "example.com", "example.net")
PLATFORMS = ("facebook", "telegram", "tiktok", "instagram", "whatsapp", "discord", "snapchat", "x")
PHONE_PREFIXES = {
    "CN": "+861381",
    "DE": "+491511",
    "EG": "+20101",
    "ET": "+25191",
    "GB": "+44740",
    "IN": "+91981",
    "IT": "+39347",
    "NP": "+977981",
    "PL": "+4851",
    "RU": "+7916",
    "SA": "+96650",
    "SO": "+25261",
    "TZ": "+25575",
    "UA": "+38067",
    "UG": "+25677",
    "YE": "+96777",
}
"""What stands before the seven digits. Where seven do not fit, the country is absent and the number Kenyan."""
_HANDLE_WORDS = ("real", "king", "nairobi", "coast", "254", "its", "official", "blue", "simba", "rider", "uncle", "mr")


def identifiers_of(index: int, nationalities: list[str], draw: Draw) -> list[Identifier]:
    """Return the documents the register knows of."""
    found: list[Identifier] = []
    home = nationalities[0]
    if "KE" in nationalities and draw() < 0.88:
        found.append({"type": "national_id", "value": "9" + scrambled(index, 0), "country": "KE"})
    if draw() < (0.12 if home == "KE" else 0.72):
        found.append({"type": "passport", "value": "ZZ" + scrambled(index, 1), "country": home})
    if home != "KE" and draw() < 0.25:
        found.append({"type": "alien_id", "value": "8" + scrambled(index, 2), "country": "KE"})
    return found


def phones_of(index: int, home: str, draw: Draw) -> list[str | Phone]:
    """Return a Kenyan number, or one of the country of nationality, for two people in five; +25479 is for scenes."""
    if draw() >= 0.42:
        return []
    prefix = PHONE_PREFIXES.get(home)
    if prefix is None or draw() < 0.5:
        prefix = f"+2547{int(draw() * 9)}" if draw() < 0.85 else "+25411"
    return [prefix + scrambled(index, 3)]


def emails_of(index: int, first: str, last: str, draw: Draw) -> list[str | Email]:
    """Return an address in a reserved domain for one person in five."""
    if draw() >= 0.22:
        return []
    joined = pick((".", "_", ""), draw)
    return [f"{plain(first)}{joined}{plain(last)}{index}@{pick(DOMAINS, draw)}"]


def handles_of(index: int, first: str, last: str, draw: Draw) -> list[Handle]:
    """Return a name on a platform for one person in four."""
    if draw() >= 0.26:
        return []
    word = pick(_HANDLE_WORDS, draw)
    part = plain(first if draw() < 0.6 else last)
    start = f"{word}.{part}" if draw() < 0.5 else f"{part}_{word}"
    return [{"platform": pick(PLATFORMS, draw), "handle": f"{start}{scrambled(index, 4)}"}]


_ISSUERS = {"national_id": "DEMO Registrar of Persons", "alien_id": "DEMO Registrar of Aliens"}
_SOURCES = ("DEMO interview", "DEMO supervising officer", "DEMO court file", "DEMO partner abroad", "DEMO seized phone")


def complete(profile: Profile, last_year: int, draw: Draw) -> None:
    """Add to the numbers and addresses of a person what else is known of them; of the others they stay plain."""
    for identifier in profile["identifiers"]:
        if draw() < 0.35:
            _issued(identifier, last_year, draw)
    phones, emails = profile["phones"], profile["emails"]
    if phones and draw() < 0.55:
        profile["phones"] = [_seen(Phone(number=number(each)), last_year, draw) for each in phones]
    if emails and draw() < 0.5:
        profile["emails"] = [_seen(Email(address=address(each)), last_year, draw) for each in emails]
    for handle in profile["handles"]:
        if draw() < 0.5:
            handle["profile_url"] = f"https://{handle['platform']}.example.org/{handle['handle']}"
            _seen(handle, last_year, draw)


def number(phone: str | Phone) -> str:
    """Return a phone's number, whichever way it is written."""
    return phone if isinstance(phone, str) else phone["number"]


def address(email: str | Email) -> str:
    """Return an e-mail address, whichever way it is written."""
    return email if isinstance(email, str) else email["address"]


def _issued(identifier: Identifier, last_year: int, draw: Draw) -> None:
    year = last_year - 1 - int(draw() * 12)
    identifier["issuer"] = _ISSUERS.get(identifier["type"]) or f"DEMO passport office, {identifier['country']}"
    if identifier["type"] == "passport":
        rest = f"{between(1, 12, draw):02d}-{between(1, 28, draw):02d}"
        identifier["issued_on"], identifier["expires_on"] = f"{year}-{rest}", f"{year + 10}-{rest}"
    else:
        identifier["issued_on"] = str(year)


def _seen(known: Seen, last_year: int, draw: Draw) -> Seen:
    """Add when something was in use, and for some who checked it."""
    first = last_year - int(draw() * 9)
    known["first_seen"] = f"{first}-{between(1, 12, draw):02d}" if first < last_year else str(first)
    if draw() < 0.4:
        known["last_seen"] = str(between(first, last_year, draw))
    if draw() < 0.4:
        known["verified"] = True
    if draw() < 0.3:
        known["source"] = pick(_SOURCES, draw)
    return known


def plain(text: str) -> str:
    """Return the small Latin letters of a name: what people keep of it in an address."""
    folded = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in folded.lower() if "a" <= letter <= "z")
