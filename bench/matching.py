"""Quality and speed of matching on a labelled set.

    python -m bench.matching --set DIR [--limit N] [--failures 20]

Loads the keys, token counts and records of every profile into a temporary SQLite file the way the register does
(one table of keys with the pair as primary key), asks every question, and prints recall@1, recall@10
and MRR per class, false hits at the thresholds, what is found at 1 % false hits, and percentiles of latency.

Profile numbers are shuffled: questions are drawn from the first profiles of the set, and a capped posting list in
file order would find them by luck.
"""

import argparse
import hmac
import random
import sqlite3
import statistics
import struct
import tempfile
import time
from base64 import urlsafe_b64encode
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from multiprocessing import Pool
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from registry.core.partial_dates import PartialDate
from registry.matching import weights
from registry.matching.candidates import POSTING_CAP, choose
from registry.matching.keys import record_keys, record_tokens
from registry.matching.query import prepare
from registry.matching.record import describe, read, write
from registry.matching.score import rank
from registry.matching.types import Handle, Identifier, Identity

POSTINGS = f"""
SELECT k.value, (SELECT json_group_array(profile) FROM
    (SELECT profile FROM keys WHERE key = k.value LIMIT {POSTING_CAP + 1}))
FROM json_each(?) k
UNION ALL
SELECT t.value, (SELECT profiles FROM tokens WHERE key = t.value) FROM json_each(?) t
"""  # noqa: S608 -- the only thing inserted is a constant number
RECORDS = "SELECT r.profile, r.line FROM json_each(?) c CROSS JOIN records r ON r.profile = c.value"
BUCKETS = 64
PAIR = struct.Struct(">qi")
DEMO_KEY = b"not a secret: this register is invented"


class Answer(NamedTuple):
    """One question answered."""

    question: dict[str, Any]  # a line of queries.jsonl
    ranked: list[tuple[str, float]]
    ms: tuple[float, float, float, float]
    """Prepare, look up, choose and read records, score."""
    cpu_ms: float
    """The same in time of this thread: what is left when other programs share the machine."""
    sizes: tuple[int, int, int]


def demo_blind(kind: str, value: str) -> str:
    """Make the token of a value as the register does, with a key that everybody may know."""
    return urlsafe_b64encode(hmac.digest(DEMO_KEY, f"{kind}\x1f{value}".encode(), "sha256")[:9]).decode()


def profile_identity(line: dict[str, Any]) -> Identity:
    return Identity(
        names=tuple(n["full"] for n in line["names"]),
        birth_date=PartialDate.parse(line["dob"]["value"]) if line["dob"]["value"] else None,
        sex=line["sex"],
        nationalities=tuple(line["nationalities"]),
        county=line["county"],
        identifiers=tuple(Identifier(i["type"], i["value"], i["country"]) for i in line["identifiers"]),
        phones=tuple(line["phones"]),
        emails=tuple(line["emails"]),
        handles=tuple(Handle(h["platform"], h["handle"]) for h in line["handles"]),
    )


def question_identity(fields: dict[str, str]) -> Identity:
    documents = ("national_id", "passport", "alien_id")
    return Identity(
        names=(fields["name"],) if "name" in fields else (),
        birth_date=PartialDate.parse(fields["dob"]) if "dob" in fields else None,
        sex=fields.get("sex"),
        nationalities=(fields["nationality"],) if "nationality" in fields else (),
        county=fields.get("county"),
        identifiers=tuple(Identifier(kind, fields[kind]) for kind in documents if kind in fields),
        phones=(fields["phone"],) if "phone" in fields else (),
        emails=(fields["email"],) if "email" in fields else (),
        handles=(Handle(None, fields["handle"]),) if "handle" in fields else (),
    )


def prepare_profiles(lines: list[bytes]) -> tuple[list[tuple[str, str]], list[list[int]], Counter[int]]:
    records, keys, tokens = [], [], Counter[int]()
    for raw in lines:
        line = orjson.loads(raw)
        identity = profile_identity(line)
        described = describe(identity, blind=demo_blind)
        records.append((line["id"], write(described.record)))
        keys.append(list(record_keys(described, blind=demo_blind)))
        tokens.update(record_tokens(described))
    return records, keys, tokens


def chunks(path: Path, size: int) -> Iterator[list[bytes]]:
    with path.open("rb") as lines:
        while chunk := list(islice(lines, size)):
            yield chunk


def open_register(scratch: Path) -> sqlite3.Connection:
    db = sqlite3.connect(scratch / "register.db", isolation_level=None)
    db.executescript("PRAGMA cache_size=-65536; PRAGMA mmap_size=4000000000;")
    return db


def load(folder: Path, scratch: Path, *, in_file_order: bool) -> tuple[sqlite3.Connection, dict[int, str], float]:
    """Write the register: keys sorted bucket by bucket, as a bulk import does."""
    if (scratch / "names.json").exists():
        kept = orjson.loads((scratch / "names.json").read_bytes())
        return open_register(scratch), {number: name for name, number in kept["numbers"].items()}, kept["keys"]
    with (folder / "profiles.jsonl").open("rb") as lines:
        size = sum(1 for _ in lines)
    numbers = list(range(1, size + 1))
    if not in_file_order:
        random.Random(11).shuffle(numbers)
    number_of = iter(numbers)
    db = open_register(scratch)
    db.executescript("""
        PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
        CREATE TABLE keys (key INTEGER, profile INTEGER, PRIMARY KEY (key, profile)) STRICT, WITHOUT ROWID;
        CREATE TABLE tokens (key INTEGER PRIMARY KEY, profiles INTEGER) STRICT;
        CREATE TABLE records (profile INTEGER PRIMARY KEY, line TEXT) STRICT;
        BEGIN""")
    names: dict[int, str] = {}
    counts: Counter[int] = Counter()
    written = 0
    buckets = [(scratch / f"bucket{n:02d}").open("wb") for n in range(BUCKETS)]
    with Pool(2) as pool:
        for records, keys, tokens in pool.imap(prepare_profiles, chunks(folder / "profiles.jsonl", 5000)):
            counts.update(tokens)
            rows = []
            for (name, line), profile_keys_ in zip(records, keys, strict=True):
                number = next(number_of)
                names[number] = name
                rows.append((number, line))
                written += len(profile_keys_)
                for key in profile_keys_:
                    buckets[(key >> 58) + 32].write(PAIR.pack(key, number))
            db.executemany("INSERT INTO records VALUES (?, ?)", sorted(rows))
    for bucket in buckets:
        bucket.close()
        path = Path(bucket.name)
        db.executemany("INSERT INTO keys VALUES (?, ?)", sorted(PAIR.iter_unpack(path.read_bytes())))
        path.unlink()
    db.executemany("INSERT INTO tokens VALUES (?, ?)", counts.items())
    db.execute("COMMIT")
    kept = {"numbers": {name: number for number, name in names.items()}, "keys": written / size}
    (scratch / "names.json").write_bytes(orjson.dumps(kept))
    return db, names, written / size


def ask(db: sqlite3.Connection, names: dict[int, str], question: dict[str, Any]) -> Answer:
    identity = question_identity(question["fields"])
    start, cpu_start = time.perf_counter(), time.thread_time()
    prepared = prepare(identity, blind=demo_blind)
    ready = time.perf_counter()
    found = db.execute(POSTINGS, (orjson.dumps(prepared.keys).decode(), orjson.dumps(prepared.tokens).decode()))
    postings, rarity = {}, {}
    for key, value in found:
        if isinstance(value, str):
            postings[key] = orjson.loads(value)
        else:
            rarity[key] = value or 0
    looked_up = time.perf_counter()
    chosen = choose(prepared, postings, len(names))
    rows = db.execute(RECORDS, (orjson.dumps(chosen).decode(),)).fetchall()
    chose = time.perf_counter()
    matches = rank(prepared, ((number, read(line)) for number, line in rows), rarity, len(names))
    end, cpu_end = time.perf_counter(), time.thread_time()
    ranked = [(names[number], match.score) for number, match in matches]
    ms = tuple(1000 * (b - a) for a, b in ((start, ready), (ready, looked_up), (looked_up, chose), (chose, end)))
    sizes = len(prepared.keys), sum(map(len, postings.values())), len(chosen)
    return Answer(question, ranked, (ms[0], ms[1], ms[2], ms[3]), 1000 * (cpu_end - cpu_start), sizes)


def place(answer: Answer) -> int | None:
    wanted = answer.question["expected"]
    return next((n for n, (name, _) in enumerate(answer.ranked, 1) if name == wanted), None)


def wanted_score(answer: Answer) -> float:
    return next((score for name, score in answer.ranked if name == answer.question["expected"]), -1.0)


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * (len(values) - 1)))]


def recall(answers: list[Answer]) -> tuple[float, float, float]:
    places = [place(a) for a in answers]
    n = max(len(places), 1)
    return sum(p == 1 for p in places) / n, sum(p is not None for p in places) / n, sum(1 / p for p in places if p) / n


def false_hits(answers: list[Answer], threshold: float) -> float:
    return sum(bool(a.ranked) and a.ranked[0][1] >= threshold for a in answers) / max(len(answers), 1)


def print_quality(answers: list[Answer]) -> None:
    wanted = [a for a in answers if a.question["expected"]]
    others = [a for a in answers if not a.question["expected"]]
    classes: dict[str, list[Answer]] = defaultdict(list)
    for answer in wanted:
        classes[answer.question["class"]].append(answer)
    print(f"{'class':24}{'n':>6}{'recall@1':>10}{'recall@10':>11}{'MRR':>8}")
    decidable = [a for a in wanted if not a.question["namesakes"]]
    for name, group in {"all": wanted, "without namesakes": decidable, **classes}.items():
        print(f"{name:24}{len(group):6}" + "{:10.3f}{:11.3f}{:8.3f}".format(*recall(group)))
    clear = [a for a in others if not a.question["namesakes"]]
    for band, threshold in (("possible", weights.POSSIBLE_SCORE), ("strong", weights.STRONG_SCORE)):
        rates = false_hits(others, threshold), false_hits(clear, threshold)
        print("false hits at {} ({}): all {:.3f}, clear {:.3f}".format(band, threshold, *rates))
    negatives: dict[str, list[Answer]] = defaultdict(list)
    for answer in others:
        negatives[answer.question["class"]].append(answer)
    print("  ".join(f"{n} {false_hits(group, weights.POSSIBLE_SCORE):.3f}" for n, group in negatives.items()))
    print_frontier([a for a in wanted if not a.question["namesakes"]], clear)


def print_frontier(wanted: list[Answer], others: list[Answer]) -> None:
    tops = sorted((a.ranked[0][1] if a.ranked else 0.0 for a in others), reverse=True)
    for rate in (0.01, 0.02, 0.05):
        if not tops:
            return
        limit = tops[int(rate * len(tops))]
        found = sum(wanted_score(a) > limit for a in wanted) / max(len(wanted), 1)
        print(f"found at {rate:.0%} false hits (score > {limit:.4f}): {found:.3f}")


def print_speed(answers: list[Answer]) -> None:
    for label, totals in (("latency", [sum(a.ms) for a in answers]), ("cpu time", [a.cpu_ms for a in answers])):
        marks = ", ".join(f"p{share * 100:g} {percentile(totals, share):.2f}" for share in (0.5, 0.95, 0.99, 1.0))
        print(f"{label} ms: {marks}")
    steps = zip(("prepare", "look up", "choose+read", "score"), *(a.ms for a in answers), strict=True)
    print("median ms: " + ", ".join(f"{name} {statistics.median(values):.2f}" for name, *values in steps))
    python = [sum(a.ms) - a.ms[1] for a in answers]
    print(f"all but the lookup: p50 {percentile(python, 0.5):.2f}, p95 {percentile(python, 0.95):.2f}")
    sizes = zip(("keys", "postings", "candidates"), *(a.sizes for a in answers), strict=True)
    print("mean: " + ", ".join(f"{name} {statistics.fmean(values):.0f}" for name, *values in sizes))


def print_failures(answers: list[Answer], most: int) -> None:
    """Print questions that could have been decided and were not, and people wrongly found."""
    shown = 0
    for a in answers:
        missed = a.question["expected"] and place(a) != 1 and not a.question["namesakes"]
        accused = not a.question["expected"] and a.ranked and a.ranked[0][1] >= weights.POSSIBLE_SCORE
        if (missed or accused) and shown < most:
            shown += 1
            print(a.question["class"], a.question["fields"], a.question["expected"], place(a), a.ranked[:2])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", required=True, type=Path, dest="folder")
    parser.add_argument("--limit", type=int, help="ask the first N questions only")
    parser.add_argument("--failures", type=int, default=0, help="print so many failures")
    parser.add_argument("--file-order", action="store_true", help="number profiles as they come, which flatters")
    parser.add_argument("--scratch", type=Path, help="keep the loaded register here and use it again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="matching") as passing:
        scratch = options.scratch or Path(passing)
        scratch.mkdir(exist_ok=True)
        start = time.perf_counter()
        db, names, keys = load(options.folder, scratch, in_file_order=options.file_order)
        megabytes = (scratch / "register.db").stat().st_size / 1e6
        seconds = time.perf_counter() - start
        print(f"{len(names)} profiles loaded in {seconds:.1f} s, {keys:.1f} keys a profile, {megabytes:.0f} MB")
        with (options.folder / "queries.jsonl").open("rb") as lines:
            questions = [orjson.loads(line) for line in islice(lines, options.limit)]
        answers = [ask(db, names, question) for question in questions]
        db.close()
    print_quality(answers)
    print_speed(answers)
    print_failures(answers, options.failures)


if __name__ == "__main__":
    main()
