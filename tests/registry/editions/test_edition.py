"""Loading an edition is strict: a file that says something unexpected is refused with its place."""

import copy
import pickle
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


def test_an_edition_can_be_copied_and_sent_to_another_process(folder: Path) -> None:
    spoil(folder / "edition.toml", "subcounties = {}", 'subcounties = { Lamu = ["Reka Mashariki"] }')
    edition = read(folder)

    for other in (pickle.loads(pickle.dumps(edition)), copy.deepcopy(edition)):  # noqa: S301  our own bytes
        assert other == edition
        with pytest.raises(TypeError):
            other.subcounties["Lamu"] = ()  # type: ignore[index]


def test_nobody_changes_an_edition_while_it_is_used() -> None:
    with pytest.raises(TypeError):
        load().tiers["one"] = load().tiers["three"]  # type: ignore[index]


def test_a_sub_county_is_one_of_the_list_or_free_text_where_there_is_none(folder: Path) -> None:
    spoil(folder / "edition.toml", "subcounties = {}", 'subcounties = { Lamu = ["Reka Mashariki"] }')
    edition = read(folder)

    assert edition.is_subcounty("Lamu", "Reka Mashariki")
    assert not edition.is_subcounty("Lamu", "Reka Magharibi")
    assert edition.is_subcounty("Kilifi", "any name")


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
        ("edition.toml", '"Mombasa", "Kwale"', '"Kwale", "Kwale"', "ke/edition.toml, counties: says one thing twice."),
        ("edition.toml", '"Mombasa"', "7", "ke/edition.toml, counties number 1: is not of type str."),
        ("edition.toml", "counties = [", 'counties = "all" # [', "is not TOML"),
        ("edition.toml", "'(?=.{3", "'((?=.{3", "ke/edition.toml, case_reference: is not a pattern"),
        ("edition.toml", 'article = "Data', 'artcle = "Data', "legal_bases KE-DPA-30-1-B, artcle: is not a known key."),
        ("edition.toml", "subcounties = {}", "subcounties = []", "ke/edition.toml, subcounties: is not a table."),
        ("edition.toml", "subcounties = {}", "", "ke/edition.toml, subcounties: is missing."),
        ("edition.toml", "s = {}", 's = { Mombassa = ["X"] }', "subcounties, Mombassa: is not a known key."),
        ("edition.toml", "s = {}", "s = { Mombasa = [] }", "subcounties, Mombasa: is empty; leave out"),
        ("edition.toml", "s = {}", 's = { Mombasa = ["X", "X"] }', "subcounties, Mombasa: says one thing twice."),
        ("offences.toml", '"ke-2026-11"', '"ug-2026-11"', "ke/offences.toml, catalogue_version: is not ke, a year"),
        ("offences.toml", '"ke-2026-11"', '"ke-2026-13"', "ke/offences.toml, catalogue_version: is not ke, a year"),
        ("offences.toml", 'catalogue_version = "ke-2026-11"', "", "ke/offences.toml, catalogue_version: is missing."),
        ("offences.toml", "schema_version = 1", "schema_version = 2", "schema_version: is not 1, the version read"),
        ("offences.toml", "schema_version = 1", "schema_version = true", "schema_version: is not of type int."),
        ("offences.toml", 'jurisdiction = "KE"', 'jurisdiction = ""', "jurisdiction: is empty; leave out"),
        ("offences.toml", '_child = "possible"', '_child = "maybe"', "offences KE-SOA-3, involves_child: is none of"),
        ("offences.toml", "\nverified = false", '\nverified = "no"', "KE-SOA-3, verified: is not of type bool."),
        ("offences.toml", 'status = "in_force"', 'status = "new"', "offences KE-SOA-3, status: begins with none of"),
        ("offences.toml", 'code = "KE-SOA-4"', 'code = "KE-SOA-3"', "offences KE-SOA-3, code: stands there twice."),
        ("offences.toml", 'code = "KE-SOA-4"\n', "", "ke/offences.toml, offences number 2, code: is missing."),
        ("offences.toml", 'rule = "A court', 'ruling = "A court', "rules KE-SOA-39-1, ruling: is not a known key."),
        ("life.toml", "schema_version = 1", "schema_version = 2", "ke/life.toml, schema_version: is not 1, the"),
        ("life.toml", "schema_version = 1", "schema_version = 0", "ke/life.toml, schema_version: is below 1."),
        ("life.toml", "[[tiers]]", "[[tears]]", "ke/life.toml, tears: is not a known key."),
        ("life.toml", "days = 7", "days = 0", "ke/life.toml, desk access, days: is below 1."),
        ("life.toml", "days = 7", "days = -7", "ke/life.toml, desk access, days: is below 1."),
        ("life.toml", "days = 7", 'days = "7"', "ke/life.toml, desk access, days: is not of type int."),
        ("life.toml", "days = 7", 'days = "never"', "ke/life.toml, desk access, days: is not of type int."),
        ("life.toml", "days = 7", "days = true", "ke/life.toml, desk access, days: is not of type int."),
        ("life.toml", "days = 7\n", "", "ke/life.toml, desk access, days: is missing."),
        ("life.toml", "days = 7", "days = 7\nhours = 1", "ke/life.toml, desk access, hours: is not a known key."),
        ("life.toml", 'code = "access"', 'code = "acess"', "ke/life.toml, desk, acess: is not a known key."),
        ("life.toml", 'code = "adult_age"', 'code = "age"', "ke/life.toml, figures, age: is not a known key."),
        ("life.toml", 'code = "juvenile"', 'code = "young"', "ke/life.toml, categories, young: is not a known key."),
        ("life.toml", 'code = "two"', 'code = "one"', "ke/life.toml, tiers one, code: stands there twice."),
        ("life.toml", 'code = "H0"', 'code = "H4"', "ke/life.toml, onward, H4: is not a known key."),
        ("life.toml", 'code = "open"', 'code = "public"', "ke/life.toml, clearances, public: is not a known key."),
        ("life.toml", 'expires_after_years = "never"\n', "", "categories convicted, expires_after_years: is missing."),
        ("life.toml", 'years = "never"', 'years = "Never"', "convicted, expires_after_years: is not of type int."),
        ("life.toml", "review_every_years = 5", 'review_every_years = "never"', "_every_years: is not of type int."),
        ("life.toml", "needs_conviction = true", "needs_conviction = false", "convicted: needs neither a conviction"),
        ("life.toml", '"investigator", "reg', '"auditor", "reg', "roles number 1: is none of investigator, registrar"),
        ("life.toml", '"investigator", "reg', '"registrar", "reg', "convicted, roles: says one thing twice."),
        ("life.toml", '["registrar", "supervisor"]', "[]", "ordered, roles: is empty; leave out"),
        ("life.toml", '["registrar", "supervisor"]', '"registrar"', "ordered, roles: is not an array."),
        ("life.toml", 'kinds = ["correction"]', 'kinds = ["erasure"]', "kinds number 1: is none of access, correction"),
        ("life.toml", "verified = true\n", "", "ke/life.toml, figures adult_age, verified: is missing."),
        ("life.toml", 'source = "As H0"', 'source = ""', "onward H1, source: is empty; leave out what is unknown."),
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


@pytest.mark.parametrize("name", ["edition.toml", "offences.toml", "life.toml"])
def test_an_edition_has_all_three_files(folder: Path, name: str) -> None:
    (folder / name).unlink()

    assert f"ke/{name}: is missing." in refusal(folder)


@pytest.mark.parametrize("table", ["tiers", "modus_operandi", "appeals"])
def test_a_table_that_is_not_there_is_named(folder: Path, table: str) -> None:
    text = (folder / "life.toml").read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n\n") if not block.startswith(f"[[{table}]]")]
    (folder / "life.toml").write_text("\n\n".join(blocks), encoding="utf-8")

    assert f"ke/life.toml, {table}: is missing." in refusal(folder)


def test_an_article_opens_the_fields_for_parents_names(folder: Path) -> None:
    spoil(folder / "life.toml", 'code = "parents_names"', 'code = "parents_names"\narticle = "An Act, section 1"')

    assert read(folder).parents_names == "An Act, section 1"


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
    version = 'catalogue_version = "ke-2026-11"\n'
    (folder / "offences.toml").write_text(law + version + tables, encoding="utf-8")

    assert expected in refusal(folder)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('code = "Kwale"', 'code = "Kwaleh"', "Kwaleh"),
        ("latitude = -4.15", "latitude = -94.15", "Kwale"),
        ("latitude = -4.15", "latitude = nan", "Kwale"),
        ("area_km2 = 8270", "area_km2 = 0", "area_km2"),
    ],
)
def test_a_county_that_lies_nowhere_is_refused(folder: Path, old: str, new: str, place: str) -> None:
    spoil(folder / "counties.toml", old, new)

    assert place in refusal(folder)
