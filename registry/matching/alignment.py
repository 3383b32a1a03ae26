"""Which word of one name meets which word of the other.

    peter wanjiku kamau  ·  kamau p wanjiko   →   kamau-kamau exact, wanjiku-wanjiko spelling, peter-p initial

The best meetings are taken first, each word once; what is left over is joined with its neighbour and tried again,
and then counts against.
"""

from itertools import pairwise
from typing import NamedTuple

from registry.matching.agreement import agreement, are_forms
from registry.matching.record import Name
from registry.matching.scale import Meeting, Scale, shown
from registry.matching.tables import Table
from registry.matching.words import Word, families, word


class Alignment(NamedTuple):
    """How two names met, and what it is worth together."""

    bits: float
    meetings: tuple[Meeting, ...]


def align(query: Name, record: Name, scale: Scale, conflict: str = "name.conflict") -> Alignment:
    """Let the words of two names meet, best first."""
    found = _meetings(query, record, scale)
    asked, held = dict(enumerate(query)), dict(enumerate(record))
    met = _taken([one for one in found if one[0].feature != "name.short"], asked, held)
    if asked and held:
        met += _joined(asked, held, scale.table)
        met += _taken([one for one in found if one[0].feature == "name.short"], asked, held)
    bits = sum([m.bits for m in met])
    if bits > scale.ceiling:
        met.append(Meeting((scale.ceiling - bits) * (1 - scale.table.NAME_ABOVE), "name.shared", "", ""))
    if asked or held:
        met += _alone(asked, held, conflict, scale)
    return Alignment(max(sum([m.bits for m in met]), scale.table.NAME_FLOOR), tuple(met))


def _meetings(query: Name, record: Name, scale: Scale) -> list[tuple[Meeting, int, int]]:
    found = []
    for i, one in enumerate(query):
        known = scale.meetings_of(one)
        for j, other in enumerate(record):
            meeting = known[other.text] if other.text in known else scale.judge(one, other)
            if meeting is not None:
                found.append((meeting, i, j))
    found.sort(reverse=True)
    return found


def _taken(found: list[tuple[Meeting, int, int]], asked: dict[int, Word], held: dict[int, Word]) -> list[Meeting]:
    """Take the best meetings whose words are both still free."""
    met: list[Meeting] = []
    for meeting, i, j in found:
        if i in asked and j in held:
            del asked[i], held[j]
            met.append(meeting)
    return met


def _joined(asked: dict[int, Word], held: dict[int, Word], table: Table) -> list[Meeting]:
    """Let Kip Limo meet Kiplimo, in either direction."""
    if len(asked) == len(held) == 1:
        return []
    met = [_join_meeting(apart, together, table) for apart, together in _joins(asked, held)]
    return met + [_join_meeting(together, apart, table) for apart, together in _joins(held, asked)]


def _joins(many: dict[int, Word], few: dict[int, Word]) -> list[tuple[str, str]]:
    """Take out neighbours that are one word on the other side."""
    joins = []
    for i, k in pairwise(tuple(many)):
        if i in many and k == i + 1:
            single = next((j for j, word_ in few.items() if _is_join(many[i], many[k], word_)), None)
            if single is not None:
                joins.append((f"{shown(many.pop(i))} {shown(many.pop(k))}", shown(few.pop(single))))
    return joins


def _is_join(a: Word, b: Word, single: Word) -> bool:
    if families(single.text) and are_forms(word(a.text + b.text), single):
        return True  # Bor Yuk, Boyu
    length = len(a.text) + len(b.text)
    if single.skeleton[0] != a.skeleton[0] or abs(length - len(single.text)) > 1 or length < 5:
        return False
    return agreement(word(a.text + b.text), single) is not None


def _join_meeting(asked: str, held: str, table: Table) -> Meeting:
    share, less = table.NAME_SHARE["name.joined"]
    return Meeting(share * table.UNCOUNTED_INFORMATION - less, "name.joined", asked, held)


def _alone(asked: dict[int, Word], held: dict[int, Word], conflict: str, scale: Scale) -> list[Meeting]:
    """Count words that met nobody: in pairs a conflict, those most alike first, else a name more or a name less."""
    full = {i: a for i, a in asked.items() if not a.is_initial}
    others = {j: b for j, b in held.items() if not b.is_initial}
    alone: list[Meeting] = []
    if full and others:
        clashes = [(scale.conflict(conflict, a, b), i, j) for i, a in full.items() for j, b in others.items()]
        clashes.sort(reverse=True)
        alone = _taken(clashes, full, others)
    alone += [Meeting(scale.table.BITS["name.extra"], "name.extra", shown(a), "") for a in full.values()]
    alone += [Meeting(scale.table.BITS["name.missing"], "name.missing", "", shown(b)) for b in others.values()]
    return alone
