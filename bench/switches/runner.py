"""A plugin of pytest that runs the suite once for all checks, and then for each what reaches it with the check off."""

import json
import os
import signal
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

from bench.switches import state

SECONDS = 150
"""A child that takes longer hangs: that is noticed as well."""


class Runner:
    """Replaces pytest's loop over the tests."""

    def __init__(self, numbers: Sequence[int], at_once: int, report: Path):
        self._numbers = numbers
        self._at_once = at_once
        self._report = report

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run everything once, then each check with the tests that reach it."""
        reached, seconds = self._recorded(session.items)
        running: dict[int, int] = {}
        with self._report.open("a") as report:

            def wait_for_one() -> None:
                pid, status = os.wait()
                number = running.pop(pid)
                noticed = os.waitstatus_to_exitcode(status) != 0
                report.write(json.dumps({"number": number, "noticed": noticed, "tests": len(reached[number])}) + "\n")
                report.flush()

            for number in self._numbers:
                if len(running) == self._at_once:
                    wait_for_one()
                running[self._child(session.items, _ordered(session.items, reached[number], seconds), number)] = number
            while running:
                wait_for_one()
        return True

    def _recorded(self, items: list[pytest.Item]) -> tuple[dict[int, list[int]], list[float]]:
        """Run every test in a child, which leaves no fixture here, and return who reaches what."""
        kept = self._report.with_suffix(".reached")
        child = os.fork()
        if not child:
            reached: dict[int, list[int]] = defaultdict(list)
            seconds = []
            for index, item in enumerate(items):
                state.reached.clear()
                begun = time.monotonic()
                reports = runtestprotocol(item, log=False, nextitem=_at(items, index + 1))
                seconds.append(time.monotonic() - begun)
                if any(each.failed for each in reports):
                    print(f"fails with every check on: {item.nodeid}", flush=True)
                    continue  # what fails always can't notice anything
                for number in state.reached:
                    reached[number].append(index)
            kept.write_text(json.dumps({"reached": reached, "seconds": seconds}))
            os._exit(0)
        os.waitpid(child, 0)
        found = json.loads(kept.read_text())
        return defaultdict(list, {int(number): tests for number, tests in found["reached"].items()}), found["seconds"]

    @staticmethod
    def _child(items: list[pytest.Item], chosen: Sequence[int], number: int) -> int:
        child = os.fork()
        if child:
            return child
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        signal.signal(signal.SIGALRM, lambda *_: os._exit(2))
        signal.alarm(SECONDS)
        state.switch_off(number)
        tests = [items[index] for index in chosen]
        failed = False
        try:
            for index, item in enumerate(tests):
                failed = any(each.failed for each in runtestprotocol(item, log=False, nextitem=_at(tests, index + 1)))
                if failed:
                    break
        except BaseException:  # noqa: BLE001  whatever it is, it was noticed
            failed = True
        os._exit(int(failed))


def _at(items: list[pytest.Item], index: int) -> pytest.Item | None:
    return items[index] if index < len(items) else None


def _ordered(items: list[pytest.Item], chosen: Sequence[int], seconds: Sequence[float]) -> list[int]:
    """Order tests by how soon their module is done; what a module shares is made once."""
    modules: dict[Any, list[int]] = defaultdict(list)
    for index in chosen:
        modules[items[index].path].append(index)
    spent = {module: sum(seconds[index] for index in tests) for module, tests in modules.items()}
    return [index for module in sorted(modules, key=spent.__getitem__) for index in modules[module]]
