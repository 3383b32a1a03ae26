"""The keys a profile is found under."""

from random import Random

from hypothesis import given, strategies as st

from registry.core.partial_dates import PartialDate
from registry.matching.keys import key, name_tokens, pair, word_key
from registry.matching.limits import PROFILE_KEYS
from registry.matching.types import Handle, Identifier, Identity
from tests.registry.matching.strategies import NAMES, identities
from tests.registry.matching.tokens import prepare, profile_keys


def test_a_key_is_the_same_on_every_machine() -> None:
    assert key("names", "kamau", "peter") == 7534690182090430444


def test_a_pair_has_no_order() -> None:
    assert pair("names", "peter", "kamau") == pair("names", "kamau", "peter")


def test_kind_and_parts_do_not_run_into_each_other() -> None:
    assert len({key("a", "bc"), key("ab", "c"), key("a", "b", "c")}) == 3


@given(identities())
def test_keys_are_signed_64_bit_and_deterministic(identity: Identity) -> None:
    keys = profile_keys(identity)

    assert keys == profile_keys(identity)
    assert all(-(2**63) <= one < 2**63 for one in keys)


@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=5, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_names_does_not_change_the_keys(names: list[str], random: Random) -> None:
    shuffled = random.sample(names, len(names))

    assert profile_keys(Identity((" ".join(names),))) == profile_keys(Identity((" ".join(shuffled),)))
    assert name_tokens(Identity((" ".join(names),))) == name_tokens(Identity((" ".join(shuffled),)))


def test_an_ordinary_profile_has_few_keys() -> None:
    identity = Identity(
        names=("Peter Kirumba Njoroge",),
        birth_date=PartialDate(1984, 5, 3),
        identifiers=(Identifier("national_id", "23456789", "KE"),),
        phones=("0712345678",),
        handles=(Handle("x", "king.kirumba7"),),
    )

    assert len(profile_keys(identity)) <= 25 + len("kingkirumba7") - 3


def test_a_profile_never_has_more_keys_than_the_limit() -> None:
    crowd = tuple(" ".join(f"n{'abcdefghij'[m]}{'klmnopqrst'[n]}ora" for m in range(10)) for n in range(10))

    assert len(profile_keys(Identity(names=crowd * 20))) <= PROFILE_KEYS


def test_nothing_usable_has_no_keys() -> None:
    for names in ((), ("",), ("bin van der",), ("J. R.",)):
        assert profile_keys(Identity(names=names)) == frozenset()


def test_initials_are_not_counted() -> None:
    assert word_key("j") not in name_tokens(Identity(("J. Otieno",)))
    assert word_key("otieno") in name_tokens(Identity(("J. Otieno",)))


@given(identities())
def test_a_profile_asked_for_as_it_stands_is_found(identity: Identity) -> None:
    written = profile_keys(identity)

    assert not written or written & set(prepare(identity).keys)
