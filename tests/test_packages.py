"""What is locked: by version and hash, none below the floor that a known flaw sets, all of it in the SBOM."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from packaging.version import Version

ROOT = Path(__file__).parent.parent
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SBOM = ROOT / "var" / "tools" / "sbom" / "bin" / "cyclonedx-py"

FLOORS = {
    "cryptography": ("50.0.0", "CVE-2026-69247, CVE-2026-26007"),
    "graphql-core": ("3.2.14", "CVE-2026-75507, CVE-2026-75508, validation of overlapping fields"),
    "h11": ("0.16", "CVE-2025-43859: chunks smuggled in; uvicorn itself asks less"),
    "pillow": ("12.2", "CVE-2026-25990, CVE-2026-40192"),
    "pyjwt": ("2.13", "CVE-2026-48526: JWK text as HMAC secret; CVE-2026-32597: crit ignored"),
    "starlette": ("1.3.1", "CVE-2026-54282, CVE-2026-54283: form limits, poisoned host; CVE-2025-62727"),
    "uvicorn": ("0.51", "tested with its own parser's bounds (registry/heads.py)"),
}
"""The least version of what runs, and why: section 6 of the study that the authorization server was built to."""
FLOORS_OF_TESTS = {"authlib": ("1.6.12", "CVE-2026-27962: trusts the key in a header")}
OR_NOT_AT_ALL = {"python-multipart": ("0.0.30", "CVE-2026-42561, CVE-2026-40347, CVE-2026-24486")}
"""Not needed here: forms are read by auth/form.py. Whatever brings it in later is held to this."""


@dataclass(frozen=True)
class Locked:
    """A package of a lock."""

    name: str
    version: str
    hashes: frozenset[str]


def locked(lock: Path) -> dict[str, Locked]:
    """Return what a lock holds, by name."""
    text = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    packages = {}
    for line in text.splitlines():
        if found := re.match(r"([a-z0-9-]+)(?:\[[a-z0-9,-]+])?==(\S+)", line):
            hashes = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line))
            packages[found[1]] = Locked(found[1], found[2], hashes)
        else:
            assert not line.strip() or line.startswith("#"), line
    return packages


RUNS, TESTS = locked(ROOT / "requirements" / "run.txt"), locked(ROOT / "requirements" / "test.txt")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_each_package_of_a_lock_has_its_hashes_and_no_place_to_come_from(lock: Path) -> None:
    packages = locked(lock)

    assert packages
    assert all(each.hashes for each in packages.values())
    assert not re.search(r"https?://|^\s*-(-index|i |f |-find)|@", lock.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("name", FLOORS)
def test_what_runs_stands_at_or_above_the_floor_that_a_known_flaw_sets(name: str) -> None:
    floor, why = FLOORS[name]

    assert Version(RUNS[name].version) >= Version(floor), why
    assert Version(TESTS[name].version) >= Version(floor), why


@pytest.mark.parametrize("name", FLOORS_OF_TESTS)
def test_what_tests_stands_at_or_above_its_floor_and_does_not_run(name: str) -> None:
    floor, why = FLOORS_OF_TESTS[name]

    assert Version(TESTS[name].version) >= Version(floor), why
    assert name not in RUNS


@pytest.mark.parametrize("name", OR_NOT_AT_ALL)
def test_what_is_not_needed_is_not_there_or_above_its_floor(name: str) -> None:
    floor, why = OR_NOT_AT_ALL[name]
    found = [each[name].version for each in (RUNS, TESTS) if name in each]

    assert all(Version(version) >= Version(floor) for version in found), why


def test_the_suite_tests_the_versions_that_run() -> None:
    assert {name: TESTS[name].version for name in RUNS} == {name: each.version for name, each in RUNS.items()}


# -- the bill of materials


@pytest.fixture(scope="module")
def boms(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """The bill of materials, made twice as ``make sbom`` makes it."""
    assert SBOM.exists(), "deploy/bootstrap.sh sbom"
    command = re.search(r"^sbom:.*\n\t.*\n\t(.*)\\\n\t\t(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert command is not None
    made = []
    for number in range(2):
        file = tmp_path_factory.mktemp("sbom") / f"{number}.json"
        words = f"{command[1]} {command[2]}".replace("var/registry.cdx.json", str(file)).split()
        subprocess.run(words, cwd=ROOT, check=True, capture_output=True, timeout=120)
        made.append(file.read_bytes())
    return made


def test_the_bill_of_materials_is_the_same_each_time(boms: list[bytes]) -> None:
    assert boms[0] == boms[1]
    assert str(ROOT).encode() not in boms[0]


def test_the_bill_of_materials_holds_every_package_that_is_locked_and_no_other(boms: list[bytes]) -> None:
    bom: dict[str, Any] = json.loads(boms[0])

    listed = {
        each["name"]: Locked(
            each["name"], each["version"],
            frozenset(one["content"] for place in each["externalReferences"] for one in place.get("hashes", ())),
        )
        for each in bom["components"]
    }  # fmt: skip

    assert (bom["bomFormat"], bom["specVersion"]) == ("CycloneDX", "1.6")
    assert bom["metadata"]["component"]["name"] == "registry"
    assert listed == RUNS
    assert all(each["purl"].startswith(f"pkg:pypi/{each['name']}@") for each in bom["components"])


def test_this_python_is_one_that_the_locks_are_made_for() -> None:
    assert (3, 11) <= sys.version_info[:2] < (3, 14)
