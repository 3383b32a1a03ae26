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
    "name.resembles": {
        "en": '"{query}" and "{record}" look alike, as different names do.',
        "sw": '"{query}" na "{record}" yanafanana, kama majina tofauti yafanyavyo.',
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
    "born.other_month": {
        "en": "The year of birth is the same and the month is not ({query}, {record}).",
        "sw": "Mwaka wa kuzaliwa ni sawa lakini mwezi si sawa ({query}, {record}).",
    },
    "born.next_year": {
        "en": "The years of birth are one apart and the days differ ({query}, {record}).",
        "sw": "Miaka ya kuzaliwa inatofautiana kwa mmoja na siku ni tofauti ({query}, {record}).",
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
    "handle.part_long": {
        "en": 'A handle on the register holds the letters "{query}" in their order.',
        "sw": 'Jina la mtandaoni kwenye rejista lina herufi "{query}" kwa mpangilio wao.',
    },
    "handle.part": {
        "en": 'A handle on the register holds the few letters "{query}" in their order.',
        "sw": 'Jina la mtandaoni kwenye rejista lina herufi chache "{query}" kwa mpangilio wao.',
    },
    "handle.part_elsewhere": {
        "en": 'A handle on another platform holds the letters "{query}" in their order.',
        "sw": 'Jina la mtandaoni kwenye jukwaa lingine lina herufi "{query}" kwa mpangilio wao.',
    },
    "platform.same": {
        "en": "The person is known on {query}, as many are.",
        "sw": "Mtu huyu anajulikana kwenye {query}, kama wengi walivyo.",
    },
    "mark.same": {
        "en": 'A mark is where it was seen and shows what was seen ("{query}", "{record}").',
        "sw": 'Alama iko palipoonekana na inaonyesha kilichoonekana ("{query}", "{record}").',
    },
    "mark.look": {
        "en": 'A mark shows what was seen; where it is, is not known on one side ("{query}", "{record}").',
        "sw": 'Alama inaonyesha kilichoonekana; mahali pake hapajulikani upande mmoja ("{query}", "{record}").',
    },
    "mark.place": {
        "en": 'A mark is where one was seen; what it shows is not known on one side ("{query}", "{record}").',
        "sw": 'Alama iko palipoonekana; inachoonyesha hakijulikani upande mmoja ("{query}", "{record}").',
    },
    "mark.second": {
        "en": 'A second mark agrees as well ("{query}", "{record}").',
        "sw": 'Alama ya pili pia inalingana ("{query}", "{record}").',
    },
    "mark.elsewhere": {
        "en": 'A mark shows what was seen, on another part of the body ("{query}", "{record}").',
        "sw": 'Alama inaonyesha kilichoonekana, kwenye sehemu nyingine ya mwili ("{query}", "{record}").',
    },
    "mark.kind": {
        "en": 'There is a mark of this kind, as many people have ("{query}", "{record}").',
        "sw": 'Kuna alama ya aina hii, kama watu wengi walivyo nayo ("{query}", "{record}").',
    },
    "plate.same": {
        "en": "A vehicle has the plate {query}; vehicles are lent and sold.",
        "sw": "Gari lina nambari ya usajili {query}; magari huazimwa na kuuzwa.",
    },
    "plate.part_long": {
        "en": "A vehicle's plate on the register fits {query}, of which most was seen.",
        "sw": "Nambari ya gari kwenye rejista inalingana na {query}, ambayo sehemu kubwa ilionekana.",
    },
    "plate.part": {
        "en": "A vehicle's plate on the register fits {query}, of which little was seen.",
        "sw": "Nambari ya gari kwenye rejista inalingana na {query}, ambayo sehemu ndogo ilionekana.",
    },
    "place.near": {
        "en": "A place on the register is near the one asked for ({query}; about {record}).",
        "sw": "Mahali kwenye rejista pako karibu na palipoulizwa ({query}; takriban {record}).",
    },
    "place.around": {
        "en": "A place on the register is around the one asked for ({query}; about {record}).",
        "sw": "Mahali kwenye rejista pako maeneo ya palipoulizwa ({query}; takriban {record}).",
    },
    "place.region": {
        "en": "A place on the register lies within the wide area asked for ({query}; about {record}).",
        "sw": "Mahali kwenye rejista pako ndani ya eneo pana lililoulizwa ({query}; takriban {record}).",
    },
    "place.sub_county": {
        "en": "A place on the register is in the sub-county asked for ({query}).",
        "sw": "Mahali kwenye rejista pako katika kaunti ndogo iliyoulizwa ({query}).",
    },
    "place.county": {
        "en": "Of a place on the register only the county fits ({query}), so this is coarse.",
        "sw": "Ya mahali kwenye rejista ni kaunti tu inayolingana ({query}), hivyo si hakika.",
    },
    "method.several": {
        "en": "Several ways of acting are the same ({query}).",
        "sw": "Mbinu kadhaa za kutenda ni zile zile ({query}).",
    },
    "method.same": {
        "en": "A way of acting is the same, as that of many ({query}).",
        "sw": "Mbinu ya kutenda ni ile ile, kama ya wengi ({query}).",
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
