"""How a register of invented people is told from one of real people.

Three marks, and all must be there: the log begins with the set-up of the demonstration (``first.operation == SET_UP``:
nothing comes before an entry, and none is ever changed, so a register of real people can't get this one later), and
each agency has a code ``demo-…`` and a name ``DEMO …``.
"""

from collections.abc import Mapping

SET_UP = "demo"
"""The operation that the first entry of a demonstration's log names."""
CODE, NAME = "demo-", "DEMO "


def are_invented(agencies: Mapping[str, str]) -> bool:
    """Say whether there are agencies, and the code and name of each bear the mark."""
    return bool(agencies) and all(
        code.startswith(CODE) and name.startswith(NAME) for code, name in agencies.items()
    )  # fmt: skip
