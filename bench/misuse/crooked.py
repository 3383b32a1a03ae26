"""Those who misuse the register: each kind at a rate of its own, now plainly, now hardly above what others do.

None of these numbers was read from a threshold, and none was changed after a run of the rules: a stalker may look twice
and never be found. What is planted is labelled by the kind of misuse, whichever rule may see it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from bench.misuse.world import ABROAD, AGENCY, DAYS, START, Officer, World, officers_of
from registry.misuse.facts import Fact, Kind


def plant(world: World) -> None:
    """Let some officers misuse the register."""
    for planted in KINDS.values():
        planted(world)


def _moment(world: World, officer: Officer, day: int | None = None) -> timedelta:
    """Some time within a shift."""
    on = world.random.randrange(DAYS) if day is None else day
    return timedelta(days=on, hours=officer.begins, minutes=world.random.uniform(0, 500))


def _some_case(world: World, officer: Officer) -> str:
    """A reference that the officer names as a pretext: often one of their own."""
    own = [each.case for each in world.facts if each.kind is Kind.CASE and each.officer == officer.id]
    return world.random.choice(own) if own and world.random.random() < 0.6 else f"CR {world.random.randrange(900)}/2026"


def _close(world: World) -> None:
    draw = world.random
    for officer in officers_of(world, 6):
        (own,) = (each for each in world.facts if each.kind is Kind.SELF and each.officer == officer.id)
        if draw.random() < 0.5:
            about = draw.choice(world.people)
            world.subjects[about] = replace(world.subjects[about], names=(own.words,), birth=own.birth)
            world.ask(officer, START + _moment(world, officer), _some_case(world, officer), about, label="close")
        else:
            world.ask(officer, START + _moment(world, officer), _some_case(world, officer), sought=own.words,
                      questions=frozenset({f"own {officer.id}"}), label="close")  # fmt: skip


def _surname(world: World) -> None:
    for officer in officers_of(world, 4):
        kin = [each for each, told in world.subjects.items() if officer.surname in told.surnames]
        for about in world.random.sample(kin, min(len(kin), world.random.randint(2, 7))):
            world.ask(officer, START + _moment(world, officer), _some_case(world, officer), about, label="surname")


def _hot(world: World) -> None:
    """A celebrity: officers of many units look, within a day or two."""
    draw = world.random
    for _ in range(2):
        about, day = draw.choice(world.people), draw.randrange(DAYS - 2)
        for officer in officers_of(world, draw.randint(8, 16)):
            at = START + _moment(world, officer, day + draw.choice((0, 0, 1)))
            world.ask(officer, at, _some_case(world, officer), about, label="hot")


def _no_case(world: World) -> None:
    for officer in officers_of(world, 6):
        for n in range(world.random.randint(1, 4)):
            at, about = START + _moment(world, officer), world.random.choice(world.people)
            world.ask(officer, at, f"CR {9000 + n}/2026", about, label="no_case")


def _many_people(world: World) -> None:
    for officer in officers_of(world, 3):
        case, day = _some_case(world, officer), world.random.randrange(DAYS)
        for about in world.random.sample(world.people, world.random.randint(12, 45)):
            world.ask(officer, START + _moment(world, officer, day), case, about, label="many_people")


def _repeat(world: World) -> None:
    for officer in officers_of(world, 6):
        about, case, first = world.random.choice(world.people), _some_case(world, officer), world.random.randrange(60)
        for _ in range(world.random.randint(2, 9)):
            at = START + _moment(world, officer, first + world.random.randrange(30))
            world.ask(officer, at, case, about, label="repeat")


def _skew(world: World) -> None:
    women = [each for each, told in world.subjects.items() if told.sex == "female"]
    for officer in officers_of(world, 3):
        for about in world.random.sample(women, world.random.randint(25, 90)):
            world.ask(officer, START + _moment(world, officer), _some_case(world, officer), about, label="skew")


def _volume(world: World) -> None:
    for officer in officers_of(world, 3):
        for day in world.random.sample(range(30, DAYS), 2):
            for about in world.random.sample(world.people, world.random.randint(15, 60)):
                at = START + _moment(world, officer, day)
                world.ask(officer, at, _some_case(world, officer), about, label="volume")


def _off_duty(world: World) -> None:
    draw = world.random
    for officer in officers_of(world, 3):
        gone = draw.randint(30, 70)
        world.facts.append(Fact(kind=Kind.LEFT, agency=AGENCY, since=START + timedelta(days=gone), officer=officer.id))
        world.accesses = [each for each in world.accesses if each["officer"] != officer.id
                          or each["at"] < START + timedelta(days=gone)]  # fmt: skip
        for _ in range(draw.randint(1, 4)):
            at = START + timedelta(days=draw.uniform(gone, DAYS))
            world.ask(officer, at, _some_case(world, officer), draw.choice(world.people), label="off_duty")
    for officer in officers_of(world, 3):
        for day in draw.sample(range(30), draw.randint(3, 12)):
            at = START + timedelta(days=30 + day, hours=officer.begins + 13, minutes=draw.uniform(0, 300))
            world.ask(officer, at, _some_case(world, officer), draw.choice(world.people), label="off_duty")


def _break_glass(world: World) -> None:
    for officer in officers_of(world, 4):
        for _ in range(world.random.randint(1, 5)):
            world.ask(officer, START + _moment(world, officer), f"INC {world.random.randrange(10**6)}",
                      world.random.choice(world.people), is_break_glass=True, purpose="missing_child",
                      label="break_glass")  # fmt: skip


def _probing(world: World) -> None:
    draw = world.random
    for officer in officers_of(world, 3):
        at = START + _moment(world, officer)
        for n in range(draw.randint(3, 12)):
            world.ask(officer, at + timedelta(minutes=n * draw.uniform(0.2, 3)), "", outcome="denied",
                      is_of_persons=False, label="probing")  # fmt: skip
    for officer in officers_of(world, 3):
        day = draw.randrange(DAYS)
        for n in range(draw.randint(2, 6)):
            world.ask(officer, START + _moment(world, officer, day), _some_case(world, officer),
                      refused=frozenset({f"sealed {n}"}), is_of_persons=False, label="probing")  # fmt: skip


def _reasons(world: World) -> None:
    for officer in officers_of(world, 4):
        text = world.random.choice(("Mickey Mouse", "x", "because I was asked", "work work work", "for the case"))
        for _ in range(world.random.randint(2, 16)):
            world.ask(officer, START + _moment(world, officer), "", reason=text, is_of_persons=False, label="reasons")


def _audit_reader(world: World) -> None:
    auditors = [each for each in world.officers if each.role == "auditor"]
    for auditor in world.random.sample(auditors, 2):
        about = world.random.choice([auditor, *(each for each in auditors if each is not auditor)])
        world.ask(auditor, START + _moment(world, auditor), "AUDIT 1/2026", is_of_persons=False, reads_by="officer",
                  reads_officers=frozenset({about.id}), label="audit_reader")  # fmt: skip


def _partner(world: World) -> None:
    draw = world.random
    partners = [each for each in world.officers if each.agency in ABROAD]
    news = [each for each in world.facts if each.kind is Kind.NEWS and each.profile is not None]
    for officer in draw.sample(partners, 3):
        for _ in range(draw.randint(2, 6)):
            world.ask(officer, START + _moment(world, officer), "X 1", draw.choice(world.people),
                      country=officer.agency[:2].upper(), label="partner")  # fmt: skip
    rush = draw.choice(news)
    for officer in draw.sample(partners, 4):
        assert rush.profile is not None
        world.ask(officer, rush.since + timedelta(hours=draw.uniform(1, 90)), "X 2", rush.profile,
                  country=officer.agency[:2].upper(), label="partner")  # fmt: skip


def _decoy(world: World) -> None:
    for officer in officers_of(world, 2):
        about = world.random.choice(sorted(world.decoys))
        world.ask(officer, START + _moment(world, officer), _some_case(world, officer), about, label="decoy")


KINDS: dict[str, Callable[[World], None]] = {
    "decoy": _decoy, "close": _close, "surname": _surname, "hot": _hot, "no_case": _no_case,
    "many_people": _many_people, "repeat": _repeat, "skew": _skew, "volume": _volume, "off_duty": _off_duty,
    "break_glass": _break_glass, "probing": _probing, "reasons": _reasons, "audit_reader": _audit_reader,
    "partner": _partner,
}  # fmt: skip
"""What is planted, by the kind of misuse."""
