"""The number of a certificate: what stands on paper, is read aloud, scanned, and typed in.

    CERT-7K2M-9XQ4-HRWB      eleven drawn characters and a check character, in groups of four

Capitals and digits without 0, I, L, O and U: nothing is taken for something else, and every character stands in the
alphanumeric mode of a QR code (ISO/IEC 18004). The alphabet has 31 characters, a prime, and each place weighs as much
as its number says; so, as in an ISBN-10 (ISO 2108), one wrong character and any two exchanged are always found. Eleven
drawn characters are 54 bits: nobody comes upon another's number.
"""

import re
import secrets

from registry.core.errors import InputRefused

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
PREFIX = "CERT"
DRAWN = 11
_FORM = re.compile(rf"{PREFIX}(?:-[{ALPHABET}]{{4}}){{3}}", re.ASCII)


def new_number() -> str:
    """Draw a number."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return printed(drawn + check_character(drawn))


def check_character(drawn: str) -> str:
    """Return the character with which the weighted sum of all is a multiple of 31."""
    place = len(drawn) + 1
    return ALPHABET[-_sum(drawn) * pow(place, -1, len(ALPHABET)) % len(ALPHABET)]


def printed(characters: str) -> str:
    """Return twelve characters as they are printed."""
    return "-".join((PREFIX, *(characters[place : place + 4] for place in range(0, len(characters), 4))))


def read(text: str, *, field: str = "number") -> str:
    """Return a number that is written as it is printed. Raises InputRefused (FORM_MALFORMED).

    That says nothing of whether there is such a certificate: the check character stands in the number itself.
    """
    if not _FORM.fullmatch(text) or _sum(text.removeprefix(PREFIX).replace("-", "")) % len(ALPHABET):
        raise InputRefused("is no number of a certificate.", field=field, code="FORM_MALFORMED",
                           remedy=f"Write it as it is printed, such as {EXAMPLE}.")  # fmt: skip
    return text


def _sum(characters: str) -> int:
    return sum(place * ALPHABET.index(each) for place, each in enumerate(characters, 1))


EXAMPLE = printed("DEMQDEMQDEM" + check_character("DEMQDEMQDEM"))
"""A number that nobody holds."""
