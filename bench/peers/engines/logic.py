"""nomenklatura's logic-v2, which OpenSanctions screens with, over the candidates of pg_trgm.

Each candidate and each question is a Person of followthemoney with all names as written, birth date, sex and
nationality; the score is the algorithm's own, with its own configuration.
"""

from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import count

from followthemoney import EntityProxy, model
from nomenklatura.matching.logic_v2.model import LogicV2

from bench.peers.engines.people import CANDIDATES, Person, Question
from bench.peers.engines.trigrams import PgTrgm


class LogicOverTrigrams:
    """Candidates by pg_trgm, scores by logic-v2."""

    def __init__(self, people: Sequence[Person], url: str) -> None:
        self._trigrams = PgTrgm(people, url)
        self._people = {person.id: person for person in people}
        self._numbers = count(1)
        self._config = LogicV2.default_config()

    def candidates(self, question: Question) -> Iterable[tuple[str, float]]:
        """Return the candidates with the algorithm's scores."""
        given = question.fields
        asked = _entity(
            f"q{next(self._numbers)}", (given["name"],), question.born, given.get("sex"), (given.get("nationality"),)
        )
        alike: dict[str, float] = {}
        for person, share in self._trigrams.candidates(question):
            alike[person] = max(alike.get(person, 0.0), share)
        for person in nlargest(CANDIDATES, alike, key=alike.__getitem__):
            on = self._people[person]
            held = _entity(on.id, on.written, on.born, on.sex, on.nationalities)
            yield person, LogicV2.compare(asked, held, self._config).score

    def close(self) -> None:
        """Leave the server."""
        self._trigrams.close()


def _entity(
    key: str, names: Iterable[str], born: str | None, sex: str | None, nations: Iterable[str | None]
) -> EntityProxy:
    entity = model.make_entity("Person")
    entity.id = key
    for name in names:
        entity.add("name", name)
    entity.add("birthDate", born)
    entity.add("gender", sex)
    for nation in nations:
        entity.add("nationality", nation)
    return entity
