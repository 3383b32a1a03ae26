"""Spellings and short forms of one name, where letters alone would not tell.

    bill willy will → william          maxamed muhammad → mohamed

A line of `families_european`, `families_arabic` or `families_other` is one name; its first word is the one the
others lead to, and what is indented continues a line. A word may stand in two lines (Pat: Patrick, Patricia). Variants
that the skeleton already joins (Njoroge, Njorogi) need no line.
"""

from registry.matching.data.families_arabic import ARABIC
from registry.matching.data.families_european import EUROPEAN, SLAVIC
from registry.matching.data.families_other import ETHIOPIAN, INDIAN, KALENJIN
from registry.matching.data.han import GIVEN, SURNAMES

TRADITIONS = (EUROPEAN, SLAVIC, ARABIC, KALENJIN, INDIAN, ETHIOPIAN)


def _lines() -> tuple[str, ...]:
    written = [line for tradition in TRADITIONS for line in tradition.replace("\n  ", " ").split("\n") if line]
    return (*written, *SURNAMES, *GIVEN)


def _families() -> dict[str, tuple[str, ...]]:
    leads: dict[str, list[str]] = {}
    for line in _lines():
        head, *others = line.split()
        for word in (head, *others):
            if head not in leads.setdefault(word, []):
                leads[word].append(head)
    return {word: tuple(sorted(heads)) for word, heads in leads.items()}


FAMILIES = _families()
"""From a word to the heads of the lines it stands in."""
