"""Names by whole words with slips: tantivy, and rapidfuzz over all names.

tantivy     every word within one edit (two from seven letters on), the birth date as a word; the best 60 by BM25,
            which has no scale: alike as rapidfuzz says
rapidfuzz   token_sort over every name of the register, and token_set at 0.9 for a name that is part of one; the best
            60, and the people with the same birth date
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import tantivy
from rapidfuzz import fuzz, process

from bench.peers.engines.people import CANDIDATES, Person, Question

_LONG = 7
_PART = 0.9
"""What a name is worth that is only part of the other."""


class Tantivy:
    """A full-text index in memory."""

    def __init__(self, people: Sequence[Person]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("name", stored=True)
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("born", tokenizer_name="raw")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(50_000_000, 1)
        for person in people:
            for name in person.names:
                writer.add_document(tantivy.Document(name=name, id=person.id, born=person.born or "unknown"))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return who has such words."""
        parts = [part for word in question.name.split() for part in self._word(word)]
        if question.born:
            date = tantivy.Query.term_query(self._schema, "born", question.born)
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(date, 2.0)))
        searcher = self._index.searcher()
        found = searcher.search(tantivy.Query.boolean_query(parts), CANDIDATES).hits
        documents = [searcher.doc(address) for _, address in found]
        return [(each["id"][0], alike(question.name, each["name"][0])) for each in documents]

    def _word(self, word: str) -> Iterable[tuple[tantivy.Occur, tantivy.Query]]:
        exactly = tantivy.Query.term_query(self._schema, "name", word)
        yield tantivy.Occur.Should, tantivy.Query.boost_query(exactly, 2.0)
        if len(word) > 2:
            edits = 2 if len(word) >= _LONG else 1
            yield tantivy.Occur.Should, tantivy.Query.fuzzy_term_query(self._schema, "name", word, edits)


class Rapidfuzz:
    """Every name compared with every question."""

    def __init__(self, people: Sequence[Person]) -> None:
        pairs = [(name, person.id) for person in people for name in person.names]
        self._names = [" ".join(sorted(name.split())) for name, _ in pairs]
        self._ids = [person for _, person in pairs]
        self._born: dict[str, list[int]] = defaultdict(list)
        born = {person.id: person.born for person in people}
        for place, person in enumerate(self._ids):
            self._born[born[person] or ""].append(place)

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return whose names are most alike, and who was born on that day."""
        asked = " ".join(sorted(question.name.split()))
        best = process.extract(asked, self._names, scorer=fuzz.ratio, limit=CANDIDATES)
        places = [place for _, _, place in best] + (self._born.get(question.born, []) if question.born else [])
        return [(self._ids[place], alike(asked, self._names[place])) for place in places]


def alike(asked: str, held: str) -> float:
    """Return how alike two names are, in any order of words."""
    return max(fuzz.token_sort_ratio(asked, held), _PART * fuzz.token_set_ratio(asked, held)) / 100
