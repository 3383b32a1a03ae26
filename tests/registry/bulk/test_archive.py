"""A workbook that could harm whoever opens it is refused before anything opens it."""

import zipfile
from pathlib import Path

import pytest

from registry.bulk import archive, files
from registry.core.errors import InputRefused
from tests.registry.bulk import books


def refusal(path: Path) -> InputRefused:
    with pytest.raises(InputRefused) as refused:
        files.opened(path)
    return refused.value


def test_a_plain_workbook_is_let_through(tmp_path: Path) -> None:
    archive.inspect(books.book(tmp_path / "old.xlsx", [["Name"], ["Juma"]]))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("customUI/customUI.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "links"),
        ("xl/embeddings/oleObject1.bin", "embedded"),
        ("xl/embeddings/book.xlsx", "embedded"),
        ("xl/activeX/activeX1.xml", "controls"),
        ("xl/connections.xml", "other data"),
        ("xl/queryTables/queryTable1.xml", "other data"),
        ("xl/dialogsheets/sheet1.xml", "dialogues"),
        ("xl/media/tool.exe", "no parts of a sheet"),
        ("xl/media/inner.zip", "no parts of a sheet"),
        ("../outside.xml", "odd name"),
        ("/etc/passwd.xml", "odd name"),
        ("xl\\worksheets\\sheet2.xml", "odd name"),
        ("xl/./sheet2.xml", "odd name"),
        ("xl/.hidden.xml", "odd name"),
        ("xl/worksheets/SHEET1.xml", "one name twice"),
        ("xl/tab\there.xml", "odd name"),
    ],
)
def test_what_acts_by_itself_or_has_an_odd_name_is_refused(tmp_path: Path, name: str, says: str) -> None:
    found = refusal(books.with_part(tmp_path / "old.xlsx", name))

    assert found.code == "FILE_REFUSED"
    assert says in found.message


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><workbook/>', "document type"),
        ("xl/sharedStrings.xml", b"<!-- " + b"x" * 70_000 + b"--><!DOCTYPE x><sst/>", "document type"),
        ("docProps/app.xml", b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document type"),
        ("xl/worksheets/_rels/sheet1.xml.rels", b"<!ENTITY x 'y'>", "document type"),
        ("[Content_Types].xml", b"<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>", "macros"),
        ("xl/workbook.xml", "<?xml version='1.0' encoding='UTF-16'?><x/>".encode("utf-16"), "not UTF-8"),
        ("xl/workbook.xml", b"<?xml version='1.0' encoding='UTF-7'?><x/>", "not UTF-8"),
        ("xl/workbook.xml", b"<?xml version='1.0' encoding = \"IBM037\"?><x/>", "not UTF-8"),
        ("xl/media/image1.png", b"PK\x03\x04 an archive within", "another archive"),
        ("xl/media/image1.png", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old one", "another archive"),
    ],
)
def test_what_stands_in_a_part_is_looked_at(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    found = refusal(books.with_part(tmp_path / "old.xlsx", name, content))

    assert found.code == "FILE_REFUSED"
    assert says in found.message


def test_a_document_type_between_two_pieces_is_seen(tmp_path: Path) -> None:
    for before in range(65_530, 65_538):
        content = b"<a>" + b" " * (before - 3) + b"<!DOCTYPE x></a>"

        assert "document type" in refusal(books.with_part(tmp_path / "old.xlsx", "xl/styles.xml", content)).message


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = books.with_part(tmp_path / "old.xlsx", "xl/worksheets/sheet1.xml", books.bomb(40_000_000))

    assert path.stat().st_size < 100_000
    assert "unpacks to more" in refusal(path).message


def test_a_bomb_that_lies_about_its_size_is_no_less_refused(tmp_path: Path) -> None:
    path = books.with_part(tmp_path / "old.xlsx", "xl/worksheets/sheet1.xml", books.bomb(40_000_000))

    assert refusal(books.lying(path, field=24, value=1000)).code in ("FILE_REFUSED", "FILE_MALFORMED")


def test_too_many_parts_are_refused(tmp_path: Path) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"]])
    with zipfile.ZipFile(path, "a") as content:
        for number in range(archive.MOST_PARTS):
            content.writestr(f"xl/media/image{number}.png", b"")

    assert "parts" in refusal(path).message


def test_more_text_than_fits_into_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_STRINGS", 100_000)
    path = books.with_part(tmp_path / "old.xlsx", "xl/sharedStrings.xml", b"<sst>" + b"x" * 200_000 + b"</sst>")

    assert "more text" in refusal(path).message


def test_one_name_twice_is_refused(tmp_path: Path) -> None:
    assert "twice" in refusal(books.twice(tmp_path / "old.xlsx", "xl/styles.xml")).message


def test_an_encrypted_workbook_is_refused_and_says_so(tmp_path: Path) -> None:
    assert "encrypted" in refusal(books.encrypted(tmp_path / "old.xlsx")).message

    (tmp_path / "locked.xlsx").write_bytes(archive.OLE + b"\0" * 600)
    assert "encrypted" in refusal(tmp_path / "locked.xlsx").message


def test_parts_that_overlap_are_refused(tmp_path: Path) -> None:
    """Their packed sizes add up to more than the file has."""
    path = books.book(tmp_path / "old.xlsx", [["Name"]])

    assert "overlap" in refusal(books.lying(path, field=20, value=1_000_000)).message


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_packings_than_a_spreadsheets_are_refused(tmp_path: Path, packing: int) -> None:
    content = books.parts(books.book(tmp_path / "old.xlsx", [["Name"]]))
    with zipfile.ZipFile(tmp_path / "old.xlsx", "w", packing) as made:
        for name, part in content.items():
            made.writestr(name, part)

    assert "unusual" in refusal(tmp_path / "old.xlsx").message


@pytest.mark.parametrize("cut", [10, 100, 1000, 3000])
def test_half_a_workbook_is_malformed(tmp_path: Path, cut: int) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"], ["Juma"]])
    path.write_bytes(path.read_bytes()[:cut])

    assert refusal(path).code == "FILE_MALFORMED"


@pytest.mark.parametrize("at", range(0, 4000, 97))
def test_a_workbook_with_a_wrong_byte_is_read_or_refused(tmp_path: Path, at: int) -> None:
    path = books.book(tmp_path / "old.xlsx", [["Name"], ["Juma"]])
    raw = bytearray(path.read_bytes())
    raw[at % len(raw)] ^= 0xFF
    path.write_bytes(bytes(raw))

    try:
        list(files.opened(path).rows())
    except InputRefused as refused:
        assert refused.code in ("FILE_REFUSED", "FILE_MALFORMED", "SHEET_UNKNOWN")  # noqa: PT017  either is right
