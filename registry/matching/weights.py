"""What each observation is worth, in bits: one table, one version.

    born.same  +13.9   the same person shows it 15,000 times as often as two different people do

Bits add up (Fellegi-Sunter, 1969): the sum, less what speaks against any one profile of so large a register, places a
match between "one of the crowd" (below nought) and "hardly anyone else" (above). Words weigh by their rarity on the
register; the table says what is taken off when they are not written alike. Whoever changes a row changes VERSION:
stored explanations name the version they were made with.

The rows were fitted to labelled questions on registers of 20,000 and of 1,000,000 (likelihood of the right answer, or
of "nobody", among the candidates), rounded, and checked on sets that were not fitted to. What no set can know was
set by hand nearer to nought: how often people move to another county, or are a year wrong about their age. What a
name more weighs, a name less weighs: a question and a profile may change places.
"""

VERSION = "2026-11-1"

BITS = {
    "register.size": 0.0,  # minus log2 of the number of profiles, filled in by the score
    "name.extra": -2.2,  # the question has a name the register has not
    "name.missing": -2.2,  # the register has a name the question has not
    "name.shared": 0.0,  # what is taken off above the ceiling, filled in by the alignment
    "name.near": 0.0,  # one or two slips apart: filled in by the scale
    "name.resembles": 0.0,  # alike, and more likely two names: filled in by the scale
    "name.conflict": -7.9,  # a name on each side, and they do not meet
    "name.conflict_female": -6.7,  # the same among women, whose names change with marriage
    "born.same": 13.9,
    "born.month": 9.5,  # same year and month, the day known on one side at most
    "born.year": 4.9,  # same year, no more known on one side
    "born.placeholder": 5.4,  # same year, 1 January on one side: written where the day is not known
    "born.swapped": 9.0,
    "born.year_near": 7.9,  # same day and month, the year off by one
    "born.digit": 4.4,
    "born.same_year": -5.2,  # same year, and the days differ
    "born.next_year": -6.4,  # years one apart, and the days differ
    "born.other_month": -0.3,  # same year, another month, the day known on one side at most
    "born.off_by_one": -2.5,  # years one apart, the day known on one side at most
    "born.off_by_two": -5.5,
    "born.differs": -12.0,
    "sex.female": 0.0,  # few on the register are women, but names mostly tell as much
    "sex.same": 0.5,
    "sex.differs": -5.6,
    "nationality.home": 1.0,
    "nationality.same": 2.3,
    "nationality.differs": -3.5,
    "county.same": 2.3,
    "county.differs": -1.4,  # people move
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
    "handle.part_long": 8.0,  # six letters or more in their order
    "handle.part": 5.0,
    "handle.part_elsewhere": 3.0,
    "platform.same": 0.7,
    "mark.same": 7.0,  # where it was seen, and showing what was seen
    "mark.look": 4.5,  # it shows what was seen; where is not known on one side
    "mark.place": 3.0,
    "mark.second": 3.0,
    "mark.elsewhere": 1.5,
    "mark.kind": 0.5,
    "plate.same": 22.0,  # no discriminator: vehicles are lent, sold and cloned
    "plate.part_long": 9.0,  # six characters or more in their order
    "plate.part": 6.0,
    "place.near": 6.0,
    "place.sub_county": 4.0,
    "place.around": 3.0,
    "place.region": 1.5,
    "place.county": 1.5,
    "method.several": 2.5,
    "method.same": 1.0,
}
"""Observations with a fixed weight."""

NAME_SHARE = {
    "name.exact": (1.0, 2.2),
    "name.spelling": (0.95, 0.9),
    "name.form": (0.95, 1.4),
    "name.joined": (0.85, -1.6),
    "name.short": (0.5, 3.1),
    "name.initial": (0.0, -2.3),
}
"""Observations that weigh by rarity: share of the word's information, less so many bits."""

NAME_EXACT_ABOVE = 0.5
"""Bits that a word written alike tells at most above its sound: one person is written in several ways."""

NAME_UNLIKE = -6.9
"""What a spelling loses for being unlike, in writing and in sound: all of it where nothing is in common."""

NAME_LEAST = -2.0
"""The least a spelling of the same sound weighs."""

NAME_SLIP = (14.0, 7.0, 1.8)
"""Of a word one slip away: its information, up to so many bits, less so many, and less so many for a second slip."""

NAME_SLIP_RANGE = (-3.0, 6.0)
"""The least and the most that makes."""

NAME_CONFLICT_ALIKE = 7.5
"""By how much a conflict is eased between words that are alike: all of it where they are the same."""

NAME_INFORMATION = (1.0, 12.0)
"""Least and most that one word can tell: a name is also given within a family."""

UNCOUNTED_INFORMATION = 9.0
"""Of a word that was written wrongly, so that its rarity is not known."""

NAME_CEILING = 2.5
"""Bits that names alone may rise above the size of the register before they count at NAME_ABOVE only."""

NAME_ABOVE = 0.15
"""What lies above the ceiling: words of one name come from one family and one region, and namesakes have them all."""

NAME_FLOOR = -10.0
"""Names that do not meet can't outweigh a document; there are aliases."""

PRIOR = (-1.0, 0.86)
"""What speaks against any one profile: so many bits, and so much of log2 of the register's size. Less than the whole of
it, since people of one name, region and age share what they share."""

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

SUPPORTING = frozenset(
    feature
    for feature in BITS
    if feature.split(".")[0] in {"mark", "place", "method", "platform"} or ".part" in feature
)
"""What is known without a name lifts to possible and no further: nobody is accused for a tattoo."""
