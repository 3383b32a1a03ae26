"""Twelve people the demonstration can count on: the same in every register, whatever its seed.

    SCENES[1].sentence    what to look for
    SCENES[1].names       replaces what chance would have given the person DEMO-0000001

Numbers on documents, convictions and what a scene leaves out come from the generator. The names are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from registry.synthetic.naming import name
from registry.synthetic.record import Dob, Handle, Identifier, Name, Sex


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


def _national(value: str) -> tuple[Identifier, ...]:
    return ({"type": "national_id", "value": value, "country": "KE"},)


def _passport(value: str, country: str) -> tuple[Identifier, ...]:
    return ({"type": "passport", "value": value, "country": country},)


def _legal(given: str, family: str, middle: str | None = None) -> Name:
    parts = {"given": given, "middle": middle, "family": family}
    known = {role: text for role, text in parts.items() if text}
    return name(" ".join(known.values()), known, "legal")


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
}  # fmt: skip
