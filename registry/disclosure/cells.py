"""Every cell of a policy, as a text in which what is alike stands together, and what two policies differ in.

    investigator, criminal_investigation
      attribution stated|granted|signed
        standing vetted|shareable
          category convicted
            clearance open: read match sort count: all but notes, provenance  [P1]

A cell is one value of every axis, one field class and one use. There are millions, but few sets of rules ever match
together: below a branch the text depends only on the rules that are still possible, so it is made once for each such
set. Values whose branches say the same stand in one line, and an axis that makes no difference is left out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from math import prod
from typing import NamedTuple, TypeVar

from registry.disclosure.policy import Policy
from registry.disclosure.table import AXES, name_of
from registry.disclosure.vocabulary import Attribution, FieldClass, Purpose, Role, Tier, Use

ORDER: Mapping[str, tuple[str, ...]] = {
    "tier": tuple(map(name_of, Tier)),
    "attribution": tuple(map(name_of, Attribution)),
    **{axis: AXES[axis] for axis in ("standings", "categories", "releasable", "clearances", "cleared", "owners")},
    "onward": AXES["onward"],
    "step_up": ("yes", "no"),
}
"""The axes below role and purpose, in the order of the text; the new proof last."""
SAID: Mapping[str, str] = {
    "tier": "agreement", "attribution": "attribution", "standings": "standing", "categories": "category",
    "releasable": "released to their country:", "clearances": "clearance", "cleared": "cleared for it:",
    "owners": "owner", "onward": "handling", "step_up": "new proof:",
}  # fmt: skip
_INDENT = "  "
_NAMES = tuple(ORDER)
_DEPTH = len(ORDER)
Lines = tuple[str, ...]
Key = TypeVar("Key")


class Changes(NamedTuple):
    """What another policy opens and closes."""

    text: str
    opened: int
    closed: int
    silenced: int
    """Kinds of records that nobody of a kind may learn of any more, or may again; in cases, not cells."""


class _Differing(NamedTuple):
    """What differs on a branch: as text, and counted."""

    lines: Lines
    opened: int
    closed: int
    silenced: int


class _Place(NamedTuple):
    """The rules that are possible on a branch, and those that would be after a new proof."""

    matching: int
    provable: int


def party(role: Role) -> str:
    """Return from where officers of a role ask."""
    return "partner" if role is Role.PARTNER_OFFICER else "home"


def count() -> int:
    """Return how many cells there are."""
    return len(Role) * len(Purpose) * prod(map(len, ORDER.values())) * len(FieldClass) * len(Use)


def text(policy: Policy) -> str:
    """Return every cell of a policy."""

    @cache
    def below(depth: int, place: _Place) -> Lines:
        if depth == _DEPTH:
            return (_said(policy, place),)
        axis = _NAMES[depth]
        return _branches(axis, ((value, below(depth + 1, _step(policy, place, axis, value))) for value in ORDER[axis]))

    return "\n".join(_by_asker(lambda role, purpose: below(0, _start(policy, role, purpose))))


def changes(old: Policy, new: Policy) -> Changes:
    """Return what opens and what closes when one policy takes the other's place."""

    @cache
    def below(depth: int, was: _Place, now: _Place) -> _Differing:
        if depth == _DEPTH:
            return _difference(old, new, was, now)
        axis = _NAMES[depth]
        steps = {
            value: below(depth + 1, _step(old, was, axis, value), _step(new, now, axis, value)) for value in ORDER[axis]
        }
        lines = _branches(axis, ((value, each.lines) for value, each in steps.items()))
        return _summed(lines, steps.values())

    found = {
        (role, purpose): below(0, _start(old, role, purpose), _start(new, role, purpose))
        for role in Role for purpose in Purpose
    }  # fmt: skip
    told = "\n".join(_by_asker(lambda role, purpose: found[role, purpose].lines, is_sparse=True))
    return Changes(told, *_summed((), found.values())[1:])


def totals(policy: Policy) -> tuple[int, int]:
    """Return how many cells are open, and how many cases are silent."""

    @cache
    def below(depth: int, place: _Place) -> tuple[int, int]:
        if depth == _DEPTH:
            return sum(map(len, policy.outcome(place.matching))), int(policy.is_silent(*place))
        axis = _NAMES[depth]
        return _added(below(depth + 1, _step(policy, place, axis, value)) for value in ORDER[axis])

    return _added(below(0, _start(policy, role, purpose)) for role in Role for purpose in Purpose)


def _added(pairs: Iterable[tuple[int, int]]) -> tuple[int, int]:
    one, other = zip(*pairs, strict=True)
    return sum(one), sum(other)


# -- walking


def _start(policy: Policy, role: Role, purpose: Purpose) -> _Place:
    masks = policy.masks
    bits = masks["subjects"][role] & masks["parties"][party(role)] & masks["purposes"][purpose]
    return _Place(bits, bits)


def _step(policy: Policy, place: _Place, axis: str, value: str) -> _Place:
    mask = policy.masks[axis][value]
    return _Place(place.matching & mask, place.provable if axis == "step_up" else place.provable & mask)


# -- saying


def _by_asker(lines: Callable[[Role, Purpose], Lines], *, is_sparse: bool = False) -> Iterator[str]:
    """Yield the lines of each role and purpose; those that say the same stand together."""
    told = _alike((f"{role.value}, {purpose.value}", lines(role, purpose)) for role in Role for purpose in Purpose)
    for below, askers in told.items():
        if below or not is_sparse:
            yield from askers
            yield from (_INDENT + line for line in below)
            yield ""


def _alike(found: Iterable[tuple[Key, Lines]]) -> dict[Lines, list[Key]]:
    together: dict[Lines, list[Key]] = {}
    for key, lines in found:
        together.setdefault(lines, []).append(key)
    return together


def _branches(axis: str, found: Iterable[tuple[str, Lines]]) -> Lines:
    together = _alike(found)
    if len(together) == 1:
        return next(iter(together))
    made: list[str] = []
    for below, values in together.items():
        label = f"{SAID[axis]} {'|'.join(values)}"
        if len(below) == 1 and not below[0].startswith(_INDENT):
            made.append(f"{label}; {below[0]}" if _is_branch(below[0]) else f"{label} = {below[0]}")
        elif below:
            made += [label, *(_INDENT + line for line in below)]
    return tuple(made)


def _is_branch(line: str) -> bool:
    return any(line.startswith(said) for said in SAID.values())


def _said(policy: Policy, place: _Place) -> str:
    """Say what is open where these rules match."""
    if policy.is_silent(*place):
        return "silent"
    opened = _uses(policy.outcome(place.matching))
    return f"{opened}  [{' '.join(policy.ids(place.matching))}]" if opened else "nothing"


def _uses(opened: Sequence[frozenset[FieldClass]]) -> str:
    together: dict[frozenset[FieldClass], list[str]] = {}
    for use, classes in zip(Use, opened, strict=True):
        if classes:
            together.setdefault(classes, []).append(use.value)
    return "; ".join(f"{' '.join(uses)}: {classes_said(classes)}" for classes, uses in together.items())


def classes_said(classes: frozenset[FieldClass]) -> str:
    """Name field classes; where most are there, those that are not."""
    left_out = [kind.value for kind in FieldClass if kind not in classes]
    if len(left_out) > len(FieldClass) // 3:
        return ", ".join(kind.value for kind in FieldClass if kind in classes)
    return f"all but {', '.join(left_out)}" if left_out else "all"


def _summed(lines: Lines, found: Iterable[_Differing]) -> _Differing:
    each = tuple(found)
    return _Differing(
        lines, sum(one.opened for one in each), sum(one.closed for one in each), sum(one.silenced for one in each)
    )


def _difference(old: Policy, new: Policy, was: _Place, now: _Place) -> _Differing:
    before, after = old.outcome(was.matching), new.outcome(now.matching)
    opened = [there - here for here, there in zip(before, after, strict=True)]
    closed = [here - there for here, there in zip(before, after, strict=True)]
    hidden = (old.is_silent(*was), new.is_silent(*now))
    said = [f"{mark} {_uses(each)}" for mark, each in (("opened", opened), ("closed", closed)) if any(each)]
    if hidden[0] != hidden[1]:
        said.append("now silent" if hidden[1] else "no longer silent")
    ids = f"  [{' '.join(old.ids(was.matching))} -> {' '.join(new.ids(now.matching))}]" if said else ""
    told = ("; ".join(said) + ids,) if said else ()
    return _Differing(told, sum(map(len, opened)), sum(map(len, closed)), int(hidden[0] != hidden[1]))
