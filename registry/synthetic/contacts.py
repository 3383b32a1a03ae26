"""Numbers and addresses a person is reached by or known by; none of them belongs to anybody.

    national_id  9 and seven digits, well above the series in use; the scenes have 7 instead
    alien_id     8 and seven digits
    passport     ZZ (in ISO 3166 nobody's letters) and seven digits; the scenes have ZX
    phone        well-formed for its country, the last seven digits scrambled from the person's index
    e-mail       example.org, example.com, example.net (RFC 2606)

Every value is this person's alone in a register, so that a search for one has one answer.
"""

import unicodedata

from registry.synthetic.draws import Draw, pick, scrambled
from registry.synthetic.record import Handle, Identifier

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


def phones_of(index: int, home: str, draw: Draw) -> list[str]:
    """Return a Kenyan number, or one of the country of nationality, for two people in five; +25479 is for scenes."""
    if draw() >= 0.42:
        return []
    prefix = PHONE_PREFIXES.get(home)
    if prefix is None or draw() < 0.5:
        prefix = f"+2547{int(draw() * 9)}" if draw() < 0.85 else "+25411"
    return [prefix + scrambled(index, 3)]


def emails_of(index: int, first: str, last: str, draw: Draw) -> list[str]:
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


def plain(text: str) -> str:
    """Return the small Latin letters of a name: what people keep of it in an address."""
    folded = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in folded.lower() if "a" <= letter <= "z")
