"""`registry certificate print`: the desk prints a certificate, and that stands in the log."""

from pathlib import Path

import pytest

from registry.certificates import numbers, words
from registry.disclosure.vocabulary import Role
from tests.registry.certificates.scenes import issued, on_register
from tests.registry.cli.conftest import Shell, on_behalf

DESK = on_behalf(Role.DESK_OFFICER)
TITLES = words.PAPER["title"]


@pytest.fixture
def number(shell: Shell) -> str:
    """The number of a certificate that stands."""
    made = shell.database(lambda connection: issued(connection, on_register(connection)).number)
    assert made is not None
    return made


def test_the_paper_is_printed_in_the_language_that_is_chosen(shell: Shell, number: str) -> None:
    both = shell.run("certificate", "print", number, *DESK).stdout
    swahili = shell.run("certificate", "print", number, "--language", "sw", *DESK).stdout

    assert all(each in both for each in (number, "Juma Hamisi Mwakio", *TITLES.values()))
    assert TITLES["sw"] in swahili
    assert TITLES["en"] not in swahili
    assert [each["body"]["events"][0]["name"] for each in shell.log()[-2:]] == ["certificate:printed"] * 2


def test_a_page_goes_into_a_file_that_only_its_owner_can_read(shell: Shell, number: str, tmp_path: Path) -> None:
    out = tmp_path / "certificate.html"

    told = shell.json("certificate", "print", number, "--html", "--out", out, *DESK)

    assert (told["number"], told["file"]) == (number, str(out))
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("asked", "code"), [(numbers.EXAMPLE, 4), ("CERT-1", 2)])
def test_what_is_no_certificate_is_not_printed(shell: Shell, asked: str, code: int) -> None:
    shell.run("certificate", "print", asked, *DESK, expected=code)

    assert shell.log()[-1]["outcome"] == ("denied" if code == 4 else "failed")
