"""Which profiles are scored."""

import time

from registry.matching.candidates import CANDIDATE_CAP, POSTING_CAP, choose
from registry.matching.types import Identity
from tests.registry.matching.tokens import prepare

PREPARED = prepare(Identity(("Peter Kamau Njoroge Mwangi",)))


def test_those_who_share_the_rarest_keys_come_first() -> None:
    first, second, *_ = PREPARED.keys

    chosen = choose(PREPARED, {first: [7], second: list(range(1, 200))}, 1_000_000)

    assert chosen[0] == 7


def test_weights_of_several_keys_add_up() -> None:
    postings = {key: [1, 2, 9] if n else [9, 5] for n, key in enumerate(PREPARED.keys[:3])}

    assert choose(PREPARED, postings, 1000)[0] == 9


def test_a_key_that_too_many_share_is_set_aside() -> None:
    first, second, *_ = PREPARED.keys
    crowd = list(range(POSTING_CAP + 1))

    assert choose(PREPARED, {first: crowd, second: [5000]}, 1_000_000) == [5000]


def test_where_nothing_else_was_found_a_crowd_is_better_than_nobody() -> None:
    crowd = list(range(POSTING_CAP + 1))

    assert len(choose(PREPARED, {PREPARED.keys[0]: crowd}, 1_000_000)) == CANDIDATE_CAP


def test_nobody_is_chosen_where_nothing_was_found() -> None:
    assert choose(PREPARED, {}, 1000) == []
    assert choose(PREPARED, {PREPARED.keys[0]: []}, 1000) == []


def test_keys_that_were_not_asked_for_are_not_counted() -> None:
    assert choose(PREPARED, {12345: [1]}, 1000) == []


def test_many_postings_are_read_quickly() -> None:
    postings = {key: list(range(n, n + 1400)) for n, key in enumerate(PREPARED.keys[:15])}
    start = time.thread_time()

    chosen = choose(PREPARED, postings, 1_000_000)

    assert len(chosen) == CANDIDATE_CAP
    assert time.thread_time() - start < 0.1
