"""Which entries: the filter that an auditor writes, read strictly and printed again. Pure.

    chosen = read('agency:demo-dci case:"CR 12/2026" -outcome:allowed since:2026-11-01 "night shift"', edition)
    written(chosen)      agency:demo-dci case:"CR 12/2026" -outcome:allowed since:2026-10-31T21:00:00Z "night shift"

    name:value           the entry says this; name:one,two any of them; -name:one,two none of them
    since: until:        when the entry got its place; a day is one of the edition's zone, and both days count
    word, "two words"    stand somewhere in the entry, whatever their case; -word does not

All of it has to hold. ``FIELDS`` is the table of the names; docs/auditing.md says it in an auditor's words.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar, NamedTuple, Self
from uuid import UUID

from registry.audit.events import Outcome
from registry.core.errors import InputRefused, NotFound
from registry.core.ids import public_id, read_public_id
from registry.disclosure.vocabulary import Purpose
from registry.editions.edition import Edition

MOST_CHARACTERS = 2_000
MOST_VALUES = 10
"""Of one name: each may be looked up by an index of its own."""
MOST_WORDS = 10
CODE = "FILTER_MALFORMED"


class _Rule(ValueError):
    """What a value breaks."""


def _text(text: str) -> str:
    if not 1 <= len(text) <= 200 or not text.isprintable():
        raise _Rule("is not a text of 1 to 200 printable characters.")
    return text


def _id(kind: str) -> Callable[[str], UUID]:
    def read(text: str) -> UUID:
        try:
            return read_public_id(kind, text)
        except (InputRefused, NotFound) as problem:
            raise _Rule(f"is no {kind}'s id, as an answer gave it.") from problem

    return read


def _one_of(values: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in values:
            raise _Rule(f"is none of {', '.join(values)}.")
        return text

    return read


def _like(pattern: str, words: str) -> Callable[[str], str]:
    known = re.compile(pattern, re.ASCII)

    def read(text: str) -> str:
        if not known.fullmatch(text):
            raise _Rule(f"is not {words}.")
        return text

    return read


class Field(NamedTuple):
    """A name that a filter may hold."""

    name: str
    column: str
    """Of ``log_entries``; a profile's entries stand in ``log_subjects``."""
    read: Callable[[str], Any]  # Any: an id or a text
    write: Callable[[Any], str] = str


FIELDS = (
    Field("profile", "profile", _id("profile"), lambda value: public_id("profile", value)),
    Field("case", "case_reference", _text),
    Field("officer", "officer", _id("officer"), lambda value: public_id("officer", value)),
    Field("reference", "officer_reference", _text),
    Field("agency", "agency", _text),
    Field("client", "client", _text),
    Field("purpose", "purpose", _one_of(tuple(each.value for each in Purpose))),
    Field("outcome", "outcome", _one_of(tuple(each.value for each in Outcome))),
    Field("code", "code", _like(r"[A-Z][A-Z0-9_]{0,79}", "a code such as FORBIDDEN")),
    Field("action", "operation", _text),
    Field("kind", "kind", _like(r"[a-z_]{1,40}", "a kind such as query or mutation")),
    Field("country", "country", _like(r"[A-Z]{2}", "a country's code of two letters")),
    Field("basis", "legal_basis", _text),
    Field("source", "source", _text),
    Field("request", "request_id", _text),
)
"""The most telling first: by the first of these that a filter holds, entries are looked up (queries.py)."""
_BY_NAME = {each.name: each for each in FIELDS}
_ORDER = {each.name: place for place, each in enumerate(FIELDS)}
_TIMES = ("since", "until")


@dataclass(frozen=True, slots=True)
class Term:
    """That an entry says one of these, or none of them."""

    name: str
    values: tuple[Any, ...]
    """Ids, or texts."""
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """What has to stand somewhere in an entry, or nowhere."""

    text: str
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class LogFilter:
    """Which entries; what is not given does not limit. Make one with ``read`` or ``where``."""

    terms: tuple[Term, ...] = ()
    """In the order of ``FIELDS``, what is meant before what is not; each name at most once so and once so."""
    since: datetime | None = None
    """Entries that got their places from then on: the moment of the leaf, which never goes back, not of the request."""
    until: datetime | None = None
    """And before then."""
    words: tuple[Word, ...] = ()

    is_impersonal: ClassVar[bool] = True
    """The log keeps it in clear, but for its words: those may be somebody's name."""

    @classmethod
    def where(cls, *, since: datetime | None = None, until: datetime | None = None, **values: Any) -> Self:
        """Return the filter of entries that say these, each a value or a tuple of values.

        LogFilter.where(officer=officer, outcome=("denied", "failed"), since=moment)
        """
        terms = [Term(name, value if isinstance(value, tuple) else (value,)) for name, value in values.items()]
        if unknown := values.keys() - _BY_NAME.keys():
            raise TypeError(f"no filter has the names {sorted(unknown)}")
        return cls(_sorted(terms), since, until)

    def narrowed(self, other: Self, *, place: str = "filter") -> Self:
        """Return the filter of entries that both mean. Raises InputRefused where both name the same."""
        named = [(each.name, each.is_not) for each in (*self.terms, *other.terms)]
        times = [name for name in _TIMES if getattr(self, name) and getattr(other, name)]
        if len(set(named)) < len(named) or times:
            raise InputRefused("says in two ways what is to be found.", field=place, code=CODE,
                               remedy="Write all of it into the query.")  # fmt: skip
        terms, words = _sorted([*self.terms, *other.terms]), self.words + other.words
        return replace(self, terms=terms, since=self.since or other.since, until=self.until or other.until, words=words)

    def of(self, name: str) -> Term | None:
        """Return which values of this name are meant."""
        return next((each for each in self.terms if each.name == name and not each.is_not), None)

    @property
    def is_of_persons(self) -> bool:
        """Whether it names somebody who may be in the register."""
        return any(each.name == "profile" for each in self.terms)

    def to_json(self) -> dict[str, object]:
        """Return the filter as the log keeps it in clear: of words how many there are."""
        return {"filter": written(replace(self, words=())), "words": len(self.words)}

    @property
    def spoken(self) -> str:
        """The words, as the filter has them."""
        return " ".join(map(_word, self.words))


def _sorted(terms: list[Term]) -> tuple[Term, ...]:
    return tuple(sorted(terms, key=lambda each: (_ORDER[each.name], each.is_not)))


# --- printing

_BARE = re.compile(r'[^\s",:\\-][^\s",\\]*')
_BARE_WORD = re.compile(r'[^\s",:\\-][^\s":\\]*')


def written(chosen: LogFilter) -> str:
    """Return the one spelling of a filter: ``read`` makes the same filter of it."""
    parts = [f"{'-' * each.is_not}{each.name}:{','.join(_values(each))}" for each in chosen.terms]
    parts += [f"{name}:{_moment(value)}" for name in _TIMES if (value := getattr(chosen, name)) is not None]
    return " ".join([*parts, *map(_word, chosen.words)])


def _values(term: Term) -> list[str]:
    texts = map(_BY_NAME[term.name].write, term.values)
    return [text if _BARE.fullmatch(text) else _quoted(text) for text in texts]


def _word(word: Word) -> str:
    return "-" * word.is_not + (word.text if _BARE_WORD.fullmatch(word.text) else _quoted(word.text))


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", r"\\").replace('"', r"\"") + '"'


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


# --- reading

_NAME = re.compile(r"([A-Za-z_]+):")
_QUOTED = re.compile(r'"((?:[^"\\]|\\["\\])*)"')
_PLAIN_VALUE = re.compile(r'[^\s",\\][^\s",\\]*')
_PLAIN_WORD = re.compile(r'[^\s":\\-][^\s":\\]*')
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)  # fmt: skip


class _Reader:
    """A filter's text, and how far it has been read."""

    def __init__(self, text: str, zone: tzinfo, place: str) -> None:
        self.text, self.zone, self.place = text, zone, place
        self.at = 0

    def refused(self, rule: str, remedy: str, at: int | None = None) -> InputRefused:
        """Return the refusal of what stands here: the place is counted from one, the value is not repeated."""
        place = f"{self.place}, character {(self.at if at is None else at) + 1}"
        return InputRefused(rule, field=place, code=CODE, remedy=remedy)

    def read(self) -> LogFilter:
        """Read it to its end."""
        terms: dict[tuple[str, bool], Term] = {}
        times: dict[str, datetime] = {}
        words: list[Word] = []
        while self.skip():
            at = self.at
            is_not = self.take("-")
            named = _NAME.match(self.text, self.at)
            if named is None:
                words.append(Word(self.word(), is_not))
                if len(words) > MOST_WORDS:
                    raise self.refused(f"is one word more than {MOST_WORDS}.", "Look for fewer words.", at)
            elif (name := named[1]) in _TIMES:
                if is_not or name in times:
                    raise self.refused(f"says {name} once more, or not.", f"Write {name}: once.", at)
                self.at = named.end()
                times[name] = self.moment(is_end=name == "until")
            else:
                self.at = named.end()
                term = self.term(name, at, is_not=is_not)
                if (name, is_not) in terms:
                    raise self.refused(f"says {name} once more.", f"Write {name}:one,two with a comma.", at)
                terms[name, is_not] = term
        since, until = times.get("since"), times.get("until")
        if since is not None and until is not None and since >= until:
            raise self.refused("ends before it begins.", "Write an until: that is after since:.", 0)
        return LogFilter(_sorted(list(terms.values())), since, until, tuple(words))

    def skip(self) -> bool:
        """Pass over spaces; say whether anything follows."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.at < len(self.text)

    def take(self, sign: str) -> bool:
        if found := self.text.startswith(sign, self.at):
            self.at += 1
        return found

    def ended(self) -> None:
        if self.at < len(self.text) and not self.text[self.at].isspace():
            raise self.refused("has no space before it.", "Put what holds spaces or signs into quotes.")

    def word(self) -> str:
        at = self.at
        text = self.piece(_PLAIN_WORD)
        self.ended()
        try:
            return _text(text)
        except _Rule as rule:
            raise self.refused(str(rule), "Look for another word.", at) from None

    def term(self, name: str, at: int, *, is_not: bool) -> Term:
        known = _BY_NAME.get(name)
        if known is None:
            names = ", ".join([*_BY_NAME, *_TIMES])
            raise self.refused("is no name that a filter has.", f"Use one of {names}, or put it into quotes.", at)
        values: list[Any] = []
        while True:
            at = self.at
            try:
                value = known.read(self.piece(_PLAIN_VALUE))
            except _Rule as rule:
                raise self.refused(str(rule), f"Correct the value of {name}.", at) from None
            if value in values or len(values) == MOST_VALUES:
                raise self.refused(
                    f"is said twice, or is one more than {MOST_VALUES}.", "Leave it out, or ask twice.", at
                )
            values.append(value)
            if not self.take(","):
                self.ended()
                return Term(name, tuple(values), is_not)

    def piece(self, plain: re.Pattern[str]) -> str:
        """Take what stands here, in quotes or without."""
        if self.text.startswith('"', self.at):
            found = _QUOTED.match(self.text, self.at)
            if found is None:
                raise self.refused("begins a quotation that never ends.", r'Write " at its end, and \" or \\ within.')
            self.at = found.end()
            return re.sub(r"\\(.)", r"\1", found[1])
        found = plain.match(self.text, self.at)
        if found is None:
            raise self.refused("has nothing here.", "Write a value, in quotes where it holds spaces or signs.")
        self.at = found.end()
        return found[0]

    def moment(self, *, is_end: bool) -> datetime:
        at = self.at
        text = self.piece(_PLAIN_VALUE)
        self.ended()
        moment = _read_moment(text, self.zone, is_end=is_end)
        if moment is None:
            remedy = "Write 2026-11-21, 2026-11-21T09:00 or 2026-11-21T06:00Z."
            raise self.refused("is neither a day nor a moment.", remedy, at)
        return moment


def _read_moment(text: str, zone: tzinfo, *, is_end: bool) -> datetime | None:
    """Return when a day begins, or where it ends a time the day after it; or a moment as it stands."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, clock, offset = found.groups()
    try:
        if clock is None:
            begun = date.fromisoformat(day) + timedelta(days=is_end)
            return datetime.combine(begun, time(), zone).astimezone(UTC)
        moment = datetime.fromisoformat(f"{day}T{clock}{offset or ''}")
        return (moment if offset else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read(text: str, edition: Edition, *, place: str = "query") -> LogFilter:
    """Read a filter. Raises InputRefused (FILTER_MALFORMED) with the place, the rule and the remedy.

    ``place`` is what the caller calls the text.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputRefused(f"is longer than {MOST_CHARACTERS} characters.", field=place, code=CODE,
                           remedy="Ask for less at once.")  # fmt: skip
    return _Reader(text, edition.time_zone, place).read()
