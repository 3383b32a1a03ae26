"""A nonce is good for its client, for a minute at most, at every worker, and nothing is remembered for it."""

from datetime import timedelta

import pytest

from auth.nonces import SECONDS, Nonces
from tests.auth.household import MOMENT

NONCES = Nonces.of(b"a secret of thirty-two bytes, or more")
STEP = timedelta(seconds=SECONDS)


def test_a_nonce_is_good_for_its_half_minute_and_the_next() -> None:
    nonce = NONCES.fresh("desk", MOMENT)

    assert NONCES.is_good("desk", nonce, MOMENT)
    assert NONCES.is_good("desk", nonce, MOMENT + STEP)
    assert not NONCES.is_good("desk", nonce, MOMENT + 2 * STEP)
    assert not NONCES.is_good("desk", nonce, MOMENT - STEP)


def test_a_nonce_is_one_clients() -> None:
    assert not NONCES.is_good("another", NONCES.fresh("desk", MOMENT), MOMENT)


def test_another_worker_with_the_same_secret_knows_it_and_one_with_another_does_not() -> None:
    nonce = NONCES.fresh("desk", MOMENT)

    assert Nonces.of(b"a secret of thirty-two bytes, or more").is_good("desk", nonce, MOMENT)
    assert not Nonces.of(b"another secret of thirty-two bytes, or so").is_good("desk", nonce, MOMENT)


@pytest.mark.parametrize("nonce", [None, "", "x", "ä", "A" * 24])
def test_what_is_no_nonce_of_ours_is_not_good(nonce: str | None) -> None:
    assert not NONCES.is_good("desk", nonce, MOMENT)


def test_a_nonce_can_stand_in_a_header() -> None:
    assert NONCES.fresh("desk", MOMENT).isascii()
    assert NONCES.fresh("desk", MOMENT) != NONCES.fresh("desk", MOMENT + STEP)


def test_printing_shows_no_key() -> None:
    assert "key" not in repr(NONCES)
