"""How much may be screened at once, and how long what came of it is kept: named values, each with its reason."""

from datetime import timedelta

CHUNK = 1_000
"""People checked together, which is one transaction: more share more statements, fewer are lost when a process dies."""

MOST_PEOPLE = 10_000_000
"""People of one list: a year of a country's arrivals. A longer one is two lists."""

PEOPLE_A_DAY = 20_000_000
"""People that one agency may screen from midnight to midnight (UTC): the longest list, and once more after a mistake.
A bulk check learns of the register what nobody was asked to tell one by one, so it has an end."""

HITS_EACH = 10
"""Profiles told for one person, as on a search's first page."""

PROBLEMS = 1_000
"""Rows whose problems are kept one by one; the others are counted. Whoever has more has one mistake many times."""

BYTES = 2 << 30
"""A list as it is handed in: ten million rows of two hundred bytes."""

BODY_SECONDS = 3_600
"""The longest upload: that list at five megabits a second."""

UPLOADS = 2
"""Lists that a worker takes in at once; more are told to come again."""

TICKET_LIFE = timedelta(minutes=30)
"""Choosing a list, and beginning to send it."""

LEASE = timedelta(minutes=5)
"""How long a process that works on a list is believed to live without a sign. A chunk takes a second or two; but before
the first, and every ten minutes, the birth dates of millions may be read by a process that gives way to all others."""

CHUNK_CHARACTERS = 4_000_000
"""Of the rows of a list that wait together: an ordinary thousand has a twentieth of it, and a line may have 100,000."""

KEPT = timedelta(days=30)
"""How long hits can be read after a screening: what an officer has not looked at by then is screened again. Data
Protection Act 2019 s. 39: no longer than is needed."""

RECENT = timedelta(hours=24)
"""For so long the same command on the same file answers with what it found, and does not look again."""

CACHE_SECONDS = 60.0
"""How old the register's answer to a key may be. Records are read anew for every chunk: nobody who left the register is
found; who entered it less than a minute ago may be missed, as if the list had come a minute earlier."""

CACHE_NUMBERS = 1_000_000
"""Register numbers that one process remembers: about 40 MB."""

GLANCE_SECONDS = 600.0
"""How old birth dates and sexes in memory may be, by which people are passed over: a record that was amended since may
be missed for so long, as if the list had come ten minutes earlier."""

GLANCE_SHARE = 100
"""Profiles of the register for each person of a list, up to which reading all of them once is worth it."""
