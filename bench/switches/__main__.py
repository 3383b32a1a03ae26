"""Switch each check off, and say which of them no test misses."""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from bench.switches.places import Place, places

ROOT = Path(__file__).parents[2]
COPIED = ("auth", "registry", "graphql_schema", "alembic", "tests", "docs", "bench", "deploy", "requirements")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", ".importlinter", "Makefile")
LOOKED_AT = ("auth/*.py", "registry/disclosure/*.py", "registry/profiles/disclosed.py")
NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", "*.pyc")
STAGES = (
    ("tests/auth", "tests/registry/disclosure", "-k", "not postgresql"),
    ("tests/graphql_schema/test_endpoint.py", "tests/graphql_schema/test_proofs.py", "tests/registry/enrolment",
     "tests/registry/profiles/test_silent.py", "tests/graphql_schema/enrolment", "-k", "not postgresql"),
    ("tests/fapi",),
)  # fmt: skip
"""What is run, one after the other, when the tests of the file itself miss nothing."""
SURVIVORS = Path(__file__).with_name("survivors.toml")
SECONDS = 300


@dataclass(frozen=True, slots=True)
class Switched:
    """A check that was switched off, and whether a test failed."""

    file: Path
    place: Place
    noticed: bool

    @property
    def name(self) -> str:
        """What survivors.toml calls it: lines move, what a check says does not."""
        return f"{self.file}: {self.place.off}"


def chosen(patterns: Sequence[str]) -> list[tuple[Path, Place]]:
    """Return every check of these files."""
    files = sorted({file for pattern in patterns for file in ROOT.glob(pattern) if file.name != "__init__.py"})
    return [(file.relative_to(ROOT), place) for file in files for place in places(file.read_text(encoding="utf-8"))]


def own_tests(file: Path) -> list[str]:
    """Return the tests that mirror a file."""
    mirror = Path("tests", file.parent, f"test_{file.name}")
    return [str(mirror)] if (ROOT / mirror).exists() else []


class Copies:
    """Copies of the tree: each is changed by one run at a time."""

    def __init__(self, folder: Path, count: int, stages: int):
        self._stages = STAGES[:stages]
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(count):
            copy = folder / str(number)
            copy.mkdir()
            for name in COPIED:
                shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED, symlinks=True)
            for name in FILES:
                shutil.copy(ROOT / name, copy / name)
            self._free.put(copy)

    def switched(self, file: Path, place: Place) -> Switched:
        """Switch one check off in a copy, and run tests until one fails."""
        copy = self._free.get()
        try:
            (copy / file).write_text(place.source, encoding="utf-8")
            noticed = _fails(copy, own_tests(file)) or any(_fails(copy, each) for each in self._stages)
            shutil.copy(ROOT / file, copy / file)
        finally:
            self._free.put(copy)
        return Switched(file, place, noticed)


def _fails(copy: Path, tests: Sequence[str]) -> bool:
    """Say whether a test fails; one that never ends has noticed as well."""
    tests = [each for each in tests if not each.startswith("tests/") or (copy / each).exists()]
    if not any(each.startswith("tests/") for each in tests):
        return False
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:randomly", "-p", "no:cacheprovider", *tests]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def explained() -> dict[str, str]:
    """Return why some checks may be switched off unnoticed."""
    with SURVIVORS.open("rb") as file:
        return {str(each["check"]): str(each["reason"]) for each in tomllib.load(file)["survivors"]}


def lines(found: Sequence[Switched]) -> Iterator[str]:
    """Yield the table by file, and what survived."""
    reasons = explained()
    yield "| file | checks | noticed | explained |"
    yield "|---|---|---|---|"
    for file in sorted({each.file for each in found}):
        own = [each for each in found if each.file == file]
        left = [each for each in own if not each.noticed]
        yield f"| {file} | {len(own)} | {len(own) - len(left)} | {sum(each.name in reasons for each in left)} |"
    noticed = sum(each.noticed for each in found)
    yield f"\n{noticed} of {len(found)} noticed: {noticed / max(1, len(found)):.1%}\n"
    for each in found:
        if not each.noticed:
            yield f"- `{each.name}` (line {each.place.line}): {reasons.get(each.name, 'NOT EXPLAINED')}"


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m bench.switches", description=__doc__)
    parser.add_argument("files", nargs="*", default=LOOKED_AT)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--stages", type=int, default=len(STAGES), help="how many stages beyond the file's own tests")
    asked = parser.parse_args()
    checks = chosen(asked.files)
    found: list[Switched] = []
    with tempfile.TemporaryDirectory(prefix="registry-switches-") as folder, ThreadPoolExecutor(asked.at_once) as pool:
        copies = Copies(Path(folder), asked.at_once, asked.stages)
        if any(_fails(ROOT, each) for each in STAGES[: asked.stages]):
            sys.exit("Tests fail with every check on: mend that first.")
        for done in pool.map(lambda each: copies.switched(*each), checks):
            found.append(done)
            print(
                f"{len(found)}/{len(checks)} {'noticed' if done.noticed else 'MISSED '} {done.name[:100]}", flush=True
            )
    print("\n".join(lines(found)))


main()
