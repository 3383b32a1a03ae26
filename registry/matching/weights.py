"""What each observation is worth, in bits: one table, one version.

    born.same  +13   the same person shows it 8,192 times as often as two different people do

Bits add up (Fellegi-Sunter): the sum, less log2 of the register's size, places a match between "one of the
crowd" (below nought) and "hardly anyone else" (above). Words weigh by their rarity on the register; the table says
what is taken off when they are not written alike. Whoever changes a row changes VERSION: stored
explanations name the version they were made with.

Read from the other end: a full birth date is one of some 20,000 (14 bits) and is written wrongly or differently in
one file of three (1 bit off).
"""

VERSION = "2026-09-2"

BITS = {
    "register.size": 0.0,  # minus log2 of the number of profiles, filled in by the score
    "name.extra": -1.6,  # the question has a name the register has not
    "name.missing": -0.9,  # the register has a name the question has not
    "name.shared": 0.0,  # what is taken off above the ceiling, filled in by the alignment
    "name.conflict": -6.5,  # a name on each side, and they do not meet
    "name.conflict_female": -4.5,  # the same among women, whose names change with marriage
    "born.same": 13.0,
    "born.month": 7.5,  # same year and month, the day known on one side at most
    "born.year": 4.6,  # same year, no more known on one side
    "born.placeholder": 4.2,  # same year, 1 January on one side: written where the day is not known
    "born.swapped": 8.0,
    "born.year_near": 7.0,  # same day and month, the year off by one
    "born.digit": 5.0,
    "born.same_year": -0.5,  # same year, and the days differ
    "born.off_by_one": 0.3,
    "born.off_by_two": -3.0,
    "born.differs": -9.0,
    "sex.female": 2.0,  # few on the register are women
    "sex.same": 0.3,
    "sex.differs": -5.0,
    "nationality.home": 0.3,
    "nationality.same": 3.0,
    "nationality.differs": -2.5,
    "county.same": 2.0,
    "county.differs": -0.7,
    "document.same": 33.0,
    "document.number": 26.0,  # the same number under another type or country
    "document.near": 9.0,
    "document.differs": -4.0,
    "phone.same": 25.0,
    "email.same": 26.0,
    "handle.same": 25.0,
    "handle.elsewhere": 21.0,  # the same name on another platform
    "handle.short": 13.0,
    "handle.letters": 5.0,
}
"""Observations with a fixed weight."""

NAME_SHARE = {
    "name.exact": (1.0, 0.3),
    "name.spelling": (0.95, 1.5),
    "name.form": (0.95, 2.0),
    "name.joined": (0.85, 1.5),
    "name.near": (0.75, 1.5),
    "name.short": (0.5, 1.0),
    "name.initial": (0.0, -1.5),
}
"""Observations that weigh by rarity: share of the word's information, less so many bits."""

NAME_INFORMATION = (1.0, 12.0)
"""Least and most that one word can tell: a name is also given within a family."""

UNCOUNTED_INFORMATION = 9.0
"""Of a word that was written wrongly, so that its rarity is not known."""

NAME_CEILING = 5.0
"""Bits that names alone may rise above the size of the register before they count at NAME_ABOVE only."""

NAME_ABOVE = 0.15
"""What lies above the ceiling: words of one name come from one family and one region, and namesakes have them all."""

NAME_FLOOR = -10.0
"""Names that do not meet can't outweigh a document; there are aliases."""

SLOPE = 4.0
"""Bits that halve the distance of the score to 1, roughly."""

WEAK_SCORE = 0.1
"""Below it a profile is not shown: what little agrees, agrees by chance."""

POSSIBLE_SCORE = 0.55
STRONG_SCORE = 0.75
BELOW_STRONG = 0.7499

DISCRIMINATORS = frozenset(
    {
        "born.same", "born.swapped", "born.year_near", "document.same", "document.number", "document.near",
        "phone.same", "email.same", "handle.same", "handle.elsewhere",
    }
)  # fmt: skip
"""Without one of these beside the name a match is never strong."""
