"""An invented police force that asks a register for ninety days, with misuse that is labelled. Nobody in it is real.

    seen, labels = made(seed=7)
    labels[4711]                    {"repeat"}: entry 4711 is misuse of this kind

The force is made first and knows no rule: units, shifts, districts, cases with the persons they are about, and officers
who search in their cases, mistype, and ask without a case when they are called out. Innocent patterns that look like
misuse are part of it: hot cases that thirty officers work on, relatives by name only, night shifts that run over, cases
that the case system has late or never, urgent searches, newcomers who are refused in a row. Then some officers misuse
the register (crooked.py). The kinds are those of Minnesota 2013 and Hesse (registry/misuse/rules.py); their rates are
ours, since no labelled log is public.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from registry.misuse.access import Access, Subject
from registry.misuse.facts import Fact, Facts, Kind
from registry.misuse.seen import Seen

START = datetime(2026, 6, 1, tzinfo=UTC)
DAYS, UNITS, A_UNIT, PERSONS = 90, 12, 12, 6_000
AGENCY, ABROAD = "ke-invented", ("tz-invented", "ug-invented")
AREAS = tuple(f"county {n}" for n in range(6))
SURNAMES = 400
ENTERED, LATE = 0.93, 0.03
"""Shares of assignments that the case system has, and has a week late; what is left it never gets."""


@dataclass
class Officer:
    """One invented officer."""

    id: UUID
    unit: int
    area: str
    surname: str
    role: str
    begins: int
    """Hour of the shift."""
    pace: float
    """Accesses on a day of work."""
    agency: str = AGENCY


@dataclass
class World:
    """The force, what it asked, and what of it was misuse."""

    random: random.Random
    officers: list[Officer] = field(default_factory=list)
    subjects: dict[UUID, Subject] = field(default_factory=dict)
    accesses: list[dict[str, Any]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    decoys: frozenset[UUID] = frozenset()
    labels: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    @property
    def people(self) -> list[UUID]:
        """Everybody in the register."""
        return list(self.subjects)

    def ask(self, officer: Officer, at: datetime, case: str, *about: UUID, label: str = "", **more: Any) -> None:
        """Let an officer ask."""
        told = {
            "at": at, "officer": officer.id, "agency": officer.agency, "unit": f"unit {officer.unit}",
            "role": officer.role, "purpose": "criminal_investigation", "case": case, "subjects": about, "shown": about,
            "is_of_persons": True, "attribution": 2,
        } | more  # fmt: skip
        self.accesses.append(told)
        if label:
            self.labels.append((told, label))


def _id(kind: int, number: int) -> UUID:
    return UUID(int=kind << 100 | number)


def made(seed: int) -> tuple[Seen, dict[int, set[str]]]:
    """Return what the rules see, and the kinds of misuse by entry."""
    world = World(random.Random(seed))
    _people(world)
    _force(world)
    _work(world)
    from bench.misuse import crooked  # noqa: PLC0415  the other half: who misuses it

    crooked.plant(world)
    return _told(world)


def _people(world: World) -> None:
    draw = world.random
    shares = [1 / (n + 10) for n in range(SURNAMES)]
    for number in range(PERSONS):
        names = frozenset({f"given {draw.randrange(300)}", f"surname {draw.choices(range(SURNAMES), shares)[0]}"})
        world.subjects[_id(2, number)] = Subject(
            sex=draw.choices(("male", "female"), (94, 6))[0], born=draw.randint(1945, 2005),
            area=draw.choices(AREAS, (6, 5, 3, 2, 2, 1))[0], birth=f"day {draw.randrange(20_000)}", names=(names,),
            surnames=frozenset(each for each in names if each.startswith("surname")),
        )  # fmt: skip
    world.decoys = frozenset(draw.sample(world.people, 12))


def _force(world: World) -> None:
    draw = world.random
    for number in range(UNITS * A_UNIT):
        unit = number // A_UNIT
        officer = Officer(
            _id(1, number), unit, AREAS[unit % len(AREAS)], f"surname {draw.randrange(SURNAMES)}",
            "supervisor" if number % A_UNIT == 0 else "investigator", draw.choice((6, 8, 8, 8, 14, 22)),
            draw.lognormvariate(1.2, 0.5),
        )  # fmt: skip
        world.officers.append(officer)
        own = frozenset({f"given {draw.randrange(300)}", officer.surname})
        world.facts += [
            Fact(kind=Kind.SELF, agency=AGENCY, since=START - timedelta(days=900), officer=officer.id, words=own,
                 surnames=frozenset({officer.surname}), birth=f"day {draw.randrange(20_000)}"),
            Fact(kind=Kind.DISTRICT, agency=AGENCY, since=START - timedelta(days=900), officer=officer.id,
                 area=officer.area),
        ]  # fmt: skip
        for day in range(DAYS):
            if day % 7 < 5 or draw.random() < 0.1:
                begins = START + timedelta(days=day, hours=officer.begins)
                world.facts.append(Fact(kind=Kind.SHIFT, agency=AGENCY, since=begins - timedelta(minutes=20),
                                        until=begins + timedelta(hours=9), officer=officer.id))  # fmt: skip


@dataclass
class Case:
    """One invented case."""

    reference: str
    opens: int
    length: int
    about: list[UUID]
    team: list[Officer]


def _work(world: World) -> None:
    draw = world.random
    cases = [_case(world, number) for number in range(520)]
    by_officer: dict[UUID, list[Case]] = defaultdict(list)
    for case in cases:
        _assign(world, case)
        for officer in case.team:
            by_officer[officer.id].append(case)
    for officer in world.officers:
        for day in range(DAYS):
            if day % 7 >= 5 and draw.random() > 0.1:
                continue
            current = [each for each in by_officer[officer.id] if each.opens <= day < each.opens + each.length]
            count = int(draw.gammavariate(2.0, officer.pace / 2))
            if draw.random() < 0.01:
                count *= 3  # a raid, a list to be gone through
            for _ in range(count if current else min(count, 1)):
                _ask(world, officer, day, draw.choice(current) if current else None)
    _news(world)
    _abroad(world)
    _audit(world)


def _case(world: World, number: int) -> Case:
    draw = world.random
    unit = draw.randrange(UNITS)
    own = [each for each in world.officers if each.unit == unit]
    is_hot = draw.random() < 0.01
    team = draw.sample(world.officers, draw.randint(20, 35)) if is_hot else draw.sample(own, draw.randint(1, 4))
    near = [each for each, told in list(world.subjects.items()) if told.area == own[0].area or draw.random() < 0.05]
    about = [each for each in draw.sample(near, draw.randint(1, 3) if is_hot else draw.randint(2, 12))
             if each not in world.decoys]  # fmt: skip
    return Case(f"CR {number}/2026", draw.randint(-30, DAYS), draw.randint(5, 50), about, team)


def _assign(world: World, case: Case) -> None:
    draw = world.random
    since, until = START + timedelta(days=case.opens), START + timedelta(days=case.opens + case.length + 3)
    for officer in case.team:
        luck = draw.random()
        if luck < ENTERED + LATE:
            late = timedelta(days=7) if luck >= ENTERED else timedelta()
            world.facts.append(Fact(kind=Kind.CASE, agency=AGENCY, since=since + late, until=until + late,
                                    officer=officer.id, case=case.reference))  # fmt: skip


def _ask(world: World, officer: Officer, day: int, case: Case | None) -> None:
    draw = world.random
    overtime = draw.expovariate(1 / 60) if draw.random() < 0.03 else 0.0
    at = START + timedelta(days=day, hours=officer.begins, minutes=draw.uniform(0, 500) + 9 * overtime)
    if case is None or draw.random() < 0.04:
        _called_out(world, officer, at)
    elif draw.random() < 0.12:  # somebody nobody has heard of: a wrong name, a tip
        found = draw.choice(world.people) if draw.random() < 0.3 else None
        world.ask(officer, at, case.reference, *([found] if found and found not in world.decoys else []),
                  sought=frozenset({f"given {draw.randrange(300)}", f"surname {draw.randrange(SURNAMES)}"}),
                  questions=frozenset({f"question {draw.randrange(10**9)}"}))  # fmt: skip
    elif case.about:
        about = draw.choice(case.about)
        world.ask(officer, at, case.reference, about)
        if draw.random() < 0.5:
            world.ask(officer, at + timedelta(minutes=draw.uniform(0.2, 20)), case.reference, about)
    if draw.random() < 0.02:
        for n in range(draw.choice((1, 1, 1, 2, 3, 6) if officer.pace < 2 else (1, 1, 2))):
            world.ask(officer, at + timedelta(minutes=n), case.reference if case else "", outcome="denied",
                      is_of_persons=False)  # fmt: skip
    if draw.random() < 0.01:
        text = " ".join(draw.choices(("witness", "named", "car", "near", "school", "seen", "tip", "warrant"), k=5))
        world.ask(officer, at, "", reason=text, is_of_persons=False)


def _called_out(world: World, officer: Officer, at: datetime) -> None:
    """Somebody is sent somewhere, and asks under the incident's number; most of it is in the dispatch system."""
    draw = world.random
    about = draw.choice(world.people)
    if about in world.decoys:
        return
    incident, urgent = f"INC {draw.randrange(10**6)}", draw.random() < 0.08
    if draw.random() < 0.9:
        world.facts.append(Fact(kind=Kind.DISPATCH, agency=AGENCY, since=at - timedelta(hours=1),
                                until=at + timedelta(hours=4), officer=officer.id, case=incident,
                                profile=about))  # fmt: skip
    world.ask(officer, at, incident, about, is_break_glass=urgent,
              purpose="missing_child" if urgent else "criminal_investigation")  # fmt: skip


def _news(world: World) -> None:
    """Persons in the news: the officers of their cases ask more for some days, and so do partners."""
    for about in world.random.sample(sorted(world.people), 6):
        day = world.random.randrange(DAYS)
        world.facts.append(Fact(kind=Kind.NEWS, agency=AGENCY, since=START + timedelta(days=day), profile=about))


def _abroad(world: World) -> None:
    draw = world.random
    for number, agency in enumerate(ABROAD):
        officers = [Officer(_id(1, 500 + 10 * number + n), 90 + number, "", "", "partner_officer", 9, 1.0, agency)
                    for n in range(5)]  # fmt: skip
        world.officers += officers
        known = draw.sample(world.people, 250)
        world.facts += [
            Fact(kind=Kind.NEXUS, agency=AGENCY, since=START - timedelta(days=900), profile=each,
                 country=agency[:2].upper())
            for each in known if draw.random() < 0.97
        ]  # fmt: skip
        for officer in officers:
            for day in range(DAYS):
                if draw.random() < 0.5 and (about := draw.choice(known)) not in world.decoys:
                    at = START + timedelta(days=day, hours=draw.uniform(8, 17))
                    world.ask(officer, at, f"X {day}", about, country=agency[:2].upper())


def _audit(world: World) -> None:
    draw = world.random
    for number in range(4):
        auditor = Officer(_id(1, 900 + number), 99, "", "", "auditor", 9, 1.0)
        world.officers.append(auditor)
        for day in range(DAYS):
            at = START + timedelta(days=day, hours=draw.uniform(8, 17))
            form = draw.choices(("officer", "purpose", "outcome", "officer since", "everything"), (5, 3, 3, 2, 2))[0]
            about = draw.choice(world.officers[: UNITS * A_UNIT]).id if "officer" in form else None
            world.ask(auditor, at, "AUDIT 1/2026", is_of_persons=False, reads_by=form,
                      reads_officers=frozenset({about} if about else ()))  # fmt: skip


def officers_of(world: World, count: int) -> Sequence[Officer]:
    """Return some officers who have done nothing wrong so far."""
    taken = {told["officer"] for told, _ in world.labels}
    return world.random.sample([each for each in world.officers[: UNITS * A_UNIT] if each.id not in taken], count)


def _told(world: World) -> tuple[Seen, dict[int, set[str]]]:
    kinds: dict[int, set[str]] = defaultdict(set)
    for told, label in world.labels:
        kinds[id(told)].add(label)
    ordered = sorted(world.accesses, key=lambda each: each["at"])
    accesses = [Access(index=index, **each) for index, each in enumerate(ordered)]
    misuse = {index: kinds[id(each)] for index, each in enumerate(ordered) if id(each) in kinds}
    seed_root = world.random.randbytes(32)
    return Seen(accesses, world.subjects, Facts(world.facts), 0, world.decoys, seed_root), misuse
