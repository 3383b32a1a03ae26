"""People the demonstration can count on: the same in every register, whatever its seed.

    SCENES[1].sentence    what to look for
    SCENES[1].names       replaces what chance would have given the person DEMO-0000001

Numbers on documents, convictions and what a scene leaves out come from the generator. The names are invented. What no
record says of itself, that it is contested or sealed, officers do when the demonstration is filled.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from registry.synthetic.days import iso
from registry.synthetic.naming import name
from registry.synthetic.record import Category, Conviction, Dob, Groups, Handle, Identifier, Name, Sex

CONTESTED, SEALED, EXPIRED = 13, 15, 21
DUPLICATES = (16, 17)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A person with a part to play."""

    sentence: str
    names: tuple[Name, ...]
    born: int
    """The true year, of which the register may know less."""
    dob: str | None
    county: str
    sex: Sex = "male"
    nationality: str = "KE"
    identifiers: tuple[Identifier, ...] = ()
    phones: tuple[str, ...] = ()
    handles: tuple[Handle, ...] = ()
    category: Category = "convicted"
    convictions: tuple[Conviction, ...] = ()
    """Instead of those that chance would give."""
    groups: Callable[[int], Groups] = lambda _today: {}
    """What else the part needs, on the day from which it is told."""


def _national(value: str) -> tuple[Identifier, ...]:
    return ({"type": "national_id", "value": value, "country": "KE"},)


def _passport(value: str, country: str) -> tuple[Identifier, ...]:
    return ({"type": "passport", "value": value, "country": country},)


def _legal(given: str, family: str, middle: str | None = None) -> Name:
    parts = {"given": given, "middle": middle, "family": family}
    known = {role: text for role, text in parts.items() if text}
    return name(" ".join(known.values()), known, "legal")


def _judgment(offence: str, case_number: str, convicted_on: str, years: int) -> Conviction:
    return {
        "offence": offence, "court": "DEMO High Court at Nairobi", "case_number": f"DEMO {case_number}",
        "convicted_on": convicted_on, "sentence": f"DEMO {years} years imprisonment", "victim_age_band": "12-15",
        "victim_sex": "unknown", "appeal": "dismissed",
    }  # fmt: skip


def _overdue(today: int) -> Groups:
    """Return a verification of 400 days ago, of a class that is verified every three months."""
    verified, due = iso(today - 400), iso(today - 308)
    by = "DEMO desk, Rift Valley"
    return {
        "tier": "three",
        "freshness": [{"group": group, "verified_on": verified, "verified_by": by, "due_on": due}
                      for group in ("places", "custody")],
    }  # fmt: skip


def _journeys(today: int) -> Groups:
    """Return a journey that is over, and one that is notified more than 21 days ahead."""
    return {
        "travels": [
            {
                "direction": "outbound", "country": "TZ", "departs_on": iso(today - 210),
                "returns_on": iso(today - 200), "carrier": "DEMO Coaches", "place": "DEMO border post",
                "contact": "DEMO Lodge, Arusha", "purpose": "Family visit", "notified_on": iso(today - 240),
                "state": "past",
            },
            {
                "direction": "outbound", "country": "TH", "departs_on": iso(today + 24), "returns_on": iso(today + 45),
                "carrier": "DEMO Airways DM 886", "place": "DEMO Airport, Nairobi", "contact": "DEMO Hotel, Pattaya",
                "purpose": "Holiday", "notified_on": iso(today - 3), "state": "intended",
            },
        ],
    }  # fmt: skip


def _over(today: int) -> Groups:
    """Return an expiry that is past."""
    return {"tier": "one", "expires_on": iso(today - 40)}


def dob_of(dob: str | None) -> Dob:
    """Return a birth date with its precision: ten characters are a day, seven a month, four a year."""
    precisions: Mapping[int, Literal["day", "month", "year"]] = {10: "day", 7: "month", 4: "year"}
    return {"value": dob, "precision": precisions[len(dob)] if dob else "unknown"}


SCENES: Mapping[int, Scene] = {
    1: Scene(
        sentence="The walk-through finds him, although it asks for Jumaa Khamis Mwakyo.",
        names=(_legal("Juma", "Mwakio", "Hamisi"), name("Juma Fundi", {}, "nickname")),
        born=1979, dob="1979-08-14", county="Mombasa",
        identifiers=_national("70000001"), phones=("+254790000001",),
        handles=({"platform": "facebook", "handle": "juma.fundi.demo"},),
    ),
    2: Scene(
        sentence="One of two men with one name: born 1968 in Kisumu.",
        names=(_legal("Peter", "Ouma", "Otieno"),),
        born=1968, dob="1968-03-09", county="Kisumu", identifiers=_national("70000002"),
    ),
    3: Scene(
        sentence="The other man of that name: born 1991 in Siaya. Only a birth date tells them apart.",
        names=(_legal("Peter", "Ouma", "Otieno"),),
        born=1991, dob="1991-11-22", county="Siaya", identifiers=_national("70000003"),
    ),
    4: Scene(
        sentence="Nobody knows his legal name; he is on the register under two aliases.",
        names=(name("Uncle Kaka", {}, "alias"), name("Kaka Mzito", {}, "alias")),
        born=1975, dob=None, county="Kilifi",
    ),
    5: Scene(
        sentence="His handle is what a partner abroad knows; a search for it alone finds him.",
        names=(_legal("Kelvin", "Murage", "Muriuki"),),
        born=1994, dob="1994-05-30", county="Nyeri",
        handles=({"platform": "telegram", "handle": "blue_rider_demo5"},),
    ),
    6: Scene(
        sentence="Only the year of his birth is known.",
        names=(_legal("Ezekiel", "Nyang'au", "Ratemo"),),
        born=1958, dob="1958", county="Kisii", identifiers=_national("70000006"),
    ),
    7: Scene(
        sentence="Recorded in Somali spelling; English spelling (Abdirahman Hassan Ali) finds him.",
        names=(_legal("Cabdiraxmaan", "Cali", "Xasan"),),
        born=1983, dob="1983-02", county="Garissa", phones=("+254790000007",),
    ),
    8: Scene(
        sentence="His passport is in Cyrillic; Latin spellings of any office find him.",
        names=(
            name(
                "Григорий Олегович Щербаков",
                {"given": "Григорий", "patronymic": "Олегович", "family": "Щербаков"}, "legal", "Cyrl",
            ),
        ),
        born=1971, dob="1971-10-03", county="Kwale", nationality="RU", identifiers=_passport("ZX0000008", "RU"),
    ),
    9: Scene(
        sentence="His first of January stands for a day nobody knew; a search for 1987-07-19 finds him.",
        names=(_legal("Wycliffe", "Wanyonyi", "Simiyu"),),
        born=1987, dob="1987-01-01", county="Bungoma", identifiers=_national("70000009"),
    ),
    10: Scene(
        sentence="She married; her previous name, Beatrice Mutiso, finds her too.",
        names=(
            _legal("Beatrice", "Kilonzo", "Mwikali"),
            name("Beatrice Mwikali Mutiso", {"given": "Beatrice", "middle": "Mwikali", "family": "Mutiso"}, "previous"),
        ),
        born=1980, dob="1980-06-17", county="Machakos", sex="female", identifiers=_national("70000010"),
    ),
    11: Scene(
        sentence="A visitor known by the number of a passport, and by a phone abroad.",
        names=(_legal("Günther", "Köhler"),),
        born=1962, dob="1962-12-05", county="Kilifi", nationality="DE",
        identifiers=_passport("ZX0000011", "DE"), phones=("+4915120000011",),
    ),
    12: Scene(
        sentence="A name with arap, which forms leave out.",
        names=(_legal("Kiprotich", "arap Chepkwony"),),
        born=1966, dob="1966-09", county="Kericho", identifiers=_national("70000012"),
    ),
    13: Scene(
        sentence="He disputes that he is the man who was convicted; every answer says that the entry is contested.",
        names=(_legal("Nicodemus", "Sirma", "Kiplagat"),),
        born=1977, dob="1977-02-11", county="Uasin Gishu", identifiers=_national("70000013"),
    ),
    14: Scene(
        sentence="One of two convictions was quashed; the other one keeps him on the register.",
        names=(_legal("Fredrick", "Magak", "Oduor"),),
        born=1972, dob="1972-09-05", county="Homa Bay", identifiers=_national("70000014"),
        convictions=(
            _judgment("KE-SOA-11-1", "CR 141/2011", "2011-05-16", 10) | {"appeal": "quashed"},
            _judgment("KE-SOA-8-4", "SO E142/2019", "2019-10-07", 15),
        ),
    ),
    15: Scene(
        sentence="Sealed by order of a court: no search finds him, and his id is unknown to all but its keepers.",
        names=(_legal("Salim", "Mwinyi", "Bakari"),),
        born=1988, dob="1988-01-23", county="Kwale", identifiers=_national("70000015"),
    ),
    16: Scene(
        sentence="Entered twice by two offices, here with his identity card. A registrar merges the two.",
        names=(_legal("Hezekiah", "Musyoka", "Mutua"),),
        born=1985, dob="1985-04-11", county="Kitui", identifiers=_national("70000016"),
    ),
    17: Scene(
        sentence="The same man in another office's spelling, without the card and without the day.",
        names=(_legal("Hezekia", "Musioka", "Mutwa"),),
        born=1985, dob="1985-04", county="Kitui",
    ),
    18: Scene(
        sentence="Nobody has verified him for more than a year, although his class is due every three months.",
        names=(_legal("Ambrose", "Ekai", "Lokwang"),),
        born=1969, dob="1969-07-30", county="Turkana", identifiers=_national("70000018"),
        convictions=(_judgment("KE-SOA-20", "CR 181/2008", "2008-03-10", 10),), groups=_overdue,
    ),
    19: Scene(
        sentence="He has given notice of a journey abroad next month.",
        names=(_legal("Timothy", "Njuguna", "Gathecha"),),
        born=1986, dob="1986-12-19", county="Kiambu", identifiers=_passport("ZX0000019", "KE"),
        convictions=(_judgment("KE-CMCA-24", "CR E191/2019", "2019-06-03", 5),), groups=_journeys,
    ),
    20: Scene(
        sentence="Ordered onto the register without a conviction: registrars find him, investigators do not.",
        names=(_legal("Zakayo", "Onsongo", "Mogaka"),),
        born=1990, dob="1990-03-03", county="Nyamira", identifiers=_national("70000020"), category="ordered",
    ),
    21: Scene(
        sentence="His entry has expired: no search finds him any more.",
        names=(_legal("Habakuk", "Amukoya", "Shikuku"),),
        born=1957, dob="1957-05-25", county="Kakamega", identifiers=_national("70000021"), groups=_over,
    ),
}  # fmt: skip
