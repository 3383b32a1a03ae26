"""What stands in the open beside a sealed question: keyed digests, equal for equal questions and for equal words.

    digests({"name": "MWAKIO, Juma", "birthDate": "1971"}, blind)
    {"question": "pX0v-3kQz_7a", "words": ["9fKe0aWqB21x", "tR4_zs81LmQe"]}

    of_name("Juma Mwakio", blind)      {"9fKe0aWqB21x", "tR4_zs81LmQe"}: an officer's own name, to be looked for there

So whoever looks for patterns finds the same question asked twice, or a name that was asked for, and needs no clear
text. A digest is 72 bits of HMAC-SHA-256 with the register's index key, under kinds that only the log uses: nothing of
the register's own index has them. Whoever reads the database sees that two questions are alike, and how often each word
was asked for, but not which it is; who holds the index key as well can try names out (docs/log.md). Pure.

Words are those that the search compares (registry/matching/words.py): capitals, accents, titles and scripts fall away.
Their digests stand in the order of the digests, so which of them is the surname is not told.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from registry.audit.commitments import canonical
from registry.matching.types import Blind
from registry.matching.words import name_words

QUESTION, WORD = "log-question", "log-word"
"""The kinds of both digests among blind indexes: what is written once is looked for as long as there is a log."""
MOST_WORDS = 12
_NAMES = ("name", "names")
"""The members of a question that hold a name, or several."""
_BESIDE = re.compile(r"[\W_]+")


def digests(question: Mapping[str, Any], blind: Blind) -> dict[str, object]:
    """Return the digest of a whole question, however it is spelt, and those of the words of each name in it."""
    named = {member: _names(question[member]) for member in _NAMES if question.get(member)}
    given = {member: _plain(value) for member, value in question.items() if value} | {
        member: [" ".join(name) for name in names] for member, names in named.items()
    }
    words = {word: None for names in named.values() for name in names for word in name}
    return {
        "question": blind(QUESTION, canonical(given).decode()),
        "words": sorted(blind(WORD, word) for word in list(words)[:MOST_WORDS]),
    }


def of_name(name: str, blind: Blind) -> frozenset[str]:
    """Return the digests of a name's words: all of them stand among those of whoever asks for this name."""
    return frozenset(blind(WORD, word.text) for word in name_words(name))


def _names(given: Any) -> list[list[str]]:  # Any: JSON, a name or several
    """Return names as words, each in alphabetical order, so that their order makes no other question."""
    names = [given] if isinstance(given, str) else given
    return sorted(sorted(word.text for word in name_words(name)) for name in names)


def _plain(value: Any) -> Any:  # Any: JSON
    """Return a value without what makes no other question of it: capitals, blanks, signs."""
    match value:
        case str():
            return _BESIDE.sub("", unicodedata.normalize("NFKC", value).casefold())
        case list():
            return [_plain(each) for each in value]
        case _:
            return value
