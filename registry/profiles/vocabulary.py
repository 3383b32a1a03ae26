"""The words that names on the register are made of, kept as they may be mistaken; and those near a word asked for.

keep(connection, words, {token: +1, …})     after the names were counted, in the same transaction
near(connection, ["segrey"])                {"segrey": (("sergey", 812), ("serge", 3))}

Whoever counts a name holds its row of ``name_rarity`` until the commit, so that of two transactions one sees what the
other did: a word that one brings and another takes away is never left out, and never left behind.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import orjson
import sqlalchemy as sa
from sqlalchemy import Connection

from registry.core.engines import insert_many
from registry.matching.keys import word_key
from registry.matching.spellings import gap_keys
from registry.profiles.models import name_rarity, name_spellings


def keep(connection: Connection, words: Collection[str], change: Mapping[int, int]) -> None:
    """Enter words that are new to the register, and forget those whose last bearer went."""
    lost = [token for token, more in change.items() if more < 0]
    if lost:
        unborne = sa.select(name_rarity.c.token).where(name_rarity.c.token.in_(lost), name_rarity.c.profiles <= 0)
        connection.execute(sa.delete(name_spellings).where(name_spellings.c.token.in_(unborne)))
    tokens = {word_key(word): word for word in words}
    if tokens:
        kept = sa.select(name_spellings.c.token).where(name_spellings.c.token.in_(tokens)).distinct()
        for token in connection.execute(kept).scalars():
            del tokens[token]
        insert_many(connection, name_spellings, rows(tokens.values()))


def rows(words: Collection[str]) -> list[tuple[int, int, str]]:
    """Return the rows that keep these words, in the order of their table."""
    return sorted((gap, word_key(word), word) for word in words for gap in gap_keys(word))


_POSTGRESQL = sa.text("""
    SELECT kept.gap, kept.word, counted.profiles
      FROM name_spellings AS kept JOIN name_rarity AS counted ON counted.token = kept.token
     WHERE kept.gap = ANY(CAST(:gaps AS bigint[]))
""")
_SQLITE = sa.text("""
    SELECT kept.gap, kept.word, counted.profiles
      FROM name_spellings AS kept JOIN name_rarity AS counted ON counted.token = kept.token
     WHERE kept.gap IN (SELECT value FROM json_each(:gaps))
""")


def near(connection: Connection, asked: Sequence[str]) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return, for each word asked for, words of the register that may be mistaken for it, and how many bear them."""
    words_of: dict[int, list[str]] = defaultdict(list)
    for word in asked:
        for gap in gap_keys(word):
            words_of[gap].append(word)
    is_sqlite = connection.dialect.name == "sqlite"
    gaps = orjson.dumps(list(words_of)).decode() if is_sqlite else list(words_of)
    found: dict[str, dict[str, int]] = {word: {} for word in asked}
    for gap, other, profiles in connection.execute(_SQLITE if is_sqlite else _POSTGRESQL, {"gaps": gaps}):
        for word in words_of[gap]:
            found[word][other] = profiles
    return {word: tuple(others.items()) for word, others in found.items()}
