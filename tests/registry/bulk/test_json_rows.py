"""Lines of JSON come one by one, whatever stands in them."""

from pathlib import Path

from registry.bulk import files
from registry.bulk.json_rows import LONGEST, JsonLines


def opened(path: Path, content: bytes, name: str = "old.jsonl") -> JsonLines:
    path = path / name
    path.write_bytes(content)
    found = files.opened(path)
    assert isinstance(found, JsonLines)
    return found


def test_each_line_is_a_row(tmp_path: Path) -> None:
    source = opened(tmp_path, b'{"a": 1}\r\n\n{bad\n{"b": 2}')

    assert list(source.rows()) == [b'{"a": 1}', b"", b"{bad", b'{"b": 2}']
    assert (source.kind, source.before, source.headings) == ("jsonl", 0, None)
    assert source.about() == 3


def test_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    assert opened(tmp_path, b'\xef\xbb\xbf {"a": 1}\n', name="records.txt").kind == "jsonl"


def test_an_export_begins_with_a_line_about_itself(tmp_path: Path) -> None:
    source = opened(tmp_path, b'{"register_export": {"version": 1}}\n{"record": {}}\n')

    assert (source.kind, source.before) == ("export", 1)
    assert list(source.rows()) == [b'{"record": {}}']


def test_of_a_line_that_is_too_long_no_more_than_that_is_read(tmp_path: Path) -> None:
    long = b'{"a": "' + b"x" * 3_000_000 + b'"}'

    rows = list(opened(tmp_path, b'{"a": 1}\n' + long + b'\n{"b": 2}\n' + long).rows())

    assert [rows[0], rows[2]] == [b'{"a": 1}', b'{"b": 2}']
    assert [len(each) for each in (rows[1], rows[3])] == [LONGEST + 2] * 2


def test_a_line_of_just_the_length_is_whole(tmp_path: Path) -> None:
    line = b"{" + b" " * (LONGEST - 2) + b"}"

    assert list(opened(tmp_path, line + b"\n" + line + b"\r\n{}").rows()) == [line, line, b"{}"]


def test_a_files_digest_is_its_contents(tmp_path: Path) -> None:
    source = opened(tmp_path, b"{}\n")

    assert files.digest(source.path) == "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356"
    assert files.identity(source, "x") == "x"
