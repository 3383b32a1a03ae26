"""What is known of the person sought, read strictly.

SearchQuery(name="Juma Mwakio", birth_date=PartialDate(1971), phone="0712 345 678")
SearchQuery(marks=(Mark("tattoo", "mkono wa kushoto", "nge"),), plate="KBZ 4?7")
"""

from dataclasses import dataclass

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate
from registry.disclosure.vocabulary import FieldClass
from registry.matching import types
from registry.profiles.kinds import is_plain
from registry.search import description

LONGEST = {"name": 200, "phone": 40, "email": 254, "county": 60, "handle": 100, "identifier": 40}
"""Characters; a longer value is no such value."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """Criteria of one search; at least one of them."""

    name: str | None = None
    birth_date: PartialDate | None = None
    sex: str | None = None
    nationality: str | None = None
    county: str | None = None
    identifiers: tuple[types.Identifier, ...] = ()
    phone: str | None = None
    email: str | None = None
    handle: types.Handle | None = None
    marks: tuple[types.Mark, ...] = ()
    plate: str | None = None
    """Whole or in part."""
    near: types.Near | None = None
    modus_operandi: tuple[str, ...] = ()
    handle_part: types.Handle | None = None
    platform: str | None = None
    """On which nothing of the handle is known."""

    def __post_init__(self) -> None:
        longest = LONGEST | description.LONGEST
        for field, text in self._texts():
            if text is not None and not (1 <= len(text.strip()) <= longest[field] and is_plain(text)):
                raise InputRefused(
                    f"is not a line of 1 to {longest[field]} printable characters.", field=field,
                    code="CRITERION_MALFORMED", remedy="Write such a line, or leave it out.",
                )  # fmt: skip
        self._check_description()
        named = self.name or self.birth_date or self.identifiers or self.phone or self.email or self.handle
        if not (named or description.is_telling(*self._described()[:-1])):
            raise InputRefused(
                "name nobody.", field="criteria", code="CRITERIA_TOO_FEW",
                remedy="Give a name, a birth date, an identifier, a phone, an e-mail address, a handle, a plate, a "
                       "place, a mark with where it is or what it shows, or a modus operandi.",
            )  # fmt: skip

    def _texts(self) -> list[tuple[str, str | None]]:
        texts = [("name", self.name), ("phone", self.phone), ("email", self.email), ("county", self.county)]
        texts += [("identifier", each.value) for each in self.identifiers]
        return [*texts, ("handle", self.handle.handle if self.handle else None), *description.texts(*self._described())]

    def _described(self) -> description.Given:
        return self.marks, self.plate, self.near, self.modus_operandi, self.handle_part, self.platform

    def _check_description(self) -> None:
        description.check_marks(self.marks)
        description.check_methods(self.modus_operandi)
        if self.plate is not None:
            description.check_plate(self.plate)
        if self.near is not None:
            description.check_near(self.near)
        if self.handle_part is not None:
            description.check_part(self.handle_part)

    def identity(self) -> types.Identity:
        """Return the criteria as the matcher sees a person."""
        return types.Identity(
            names=(self.name,) if self.name else (),
            birth_date=self.birth_date,
            sex=None if self.sex == "unknown" else self.sex,
            nationalities=(self.nationality,) if self.nationality else (),
            county=self.county,
            identifiers=self.identifiers,
            phones=(self.phone,) if self.phone else (),
            emails=(self.email,) if self.email else (),
            handles=(self.handle,) if self.handle else (),
            marks=self.marks,
            plates=(self.plate,) if self.plate else (),
            methods=self.modus_operandi,
            near=self.near,
            handle_parts=(self.handle_part,) if self.handle_part else (),
            platforms=(self.platform,) if self.platform else (),
        )

    def classes(self) -> dict[str, FieldClass]:
        """Return the field class of each criterion given: to search by a field is to learn of it."""
        given = {
            "name": self.name, "birthDate": self.birth_date, "sex": self.sex, "nationality": self.nationality,
            "county": self.county, "identifiers": self.identifiers, "phone": self.phone, "email": self.email,
            "handle": self.handle, "marks": self.marks, "plate": self.plate, "near": self.near,
            "modusOperandi": self.modus_operandi, "handlePart": self.handle_part, "platform": self.platform,
        }  # fmt: skip
        return {field: CLASSES[field] for field, value in given.items() if value}

    def to_json(self) -> dict[str, object]:
        """Return the criteria for the log, which seals them, and for what a cursor is bound to."""
        return {
            "name": self.name,
            "birthDate": str(self.birth_date) if self.birth_date else None,
            "sex": self.sex,
            "nationality": self.nationality,
            "county": self.county,
            "identifiers": [[each.type, each.value, each.country] for each in self.identifiers],
            "phone": self.phone,
            "email": self.email,
            "handle": [self.handle.platform, self.handle.handle] if self.handle else None,
        } | self._description_json()

    def _description_json(self) -> dict[str, object]:
        """Return what is given of a description only: most questions have none."""
        near, part = self.near, self.handle_part
        given = {
            "marks": [[each.kind, each.place, each.look, each.side] for each in self.marks],
            "plate": self.plate,
            "near": [near.radius_km, list(near.point or ()), near.county, near.sub_county] if near else None,
            "modusOperandi": list(self.modus_operandi),
            "handlePart": [part.platform, part.handle] if part else None,
            "platform": self.platform,
        }
        return {name: value for name, value in given.items() if value}


CLASSES = {
    "name": FieldClass.IDENTITY,
    "birthDate": FieldClass.IDENTITY,
    "sex": FieldClass.IDENTITY,
    "nationality": FieldClass.IDENTITY,
    "county": FieldClass.CONTACT,
    "identifiers": FieldClass.IDENTIFIERS,
    "phone": FieldClass.CONTACT,
    "email": FieldClass.CONTACT,
    "handle": FieldClass.ONLINE,
    "marks": FieldClass.PHYSICAL,
    "plate": FieldClass.WHEREABOUTS,
    "near": FieldClass.WHEREABOUTS,
    "modusOperandi": FieldClass.RISK,
    "handlePart": FieldClass.ONLINE,
    "platform": FieldClass.ONLINE,
}
