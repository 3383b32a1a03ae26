"""What is asked of the doors, as bodies for each of them.

    hits       ten hits with reasons, as under ``searches``
    page       twenty people of a family name, with eight lists below each
    profile    one record with most of its groups

A twin is sent the variables only: to send no document is what it is for.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from bench.questions import DOCUMENT as HITS, criteria
from registry.synthetic.queries import searches
from registry.synthetic.register import people

PAGE_SIZE, HITS_SIZE = 20, 10
_PERSON = """
    id registerNumber version recordedAt birthDate sex county category standing contested
    names { full kind script }
    identifiers { type value country }
    phones { number verified }
    emails { address verified }
    handles { platform handle }
    places { kind address county }
    convictions { offence court caseNumber convictedOn sentence victimAgeBand }
    marks { kind place description }
"""
PAGE = (
    "query Page($criteria: SearchCriteriaInput!) { search(criteria: $criteria, first: 20) "
    f"{{ pageInfo {{ hasNextPage endCursor }} edges {{ node {{ profile {{ {_PERSON} }} }} }} }} }}"
)
PROFILE = f"""query Open($id: ID!) {{ profile(id: $id) {{ {_PERSON}
    nationalities birthPlace tier reviewOn expiresOn
    vehicles {{ plate country description }}
    descriptions {{ describedOn heightCm weightKg build eyes hair complexion }}
    orders {{ kind court number madeOn endsOn terms }}
    restrictions {{ terms order since endsOn }}
    custody {{ state institution since releaseDueOn }}
    risks {{ instrument level assessedOn assessor }}
    redactions {{ path reason }}
}} }}"""
COUNT = 5_000
"""Different searches."""
LEAST_HOLDERS, MOST_FAMILIES = 25, 200


@dataclass(frozen=True, slots=True)
class Question:
    """One kind of question."""

    name: str
    document: str
    words: str
    variables: Sequence[dict[str, Any]]
    """Taken in turn."""

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write what GraphQL is sent, and what a twin is; return the two files."""
        files = folder / f"{self.name}.graphql.jsonl", folder / f"{self.name}.rest.jsonl"
        whole = (orjson.dumps({"query": self.document, "variables": each}) for each in self.variables)
        files[0].write_bytes(b"\n".join(whole))
        files[1].write_bytes(b"\n".join(map(orjson.dumps, self.variables)))
        return files


def hits(size: int) -> Question:
    """Return the question of an officer who seeks somebody, in a register of that size."""
    asked = [{"criteria": criteria(each["fields"])} for each in searches(count=COUNT, register_size=size)]
    return Question("hits", HITS, "ten hits with reasons", asked)


def page(names: Sequence[str]) -> Question:
    """Return the question that discloses most, for family names that fill a page."""
    return Question("page", PAGE, "twenty people, eight lists each", [{"criteria": {"name": each}} for each in names])


def profile(ids: Sequence[str]) -> Question:
    """Return the question for one record; the ids are the register's own."""
    return Question("profile", PROFILE, "one record, twenty groups", [{"id": each} for each in ids])


@cache
def families(size: int) -> tuple[str, ...]:
    """Return the family names of a register that more than a page bear, the rarer first; at most a few hundred.

    In a small register, where no name fills a page, the commonest.
    """
    borne = Counter(
        last
        for person in people(count=min(size, 20_000))
        if (last := person["names"][0]["full"].split()[-1]).isascii() and len(last) > 3
    )
    filling = [name for name, holders in reversed(borne.most_common()) if holders > LEAST_HOLDERS]
    return tuple(filling[:MOST_FAMILIES] or [name for name, _ in borne.most_common(10)])
