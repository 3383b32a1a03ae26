"""Killed with -9 under load: each answer given has its entry, the register is whole, it starts again by itself.

Three times here; fifty times with `python -m bench.kill`.
"""

import pytest

from bench.kill import kill_under_load
from bench.register import DIALECTS, opened

KILLS = 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_that_was_answered_is_lost(dialect: str) -> None:
    with opened(dialect, 100) as register:
        kept = kill_under_load(register, KILLS, clients=3)

    assert kept.problems == []
    assert len(kept.starts) == KILLS + 1
    assert len(kept.answered) > 10 * KILLS
    assert kept.proposed >= len(kept.approved) > 0
