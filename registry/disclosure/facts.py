"""What a decision needs to know of a record, as one short text: beside what search compares, and in the log. Pure.

    spelled(Facts("shareable", "convicted", "ke-dci", frozenset({"UG", "TZ"}), "H1", "open"))
    'shareable convicted ke-dci H1 open TZ UG'

None of the parts holds a space. ``read`` is the inverse of ``spelled``; the same text gives the same value again, so
that a page of a hundred records makes few of them.
"""

from functools import lru_cache

from registry.disclosure.access import Facts


def spelled(facts: Facts) -> str:
    """Return the one spelling of facts."""
    return spelling(
        facts.standing,
        facts.category,
        facts.owner,
        facts.onward,
        facts.clearance,
        " ".join(sorted(facts.releasable_to)),
    )


def spelling(standing: str, category: str, owner: str, onward: str, clearance: str, releasable_to: str) -> str:
    """Return the spelling of facts as the columns of a row hold them: countries sorted, with spaces between."""
    return f"{standing} {category} {owner} {onward} {clearance} {releasable_to}".rstrip()


@lru_cache(maxsize=4096)
def read(text: str) -> Facts:
    """Return facts from their spelling. Raises ValueError for what is none."""
    standing, category, owner, onward, clearance, *countries = text.split(" ")
    return Facts(standing, category, owner, frozenset(countries), onward, clearance)
