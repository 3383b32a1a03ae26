"""Sentences that officers give with a change: reasons, notes, numbers of orders."""

from registry.core.errors import InputRefused
from registry.profiles import victims
from registry.profiles.kinds import is_plain

REASON_LENGTH = 500
ORDER_LENGTH = 80


def sentence(text: str, field: str = "reason") -> str:
    """Return a reason as one line. Raises InputRefused (REASON_MALFORMED, VICTIM_DATA)."""
    line = " ".join(text.split())
    if not 3 <= len(line) <= REASON_LENGTH or not is_plain(text):
        raise InputRefused(
            f"is not a sentence of 3 to {REASON_LENGTH} characters.", field=field, code="REASON_MALFORMED",
            remedy="Say in a sentence why.",
        )  # fmt: skip
    if victims.in_text(line):
        raise InputRefused("looks like a victim's data, which the register never holds.", field=field,
                           code="VICTIM_DATA", remedy="Remove it.")  # fmt: skip
    return line


def order_number(text: str | None, *, needed: bool) -> str | None:
    """Return the number of a court's order. Raises InputRefused (ORDER_MISSING, TEXT_MALFORMED)."""
    if text is None:
        if needed:
            raise InputRefused("is not given.", field="orderNumber", code="ORDER_MISSING",
                               remedy="Give the number of the court's order.")  # fmt: skip
        return None
    line = " ".join(text.split())
    if not 1 <= len(line) <= ORDER_LENGTH or not is_plain(text):
        raise InputRefused(f"is not a line of 1 to {ORDER_LENGTH} printable characters.", field="orderNumber",
                           code="TEXT_MALFORMED", remedy="Write such a line.")  # fmt: skip
    if victims.in_text(line):
        raise InputRefused("looks like a victim's data, which the register never holds.", field="orderNumber",
                           code="VICTIM_DATA", remedy="Remove it.")  # fmt: skip
    return line
