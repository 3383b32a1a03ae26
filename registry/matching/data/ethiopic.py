"""Ge'ez syllables in Latin letters, as Ethiopians and Eritreans write their names.

    ኃይሌ → hayle       ገብረሥላሴ → gebreslase       ንጉሤ → nigusie       ፀሐይ, ጸሐይ → tsehay

The script is regular: a row of eight for each consonant, a column for each vowel (Unicode, block Ethiopic). Letters
that have long been spoken alike are written alike: three h, two s, two ts, and two that only carry a vowel. After the
BGN/PCGN agreement of 1967 without its marks; of the vowel of the sixth column names keep little, so it is written only
where Latin letters could not be spoken without it.
"""

FIRST, LAST = 0x1200, 0x135A
ROWS = (
    "h", "l", "h", "m", "s", "r", "s", "sh", "k", "kw", "k", "kw", "b", "v", "t", "ch", "h", "hw", "n", "gn", "",
    "k", "kw", "h", "hw", "w", "", "z", "zh", "y", "d", "d", "j", "g", "gw", "g", "t", "ch", "p", "ts", "ts", "f", "p",
)  # fmt: skip
VOWELS = ("e", "u", "i", "a", "e", "", "o", "wa")
SIXTH = 5
THROAT = frozenset((0, 2, 16, 20, 26))
"""Rows whose first column is spoken a."""
SILENT = frozenset((20, 26))
"""Rows without a consonant: their sixth column at the head of a word is e, as in እሸቱ Eshetu."""
