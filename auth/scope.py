"""What can be shut out, and by which key. Pure.

Scope.OFFICER, officer_key("ke-dci", "DCI/20417")        "ke-dci DCI/20417"
"""

from enum import StrEnum


class Scope(StrEnum):
    """What can be shut out, and what its key is."""

    AGENCY = "agency"
    """Its code."""
    CLIENT = "client"
    """Its id."""
    OFFICER = "officer"
    """``<agency> <reference>``."""
    AGREEMENT = "agreement"
    """Its code."""
    FIELD_CLASS = "field_class"
    """One of the vocabulary's."""


def officer_key(agency: str, reference: str) -> str:
    """Return what a closure calls an officer."""
    return f"{agency} {reference}"
