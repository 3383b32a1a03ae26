"""Country editions: what differs from country to country is data here, not code elsewhere.

    ke/edition.toml     counties, form of case references, legal bases
    ke/offences.toml    offences, each with its source and whether anybody has verified it

Another country is another folder with the same two files.
"""

from registry.editions.edition import Edition, LegalBasis, MisuseOffence, Offence, RelatedRule, load

__all__ = ["Edition", "LegalBasis", "MisuseOffence", "Offence", "RelatedRule", "load"]
