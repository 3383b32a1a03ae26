"""Opening some fields of one entry: with the published log they prove what was done, and the rest stays closed."""

from collections.abc import Collection

from registry.audit import erasing, erasures
from registry.audit.commitments import Opening
from registry.audit.forms import FORMS
from registry.core.errors import InputRefused, NotFound
from registry.disclosure.vocabulary import Action
from registry.oversight import masking, queries
from registry.work import Work, operation

OF_PERSONS = frozenset({"records", "details", "justification"})
"""Fields that may say whom an entry was about: they take a reason, as whoever reads entries unmasked states one."""


@operation(Action.LOG_READ)
def open_entry(work: Work, index: int, names: Collection[str], *, reason: str | None = None) -> Opening:
    """Open fields of an entry, as they are committed to: what is sealed in them stays so. This opening is an entry too.

    Raises NotFound (ENTRY_UNKNOWN), EntryErased and InputRefused (REASON_REQUIRED, REASON_INSUFFICIENT …).
    """
    work.require(Action.LOG_READ)
    reason = masking.stated(reason)
    if OF_PERSONS & set(names) and reason is None:
        raise masking.reason_required("--reason")
    row = queries.entry(work.connection, index)
    erasures.check_there(work.connection, index, row)
    if row is None:
        raise NotFound("No such entry.", code="ENTRY_UNKNOWN", field="index")
    known = FORMS[row["v"]].names
    if not names or not set(names) <= set(known):
        raise InputRefused("is no field of this entry.", field="--field", remedy=f"One of {', '.join(known)}.")
    erasing.check(row, *names)
    opening = erasing.opened(row, names)
    why = {"why": work.closed(reason=reason)} if reason else {}
    work.record("log:opened", (), entry=index, fields=sorted(names), **why)
    return opening
