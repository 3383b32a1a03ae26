"""Descriptions that a crowd fits, and keys that bring up people at random.

    circle of 50 km: cells A, B, C; A is carried by more than can be read   →   B and C are set aside as well

Who lives in B would be found and who lives in A would not, although both fit alike. So the keys of one observation are
used together or not at all; and where nothing is left, or more fit alike than can be compared, that is said rather than
some of them shown.
"""

from collections.abc import Collection, Mapping, Sequence

from registry.core.errors import InputRefused
from registry.matching.candidates import CANDIDATE_CAP
from registry.matching.query import PreparedQuery

Postings = Mapping[int, Sequence[int]]


def without(prepared: PreparedQuery, postings: Postings, overfull: Collection[int]) -> Postings:
    """Leave out the keys that stand for one observation together with a key that a crowd carries."""
    if not overfull or not prepared.together:
        return postings
    crowded = set(overfull)
    aside = {key for together in prepared.together if not crowded.isdisjoint(together) for key in together}
    return {key: numbers for key, numbers in postings.items() if key not in aside}


def check(prepared: PreparedQuery, postings: Postings, overfull: Collection[int], chosen: Sequence[int]) -> None:
    """Refuse a description that a crowd fits. Raises InputRefused (CRITERIA_TOO_FEW)."""
    if not prepared.is_description:
        return
    if (overfull and not chosen) or (len(chosen) >= CANDIDATE_CAP and _are_alike(postings, chosen)):
        raise InputRefused(
            "fit more people than can be told apart.", field="criteria", code="CRITERIA_TOO_FEW",
            remedy="Add what is rarer: what a mark shows and where it is, a county, more of the plate, a smaller "
                   "radius, a name.",
        )  # fmt: skip


def _are_alike(postings: Postings, chosen: Sequence[int]) -> bool:
    """Tell whether the first of those chosen fits by the same keys as the last: then others do who were not chosen."""
    first, last = chosen[0], chosen[-1]
    return all((first in numbers) == (last in numbers) for numbers in postings.values())
