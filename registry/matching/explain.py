"""A reason in plain words.

sentence(Reason("born.same", 12.0, "1984-05-03", "1984-05-03"))
    →   For: The date of birth 1984-05-03 is the same.
"""

from registry.matching.data.sentences import SENTENCES, SIDES
from registry.matching.types import Reason

FALLBACK = "en"


def sentence(reason: Reason, language: str = FALLBACK) -> str:
    """Say what met what, and for which side it speaks; English where a language is not in the catalogue."""
    language = language if language in SIDES else FALLBACK
    speaks_for, against = SIDES[language]
    text = SENTENCES[reason.feature][language]
    values = {"query": _quotable(reason.query), "record": _quotable(reason.record)}
    return f"{against if reason.weight < 0 else speaks_for}: {text.format(**values)}"


def _quotable(value: str | None) -> str:
    """Leave out characters that turn the line around or break it: values come from outside."""
    return "".join(c for c in value or "" if c.isprintable())
