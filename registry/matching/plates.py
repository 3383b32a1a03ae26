"""Plates of vehicles, whole and in part.

    "kbz-437 d"  →  K8Z437D      "KBZ 4?7", "437D", "KB*", "*7D"   parts, as a witness remembers them

? stands for one character that was not seen, * for any number of them. Without * a part may stand anywhere in the
plate; with one, what stands before the first begins the plate and what stands after the last ends it. O and 0, I and 1,
B and 8 are one: Kenyan plates (KAA 001A, motorcycles KMDA 123B) have no O or I, and people read them all the same.
Plates of other countries follow the same rules; none is refused for its form.
"""

import re
from functools import lru_cache

from registry.matching.contacts import plain
from registry.matching.pieces import ANY, END, PIECE, START, Window, windows

MOST = 20
"""Characters of a plate that are looked at; the longest plates have ten."""
SHORTEST = 3
"""Known characters that a plate or part of one has at least."""

_ALIKE = str.maketrans("OIB", "018")
_MANY = "*"
_STARS = re.compile(r"\*+")


def plate_value(text: str) -> str:
    """Keep letters and digits, those that look alike as one."""
    return "".join(c for c in plain(text).upper() if c.isalnum())[:MOST].translate(_ALIKE)


def is_whole(text: str) -> bool:
    """Whether no character of a plate is said to be missing."""
    return ANY not in text and _MANY not in text


def ended(value: str) -> str:
    """Mark both ends of a plate."""
    return START + value + END


@lru_cache(maxsize=1024)
def plate_windows(text: str) -> tuple[Window, ...]:
    """Give the windows of a plate or part of one; none where too little of it is known."""
    pattern = _STARS.sub(_MANY, "".join(c for c in plain(text).upper() if c.isalnum() or c in (ANY, _MANY)))
    if len(pattern) > MOST:
        return ()
    known = pattern.translate(_ALIKE).split(_MANY)
    if len(known) > 1:
        known[0], known[-1] = (START + known[0] if known[0] else ""), (known[-1] + END if known[-1] else "")
    return tuple(dict.fromkeys(window for run in known for window in _windows_of(run)))


def _windows_of(run: str) -> tuple[Window, ...]:
    """Widen a run of three known characters by what stands beside it."""
    if sum(each not in (ANY, START, END) for each in run) < SHORTEST - 1:
        return ()
    if len(run) == PIECE - 1 and ANY not in run:
        return windows(ANY + run) if run.endswith(END) else windows(run + ANY)
    return windows(run)
