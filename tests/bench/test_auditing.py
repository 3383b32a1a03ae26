"""The bench of auditors' pages asks every kind of filter, and none reads a whole table."""

from pathlib import Path

from bench.auditing import QUESTIONS, lines


def test_every_filter_is_asked_and_finds_its_entries_by_an_index(tmp_path: Path) -> None:
    told = list(lines(("sqlite",), 300, 2, tmp_path))
    again = list(lines(("sqlite",), 300, 2, tmp_path))  # the log is there already

    pages = told[2:-1]
    assert [line[2:30].strip() for line in pages] == [each.name for each in QUESTIONS]
    assert all(" by" in line or "place" in line or "_index" in line or "profile" in line for line in pages)
    assert not any("ALL of" in line for line in told)
    assert len(told) == len(again)
