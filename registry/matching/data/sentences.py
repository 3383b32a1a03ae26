"""What each observation means, in words an officer can read aloud: one line a feature, English and Swahili.

    name.spelling   Mohamed   Maxamed   →   "Mohamed" and "Maxamed" are spellings of one name.

{query} is the value asked for, {record} the value on the register, which of documents, phones, e-mails and handles
the matcher does not know: their sentences do without it. Which side an observation speaks for is
added by `explain`, from the sign of its weight.
"""

SENTENCES: dict[str, dict[str, str]] = {
    "name.exact": {
        "en": 'The name "{query}" is on the register.',
        "sw": 'Jina "{query}" liko kwenye rejista.',
    },
    "name.spelling": {
        "en": '"{query}" and "{record}" are spellings of one name.',
        "sw": '"{query}" na "{record}" ni tahajia za jina moja.',
    },
    "name.form": {
        "en": '"{query}" and "{record}" are forms of one name.',
        "sw": '"{query}" na "{record}" ni aina za jina moja.',
    },
    "name.short": {
        "en": '"{query}" and "{record}" may be short and long for one name.',
        "sw": '"{query}" na "{record}" huenda ni kifupi na kirefu cha jina moja.',
    },
    "name.joined": {
        "en": '"{query}" and "{record}" are one name, written together or apart.',
        "sw": '"{query}" na "{record}" ni jina moja, lililounganishwa au kutenganishwa.',
    },
    "name.near": {
        "en": '"{query}" and "{record}" differ by a slip of writing.',
        "sw": '"{query}" na "{record}" yanatofautiana kwa kosa la kuandika.',
    },
    "name.initial": {
        "en": '"{query}" and "{record}" share their first letter.',
        "sw": '"{query}" na "{record}" yana herufi ya kwanza sawa.',
    },
    "name.conflict": {
        "en": 'The name "{query}" was asked for, the register has "{record}".',
        "sw": 'Jina "{query}" liliulizwa, rejista ina "{record}".',
    },
    "name.conflict_female": {
        "en": 'The name "{query}" was asked for, the register has "{record}"; women\'s names change with marriage.',
        "sw": 'Jina "{query}" liliulizwa, rejista ina "{record}"; majina ya wanawake hubadilika kwa ndoa.',
    },
    "name.extra": {
        "en": 'The name "{query}" is not on the register.',
        "sw": 'Jina "{query}" haliko kwenye rejista.',
    },
    "name.missing": {
        "en": 'The register also has the name "{record}".',
        "sw": 'Rejista pia ina jina "{record}".',
    },
    "name.shared": {
        "en": "Names alone count only so far: namesakes have them all.",
        "sw": "Majina pekee huhesabiwa kwa kiasi: wenye majina sawa huwa nayo yote.",
    },
    "born.same": {
        "en": "The date of birth {query} is the same.",
        "sw": "Tarehe ya kuzaliwa {query} ni ile ile.",
    },
    "born.month": {
        "en": "The year and month of birth are the same ({query}, {record}).",
        "sw": "Mwaka na mwezi wa kuzaliwa ni sawa ({query}, {record}).",
    },
    "born.year": {
        "en": "The year of birth is the same ({query}, {record}).",
        "sw": "Mwaka wa kuzaliwa ni sawa ({query}, {record}).",
    },
    "born.placeholder": {
        "en": "The year of birth is the same; 1 January often stands for a day not known ({query}, {record}).",
        "sw": "Mwaka wa kuzaliwa ni sawa; 1 Januari mara nyingi huandikwa siku isipojulikana ({query}, {record}).",
    },
    "born.swapped": {
        "en": "Day and month of birth are swapped ({query}, {record}).",
        "sw": "Siku na mwezi wa kuzaliwa vimebadilishana ({query}, {record}).",
    },
    "born.year_near": {
        "en": "Day and month of birth are the same, the year is one off ({query}, {record}).",
        "sw": "Siku na mwezi wa kuzaliwa ni sawa, mwaka unatofautiana kwa mmoja ({query}, {record}).",
    },
    "born.digit": {
        "en": "The dates of birth differ by one digit ({query}, {record}).",
        "sw": "Tarehe za kuzaliwa zinatofautiana kwa tarakimu moja ({query}, {record}).",
    },
    "born.same_year": {
        "en": "The year of birth is the same and the day is not ({query}, {record}).",
        "sw": "Mwaka wa kuzaliwa ni sawa lakini siku si sawa ({query}, {record}).",
    },
    "born.off_by_one": {
        "en": "The years of birth are one apart ({query}, {record}).",
        "sw": "Miaka ya kuzaliwa inatofautiana kwa mmoja ({query}, {record}).",
    },
    "born.off_by_two": {
        "en": "The years of birth are two apart ({query}, {record}).",
        "sw": "Miaka ya kuzaliwa inatofautiana kwa miwili ({query}, {record}).",
    },
    "born.differs": {
        "en": "The dates of birth differ ({query}, {record}).",
        "sw": "Tarehe za kuzaliwa ni tofauti ({query}, {record}).",
    },
    "sex.same": {"en": "The sex is the same.", "sw": "Jinsia ni sawa."},
    "sex.female": {
        "en": "Both are women, who are few on the register.",
        "sw": "Wote ni wanawake, ambao ni wachache kwenye rejista.",
    },
    "sex.differs": {"en": "The sex differs ({query}, {record}).", "sw": "Jinsia ni tofauti ({query}, {record})."},
    "nationality.home": {"en": "Both are Kenyan.", "sw": "Wote ni Wakenya."},
    "nationality.same": {"en": "Both hold the nationality {query}.", "sw": "Wote wana uraia wa {query}."},
    "nationality.differs": {
        "en": "They have no nationality in common ({query}, {record}).",
        "sw": "Hawana uraia wa pamoja ({query}, {record}).",
    },
    "county.same": {"en": "The county {query} is the same.", "sw": "Kaunti ya {query} ni ile ile."},
    "county.differs": {
        "en": "The counties differ ({query}, {record}).",
        "sw": "Kaunti ni tofauti ({query}, {record}).",
    },
    "document.same": {
        "en": "The document number {query} is the same.",
        "sw": "Nambari ya hati {query} ni ile ile.",
    },
    "document.number": {
        "en": "The number {query} is the same, on another kind of document or from another country.",
        "sw": "Nambari {query} ni ile ile, kwenye aina nyingine ya hati au ya nchi nyingine.",
    },
    "document.near": {
        "en": "A document number on the register differs from {query} by one slip.",
        "sw": "Nambari ya hati iliyo kwenye rejista inatofautiana na {query} kwa kosa moja.",
    },
    "document.differs": {
        "en": "The document number {query} was asked for, the register has another.",
        "sw": "Nambari ya hati {query} iliulizwa, rejista ina nyingine.",
    },
    "phone.same": {"en": "The phone number {query} is the same.", "sw": "Nambari ya simu {query} ni ile ile."},
    "email.same": {"en": "The e-mail address {query} is the same.", "sw": "Barua pepe {query} ni ile ile."},
    "handle.same": {"en": "The handle {query} is the same.", "sw": "Jina la mtandaoni {query} ni lile lile."},
    "handle.elsewhere": {
        "en": "The handle {query} is the same, on another platform.",
        "sw": "Jina la mtandaoni {query} ni lile lile, kwenye jukwaa lingine.",
    },
    "handle.short": {
        "en": "The handle {query} is the same; short ones are used by many.",
        "sw": "Jina la mtandaoni {query} ni lile lile; mafupi hutumiwa na wengi.",
    },
    "handle.letters": {
        "en": "A handle on the register differs from {query} in its digits only.",
        "sw": "Jina la mtandaoni lililo kwenye rejista linatofautiana na {query} kwa tarakimu tu.",
    },
    "register.size": {
        "en": "The larger the register, the more people resemble one another by chance.",
        "sw": "Kadiri rejista ilivyo kubwa, ndivyo watu wengi zaidi hufanana kwa bahati.",
    },
}

SIDES: dict[str, tuple[str, str]] = {
    "en": ("For", "Against"),
    "sw": ("Inaunga mkono", "Inapinga"),
}
"""Before the sentence: does the observation speak for the match, or against it."""
