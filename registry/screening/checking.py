"""The worker of a screening: people in, those among them who may be on the register out. It writes nothing.

    Screener(conditions)(chunk)      Screened(first=0, rows=1000, found=(…), problems=((17, …),))

What a search does for one person is done for a chunk with few statements: one for all keys that are not in memory, one
for the match records. The pure rules are the search's own, so the answers are. Most people are nobody the register
knows: for them keys are looked up, and nothing is scored that could not be told.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TypeVar

from sqlalchemy import Connection

from auth.actor import Actor
from registry.bulk.files import Row
from registry.bulk.verdicts import Problem
from registry.certificates.views import WarningView
from registry.certificates.warnings import warnings
from registry.core.clock import now
from registry.core.config import Settings
from registry.core.engines import open_database
from registry.core.errors import InputRefused
from registry.core.key_providers import open_sealer
from registry.disclosure import policy
from registry.disclosure.access import Facts
from registry.disclosure.decision import Decision
from registry.disclosure.vocabulary import Use
from registry.editions.edition import load
from registry.matching import (
    candidates,
    explain,
    query as preparation,
    record as match_record,
    score as scoring,
    spellings,
    weights,
)
from registry.matching.query import PreparedQuery
from registry.matching.record import Described, MatchRecord
from registry.matching.types import Band, Match
from registry.profiles import disclosed, finding, postings, vocabulary
from registry.screening import hit_queries, limits
from registry.screening.bounds import Bound, Glances
from registry.screening.people import Layout, Person, RowReader
from registry.search.operations import check_searchable
from registry.work import Work

T = TypeVar("T")
V = TypeVar("V")
KEYS = 8_000
"""Keys of one statement: it stays far below the longest that one may take."""
WORDS = 500
"""Words of one statement, each with its letters left out."""
RECORDS = 5_000
"""Match records of one statement."""
GLANCED = 20_000
"""Profiles looked at by one statement."""
BANDS = {Band.WEAK: weights.WEAK_SCORE, Band.POSSIBLE: weights.POSSIBLE_SCORE, Band.STRONG: weights.STRONG_SCORE}
"""The least score of each band."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a list is checked by; a value that travels to other processes and machines."""

    layout: Layout
    settings: Settings
    actor: Actor
    least: str
    """The lowest band that is told."""
    people: int = 0
    """How many there are, roughly."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a list, and the place of the first, counted from 0."""

    first: int
    rows: Sequence[Row | str | list[str | None]]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody on the list who may be somebody on the register."""

    row: int
    """As whoever opens the list counts: from 1, headings included."""
    reference: str
    number: int
    match: Match
    warning: WarningView | None = None
    """Who stands in the row may be certified not to be this person."""


@dataclass(frozen=True, slots=True)
class Screened:
    """What came of a chunk. Of everybody else nothing is kept."""

    first: int
    rows: int
    found: tuple[Found, ...]
    problems: tuple[tuple[int, tuple[Problem, ...]], ...]


@dataclass(slots=True)
class Known:
    """What the register has answered lately: who carries a key, how many carry a name."""

    since: float = field(default_factory=time.monotonic)
    by_key: dict[int, Sequence[int]] = field(default_factory=dict)
    """Nobody, for most keys."""
    overfull: set[int] = field(default_factory=set)
    rarity: dict[int, int] = field(default_factory=dict)
    counted: set[int] = field(default_factory=set)
    """Names that were asked about."""
    near: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)
    """Words of the register near a word, and how many carry them."""
    register_size: int = 0
    numbers: int = 0

    @property
    def is_good(self) -> bool:
        """Whether it is young and small enough to be used once more."""
        held = self.numbers + len(self.by_key) // 4
        return time.monotonic() - self.since < limits.CACHE_SECONDS and held < limits.CACHE_NUMBERS

    def learn(self, keys: Sequence[int], tokens: Sequence[int], answer: postings.Postings) -> None:
        """Take in an answer; a key of which it says nothing is nobody's."""
        self.by_key |= dict.fromkeys(keys, ())
        self.by_key |= answer.by_key
        self.overfull.update(answer.overfull)
        self.counted.update(tokens)
        self.rarity |= answer.rarity
        self.register_size = answer.register_size
        self.numbers += sum(map(len, answer.by_key.values()))


class Screener:
    """Checks chunk after chunk. Used by one thread at a time; it has an event loop and a database of its own."""

    def __init__(self, conditions: Conditions):
        self._conditions = conditions
        self._edition = load(conditions.settings.edition)
        self._reader = RowReader(conditions.layout, self._decide().may(Use.MATCH))
        self._sealer = open_sealer(conditions.settings)
        self._runner = asyncio.Runner()
        self._database = open_database(conditions.settings).keeper
        self._known = Known()
        self._glances = Glances()
        self._glanced = float("-inf")

    def __call__(self, chunk: Chunk) -> Screened:
        """Check the people of a chunk. Raises Unavailable when the database does not answer."""
        people, problems = self._people(chunk)
        if not self._known.is_good:
            self._known = Known()
        questions = self._widened([question for _, _, question in people])
        self._glance()
        bounds = [self._bound(each) for each in questions]
        chosen = [
            [number for number in numbers if bound.glance(number, self._glances.get(number))]
            for numbers, bound in zip(self._chosen(questions), bounds, strict=True)
        ]
        records = self._records({number for each in chosen for number in each})
        found: list[Found] = []
        for (row, person, _), question, numbers in zip(people, questions, chosen, strict=True):
            matches = dict(self._ranked(question, numbers, records))
            warned = self._warned(question, matches) if matches else {}
            found += [Found(row, person.reference, each, matches[each], warned.get(each)) for each in matches]
        return Screened(chunk.first, len(chunk.rows), tuple(found), tuple(problems))

    def _decide(self, facts: Facts | None = None) -> Decision:
        """Return what is decided on a record for whoever had the list checked."""
        moment = now()
        access = self._conditions.actor.access(moment)
        assert access is not None, "a screening without an officer or a purpose"
        return policy.load(self._edition.code, moment.date()).decide(access, facts)

    def close(self) -> None:
        """Give the database back."""
        self._runner.run(self._database.close())
        self._runner.close()

    def _people(
        self, chunk: Chunk
    ) -> tuple[list[tuple[int, Person, PreparedQuery]], list[tuple[int, tuple[Problem, ...]]]]:
        """Read the rows, and make ready whoever can be searched for."""
        people, problems = [], []
        for row, content in enumerate(chunk.rows, chunk.first + self._conditions.layout.before + 1):
            read = self._reader.read(content)
            if read is None:
                continue
            person, wrong = read
            if person is not None:
                question = self._prepared(person)
                try:
                    check_searchable(person.query, question)
                    people.append((row, person, question))
                    continue
                except InputRefused as refused:
                    wrong = [Problem.of(refused)]
            problems.append((row, tuple(wrong)))
        return people, problems

    def _prepared(self, person: Person) -> PreparedQuery:
        """Make a question ready as a search does (profiles/finding.py); no list asks for a place, so none is named."""
        region = self._edition.phone_region
        return preparation.prepare(person.query.identity(), region=region, blind=self._sealer.blind)

    def _widened(self, questions: Sequence[PreparedQuery]) -> list[PreparedQuery]:
        """Ask the register about a chunk, and also about those near words that hardly anybody carries."""
        known = self._known
        self._look_up(questions)
        doubted = [spellings.doubtful(each, self._rarity(each), known.register_size) for each in questions]
        words = sorted({word for each in doubted for word in each} - known.near.keys())
        for some in _cut(words, WORDS):
            known.near |= self._read(partial(vocabulary.near, asked=some))
        wider = [
            spellings.widened(each, {word: spellings.forms(word, known.near[word]) for word in some}) if some else each
            for each, some in zip(questions, doubted, strict=True)
        ]
        self._look_up(wider)
        return wider

    def _rarity(self, question: PreparedQuery) -> dict[int, int]:
        """Return how many carry the names of a question, as a search for it would know: of no others."""
        rarity = self._known.rarity
        return {token: rarity[token] for token in question.tokens if token in rarity}

    def _look_up(self, questions: Sequence[PreparedQuery]) -> None:
        """Ask the register about all keys and names of a chunk that are not known."""
        known = self._known
        keys = [key for key in {key for each in questions for key in each.keys} if key not in known.by_key]
        tokens = [each for each in {each for one in questions for each in one.tokens} if each not in known.counted]
        parts = list(_cut(keys, KEYS)) or ([[]] if tokens or not known.register_size else [])
        for at, some in enumerate(parts):
            names = tokens if at == 0 else []
            ask = partial(postings.postings, keys=some, tokens=names, cap=candidates.POSTING_CAP)
            known.learn(some, names, self._read(ask))

    def _chosen(self, questions: Sequence[PreparedQuery]) -> list[list[int]]:
        """Return whom to score for each question, as a search would."""
        known = self._known
        chosen = [self._choose(each, known.by_key) for each in questions]
        crowded = [at for at, numbers in enumerate(chosen)
                   if not numbers and not known.overfull.isdisjoint(questions[at].keys)]  # fmt: skip
        wanted = list({key for at in crowded for key in questions[at].keys if key in known.overfull})
        crowds: dict[int, Sequence[int]] = {}
        for some in _cut(wanted, KEYS // 100):
            crowds |= self._read(partial(postings.crowds, keys=some, most=candidates.POSTING_CAP + 1))
        for at in crowded:
            chosen[at] = self._choose(questions[at], crowds)
        return chosen

    def _choose(self, question: PreparedQuery, by_key: dict[int, Sequence[int]]) -> list[int]:
        carried = {key: numbers for key in question.keys if (numbers := by_key.get(key))}
        return candidates.choose(question, carried, self._known.register_size) if carried else []

    def _records(self, numbers: set[int]) -> dict[int, tuple[MatchRecord, Facts]]:
        """Read the match records of everybody who is to be scored, and what disclosure needs to know of each."""
        found: dict[int, tuple[MatchRecord, Facts]] = {}
        today = now().date()
        for some in _cut(sorted(numbers), RECORDS):
            read = self._read(partial(postings.records, numbers=some, today=today))
            found |= {number: (match_record.read(text), disclosed.of_text(facts)) for number, text, facts in read}
        return found

    def _bound(self, question: PreparedQuery) -> Bound:
        """Return what a question may come to at most."""
        known, record = self._known, question.record
        keys: list[int] = []
        if record.identifiers or record.phones or record.emails or record.handles:
            described = Described(record, question.clear)
            keys = [key for _, key in preparation.contact_keys(described, self._sealer.blind)]
        return Bound(
            question, self._rarity(question), known.register_size, least=BANDS[Band(self._conditions.least)],
            contacts={number for key in keys for number in known.by_key.get(key, ())},
            are_overfull=not known.overfull.isdisjoint(keys),
        )  # fmt: skip

    def _glance(self) -> None:
        """Read birth date and sex of everybody, where the list is long enough and what is in memory is old."""
        is_old = time.monotonic() - self._glanced > limits.GLANCE_SECONDS
        if not is_old or self._conditions.people * limits.GLANCE_SHARE < self._known.register_size:
            return
        self._glances, self._glanced, after = Glances(), time.monotonic(), 0
        while some := self._read(partial(hit_queries.glances, after=after, limit=GLANCED)):
            for number, born, sex in some:
                self._glances.put(number, born, sex)
            after = some[-1][0]

    def _ranked(
        self, question: PreparedQuery, numbers: Sequence[int], records: dict[int, tuple[MatchRecord, Facts]]
    ) -> list[tuple[int, Match]]:
        """Return the best matches of the bands that are told.

        Among them is who must not be known of: whoever enters what was found leaves them out, and tells their owners.
        """
        held = [(number, records[number][0]) for number in numbers if number in records]
        if not held:
            return []
        facts = {number: records[number][1] for number, _ in held}
        hidden = {number for number, told in facts.items() if self._decide(told).silent}
        hits = scoring.rank(
            question, held, self._rarity(question), self._known.register_size,
            limit=limits.HITS_EACH + len(hidden), least=BANDS[Band(self._conditions.least)],
        )  # fmt: skip
        seen, met = finding.sifted(self._decide, hits, facts, hidden, limits.HITS_EACH)
        return seen + [(number, match) for number, match in hits if number in met]

    def _warned(self, question: PreparedQuery, matches: dict[int, Match]) -> dict[int, WarningView]:
        """Return the warnings that these hits are to carry, as those of a search do."""
        given = self._conditions

        def look(connection: Connection) -> dict[int, WarningView]:
            work = Work(connection, given.actor, now(), self._edition, self._sealer)
            found = hit_queries.findable(connection, list(matches), work.now.date())
            ids = {number: each.profile for number, each in found.items() if not self._decide(each.facts).silent}
            held = warnings(work, question, {ids[number]: matches[number] for number in ids}, explain.FALLBACK)
            return {number: held[profile] for number, profile in ids.items() if profile in held}

        return self._read(look)

    def _read(self, ask: Callable[[Connection], T]) -> T:
        # Not by Runner.run: it looks for its signal handler among signals, and has the answer put into words for that.
        return self._runner.get_loop().run_until_complete(self._database.read(ask))


def _cut(values: Sequence[V], size: int) -> Iterator[list[V]]:
    left = iter(values)
    while taken := list(islice(left, size)):
        yield taken
