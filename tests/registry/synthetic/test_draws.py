import pytest

from registry.synthetic.draws import LANES, between, pick, scrambled, stream, weighted


def test_a_stream_belongs_to_its_seed_and_index() -> None:
    first = [stream(1, 2)() for _ in range(2)]

    assert first[0] == first[1]
    assert len({stream(seed, index)() for seed in range(20) for index in range(20)}) == 400


def test_the_numbers_of_a_stream_are_the_same_on_every_python() -> None:
    draw = stream(2026, 1)

    assert [draw(), draw(), draw()] == [0.11188368420300243, 0.758440608999387, 0.8687013225788149]


def test_between_reaches_both_ends() -> None:
    draw = stream(3, 4)

    assert {between(1, 3, draw) for _ in range(200)} == {1, 2, 3}


def test_pick_follows_the_places() -> None:
    draw = stream(5, 6)
    drawn = [pick(weighted([("often", 9), ("rarely", 1)]), draw) for _ in range(2000)]

    assert 0.86 < drawn.count("often") / 2000 < 0.94


def test_a_small_weight_still_has_a_place() -> None:
    assert weighted([("often", 1000), ("hardly", 0.001)], places=10).count("hardly") == 1


@pytest.mark.parametrize("lane", range(LANES))
def test_scrambled_numbers_never_meet(lane: int) -> None:
    numbers = {scrambled(index, lane) for index in range(0, 10_000_000, 997)}

    assert len(numbers) == len(range(0, 10_000_000, 997))
    assert all(len(number) == 7 for number in numbers)
