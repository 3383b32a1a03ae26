"""The bench of the log hands in real entries, and reads them again."""

import re

from bench.sequencing import Checked, Ran, on


def test_what_was_acknowledged_is_read_again_without_a_gap() -> None:
    *_, read_again = on("sqlite", (1,), 0.2)

    found = re.search(r"([\d,]+) entries, 0 gaps, 0 of ([\d,]+) acknowledged lost", read_again)
    assert found
    assert found[1] == found[2] != "0"


def test_a_percentile_of_nothing_is_for_ever() -> None:
    assert Ran(1.0).percentile(0.5) == float("inf")
    assert Ran(2.0, [3.0, 1.0, 2.0]).percentile(0.5) == 2.0
    assert Checked(0, 0, 0, b"", 0.0).lost == 0
