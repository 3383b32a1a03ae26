"""How much of a value is looked at. What lies beyond is not compared, so a hostile value stays cheap.

"a" + 10,000 combining marks   →   the first 200 characters, which are the letter a
"""

NAME_CHARACTERS = 200
"""Of one name. The longest names in civil registers stay below 120."""

NAMES = 24
"""Of one person. Profiles with more aliases than this are files of several people."""

WORDS = 10
"""Of one name, particles not counted. Somali and Arabic lineages rarely give more than six."""

WORD_CHARACTERS = 32
"""Of one word, after it was put into Latin letters."""

VALUE_CHARACTERS = 120
"""Of an identifier, phone, e-mail or handle."""

VALUES = 24
"""Of each kind: identifiers, phones, e-mails, handles, nationalities."""

NEAR_CHARACTERS = 24
"""Of a document number in which a slip is looked for: as many tokens are kept with it. Passports have 9, the longest
national ids 18."""

PROFILE_KEYS = 1000
"""Of one profile. Ordinary ones have 10 to 40; lookups stay as cheap when somebody lists 200 aliases."""

QUERY_WORDS = 20
"""Of all names of one question together."""

QUERY_NAMES = 6
"""Of one question that are compared with every candidate."""

QUERY_KEYS = 160
"""Of one question, best kinds first. Ordinary questions need 30 to 70."""

TRAITS = 12
"""Of each kind: marks, places, plates and handles that may be found in part."""

LOOK_WORDS = 4
"""Of the description of one mark."""

TRAIT_KEYS = 400
"""Of one profile, beside those of names and numbers. Ordinary ones have 5 to 40."""

PIECES = 24
"""Pieces of one plate or handle; what lies beyond is found whole only."""

CELLS = 96
"""Cells of the map that one question looks into; a larger circle is asked for in larger cells."""
