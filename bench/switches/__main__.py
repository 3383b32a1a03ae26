"""Switch each check off, and say which of them no test misses."""

import argparse
import json
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

from bench.switches.places import Place, instrumented
from bench.switches.state import VARIABLE

ROOT = Path(__file__).parents[2]
COPIED = ("auth", "registry", "graphql_schema", "alembic", "tests", "docs", "bench", "deploy", "requirements")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md", ".importlinter", "Makefile")
LOOKED_AT = ("auth/*.py", "registry/disclosure/*.py", "registry/profiles/disclosed.py")
NOT_COPIED = shutil.ignore_patterns("node_modules", "__pycache__", "*.pyc")
FIRST = (
    "tests/auth", "tests/registry/disclosure", "tests/registry/enrolment", "tests/registry/oversight",
    "tests/registry/profiles/test_silent.py",
    *(f"tests/graphql_schema/{name}.py" for name in (
        "test_endpoint", "test_proofs", "test_silent", "test_enrolment", "test_client_proofs", "test_signed_requests",
        "test_switch", "test_policy", "test_enumeration",
    )),
)  # fmt: skip
"""Run in one process, which is copied for each check."""
AGAIN = ("tests/auth", "tests/registry/disclosure", "tests/graphql_schema/test_switch.py",
         "tests/graphql_schema/test_enrolment.py", "tests/fapi")  # fmt: skip
"""Run in processes of their own for what the first tests miss: a statement that is made once, when its module is
loaded, has its switches only there; and real nodes notice more."""
QUIET = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "--timeout", "0", "-k", "not postgresql")
SURVIVORS = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Check:
    """A check, where it stands."""

    file: Path
    place: Place

    @property
    def name(self) -> str:
        """What survivors.toml calls it: lines move, what a check says does not."""
        return f"{self.file}: {self.place.says}"


def main() -> None:
    """Run."""
    parser = argparse.ArgumentParser(prog="python -m bench.switches", description=__doc__)
    parser.add_argument("files", nargs="*", default=LOOKED_AT)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--tests", nargs="+", default=FIRST, help="instead of all that run in one process")
    parser.add_argument("--not-again", action="store_true", help="don't try on real nodes what is missed")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="registry-switches-") as name:
        copy = Path(name)
        checks = copied(copy, asked.files)
        noticed = noticed_at_first(copy, checks, asked.tests, asked.at_once)
        if not asked.not_again:
            reasons = explained()
            left = [each for each in checks if each.place.number not in noticed and each.name not in reasons]
            noticed |= noticed_again(copy, left, asked.at_once)
    print("\n".join(lines(checks, noticed)))


def copied(copy: Path, patterns: Sequence[str]) -> list[Check]:
    """Copy the tree with a switch at each check of these files, and return the checks."""
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=NOT_COPIED, symlinks=True)
    for name in FILES:
        shutil.copy(ROOT / name, copy / name)
    for installed in (ROOT / "var/tools", *ROOT.glob("tests/*/node_modules")):
        (copy / installed.relative_to(ROOT)).parent.mkdir(exist_ok=True)
        (copy / installed.relative_to(ROOT)).symlink_to(installed)
    checks: list[Check] = []
    for file in sorted({file for pattern in patterns for file in ROOT.glob(pattern)}):
        place, source = instrumented(file.read_text(encoding="utf-8"), len(checks) + 1)
        (copy / file.relative_to(ROOT)).write_text(source, encoding="utf-8")
        checks += (Check(file.relative_to(ROOT), each) for each in place)
    return checks


def noticed_at_first(copy: Path, checks: Sequence[Check], tests: Sequence[str], at_once: int) -> set[int]:
    """Try every check in children of one process, and return the numbers of those that a test notices."""
    report = copy / "report.jsonl"
    program = (
        "import sys, json, pytest; from pathlib import Path; from bench.switches.runner import Runner; "
        "asked = json.loads(sys.argv[1]); "
        "runner = Runner(asked['numbers'], asked['at_once'], Path(asked['report'])); "
        "sys.exit(pytest.main(asked['tests'], plugins=[runner]))"
    )
    asked = {
        "tests": [*QUIET, "--capture=no", *tests],
        "numbers": [each.place.number for each in checks],
        "at_once": at_once,
        "report": str(report),
    }
    subprocess.run([sys.executable, "-c", program, json.dumps(asked)], cwd=copy, env=_environment(copy), check=False)
    done = [json.loads(line) for line in report.read_text().splitlines()]
    if len(done) != len(checks):
        sys.exit(f"Only {len(done)} of {len(checks)} were tried.")
    return {each["number"] for each in done if each["noticed"]}


def noticed_again(copy: Path, checks: Sequence[Check], at_once: int) -> set[int]:
    """Try checks on real nodes, each in a process of its own."""
    command = [sys.executable, "-m", "pytest", *QUIET, "-x", *AGAIN]
    if subprocess.run(command, cwd=copy, env=_environment(copy), check=False).returncode:
        sys.exit("Tests fail with every check on: mend that first.")

    def fails(check: Check) -> bool:
        environment = _environment(copy) | {VARIABLE: str(check.place.number)}
        own = Path("tests", check.file.parent, f"test_{check.file.name}")
        command = [sys.executable, "-m", "pytest", *QUIET, "-x", *([str(own)] if (copy / own).exists() else []), *AGAIN]
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, check=False)
        print(f"{'noticed' if done.returncode else 'MISSED '} {check.name[:110]}", flush=True)
        return done.returncode != 0

    with ThreadPoolExecutor(at_once) as pool:
        return {check.place.number for check, failed in zip(checks, pool.map(fails, checks), strict=True) if failed}


def _environment(copy: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}


def explained() -> dict[str, str]:
    """Return why some checks may be switched off unnoticed."""
    with SURVIVORS.open("rb") as file:
        return {str(each["check"]): str(each["reason"]) for each in tomllib.load(file)["survivors"]}


def lines(checks: Sequence[Check], noticed: set[int]) -> Iterator[str]:
    """Yield the table by file, and what survived."""
    reasons = explained()
    yield "| file | checks | noticed | explained |"
    yield "|---|---|---|---|"
    for file in sorted({each.file for each in checks}):
        own = [each for each in checks if each.file == file]
        left = [each for each in own if each.place.number not in noticed]
        yield f"| {file} | {len(own)} | {len(own) - len(left)} | {sum(each.name in reasons for each in left)} |"
    yield f"\n{len(noticed)} of {len(checks)} noticed: {len(noticed) / max(1, len(checks)):.1%}\n"
    for each in checks:
        if each.place.number not in noticed:
            yield f"- `{each.name}` (line {each.place.line}): {reasons.get(each.name, 'NOT EXPLAINED')}"


main()
