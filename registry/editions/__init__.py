"""Country editions: what differs from country to country is data here, not code elsewhere.

    ke/edition.toml     counties, form of case references, legal bases
    ke/offences.toml    offences, each with its source and whether anybody has verified it
    ke/life.toml        the rules of a record's life: categories, classes, clocks, grounds, coded values

Another country is another folder with the same three files. ``life.py`` computes with the third.
"""

from registry.editions.edition import (
    Edition,
    LegalBasis,
    MisuseOffence,
    Offence,
    Penalty,
    RelatedRule,
    load,
    penalty_shown,
)

__all__ = ["Edition", "LegalBasis", "MisuseOffence", "Offence", "Penalty", "RelatedRule", "load", "penalty_shown"]
