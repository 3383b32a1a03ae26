"""Dates as a file writes them.

    iso("17/05/1971", "DD/MM/YYYY")      "1971-05-17"
    iso("05/1971", "DD/MM/YYYY")         "1971-05": what is known in part stays so
    iso("17 Mei 1971", "DD MMM YYYY")    "1971-05-17": English and Swahili names of months
    iso("1971-05-17", "DD/MM/YYYY")      "1971-05-17": the form of ISO 8601 means one thing only

Day first or month first is said, never guessed.
"""

import re
from functools import cache

_TOKENS = {"YYYY": r"(?P<year>\d{4})", "MMM": r"(?P<name>[^\W\d_]{3,12})\.?", "MM": r"(?P<month>\d{1,2})",
           "DD": r"(?P<day>\d{1,2})"}  # fmt: skip
_TOKEN = re.compile("YYYY|MMM|MM|DD")
_ISO = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?(?:/\d{4}(?:-\d{2}(?:-\d{2})?)?)?", re.ASCII)
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "mac": 3, "apr": 4, "may": 5, "mei": 5, "jun": 6, "jul": 7, "aug": 8, "ago": 8,
    "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "des": 12,
}  # fmt: skip
"""The first three letters of a month's name, in English and Swahili."""


def is_form(form: str) -> bool:
    """Whether a form names year, month and day, each once, and nothing else but what stands between them."""
    named = sorted(_TOKEN.findall(form))
    between = _TOKEN.sub("", form)
    return named in (["DD", "MM", "YYYY"], ["DD", "MMM", "YYYY"]) and not re.search(r"[\w%]", between)


def iso(text: str, form: str | None) -> str | None:
    """Return a date in the form of ISO 8601, as far as the text knows it; None when it has another form."""
    if _ISO.fullmatch(text):
        return text
    for pattern in _patterns(form) if form else ():
        found = pattern.fullmatch(text)
        if found:
            return _written(found.groupdict())
    return None


@cache
def _patterns(form: str) -> tuple[re.Pattern[str], ...]:
    """Return the form as a pattern, and the form without its day."""
    without_day = re.sub(r"DD\W*|\W*DD$", "", form)
    return tuple(
        re.compile("".join(_TOKENS.get(part, re.escape(part)) for part in re.split("(YYYY|MMM|MM|DD)", each)), re.ASCII)
        for each in (form, without_day)
    )


def _written(parts: dict[str, str]) -> str | None:
    month = int(parts["month"]) if "month" in parts else _MONTHS.get(parts["name"][:3].casefold())
    if month is None:
        return None
    day = f"-{int(parts['day']):02d}" if "day" in parts else ""
    return f"{parts['year']}-{month:02d}{day}"
