"""Numbers, phones, e-mails and handles in the one form in which they are compared.

"AK-583 4823" → AK5834823      "0712 345678", "00254712345678" → +254712345678
" Asha.Ali+x@Example.org " → asha.ali@example.org      "https://x.com/@King.Otieno_7/" → kingotieno7
"""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

from registry.matching.limits import VALUE_CHARACTERS

NEAR_LENGTH = 6
"""Shorter numbers have too many neighbours for a slip to say anything."""

_NOT_DIGITS = re.compile(r"[^0-9]+")
_WEB_ADDRESS = re.compile(r"^(?:https?:)?(?://)?(?:www\.|m\.)?[a-z0-9-]+\.(?:com|me|net|org)/(?:@|in/|u/|user/)?")
_DOTLESS = {"gmail.com", "googlemail.com"}


def plain(text: str) -> str:
    """Give the part of a value that is looked at, in its compatible form and without broken characters."""
    whole = text[:VALUE_CHARACTERS].encode("utf-8", "ignore").decode()
    return unicodedata.normalize("NFKC", whole)[:VALUE_CHARACTERS].strip()


def identifier_value(text: str) -> str:
    """Keep letters and digits, in capitals."""
    return "".join(c for c in plain(text).upper() if c.isalnum())


def identifier_parts(value: str, longer: int = 0) -> tuple[str, ...]:
    """Give the halves and the two ends: one slip, or two neighbours swapped, leaves one of them as it was.

    ``longer`` cuts them as of a number so many characters longer than the one at hand.
    """
    length = len(value) + longer
    if length < NEAR_LENGTH:
        return ()
    half, third = length // 2, length // 3
    return ("<" + value[:half], ">" + value[-half:], value[: third + 1] + "~" + value[-third - 1 :])


def identifier_parts_asked(value: str) -> tuple[str, ...]:
    """Give the parts a question asks for: it may hold a digit too many or too few."""
    return tuple(dict.fromkeys(part for longer in (0, -1, 1) for part in identifier_parts(value, longer)))


@lru_cache(maxsize=1024)
def phone_readings(text: str, region: str) -> tuple[str, ...]:
    """Give the E.164 numbers a written phone may mean, likeliest first.

    People abroad write 00 for +, which Kenya's own dialling plan (000) does not know, or leave the + out.
    """
    text = plain(text)
    digits = _NOT_DIGITS.sub("", text)
    if len(digits) < 5:
        return ()
    if text.startswith("+") or "(+" in text or digits.startswith("00"):
        return (_e164("+" + digits.lstrip("0"), region) or "+" + digits.lstrip("0"),)
    home, abroad = _e164(digits, region), None if digits.startswith("0") else _e164("+" + digits, region)
    return tuple(dict.fromkeys(number for number in (home, abroad) if number)) or ("+" + digits,)


def _e164(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email_address(text: str) -> str:
    """Lower the case and drop what mail systems ignore: +tags, and the dots of Gmail."""
    local, at, domain = plain(text).lower().partition("@")
    if not at or not local or not domain:
        return ""
    local = local.partition("+")[0] or local
    if domain in _DOTLESS:
        local = local.replace(".", "")
    return f"{local}@{domain}"


def handle_name(text: str) -> str:
    """Keep letters and digits; platforms and people disagree about dots, underscores and @."""
    bare = _WEB_ADDRESS.sub("", plain(text).lower())
    return "".join(c for c in bare if c.isalnum())


def handle_letters(name: str) -> str:
    """Give the letters of a handle: the digits behind them change from platform to platform."""
    letters = "".join(c for c in name if c.isalpha())
    return letters if len(letters) >= 6 else ""
