"""Reading a record that somebody hands in: strictly, and with every problem named.

    {"names": [{"full": "Juma Hamisi Mwakio", "parts": {"given": "Juma"}, "script": "Latn", "kind": "legal"}],
     "birth_date": "1971-05", "sex": "male", "nationalities": ["KE"], "phones": ["0712 345 678"], …}

What may stand where is the description in record.py and parts.py; this file walks it. A member that is null is the
same as one that is not given. Rules that look at several groups at once stand in coherence.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry.core.errors import InputRefused
from registry.editions.edition import Edition
from registry.profiles import coherence, victims
from registry.profiles.forms import Group, Member, members
from registry.profiles.kinds import Kind, Refused
from registry.profiles.markings import Marked, as_given, met
from registry.profiles.parts import NAME_PARTS, Conviction, Handling, Name, NamePart, Source
from registry.profiles.record import GROUPS, Record

LEAST_LETTERS = 2
MOST = 50
"""Most entries of any list in one record."""
KIND_SYNONYMS = {"primary": "legal", "original": "legal", "maiden": "previous"}
"""Words for kinds of names that older files use."""
SHORTHAND = {"phones": "number", "emails": "address"}
"""Lists that older files write as plain texts: the member that the text is."""
_OLDER = frozenset({"id", "dob", "record_owner"})
"""Members of older files: ``dob`` is a birth date with its precision, ``record_owner`` the owner; ``id`` is theirs."""
_AT_LEAST = {"names": 1}
_CODES = {"Name": "NAME_MALFORMED", "Identifier": "IDENTIFIER_MALFORMED", "Handle": "HANDLE_MALFORMED",
          "Conviction": "CONVICTION_MALFORMED", "LegalBasis": "LEGAL_BASIS_MISSING"}  # fmt: skip


class Problems(InputRefused):
    """Everything that is wrong with one record."""

    def __init__(self, found: Sequence[InputRefused]):
        super().__init__(found[0].message, code=found[0].code, field=found[0].field, remedy=found[0].remedy)
        self.found = tuple(found)


def record(value: object, edition: Edition, *, owner: str) -> Record:
    """Return the record that ``value`` describes, owned by ``owner`` unless it says otherwise.

    Raises Problems with one InputRefused for each rule broken.
    """
    reader = _Reader(edition)
    read = reader.record(value, owner)
    if read is not None and not reader.found:
        reader.found += coherence.problems(read, edition)
    if reader.found or read is None:
        raise Problems(reader.found)
    return read


def documents(value: object, edition: Edition) -> tuple[Source, ...]:
    """Return the documents that a proposal rests on. Raises Problems."""
    reader = _Reader(edition)
    if not isinstance(value, list) or len(value) > MOST:
        reader.refuse("documents", "LIST_MALFORMED", f"is not a list of 0 to {MOST} values.", "Write such a list.")
        value = []
    read = [reader.part(f"documents[{at}]", Source, each) for at, each in enumerate(value)]
    if reader.found:
        raise Problems(reader.found)
    return tuple(dict.fromkeys(read))


class _Reader:
    """One pass over a record; problems gather in ``found``."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.found: list[InputRefused] = []

    def refuse(self, field: str, code: str, rule: str, remedy: str) -> None:
        self.found.append(InputRefused(rule, field=field, code=code, remedy=remedy))

    def record(self, value: object, owner: str) -> Record | None:
        if not isinstance(value, Mapping):
            self.refuse("record", "RECORD_MALFORMED", "is not an object.", "Write one JSON object a record.")
            return None
        self.known("", value, GROUPS, _OLDER)
        given = self.of_today(value)
        given.setdefault("owner", owner)
        read = {
            name: group.default if (each := given.get(name)) is None and not group.required else self.group(group, each)
            for name, group in GROUPS.items()
        }
        return None if self.found else Record(**read)

    def of_today(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Return the members as they are called today."""
        given = dict(value)
        if given.get("record_owner") is not None:
            given.setdefault("owner", given["record_owner"])
        if given.get("owner") is None:
            given.pop("owner", None)
        if "dob" in given:
            given["birth_date"] = self.older_birth_date(given["dob"], given.get("birth_date"))
        return given

    def older_birth_date(self, dob: object, birth_date: object) -> object:
        """Return the date of ``dob``, a value with its precision."""
        if birth_date is not None or not isinstance(dob, Mapping) or set(dob) != {"value", "precision"}:
            self.refuse("dob", "DATE_MALFORMED", "is not one value with its precision.",
                        "Write birth_date: YYYY, YYYY-MM or YYYY-MM-DD.")  # fmt: skip
            return None
        if dob["value"] is None and dob["precision"] == "unknown":
            return None
        kind = GROUPS["birth_date"].kind
        assert kind is not None
        before = len(self.found)
        read = self.one("dob.value", kind, dob["value"])
        if len(self.found) == before and read.precision != dob["precision"]:
            self.refuse("dob.precision", "DATE_MALFORMED", "is not the precision of the value.",
                        "Write year, month or day as the value has it.")  # fmt: skip
            return None
        return None if read is None else str(read)

    # -- groups and parts

    def group(self, group: Group, given: Any) -> Any:
        if group.many:
            return self.each(group, given)
        if given is None:
            if group.required:
                self.missing(group.name, group.part)
            return group.default
        if group.part is not None:
            return self.part(group.name, as_given(group.part), given)
        assert group.kind is not None
        return self.one(group.name, group.kind, given)

    def each(self, group: Group, given: Any) -> tuple[Any, ...]:
        """Read a list; duplicates are dropped."""
        least = _AT_LEAST.get(group.name, 0)
        if given is None and not least:
            return ()
        if not isinstance(given, list) or not least <= len(given) <= MOST:
            self.refuse(group.name, "LIST_MALFORMED", f"is not a list of {least} to {MOST} values.",
                        "Write such a list.")  # fmt: skip
            return ()
        shorthand = SHORTHAND.get(group.name)
        if group.part is not None:
            read = [
                self.part(f"{group.name}[{place}]", group.part,
                          {shorthand: each} if shorthand and isinstance(each, str) else each)
                for place, each in enumerate(given)
            ]  # fmt: skip
        else:
            assert group.kind is not None
            read = [self.one(f"{group.name}[{place}]", group.kind, each) for place, each in enumerate(given)]
        kept = [each for each in read if each is not None]
        return tuple(kept) if len(kept) < 2 else tuple(dict.fromkeys(kept))

    def part(self, field: str, part: type, value: Any) -> Any:
        """Read one part; None where a rule is broken."""
        if not isinstance(value, Mapping):
            shown = ", ".join(each.name for each in members(part)[:3])
            self.refuse(field, _CODES.get(part.__name__, "PART_MALFORMED"), "is not an object.",
                        f"Write {{{shown}, …}}.")  # fmt: skip
            return None
        before = len(self.found)
        if not value.keys() <= _names(part):
            self.known(field, value, _names(part))
        values: list[Any] = []
        for name, read, member in _plan(part):
            given = value.get(name)
            if given is None:
                if member.required:
                    self.missing(f"{field}.{name}", None)
                values.append(member.default)
            elif read is None:
                values.append(self.member(f"{field}.{name}", member, given))
            else:
                try:
                    values.append(read(given, self.edition))
                except Refused as problem:
                    self.refuse(f"{field}.{name}", problem.code, problem.rule, problem.remedy)
        return None if len(self.found) > before else self.checked(field, part(*values))

    def member(self, field: str, member: Member, given: Any) -> Any:
        """Read a member that is more than one value of its kind."""
        if member.part is NamePart:
            return self.name_parts(field, given)
        assert member.kind is not None
        if not member.many:
            return self.one(field, member.kind, KIND_SYNONYMS.get(given, given) if isinstance(given, str) else given)
        if not isinstance(given, list) or len(given) > MOST:
            self.refuse(field, "LIST_MALFORMED", f"is not a list of 0 to {MOST} values.", "Write such a list.")
            return ()
        return tuple(dict.fromkeys(self.one(f"{field}[{at}]", member.kind, each) for at, each in enumerate(given)))

    def name_parts(self, field: str, value: object) -> tuple[NamePart, ...]:
        """Read the parts of a name, written as an object."""
        if value is None:
            return ()
        if not isinstance(value, Mapping):
            self.refuse(field, "NAME_MALFORMED", "is not an object.", "Write {given: …, family: …}.")
            return ()
        self.known(field, value, NAME_PARTS)
        kind = members(NamePart)[1].kind
        assert kind is not None
        texts = [(name, self.one(f"{field}.{name}", kind, value[name])) for name in NAME_PARTS
                 if value.get(name) is not None]  # fmt: skip
        return tuple(NamePart(name, text) for name, text in texts if text)

    def checked(self, field: str, made: Any) -> Any:
        """Look at a part as a whole."""
        if isinstance(made, Name) and not _has_letters(made.full):
            self.refuse(f"{field}.full", "NAME_MALFORMED", "has no letters to find it by.",
                        "Write the name in letters.")  # fmt: skip
            return None
        if isinstance(made, Marked):
            return self.handling(field, made)
        if isinstance(made, Conviction) and made.catalogue is None:
            return replace(made, catalogue=self.edition.offence_catalogue_version)
        return made

    def handling(self, field: str, given: Marked) -> Handling | None:
        """Keep what the codes of others mean, where that is stricter."""
        try:
            return met(given)
        except Refused as problem:
            self.refuse(f"{field}.use_limits", problem.code, problem.rule, problem.remedy)
            return None

    # -- values

    def one(self, field: str, kind: Kind, value: object) -> Any:
        try:
            return kind.read(value, self.edition)
        except Refused as problem:
            self.refuse(field, problem.code, problem.rule, problem.remedy)
            return None

    def missing(self, field: str, part: type | None) -> None:
        code = _CODES.get(part.__name__, "FIELD_MISSING") if part else "FIELD_MISSING"
        self.refuse(field, code, "is not given.", "Give it.")

    def known(self, field: str, value: Mapping[Any, Any], names: Any, more: frozenset[str] = frozenset()) -> None:
        """Refuse members nobody knows, and name victim data for what it is."""
        for name in value:
            if name in names or name in more:
                continue
            shown = str(name)[:40] if name and str(name).isprintable() else "?"
            place = f"{field}.{shown}" if field else shown
            if victims.is_about_victim(str(name)):
                self.refuse(place, "VICTIM_DATA", "looks like a victim's data, which the register never holds.",
                            "Remove it; of a victim only victim_age_band and victim_sex are kept.")  # fmt: skip
            else:
                self.refuse(place, "FIELD_UNKNOWN", "is no field of a record.", "Remove it or correct its name.")


def _has_letters(name: str) -> bool:
    """Whether a name can be found by anything; most names say so at once."""
    return name[:LEAST_LETTERS].isalpha() or sum(each.isalpha() for each in name) >= LEAST_LETTERS


_NAMES: dict[type, frozenset[str]] = {}


def _names(part: type) -> frozenset[str]:
    """Return the names of a part's members."""
    return _NAMES.get(part) or _NAMES.setdefault(part, frozenset(each.name for each in members(part)))


_Read = Callable[[object, Edition], Any]
_PLANS: dict[type, tuple[tuple[str, _Read | None, Member], ...]] = {}


def _plan(part: type) -> tuple[tuple[str, _Read | None, Member], ...]:
    """Return a part's members, each with how its value is read; what is more than one value of a kind has None."""
    return _PLANS.get(part) or _PLANS.setdefault(part, tuple(
        (each.name, None if each.kind is None or each.many or _has_synonyms(part, each) else each.kind.read, each)
        for each in members(part)
    ))  # fmt: skip


def _has_synonyms(part: type, member: Member) -> bool:
    return part is Name and member.name == "kind"
