"""Loading an edition is strict: a file that says something unexpected is refused with its place."""

import shutil
from pathlib import Path

import pytest

from registry.core.errors import InputRefused, NotFound
from registry.editions import edition
from registry.editions.edition import load, read

KE = Path(edition.__file__).parent / "ke"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the Kenyan edition that a test may spoil."""
    return Path(shutil.copytree(KE, tmp_path / "ke"))


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(InputRefused) as caught:
        read(folder)
    assert caught.value.code == "EDITION_MALFORMED"
    return str(caught.value)


def test_an_edition_is_read_once() -> None:
    assert load("ke") is load("ke")


def test_a_copy_of_the_files_reads_like_the_original(folder: Path) -> None:
    assert read(folder) == load()


@pytest.mark.parametrize("code", ["xx", "KE", "..", "", "ke/../ke", "k"])
def test_an_edition_that_is_not_there_is_not_found(code: str) -> None:
    with pytest.raises(NotFound, match="no such edition"):
        load(code)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("edition.toml", 'code = "ke"', 'colour = "red"\ncode = "ke"', "ke/edition.toml, colour: is not a known key."),
        ("edition.toml", 'country = "KE"\n', "", "ke/edition.toml, country: is missing."),
        ("edition.toml", 'country = "KE"', "country = 254", "ke/edition.toml, country: is not of type str."),
        ("edition.toml", 'code = "ke"', 'code = "ug"', "ke/edition.toml, code: differs from the name of the folder."),
        ("edition.toml", '"Mombasa", "Kwale"', '"Kwale", "Kwale"', "counties: name one county twice."),
        ("edition.toml", '"Mombasa"', "7", "ke/edition.toml, counties number 1: is not of type str."),
        ("edition.toml", "counties = [", 'counties = "all" # [', "is not TOML"),
        ("edition.toml", "'(?=.{3", "'((?=.{3", "ke/edition.toml, case_reference: is not a pattern"),
        ("edition.toml", 'article = "Data', 'artcle = "Data', "legal_bases KE-DPA-30-1-B, artcle: is not a known key."),
        ("offences.toml", "schema_version = 1", "schema_version = 2", "schema_version: is not 1, the version read"),
        ("offences.toml", "schema_version = 1", "schema_version = true", "schema_version: is not of type int."),
        ("offences.toml", 'jurisdiction = "KE"', 'jurisdiction = ""', "jurisdiction: is empty; leave out"),
        ("offences.toml", '_child = "possible"', '_child = "maybe"', "offences KE-SOA-3, involves_child: is none of"),
        ("offences.toml", "\nverified = false", '\nverified = "no"', "KE-SOA-3, verified: is not of type bool."),
        ("offences.toml", 'status = "in_force"', 'status = "new"', "offences KE-SOA-3, status: begins with none of"),
        ("offences.toml", 'code = "KE-SOA-4"', 'code = "KE-SOA-3"', "offences KE-SOA-3, code: stands there twice."),
        ("offences.toml", 'code = "KE-SOA-4"\n', "", "ke/offences.toml, offences number 2, code: is missing."),
        ("offences.toml", 'rule = "A court', 'ruling = "A court', "rules KE-SOA-39-1, ruling: is not a known key."),
    ],
)  # fmt: skip
def test_what_is_not_expected_is_refused_with_file_row_and_key(
    folder: Path, file: str, old: str, new: str, expected: str
) -> None:
    spoil(folder / file, old, new)

    assert expected in refusal(folder)


def test_a_file_that_is_not_text_is_refused(folder: Path) -> None:
    (folder / "offences.toml").write_bytes(b"\xff\xfe")

    assert "ke/offences.toml: is not TOML" in refusal(folder)


def test_counties_must_be_an_array(folder: Path) -> None:
    text = (folder / "edition.toml").read_text(encoding="utf-8")
    start, end = text.index("counties = ["), text.index("]\n") + 2
    (folder / "edition.toml").write_text(text[:start] + 'counties = "all"\n' + text[end:], encoding="utf-8")

    assert "ke/edition.toml, counties: is not an array." in refusal(folder)


@pytest.mark.parametrize(
    ("tables", "expected"),
    [
        ('misuse = "none"', "ke/offences.toml, misuse: is not an array of tables."),
        ("misuse = [1]", "ke/offences.toml, misuse number 1: is not a table."),
    ],
)
def test_rows_must_be_an_array_of_tables(folder: Path, tables: str, expected: str) -> None:
    law = 'schema_version = 1\njurisdiction = "KE"\ncompiled_from = "a"\ncaveat = "b"\noffences = []\nrules = []\n'
    (folder / "offences.toml").write_text(law + tables, encoding="utf-8")

    assert expected in refusal(folder)
