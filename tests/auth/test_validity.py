"""When a key is good: bounds, four at most, and who is warned."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from auth import validity
from registry.core.errors import Conflict, InputRefused, NotFound
from tests.auth.tokens import pair

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


def key(number: int = 1, *, since: timedelta = timedelta(0), days: float = 100, **more: Any) -> dict[str, Any]:
    """Return a kept key whose time began ``since`` after now."""
    return validity.bounded(dict(pair("ES256", number).jwk) | more, since=NOW + since, until=NOW + timedelta(days=days))


def bare(number: int = 1) -> dict[str, Any]:
    """Return a kept key without bounds."""
    return dict(pair("ES256", number).jwk)


def kids(jwks: validity.JwkSet) -> list[str]:
    return [each["kid"] for each in jwks["keys"]]


@pytest.mark.parametrize(
    ("kept", "good"),
    [
        pytest.param(bare(), True, id="unbounded"),
        pytest.param(key(), True, id="from-now"),
        pytest.param(key(since=timedelta(seconds=1)), False, id="not-yet"),
        pytest.param(key(since=timedelta(days=-9), days=0), False, id="ends-now"),
        pytest.param(key(since=timedelta(days=-9), days=1 / 86400), True, id="a-second-left"),
    ],
)
def test_a_key_is_good_from_its_beginning_to_before_its_end(kept: dict[str, Any], good: bool) -> None:
    assert validity.is_good(kept, NOW) is good
    assert kids(validity.good({"keys": [kept]}, NOW)) == ([kept["kid"]] if good else [])


@pytest.mark.parametrize("days", [0, -1, 2 * 366 + 1])
def test_a_keys_time_goes_forward_and_is_two_years_at_most(days: int) -> None:
    with pytest.raises(InputRefused) as refused:
        key(days=days)

    assert (refused.value.code, refused.value.field) == ("KEY_TIME", "notAfter")


def test_two_years_are_not_too_long() -> None:
    assert key(days=2 * 366)["not_after"] == int((NOW + timedelta(days=2 * 366)).timestamp())


def test_a_private_key_is_refused() -> None:
    with pytest.raises(InputRefused) as refused:
        key(d="AA")

    assert refused.value.code == "KEY_REFUSED"


def test_a_fifth_key_is_refused_until_one_has_ended() -> None:
    four = {"keys": [key(1, since=timedelta(days=-9), days=1), key(2), bare(3), key(4)]}

    with pytest.raises(Conflict) as refused:
        validity.with_key(four, key(5), NOW)
    later = validity.with_key(four, key(5), NOW + timedelta(days=1))

    assert refused.value.code == "KEYS_TOO_MANY"
    assert kids(later) == [each["kid"] for each in (key(2), key(3), key(4), key(5))]


def test_the_same_key_is_not_added_twice_under_another_name_either() -> None:
    held = {"keys": [bare(1)]}

    for again in (key(1), key(1, kid="renewed"), key(2, kid=bare(1)["kid"])):
        with pytest.raises(Conflict) as refused:
            validity.with_key(held, again, NOW)
        assert refused.value.code == "KEY_KNOWN"


def test_a_key_is_taken_out_by_its_name() -> None:
    held = {"keys": [bare(1), bare(2)]}

    assert kids(validity.without_key(held, bare(1)["kid"])) == [bare(2)["kid"]]
    with pytest.raises(NotFound):
        validity.without_key(held, "nothing")


def test_who_is_warned_thirty_days_before_and_until_the_key_is_withdrawn() -> None:
    ended = key(4, since=timedelta(days=-9), days=-1)
    soon = key(1, days=30)

    assert validity.expiring([soon, key(2, days=31), bare(3), ended], NOW) == [soon, ended]


def test_a_set_is_kept_with_the_times_that_it_names() -> None:
    given = {"keys": [bare(1) | {"not_after": 1_900_000_000, "x5c": ["…"]}, bare(2) | {"not_before": 5}]}

    kept = validity.key_set(given)

    assert kept == {"keys": [bare(1) | {"not_after": 1_900_000_000}, bare(2) | {"not_before": 5}]}


@pytest.mark.parametrize("value", ["2030", 1.5, None, True])
def test_a_time_that_is_no_whole_number_is_refused(value: object) -> None:
    with pytest.raises(InputRefused) as refused:
        validity.key_set({"keys": [bare(1) | {"not_after": value}]})

    assert refused.value.code == "KEY_TIME"
