"""What a comparison may come to at most is never below what it comes to."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from registry.core.partial_dates import PartialDate
from registry.matching import query as preparation, score as scoring, weights
from registry.matching.query import PreparedQuery
from registry.matching.record import MatchRecord, describe
from registry.matching.types import Handle, Identifier, Identity, Match
from registry.screening.bounds import Bound, Glances
from tests.factories import SEALER

WORDS = """Juma Hamisi Mwakio Wanjiku Wanjiru Njoroge Njuguna Christopherson Kiprotich Kiplagat Chepkemoi Cheptoo Otieno
    Atieno Achieng Odhiambo Mohamed Muhammad Abdirahman Abdi Rahman Bill William Elizabeth Betty Nebukadnezari
    Papadimitriou Venkataraman Kip Limo Kiplimo arap Moi Ole Sankale Omondi Ornondi O. P."""
NAMES = WORDS.split()
SIZES = (1, 20, 20_000, 1_000_000)
LEAST = (weights.WEAK_SCORE, weights.POSSIBLE_SCORE, weights.STRONG_SCORE)


def slipped(chance: random.Random, word: str) -> str:
    """Return a word as somebody may write it: a vowel heard otherwise, two letters exchanged, one left out."""
    at = chance.randrange(len(word))
    another = chance.choice("aeiou") if word[at] in "aeiou" else chance.choice("kcszvwbl")
    return chance.choice([word, word, word[:at] + another + word[at + 1 :], word[:at] + word[at + 1 :] or word,
                          word[:at] + word[at : at + 2][::-1] + word[at + 2 :]])  # fmt: skip


def somebody(chance: random.Random) -> Identity:
    day = date(1950, 1, 1) + timedelta(days=chance.randrange(20_000))
    born = PartialDate(day.year, *((day.month, day.day), (day.month,), ())[chance.choice([0, 0, 0, 1, 2])])
    return Identity(
        names=(" ".join(chance.sample(NAMES, chance.randint(1, 4))),), birth_date=born,
        sex=chance.choice([None, "male", "female"]), nationalities=chance.choice([(), ("KE",), ("UG",)]),
        county=chance.choice([None, "Kitui", "Nairobi"]),
        identifiers=(Identifier("passport", f"AK{chance.randrange(10**7):07d}", "KE"),) * chance.randint(0, 1),
        phones=(f"+2547{chance.randrange(10**8):08d}",) * chance.randint(0, 1),
        handles=(Handle(None, f"mtu{chance.randrange(10**6)}"),) * (chance.random() < 0.2),
    )  # fmt: skip


def asked_for(chance: random.Random, person: Identity) -> Identity:
    """Return somebody as a list may have them: with slips, and a date a day or a year off."""
    words = [slipped(chance, word) for word in person.names[0].split()]
    chance.shuffle(words)
    born = person.birth_date
    if born is not None and born.precision == "day" and chance.random() < 0.5:
        day = born.earliest + timedelta(days=chance.choice([1, -1, 31, 365, 366, 3652]))
        born = PartialDate(day.year, day.month, day.day)
    numbers = tuple(Identifier(each.type, slipped(chance, each.value), each.country) for each in person.identifiers)
    other = somebody(chance)
    return Identity(
        names=(" ".join(words),), birth_date=chance.choice([born, born, None, other.birth_date]),
        sex=chance.choice([person.sex, other.sex]), nationalities=chance.choice([person, other]).nationalities,
        county=chance.choice([person, other]).county, identifiers=numbers,
        phones=chance.choice([person, other]).phones, handles=chance.choice([person, other]).handles,
    )  # fmt: skip


def pairs(seed: int) -> Iterator[tuple[PreparedQuery, MatchRecord, dict[int, int], int]]:
    chance = random.Random(seed)
    for _ in range(800):
        person = somebody(chance)
        record = describe(person, region="KE", blind=SEALER.blind).record
        question = preparation.prepare(asked_for(chance, person), region="KE", blind=SEALER.blind)
        size = chance.choice(SIZES)
        rarity = {token: chance.randint(0, size // chance.choice([1, 50, 5000]) + 1) for token in question.tokens}
        yield question, record, chance.choice([{}, rarity]), size


def ranked(
    question: PreparedQuery, record: MatchRecord, rarity: dict[int, int], size: int, least: float
) -> list[tuple[int, Match]]:
    return scoring.rank(question, [(1, record)], rarity, size, least=least)


@pytest.mark.parametrize("seed", range(4))
def test_nobody_is_passed_over_who_could_be_told(seed: int) -> None:
    told = 0
    for question, record, rarity, size in pairs(seed):
        match = scoring.score(question, record, rarity, size)
        glances = Glances()
        glances.put(1, record.born, record.sex)
        agree = {each.feature.partition(".")[0] for each in match.reasons if each.weight > 0}
        contacts = {1} if agree & {"document", "phone", "email", "handle"} else set()
        for least in LEAST:
            if agree - {"register"} and match.score >= least:  # of whom nothing agrees is never told
                told += 1
                bound = Bound(question, rarity, size, least=least, contacts=contacts, are_overfull=False)
                assert ranked(question, record, rarity, size, least) == [(1, match)], (question, record, match)
                assert bound.glance(1, glances.get(1)), (question.record, record, match)
    assert told > 400


def test_a_long_rare_name_in_another_spelling_may_weigh_more_than_the_same_one() -> None:
    held = Identity(names=("Christophersen Venkatareman",), birth_date=PartialDate(1971))
    sought = Identity(names=("Christopherson Venkataraman",), birth_date=PartialDate(1972))
    record = describe(held, region="KE", blind=SEALER.blind).record
    question = preparation.prepare(sought, region="KE", blind=SEALER.blind)

    match = scoring.score(question, record, {}, 1_000_000)

    assert match.score >= weights.POSSIBLE_SCORE
    bound = Bound(question, {}, 1_000_000, least=match.score, contacts=(), are_overfull=False)
    glances = Glances()
    glances.put(1, record.born, record.sex)
    assert bound.glance(1, glances.get(1))
    assert ranked(question, record, {}, 1_000_000, match.score) == [(1, match)]
