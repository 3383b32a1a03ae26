"""Is each check of the disclosure function tested? Every one is switched off in turn; some test must fail.

    python -m bench.mutations_of_policy            each mutant with what became of it, and the score

What ``python -m bench.switches`` finds by itself are conditions; here stand the masks, levels and words of the table
(mutations_of_policy.toml), and each rule of the edition taken out. The approved cells and pages, which would see any
change of the table, are left out of the tests that must notice. In a copy of the tree: nothing is left behind.
"""

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

import registry.app  # noqa: F401  its libraries are loaded once, for every mutant
from registry.disclosure.table import version_of

ROOT = Path(__file__).parents[1]
COPIED = ("registry/disclosure", "registry/editions", "tests/registry/disclosure")
LINKED = ("auth", "graphql_schema", "pyproject.toml", "docs", "alembic")
OURS = ("registry", "auth", "graphql_schema", "tests")
TESTS = ("test_policy.py", "test_table.py")
UNALTERED = "not approved and not altered"
"""Leaves out the tests that hold the table to its approval."""
RULES = "registry/editions/ke/disclosure.toml"
LOCK = "registry/editions/ke/disclosure.lock.toml"


class Mutant(NamedTuple):
    """One check switched off: what stands in a file, and what stands there instead."""

    name: str
    file: str
    before: str
    after: str


def mutants() -> Iterator[Mutant]:
    """Yield every check, and every rule of the table, switched off."""
    for each in tomllib.loads(Path(__file__).with_suffix(".toml").read_text())["mutants"]:
        yield Mutant(**each)
    for found in re.finditer(r'\[\[rules\]\]\nid = "(\w+)"\n.*?(?=\n\n|\Z)', (ROOT / RULES).read_text(), re.DOTALL):
        yield Mutant(f"rule {found[1]} is taken out", RULES, found[0], "")


def copied(folder: Path) -> None:
    """Lay out a tree that is ours but for what is copied."""
    for name in ("registry", "tests", "tests/registry"):
        (folder / name).mkdir()
        for child in (ROOT / name).iterdir():
            if f"{name}/{child.name}" not in (*COPIED, "tests/registry") and child.name != "__pycache__":
                (folder / name / child.name).symlink_to(child)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)
    for name in COPIED:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))


def is_noticed(folder: Path, mutant: Mutant) -> bool:
    """Run the tests on a mutant, and say whether one of them fails."""
    path = folder / mutant.file
    text = path.read_text()
    if mutant.before not in text:
        raise SystemExit(f"{mutant.name}: not found in {mutant.file}")
    lock = (folder / LOCK).read_text()
    path.write_text(text.replace(mutant.before, mutant.after, 1))
    if mutant.file == RULES:
        (folder / LOCK).write_text(lock.replace(version_of(text), version_of(path.read_text())))
    try:
        return fails(folder, backwards="table" in mutant.file)
    finally:
        path.write_text(text)
        (folder / LOCK).write_text(lock)


def fails(folder: Path, *, backwards: bool = False) -> bool:
    """Run the tests in a child of this process, which has read nothing of ours."""
    child = os.fork()
    if not child:
        os.chdir(folder)
        sys.path[:] = [str(folder), *(each for each in sys.path if Path(each).resolve() != ROOT)]
        sys.dont_write_bytecode = True
        for name in [name for name in sys.modules if name.partition(".")[0] in OURS]:
            del sys.modules[name]
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        tests = [f"tests/registry/disclosure/{name}" for name in (reversed(TESTS) if backwards else TESTS)]
        os._exit(
            int(
                pytest.main(
                    [
                        "-x",
                        "-q",
                        "-p",
                        "no:randomly",
                        "-p",
                        "no:cacheprovider",
                        "-W",
                        "ignore::pytest.PytestAssertRewriteWarning",
                        "-k",
                        UNALTERED,
                        *tests,
                    ]
                )
            )
        )
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def main() -> None:
    """Switch each check off, and print the score."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        if fails(folder):
            raise SystemExit("The tests fail as they are.")
        outcomes = []
        for mutant in mutants():
            outcomes.append(is_noticed(folder, mutant))
            print(f"{'noticed' if outcomes[-1] else 'SURVIVED'}  {mutant.name}", flush=True)
    print(f"{sum(outcomes)} of {len(outcomes)} noticed: {sum(outcomes) / len(outcomes):.1%}")


if __name__ == "__main__":
    main()
