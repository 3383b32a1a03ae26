"""What is stored tells no number, address or handle to somebody who has not the index key."""

from dataclasses import replace

import orjson
import pytest
from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching import keys
from registry.matching.grid import cells
from registry.matching.record import describe
from registry.matching.types import Handle, Identifier, Identity, Place
from tests.registry.matching.strategies import DIGITS, identities
from tests.registry.matching.tokens import BLIND, OTHER_BLIND, Noting, compact, prepare, profile_keys

CANARY = Identity(
    names=("Asiya Invented",),
    birth_date=PartialDate(1984, 5, 3),
    identifiers=(
        Identifier("passport", "ZQ5834823", "KE"),
        Identifier("national_id", "23456789", "KE"),
        Identifier("alien_id", "23-456-789"),
    ),
    phones=("0712 345 678",),
    emails=("Canary.Bird+x@Mail.Example",),
    handles=(Handle("x", "@yellow.canary_77"), Handle(None, "zq1")),
    plates=("KXZ 437D",),
    places=(Place((-1.2921, 36.8219), "Kwale", "Canary"),),
)
TRACES = ("zq5", "5834", "4823", "2345", "6789", "7123", "5678", "canary", "bird", "mail", "exam", "yellow", "zq1",
          "kxz", "z437", "1:17", "2921", "kwale")  # fmt: skip
PRINTED_TRACES = ("5834823", "23456789", "712345678", "canary", "yellow")
"""Longer, for keys are printed as numbers of nineteen digits."""
UNKEYED = [
    ("document", "ZQ5834823"), ("document", "23456789"), ("document-part", "<2345"), ("document-part", ">6789"),
    ("document-part", "234~789"), ("phone", "+254712345678"), ("email", "canary.bird@mail.example"),
    ("handle", "yellowcanary77"), ("handle", "zq1"), ("handle-letters", "yellowcanary"), ("plate", "KXZ437D"),
]  # fmt: skip


def tells_nothing(kind: str, value: str) -> str:
    del value
    return f"{kind[:3]}~~~~~~~~~"


def silent(identity: Identity) -> Identity:
    """The same person without what is kept as tokens."""
    return replace(identity, identifiers=(), phones=(), emails=(), handles=(), plates=(), places=())


def test_no_value_stands_in_the_line() -> None:
    line = compact(CANARY)

    assert not [trace for trace in TRACES if trace in line.lower()]


PIECES = [("plate-part", "Z437"), ("plate-part", "^KXZ"), ("handle-part", "cana")]
WHERE = [("place-cell", cells(-1.2921, 36.8219)[0]), ("place-county", "kwale"), ("place-sub-county", "kwale/canary")]


SHORT = [*((*each, 3) for each in PIECES), *((*each, 6) for each in WHERE)]


@pytest.mark.parametrize(("kind", "value", "length"), SHORT)
def test_parts_and_places_are_kept_as_short_tokens(kind: str, value: str, length: int) -> None:
    assert keys.key(kind, BLIND(kind, value)[:length]) in profile_keys(CANARY)
    assert keys.key(kind, value) not in profile_keys(CANARY)


def test_nothing_of_the_values_is_printed() -> None:
    printed = repr(describe(CANARY, blind=BLIND)) + repr(prepare(CANARY))

    assert not [trace for trace in PRINTED_TRACES if trace in printed.lower()]


@pytest.mark.parametrize(("kind", "value"), UNKEYED)
def test_no_key_can_be_made_from_the_value_alone(kind: str, value: str) -> None:
    assert keys.key(kind, BLIND(kind, value)) in profile_keys(CANARY)
    assert keys.key(kind, value) not in profile_keys(CANARY)
    assert keys.key(kind, value) not in prepare(CANARY).keys


same_shape = st.builds(
    lambda number, subscriber, local, handle: replace(
        CANARY,
        identifiers=(Identifier("national_id", number, "KE"),),
        phones=("+2547" + subscriber,),
        emails=(f"{local}@mail.example",),
        handles=(Handle("x", handle + "77"),),
    ),
    st.text(DIGITS, min_size=8, max_size=8),
    st.text(DIGITS, min_size=8, max_size=8),
    st.text("abc", min_size=1, max_size=9),
    st.text("abc", min_size=6, max_size=9),
)


@given(same_shape, same_shape)
def test_but_for_the_tokens_people_with_other_values_are_stored_alike(one: Identity, other: Identity) -> None:
    """Where the tokens tell nothing, line and keys tell nothing."""
    assert compact(one, blind=tells_nothing) == compact(other, blind=tells_nothing)
    assert profile_keys(one, blind=tells_nothing) == profile_keys(other, blind=tells_nothing)


@given(identities())
def test_another_key_changes_all_that_is_sensitive_and_nothing_else(identity: Identity) -> None:
    here, there = (profile_keys(identity, blind=blind) for blind in (BLIND, OTHER_BLIND))
    line, other = (orjson.loads(compact(identity, blind=blind).split("\n")[0]) for blind in (BLIND, OTHER_BLIND))

    assert here & there == profile_keys(silent(identity))
    assert line[:5] == other[:5]
    assert tokens(line).isdisjoint(tokens(other))


def tokens(line: list[list[list[str]]]) -> set[str]:
    identifiers, phones, emails, handles = line[5:]
    near = {token for *_, all_near in identifiers for token in all_near.split()}
    names = {token for _, *both in handles for token in both if token}
    return near | names | {token for _, token, _, _ in identifiers} | {str(each) for each in (*phones, *emails)}


@given(identities())
def test_a_question_under_another_key_does_not_find_the_values(identity: Identity) -> None:
    asked = prepare(replace(identity, names=(), birth_date=None), blind=OTHER_BLIND)

    assert profile_keys(identity).isdisjoint(asked.keys)


@given(identities())
def test_no_token_is_made_twice_for_one_profile(identity: Identity) -> None:
    noting = Noting()

    keys.record_keys(describe(identity, blind=noting), blind=noting)

    assert len(noting.calls) == len(set(noting.calls))


def test_an_ordinary_profile_needs_few_tokens() -> None:
    noting = Noting()
    ordinary = replace(CANARY, identifiers=CANARY.identifiers[1:], handles=CANARY.handles[:1], plates=(), places=())

    keys.record_keys(describe(ordinary, blind=noting), blind=noting)

    assert len(noting.calls) == 16 + len("yellowcanary77") - 3


@given(identities())
def test_a_person_described_once_has_the_same_keys_and_line(identity: Identity) -> None:
    described = describe(identity, blind=BLIND)

    assert keys.record_keys(described, blind=BLIND) == profile_keys(identity)
    assert keys.record_tokens(described) == keys.name_tokens(identity)
