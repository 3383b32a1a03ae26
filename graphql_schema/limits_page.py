"""The page of limits and prices: docs/limits.md, made of the tables themselves."""

from collections.abc import Iterable

from graphql_schema import cost
from graphql_schema.limits import Limits, rows

_HEAD = """# Limits and prices

Printed by `registry schema limits` from `graphql_schema/limits.py` and `graphql_schema/cost.py`; the suite compares.

A limit is set otherwise by `REGISTRY_LIMIT_<NAME>` or in the settings file; none can be switched off. They are
looked at in this order: body, source, tokens, one pass over the document, validation, variables, cost, live state,
budgets, and only then is anything executed. Time limits of a statement, a lock and a connection stand in
[settings.md](settings.md).

    [limits]
    records_per_day = 2000

## Limits

"""

_COST = """
## What a question costs

Priced from its text before anything is done (`COST_EXCEEDED`), and again from its answer: nodes that were not there are
given back. The answer says both:

    "extensions": {"cost": {"requested": 151, "actual": 32, "limit": 1000, "leftThisMinute": 9968},
                   "records": {"shown": 3, "leftThisHour": 997, "leftToday": 4997}}

- A leaf costs nothing, an object 1, an edge no more than its node.
- A list of objects costs its size times what each costs: for a connection `first`, for a list in a record """
_COST_END = """, otherwise as below.
- A mutation costs %d, introspection %d. Fields that merge are priced once.
- **Budgets** are of the officer, whichever client asks for them (without an officer of the client), of the case and of
  the agency. Points are counted by the minute (`RATE_LIMITED`), questions (`OPERATIONS_SPENT`) and records
  (`RECORDS_SPENT`) by the hour and day, in whole minutes, hours and days of UTC; all answer 429 with `Retry-After`. A
  record counts each time that it is shown, in whichever place of an answer. It is counted in the transaction that
  makes the entry of the log durable, so neither aliases nor many requests at once get by; what would go beyond is
  counted and not shown.
- **Persons** (`SUBJECTS_SPENT`) are counted once a day for each officer: who was shown today is free. A partner's
  officer may be shown as many as the agreement says. Once they are spent, only who was shown today is shown again, and
  a question that finds nobody is refused as one that finds somebody new is: else whoever goes on asking would still be
  told who there is. Administrators are told ([observing.md](observing.md)).

## Before anybody is known

In this order, each cheaper than the next: the head's bytes and seconds, the proxy's word about the source, the address
and `Host`, then the source itself. A source (an IPv4 address, the /64 of an IPv6 address) has `refusals_at_once`
requests that prove nothing: a token or proof that is refused, at `/oauth/`, `/session/` and `/graphql`; also a ticket
that is none. `refusals_per_minute` come back. Beyond, everything from it is refused (`TOO_MANY_REFUSALS`, 429) before
any work; requests that prove who asks cost nothing of it, and no other source is held up. Behind a proxy the source
is what `trusted_proxy` says of `X-Forwarded-For`; without it that header is not read. A source that shares its address
with whoever floods waits with them.

Nobody fills the log by asking, and nobody knocks without leaving a trace: of these refusals `refusals_entered` of one
source and minute have an entry of their own, and `refusals_entered_in_all` of all sources. The others, what the door
turned away and what came to a wrong `Host` among them, are counted, and entered each minute and at the node's stop as
one entry a source (`request:flooded`: how many, of which kinds, from when to when), for fifty sources, and one for all
further ones. Their answers carry no receipt.

## Even answers

Answers to a partner's officer leave at steps of `even_milliseconds` after the request came, and are filled up with
spaces to a size that is the question's and not the answer's: its points at `even_bytes_per_point`, in steps of
`even_bytes`. So neither time nor size tells whether somebody was found.

## Prices by name


"""


def page(limits: Limits | None = None) -> str:
    """Return the page."""
    table = ((f"`{row.name}`", f"{row.value:,}", row.unit, row.reason) for row in rows(limits or Limits()))
    weights = ((f"`{name}`", str(weight)) for name, weight in sorted(cost.WEIGHTS.items()))
    sizes = ((f"`{name}`", str(size)) for name, size in sorted(cost.SIZES.items()))
    return "".join((
        _HEAD, _table(("limit", "value", "unit", "reason"), table),
        _COST, str(cost.IN_RECORD), _COST_END % (cost.MUTATION, cost.INTROSPECTION),
        _table(("field", "points beside its objects"), weights), "\n",
        _table(("list", "assumed size"), sizes),
    ))  # fmt: skip


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in (head, ("---",) * len(head), *lines))
