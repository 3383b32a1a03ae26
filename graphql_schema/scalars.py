"""Scalars of the register. Each reads strictly and prints canonically.

What is refused is refused by a RegistryError, whose sentence never holds the value; the library would quote it.
"""

import re
from datetime import UTC, datetime
from typing import Any

import graphene
from graphql import GraphQLError
from graphql.language import IntValueNode, StringValueNode, ValueNode

from registry.core.errors import InputRefused
from registry.core.partial_dates import PartialDate as PartialDateValue
from registry.profiles.kinds import COUNTRIES

SPECIFICATIONS = {
    "PartialDate": "https://www.loc.gov/standards/datetime/",
    "DateTime": "https://scalars.graphql.org/andimarek/date-time.html",
    "Long": "https://www.rfc-editor.org/rfc/rfc8259#section-6",
    "CountryCode": "https://www.iso.org/iso-3166-country-codes.html",
    "LanguageTag": "https://www.rfc-editor.org/rfc/rfc5646",
}
"""What each follows; graphene has no way to hand this on, so ``schema.build`` does."""

MOST_EXACT = 2**53
"""Beyond it JSON numbers are not exact for every client."""


class PartialDate(graphene.Scalar):
    """A date known in part: `1970`, `1970-05`, `1970-05-17`, or a range `1970/1972-03` (EDTF level 0, ISO 8601-2)."""

    @staticmethod
    def serialize(value: Any) -> str:
        """Print it."""
        if type(value) is not PartialDateValue:
            raise GraphQLError("PartialDate cannot represent this value.")
        return str(value)

    @staticmethod
    def parse_value(value: Any) -> PartialDateValue:
        """Read a variable."""
        return PartialDateValue.parse(value if isinstance(value, str) else "", field="PartialDate")

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> PartialDateValue:
        """Read a literal."""
        return cls.parse_value(node.value if isinstance(node, StringValueNode) else None)


class DateTime(graphene.Scalar):
    """A moment with its offset, such as `2026-11-21T09:14:03.120456Z` (RFC 3339)."""

    @staticmethod
    def serialize(value: Any) -> str:
        """Print it, in UTC."""
        if type(value) is not datetime or value.tzinfo is None:
            raise GraphQLError("DateTime cannot represent this value.")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    @staticmethod
    def parse_value(value: Any) -> datetime:
        """Read a variable."""
        try:
            moment = datetime.fromisoformat(value if isinstance(value, str) else "")
            if moment.tzinfo is not None and "T" in value:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):  # OverflowError: in UTC it would lie before the year 1 or after 9999
            pass
        raise InputRefused(
            "is not a moment with its offset.", code="MOMENT_MALFORMED", field="DateTime",
            remedy="Write it like 2026-11-21T09:14:03Z.",
        )  # fmt: skip

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> datetime:
        """Read a literal."""
        return cls.parse_value(node.value if isinstance(node, StringValueNode) else None)


class Long(graphene.Scalar):
    """A whole number that may outgrow 32 bits, such as a place in the log; a JSON number, exact up to 2^53."""

    @staticmethod
    def serialize(value: Any) -> int:
        """Print it."""
        if type(value) is not int or abs(value) > MOST_EXACT:
            raise GraphQLError("Long cannot represent this value.")
        return value

    @staticmethod
    def parse_value(value: Any) -> int:
        """Read a variable."""
        if type(value) is not int or abs(value) > MOST_EXACT:
            raise GraphQLError("Long is written as a whole number of at most 2^53.")
        return value

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> int:
        """Read a literal."""
        return cls.parse_value(int(node.value) if isinstance(node, IntValueNode) else None)


_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|[0-9]{3}))?")
"""Language, script, region (RFC 5646, section 2.1); what may follow says nothing that a sentence could heed."""


class LanguageTag(graphene.Scalar):
    """A language as BCP 47 writes it, such as `en`, `sw` or `sw-KE`. What we don't have is answered in English."""

    @staticmethod
    def serialize(value: Any) -> str:
        """Print it."""
        if type(value) is not str:
            raise GraphQLError("LanguageTag cannot represent this value.")
        return value

    @staticmethod
    def parse_value(value: Any) -> str:
        """Read a variable; return the language alone, in small letters, which is what sentences are kept by."""
        if not isinstance(value, str) or not _TAG.fullmatch(value):
            raise InputRefused(
                "is no language tag.", code="LANGUAGE_MALFORMED", field="LanguageTag",
                remedy="Write language, and script or region if need be, such as sw or sw-KE.",
            )  # fmt: skip
        return value.partition("-")[0].lower()

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> str:
        """Read a literal."""
        return cls.parse_value(node.value if isinstance(node, StringValueNode) else None)


class CountryCode(graphene.Scalar):
    """A country: two capitals of ISO 3166-1, such as `KE`."""

    @staticmethod
    def serialize(value: Any) -> str:
        """Print it."""
        if type(value) is not str:
            raise GraphQLError("CountryCode cannot represent this value.")
        return value

    @staticmethod
    def parse_value(value: Any) -> str:
        """Read a variable."""
        if not isinstance(value, str) or value not in COUNTRIES:
            raise InputRefused(
                "is no country code.", code="COUNTRY_UNKNOWN", field="CountryCode",
                remedy="Write two capitals of ISO 3166-1, such as KE.",
            )  # fmt: skip
        return value

    @classmethod
    def parse_literal(cls, node: ValueNode, _variables: Any = None) -> str:
        """Read a literal."""
        return cls.parse_value(node.value if isinstance(node, StringValueNode) else None)
