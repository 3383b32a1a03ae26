"""Signed notes: read strictly, printed the same."""

import pytest
from hypothesis import given

from registry.tlog.note import LONGEST, MOST_LINES, MOST_SIGNATURES, Note, Signature, parse_note, parse_signatures
from registry.tlog.strict import Malformed
from tests.registry.tlog.signers import Make, accepted, damaged, made
from tests.registry.tlog.strategies import notes

POEM = """Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore \
NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
""".encode()
"""The example of the specification."""
LINE = "— a.example AAAAAAA=\n"


def test_the_example_of_the_specification_is_read_with_its_empty_line() -> None:
    note = parse_note(POEM)

    assert note.text.endswith("di sole:\n\ned è subito sera.\n")
    assert [(each.name, each.key_id.hex(), len(each.value)) for each in note.signatures] == [
        ("quasimodo.example/salvatore", "367ba04b", 64)
    ]
    assert note.print() == POEM


@given(notes)
def test_every_note_is_read_back(note: Note) -> None:
    assert parse_note(note.print()) == note


@given(damaged(notes.map(Note.print)))
def test_a_note_that_is_read_is_printed_the_same(data: bytes) -> None:
    try:
        found = parse_note(data)
    except Malformed:
        return
    assert found.print() == data


def test_what_is_no_note_is_refused() -> None:
    cases = [
        "",
        "\n",
        "text\n",
        "text\n\n",
        "text\n" + LINE,
        "text\n\n" + LINE[:-1],
        "text\n\n" + LINE + "\n",
        "text" + LINE,
        "te\rxt\n\n" + LINE,
        "te\x00xt\n\n" + LINE,
        "te\txt\n\n" + LINE,
        "text\n\n" + LINE + "unexpected\n",
        "text\n\n- a.example AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— a b AAAAAAA=\n",
        "text\n\n— a+b AAAAAAA=\n",
        "text\n\n— a\u00a0b AAAAAAA=\n",
        "text\n\n— a.example AAAAAAB=\n",
        "text\n\n— a.example AAAAAAA\n",
        "text\n\n— a.example AAAA\n",
        "text\n\n— a.example AAAAAA==\n",
        "text\n\n— a.example AAAA AAA=\n",
        "text\n\n— a.example \n",
        "text\n\n— a.example AAAAAA-_\n",
        "text\n\n" + LINE * (MOST_SIGNATURES + 1),
        "x\n" * (MOST_LINES + 1) + "\n" + LINE,
        "x" * LONGEST + "\n\n" + LINE,
    ]

    assert accepted(parse_note, map(str.encode, cases)) == []


@pytest.mark.parametrize("text", [b"\xff", b"\xed\xa0\x80", b"\xc0\x8a"], ids=["latin", "surrogate", "overlong"])
def test_a_note_is_utf_8(text: bytes) -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        parse_note(text + b"\n\n" + LINE.encode())


def test_as_many_signatures_as_the_limit_are_read() -> None:
    assert len(parse_note(("text\n\n" + LINE * MOST_SIGNATURES).encode()).signatures) == MOST_SIGNATURES


def test_what_could_not_be_read_back_is_not_made() -> None:
    cases: list[Make] = [
        lambda: Note("text", (Signature("a", b"1234", b"x"),)),
        lambda: Note("text\n", ()),
        lambda: Note("\ud800\n", (Signature("a", b"1234", b"x"),)),
        lambda: Note("\x1b\n", (Signature("a", b"1234", b"x"),)),
        lambda: Note("x\n", (Signature("a", b"1234", b"x" * LONGEST),)),
        lambda: Signature("a", b"123", b"x"),
        lambda: Signature("a", b"1234", b""),
        lambda: Signature("", b"1234", b"x"),
        lambda: parse_signatures(""),
        lambda: parse_signatures(LINE + LINE[:-1]),
    ]

    assert accepted(made, cases) == []


def test_a_newer_signature_takes_the_place_of_the_older_by_the_same_key() -> None:
    first, other, newer = Signature("a", b"1234", b"x"), Signature("a", b"1235", b"x"), Signature("a", b"1234", b"y")

    assert Note("text\n", (first, other)).with_signatures([newer]).signatures == (other, newer)
