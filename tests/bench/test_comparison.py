"""Peers are measured with the same yardstick, and one that is not there is said not to be."""

from pathlib import Path

import pytest

from bench import febrl
from bench.febrl import Link
from bench.matching.asking import Answer
from bench.matching.sets import Question
from bench.peers.comparison import Row, compared, is_ahead, table, threshold_of
from bench.peers.engines.names import NAMES

HEAD = "rec_id, given_name, surname, street_number, address_1, address_2, suburb, postcode, state, date_of_birth, "


def answer(key: str, expected: str | None, *ranked: tuple[str, float]) -> Answer:
    return Answer(Question(key, "exact", {"name": "Peter Kamau"}, expected, 0), ranked, 1.0)


OURS = [answer("1", "a", ("a", 0.9)), answer("2", "b", ("b", 0.6)), answer("3", None, ("a", 0.2)), answer("4", None)]


def test_a_peer_is_counted_where_it_finds_as_much() -> None:
    theirs = [answer("1", "a", ("a", 0.5)), answer("2", "b", ("b", 0.3)), answer("3", None, ("a", 0.4))]

    assert threshold_of(theirs, 1.0) == 0.3
    assert threshold_of(theirs, 0.5) == 0.5


def test_ahead_means_more_first_places_and_fewer_false_hits_at_once() -> None:
    accusing = [answer("1", "a", ("a", 0.5)), answer("2", "b", ("c", 0.3)), answer("3", None, ("a", 0.9))]
    finding_all = [answer("1", "a", ("a", 0.5)), answer("2", "b", ("b", 0.5)), answer("3", None, ("a", 0.9))]

    assert is_ahead(OURS, accusing, 0.4)
    assert not is_ahead(OURS, finding_all, 0.4)


def test_what_is_not_installed_has_a_row_without_figures(tmp_path: Path) -> None:
    rows = compared(tmp_path, [], NAMES, tmp_path, python=tmp_path / "python")

    printed = list(table([Row("ours, sqlite", OURS)], rows))

    assert [row.name for row in rows] == list(NAMES)
    assert all("not installed" in line for line in printed[2:-1])


def test_a_record_is_linked_once_by_its_surest_link() -> None:
    links = [
        Link(0.9, "rec-1-org", "rec-1-dup-0"), Link(0.8, "rec-2-org", "rec-1-dup-0"),
        Link(0.7, "rec-2-org", "rec-2-dup-0"), Link(0.6, "rec-1-org", "rec-2-dup-0"),
    ]  # fmt: skip

    assert febrl.one_to_one(links) == [links[0], links[2]]
    assert list(febrl.linkage(links, 4, 0.5)) == pytest.approx([1.0, 0.5, 2 / 3])


def test_the_engine_links_records_that_no_rule_of_it_knows(tmp_path: Path) -> None:
    """Invented records in the form of the set."""
    rows = {
        "dataset4a.csv": [
            "rec-1-org, michaela, invented, 8, a street, , a town, 4223, nsw, 19151111, 5304218",
            "rec-2-org, courtney, imagined, 12, b street, , b town, 3011, vic, 19161361, 4066625",
        ],
        "dataset4b.csv": [
            "rec-1-dup-0, micheala, invented, 8, a street, , a town, 4223, nsw, 19151111, 5304281",
            "rec-2-dup-0, imagined, courtney, , , , , , , 19161214, 4066625",
        ],
    }
    for name, lines in rows.items():
        (tmp_path / name).write_text("\n".join([HEAD + "soc_sec_id", *lines]) + "\n", encoding="utf-8")

    size = febrl.write_set(tmp_path, tmp_path / "set")
    links = febrl.ours(tmp_path / "set")

    assert febrl.linkage(links, size, 0.5).f1 == 1.0
