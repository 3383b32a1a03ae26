"""Rules on how somebody works: cases, duty, volume, urgency, refusals, reasons. Pure, as about_persons.py."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from registry.misuse.about_persons import DAY
from registry.misuse.access import Access, Hit, hit
from registry.misuse.chance import percentile
from registry.misuse.facts import Kind
from registry.misuse.seen import Seen, by, day, indexes, month, persons, windows
from registry.misuse.thresholds import Thresholds


def no_case(seen: Seen, _thresholds: Thresholds) -> Iterator[Hit]:
    """The case that was named is not known, is closed, or is not the officer's."""
    told = [each for each in seen.of_persons if seen.facts.tells(Kind.CASE, each.agency)]
    wrong = [(each, why) for each in told if (why := _wrong(seen, each))]
    for (officer, case, when, why), accesses in _together(wrong).items():
        yield hit("no_case", accesses[-1], officer, case, when, why, entries=indexes(accesses), strength=_WRONG[why],
                  why=why, accesses=len(accesses))  # fmt: skip


_WRONG = {"unknown": 0.7, "closed": 0.5, "not assigned": 0.6}


def _wrong(seen: Seen, access: Access) -> str | None:
    known = seen.facts.of(Kind.CASE, (access.agency, access.case))
    if not known:
        return "unknown"
    still_open = [each for each in known if each.holds(access.at)]
    if not still_open:
        return "closed"
    return None if any(each.officer in (None, access.officer) for each in still_open) else "not assigned"


def _together(wrong: list[tuple[Access, str]]) -> dict[tuple[UUID | None, str, str, str], list[Access]]:
    found: dict[tuple[UUID | None, str, str, str], list[Access]] = {}
    for each, why in wrong:
        found.setdefault((each.officer, each.case, month(each), why), []).append(each)
    return found


def many_people(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """One case reference served for many different persons on one day."""
    for (officer, case, on), accesses in by(seen.of_persons, lambda each: (each.officer, each.case, day(each))).items():
        found = len(persons(accesses))
        if found > thresholds.case_people:
            yield hit("many_people", accesses[-1], officer, case, on, entries=indexes(accesses),
                      strength=found / (4 * thresholds.case_people), persons=found)  # fmt: skip


def volume(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """An officer asked far more on a day than on their other days, and more than nearly everybody of their role."""
    days = {officer: by(accesses, day) for officer, accesses in seen.by_officer.items()}
    roles: dict[str, list[int]] = {}
    for theirs in days.values():
        for accesses in theirs.values():
            roles.setdefault(accesses[0].role, []).append(len(accesses))
    usual = {role: percentile(counts, 0.99) for role, counts in roles.items()}
    for officer, theirs in days.items():
        counts = {on: len(accesses) for on, accesses in theirs.items()}
        for on, accesses in theirs.items():
            before = [count for other, count in counts.items() if _is_before(other, on)]
            own = percentile(before, 0.95)
            if (len(before) >= thresholds.volume_days and counts[on] > thresholds.volume_times * own
                    and counts[on] > usual[accesses[0].role]):  # fmt: skip
                yield hit("volume", accesses[-1], officer, on, entries=indexes(accesses),
                          strength=counts[on] / (own * thresholds.volume_times * 3), accesses=counts[on],
                          usual=own)  # fmt: skip


def _is_before(other: str, on: str) -> bool:
    return other < on  # ISO days sort as they follow


def off_duty(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """An officer asked after their service had ended, off shift, or about persons of other districts."""
    for officer, accesses in seen.by_officer.items():
        gone = seen.facts.of(Kind.LEFT, officer)
        for on, each in by([a for a in accesses if any(fact.since <= a.at for fact in gone)], day).items():
            yield hit("off_duty", each[-1], officer, "left", on, entries=indexes(each), strength=1.0, why="left")
        shifts = seen.facts.of(Kind.SHIFT, officer)
        off = [each for each in accesses if shifts and not any(fact.holds(each.at) for fact in shifts)]
        yield from _monthly(officer, off, "off shift", thresholds.off_shift_times)
        areas = {fact.area for fact in seen.facts.of(Kind.DISTRICT, officer)}
        elsewhere = [
            each for each in accesses
            if areas and each.subjects and not areas.intersection(seen.subject(one).area or "" for one in each.subjects)
            and any(seen.subject(one).area for one in each.subjects)
        ]  # fmt: skip
        yield from _monthly(officer, elsewhere, "other district", thresholds.elsewhere_times)


def _monthly(officer: UUID, accesses: list[Access], why: str, most: int) -> Iterator[Hit]:
    for when, each in by(accesses, month).items():
        if len(each) > most:
            yield hit("off_duty", each[-1], officer, why, when, entries=indexes(each),
                      strength=len(each) / (6 * most), why=why, accesses=len(each))  # fmt: skip


def break_glass(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """Somebody used what opens at once: each is reviewed, and who does it often is weighed more."""
    urgent = [each for each in seen.of_persons if each.is_break_glass]
    for (officer, case, on), accesses in by(urgent, lambda each: (each.officer, each.case, day(each))).items():
        often = sum(1 for each in urgent if each.officer == officer and month(each) == month(accesses[-1]))
        strength = 0.9 if often > thresholds.glass_times else 0.4
        yield hit("break_glass", accesses[-1], officer, case, on, entries=indexes(accesses), strength=strength,
                  in_month=often)  # fmt: skip


def probing(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """Somebody met refusals in a row, or several records that were kept from them."""
    span = timedelta(minutes=thresholds.denial_minutes)
    denied = [each for each in seen.accesses if each.outcome == "denied" and each.officer is not None]
    for officer, theirs in by(denied, lambda each: each.officer).items():
        worst: dict[str, tuple[Access, ...]] = {}
        for window in windows(theirs, span):
            if len(window) >= max(thresholds.denials, len(worst.get(day(window[-1]), ()))):
                worst[day(window[-1])] = tuple(window)
        for on, found in worst.items():
            yield hit("probing", found[-1], officer, "denials", on, entries=indexes(found),
                      strength=len(found) / (3 * thresholds.denials), denials=len(found))  # fmt: skip
    kept = [each for each in seen.accesses if each.refused and each.officer is not None]
    for officer, theirs in by(kept, lambda each: each.officer).items():
        told: set[str] = set()
        for window in windows(theirs, DAY):
            records = frozenset[str]().union(*(each.refused for each in window))
            if len(records) >= thresholds.hidden_records and day(window[-1]) not in told:
                told.add(day(window[-1]))
                yield hit("probing", window[-1], officer, "hidden", day(window[-1]), entries=indexes(window),
                          strength=len(records) / (2 * thresholds.hidden_records), records=len(records))  # fmt: skip


def reasons(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """A reason says nothing: too few words, or the same ones again and again."""
    stated = [each for each in seen.accesses if each.reason is not None and each.officer is not None]
    for each in stated:
        words = len((each.reason or "").split())
        if words < thresholds.reason_words:
            yield hit("reasons", each, each.index, entries=(each.index,), strength=0.4, words=words)
    same = by(stated, lambda each: (each.officer, " ".join((each.reason or "").casefold().split())))
    for (officer, text), accesses in same.items():
        if len(accesses) > thresholds.reason_repeats:
            yield hit("reasons", accesses[-1], officer, text, month(accesses[-1]), entries=indexes(accesses),
                      strength=len(accesses) / (4 * thresholds.reason_repeats), times=len(accesses))  # fmt: skip


def audit_reader(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """Somebody who reads the log read about themselves or their own unit, or by a filter that nobody else uses."""
    readings = [each for each in seen.accesses if each.reads_by]
    units = {each.officer: (each.agency, each.unit) for each in seen.accesses if each.officer is not None and each.unit}
    used = Counter(each.reads_by for each in readings)
    readers = {form: {each.officer for each in readings if each.reads_by == form} for form in used}
    for each in readings:
        own = {officer for officer in each.reads_officers if officer == each.officer}
        unit = {officer for officer in each.reads_officers if units.get(officer) == (each.agency, each.unit)}
        if own or unit:
            yield hit("audit_reader", each, each.index, "own", entries=(each.index,), strength=1.0 if own else 0.6,
                      about="self" if own else "unit")  # fmt: skip
    for form, times in used.items():
        if len(readings) >= thresholds.filter_readings and times * 100 < len(readings) and len(readers[form]) == 1:
            theirs = [each for each in readings if each.reads_by == form]
            yield hit("audit_reader", theirs[-1], theirs[-1].officer, form, month(theirs[-1]), entries=indexes(theirs),
                      strength=0.3, filter=form)  # fmt: skip


def partner(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """A partner's agency asked for somebody who has nothing to do with its country, or in a rush after news."""
    foreign = [each for each in seen.of_persons if each.country]
    for each in foreign:
        if Kind.NEXUS not in seen.facts.kinds:
            continue
        without = [
            one for one in each.subjects
            if not any(fact.country == each.country and fact.holds(each.at) for fact in seen.facts.of(Kind.NEXUS, one))
        ]  # fmt: skip
        if without:
            yield hit("partner", each, each.officer, *sorted(map(str, without)), day(each), entries=(each.index,),
                      strength=0.5, why="no nexus")  # fmt: skip
    span = timedelta(days=thresholds.burst_days)
    for (agency, subject), accesses in _by_partner(foreign).items():
        for news in seen.facts.of(Kind.NEWS, subject):
            rush = [each for each in accesses if news.since <= each.at < news.since + span]
            if len(rush) >= thresholds.burst_accesses:
                yield hit("partner", rush[-1], agency, subject, day(rush[0]), entries=indexes(rush),
                          strength=len(rush) / (3 * thresholds.burst_accesses), why="news",
                          accesses=len(rush))  # fmt: skip


def _by_partner(foreign: list[Access]) -> dict[tuple[str, UUID], list[Access]]:
    found: dict[tuple[str, UUID], list[Access]] = {}
    for each in foreign:
        for subject in each.subjects:
            found.setdefault((each.agency, subject), []).append(each)
    return found


def sample(seen: Seen, thresholds: Thresholds) -> Iterator[Hit]:
    """A few accesses are reviewed whatever they are: drawn by the tree's root, which nobody knew when they asked."""
    for each in seen.of_persons:
        if each.subjects and each.index >= seen.first_new and is_drawn(seen.root, each.index, thresholds.sample_every):
            yield hit("sample", each, each.index, entries=(each.index,), strength=0.1)


def is_drawn(root: bytes, index: int, every: int) -> bool:
    """Say whether an entry is drawn: whoever has the signed root can repeat the draw, and nobody could foresee it."""
    return int.from_bytes(sha256(root + index.to_bytes(8, "big")).digest()[:8], "big") % every == 0
