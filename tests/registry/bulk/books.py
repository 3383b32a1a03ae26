"""Workbooks to be refused: a good one with something added, taken away or told wrongly."""

import io
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import openpyxl

Rows = Iterable[Iterable[object]]


def book(path: Path, *sheets: Rows, titles: tuple[str, ...] = ()) -> Path:
    """Write a workbook as a spreadsheet does."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for at, rows in enumerate(sheets):
        sheet = made.create_sheet(titles[at] if titles else f"Sheet{at + 1}")
        for row in rows:
            sheet.append(list(row))
    made.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, content: dict[str, bytes]) -> Path:
    """Write parts into a workbook."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return path


def with_part(path: Path, name: str, content: bytes = b"<x/>") -> Path:
    """Write a good workbook with one more part, or with another content of one."""
    good = book(path, [["Name"], ["Juma"]])
    return packed(path, parts(good) | {name: content})


def twice(path: Path, name: str) -> Path:
    """Write a workbook with two parts of one name: readers differ in which they take."""
    content = parts(book(path, [["Name"], ["Juma"]]))
    other = f"{name[:-1]}~"
    raw = packed(path, content | {other: b"<x/>"}).read_bytes()
    path.write_bytes(raw.replace(other.encode(), name.encode()))
    return path


def encrypted(path: Path) -> Path:
    """Write a workbook whose parts say that they are encrypted."""
    raw = bytearray(book(path, [["Name"], ["Juma"]]).read_bytes())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := raw.find(mark, at + 1)) >= 0:
            raw[at + flags] |= 1
    path.write_bytes(bytes(raw))
    return path


def lying(path: Path, *, field: int, value: int) -> Path:
    """Write a workbook whose directory tells a size of its sheet wrongly: 20 the packed one, 24 the unpacked one."""
    raw = bytearray(path.read_bytes())
    at = -1
    while (at := raw.find(b"PK\x01\x02", at + 1)) >= 0:
        if raw[at + 46 :].startswith(b"xl/worksheets/sheet1.xml"):
            raw[at + field : at + field + 4] = struct.pack("<I", value)
    path.write_bytes(bytes(raw))
    return path


def bomb(size: int) -> bytes:
    """Return a part that packs to a thousandth."""
    made = io.BytesIO()
    made.write(b'<worksheet xmlns="x">')
    made.write(b" " * size)
    made.write(b"</worksheet>")
    return made.getvalue()
