"""Whatever is written as a name: read within the limits, never in error, and never enough to accuse anybody."""

import pytest
from hypothesis import given, strategies as st

from registry.matching.limits import NAMES, PROFILE_KEYS, QUERY_KEYS, QUERY_NAMES, QUERY_WORDS, WORD_CHARACTERS, WORDS
from registry.matching.score import rank
from registry.matching.types import Band, Handle, Identifier, Identity
from registry.matching.words import name_words
from tests.registry.matching import tokens
from tests.registry.matching.hostile import DISGUISES, EVERY_SCRIPT, HOSTILE, MARKS
from tests.registry.matching.strategies import full_names
from tests.registry.matching.tokens import compact, prepare, profile_keys

LONGEST_LINE = 100_000
"""Characters of the line kept with a profile that names hostile things only. An ordinary one has 300."""

INVISIBLE = "\u200b\u200c\u200d\u202e\u2066\u2069\u00ad\ufeff"
odd_names = st.text(
    st.sampled_from(sorted(set(EVERY_SCRIPT + MARKS + INVISIBLE + "*?%_'-.0137 \t\n\0\ud800\ufdfa"))) | st.characters(),
    max_size=400,
)
particles = st.lists(st.sampled_from(["bin", "al", "van", "ole", "arap", "abd", "mc", "Dr.", "K."]), max_size=300)
anything = odd_names | particles.map(" ".join) | full_names


def everywhere(text: str) -> Identity:
    """The text in every place where one can be written."""
    return Identity(
        names=(text,) * 30,
        county=text,
        identifiers=(Identifier(text, text, text),) * 30,
        phones=(text,) * 30,
        emails=(text, text + "@example.org"),
        handles=(Handle(text, text),) * 30,
    )


def check_within_limits(asked: Identity) -> None:
    """Require that what is read, looked up, written and scored of somebody stays small."""
    prepared, held = prepare(asked), tokens.held(asked)
    words = [word for name in held.names for word in name]

    assert len(prepared.keys) <= QUERY_KEYS
    assert len(profile_keys(asked)) <= PROFILE_KEYS
    assert len(prepared.record.names) <= QUERY_NAMES
    assert sum(map(len, prepared.record.names)) <= QUERY_WORDS
    assert len(held.names) <= NAMES
    assert all(len(name) <= WORDS for name in held.names)
    assert all(word.text.isascii() and word.text.isalnum() and word.text == word.text.lower() for word in words)
    assert all(len(word.text) <= WORDS * WORD_CHARACTERS for word in words)
    assert len(compact(asked)) <= LONGEST_LINE


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_stays_within_the_limits(name: str) -> None:
    check_within_limits(everywhere(HOSTILE[name]))


@given(st.lists(anything, max_size=40), anything)
def test_whatever_is_written_stays_within_the_limits(names: list[str], text: str) -> None:
    check_within_limits(everywhere(text))
    check_within_limits(Identity(names=tuple(names)))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_held_against_nobody(name: str) -> None:
    asked = prepare(Identity((HOSTILE[name],)))
    crowd = [(n, tokens.held(Identity((held,)))) for n, held in enumerate(["Peter Kamau", *HOSTILE.values()])]

    matches = rank(asked, crowd, {}, 1_000_000, limit=len(crowd))

    assert all(match.band != Band.STRONG for _, match in matches)


@given(st.lists(anything, min_size=1, max_size=3), st.lists(anything, min_size=1, max_size=3))
def test_two_people_of_any_names_are_compared_without_error(asked: list[str], held: list[str]) -> None:
    record = tokens.held(Identity(tuple(held)))

    matches = rank(prepare(Identity(tuple(asked))), [(1, record)], {}, 10, limit=1)

    assert len(matches) <= 1
    assert all(match.band != Band.STRONG for _, match in matches)


@given(anything)
def test_a_name_is_read_the_same_twice_and_every_word_has_a_sound(text: str) -> None:
    words = name_words(text)

    assert name_words(text) == words
    assert all(word.text and word.skeleton for word in words)


@pytest.mark.parametrize("disguised", DISGUISES, ids=DISGUISES.values())
def test_a_disguised_name_is_the_name(disguised: str) -> None:
    assert [word.text for word in name_words(disguised)] == ["peter", "kamau"]


@pytest.mark.parametrize(
    "name", ["nothing", "blanks", "wildcards", "only particles", "digits", "surrogates the wrong way round"]
)
def test_what_names_nobody_has_no_words_and_no_keys(name: str) -> None:
    assert name_words(HOSTILE[name]) == ()
    assert prepare(Identity((HOSTILE[name],))).keys == ()
