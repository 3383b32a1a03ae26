"""What an .xlsx may be, looked at before anything opens it: a zip of XML parts, and nothing that acts by itself.

Refused are: encryption; macros; links to other files, embedded files, data connections; parts with odd names, or twice;
archives within; document types, which is how entities are declared (ECMA-376 part 2, 7.2.3.4 forbids them); and more
content than its limits allow. The content is unpacked once and counted, for sizes in an archive's directory may lie.
"""

import re
import struct
import zipfile
import zlib
from pathlib import Path

from registry.core.errors import InputRefused

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""What Excel before 2007 wrote, and what an encrypted workbook is wrapped in."""
MOST_PARTS = 1_000
MOST_BYTES = 1 << 30
"""Unpacked, all parts together."""
MOST_STRINGS = 200 << 20
"""Unpacked, the table of texts: it is held in memory."""
MOST_RATIO = 100
"""Unpacked to packed, beyond the first 10 MB. Sheets of real registers reach 20."""
_FREE = 10 << 20
_PART = re.compile(r"(?:[A-Za-z0-9_\[\]-][A-Za-z0-9_ \[\]().-]*/)*[A-Za-z0-9_\[\]-][A-Za-z0-9_ \[\]().-]*", re.ASCII)
_KINDS = (".xml", ".rels", ".vml", ".png", ".jpeg", ".jpg", ".gif", ".bmp", ".emf", ".wmf")
_ACTING = {
    "vbaproject": "holds macros", "macrosheets": "holds macros", "externallinks": "links to other files",
    "embeddings": "holds embedded files", "activex": "holds controls", "connections.xml": "reads other data",
    "querytables": "reads other data", "dialogsheets": "holds dialogues", "customui": "holds macros",
}  # fmt: skip
"""Folders and files that make a workbook act by itself, or look elsewhere."""
_MACROS = b"macroEnabled"
_PIECE = 1 << 16
_OVERLAP = 32


def inspect(path: Path) -> None:
    """Raise InputRefused (FILE_REFUSED, FILE_MALFORMED) unless the workbook is a plain one."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise refused(f"holds more than {MOST_PARTS} parts.", "Save only the sheet with the rows.")
            _check_names(parts)
            packed = sum(each.compress_size for each in parts)
            if packed > path.stat().st_size:
                raise refused("holds parts that overlap.", "Save it anew.")
            total = 0
            for part in parts:
                total = _read_through(archive, part, total, packed)
    except _BROKEN as problem:
        raise InputRefused("is no workbook that can be read.", field="file", code="FILE_MALFORMED",
                           remedy="Save it anew as .xlsx.") from problem  # fmt: skip


_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)
"""What zipfile stumbles over."""


def _check_names(parts: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for part in parts:
        name = part.filename
        low = name.casefold()
        for acting, what in _ACTING.items():
            if acting in low:
                raise refused(f"{what}.", "Save it as a plain .xlsx, values only.")
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise refused("is packed in an unusual way.", "Save it anew.")
        if part.flag_bits & 1:
            raise refused("is encrypted.", "Save it without a password.")
        if part.is_dir():
            continue
        if (not _PART.fullmatch(name) and name != "_rels/.rels") or low in seen:
            raise refused("holds a part with an odd name, or one name twice.", "Save it anew.")
        if not low.endswith(_KINDS) and not low.startswith("xl/printersettings/"):
            raise refused("holds files that are no parts of a sheet.", "Save it as a plain .xlsx.")
        seen.add(low)


def _read_through(archive: zipfile.ZipFile, part: zipfile.ZipInfo, total: int, packed: int) -> int:
    """Unpack one part piece by piece; return the bytes of all parts up to here."""
    is_markup = part.filename.casefold().endswith((".xml", ".rels", ".vml"))
    own, before = 0, b""
    with archive.open(part) as content:
        while piece := content.read(_PIECE):
            if not own and (piece.startswith((ZIP, OLE))):
                raise refused("holds another archive.", "Save it as a plain .xlsx.")
            if is_markup:
                _check_markup(before + piece, first=not own)
                before = piece[-_OVERLAP:]
            own += len(piece)
            total += len(piece)
            _check_size(part, own, total, packed)
    return total


def _check_size(part: zipfile.ZipInfo, own: int, total: int, packed: int) -> None:
    if total > MOST_BYTES or total > _FREE + MOST_RATIO * packed:
        raise refused("unpacks to more than its limits allow.", "Split it into several files.")
    if own > MOST_STRINGS and part.filename.casefold().endswith("sharedstrings.xml"):
        raise refused("holds more text than its limits allow.", "Split it into several files.")


def _check_markup(piece: bytes, *, first: bool) -> None:
    if first:
        declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']*)", piece)
        if b"\0" in piece[:64] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii")):
            raise refused("holds a part that is not UTF-8.", "Save it anew.")
    if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
        raise refused("declares a document type.", "Save it anew.")
    if _MACROS in piece:
        raise refused("holds macros.", "Save it as a plain .xlsx.")


def refused(rule: str, remedy: str) -> InputRefused:
    """Return the refusal of a file that could harm."""
    return InputRefused(rule, field="file", code="FILE_REFUSED", remedy=remedy)
