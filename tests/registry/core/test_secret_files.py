"""Secrets are files that nobody else reads, and no defaults; printed, nothing that holds one shows it."""

import os
from pathlib import Path

import pytest
import sqlalchemy as sa

from auth.keys import generate_signing_key, signing_key
from auth.nonces import Nonces
from graphql_schema.paging import Cursors
from registry.core.errors import InputRefused
from registry.core.key_providers import FileKeys, generate_key_line
from registry.core.sealing import Sealer
from registry.core.secret_files import KNOWN, read_secret

SECRET = "correct-horse-battery-staple"


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text(f"  {SECRET}\n", encoding="utf-8")
    path.chmod(0o600)
    return path


def test_a_secret_is_the_content_of_its_file_without_white_space_around(secret: Path) -> None:
    assert read_secret(str(secret), field="cursor_key_file") == SECRET.encode()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o610, 0o601, 0o644])
def test_a_secret_that_others_can_reach_is_refused_and_not_printed(secret: Path, mode: int) -> None:
    secret.chmod(mode)

    with pytest.raises(InputRefused) as caught:
        read_secret(str(secret), field="cursor_key_file")

    assert (caught.value.code, caught.value.field) == ("SECRET_EXPOSED", "cursor_key_file")
    assert SECRET not in str(caught.value) + repr(caught.value)


def test_a_short_secret_is_refused_and_not_printed(secret: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        read_secret(str(secret), field="cursor_key_file", least=len(SECRET) + 1)

    assert caught.value.code == "SECRET_SHORT"
    assert SECRET not in str(caught.value) + repr(caught.value)


@pytest.mark.parametrize("name", ["", "none", ".", "a\x00b"])
def test_a_secret_that_is_not_there_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRefused) as caught:
        read_secret(str(tmp_path / name) if name else "", field="signing_key_file")

    assert (caught.value.code, caught.value.field) == ("SECRET_MISSING", "signing_key_file")
    assert caught.value.remedy


# -- credentials of systemd


@pytest.fixture
def credentials(secret: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that systemd names, with one credential in it."""
    folder = secret.parent / "credentials"
    folder.mkdir()
    secret.rename(folder / "signing.pem")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return folder


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600, 0o640])
def test_a_name_without_a_path_is_a_credential_that_systemd_hands_over(credentials: Path, mode: int) -> None:
    (credentials / "signing.pem").chmod(mode)

    assert read_secret("signing.pem", field="signing_key_file") == SECRET.encode()


@pytest.mark.parametrize("mode", [0o444, 0o604, 0o620, 0o660])
def test_a_credential_that_everybody_reads_or_another_writes_is_refused(credentials: Path, mode: int) -> None:
    (credentials / "signing.pem").chmod(mode)

    with pytest.raises(InputRefused) as caught:
        read_secret("signing.pem", field="signing_key_file")

    assert caught.value.code == "SECRET_EXPOSED"


def test_what_systemd_did_not_hand_over_is_a_file_like_any_other(
    credentials: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside = tmp_path / "cursor.key"
    beside.write_text(SECRET, encoding="utf-8")
    beside.chmod(0o640)
    monkeypatch.chdir(tmp_path)

    for path in ("cursor.key", str(beside), "credentials/../cursor.key"):
        with pytest.raises(InputRefused) as caught:
            read_secret(path, field="cursor_key_file")
        assert caught.value.code == "SECRET_EXPOSED"
    (credentials / "signing.pem").chmod(0o440)
    with pytest.raises(InputRefused):
        read_secret(str(credentials / "signing.pem"), field="signing_key_file")  # named by its path it is a file


def test_a_secret_of_another_account_is_refused(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(secret, 65534, 65534)
    else:  # only root can give a file away
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)

    with pytest.raises(InputRefused) as caught:
        read_secret(str(secret), field="cursor_key_file")

    assert caught.value.code == "SECRET_EXPOSED"


# -- defaults


@pytest.mark.parametrize(
    "content", [*sorted(KNOWN), b"Password", b"0" * 64, b"00ff" * 16, b"secret" * 8, b"abcde" * 10]
)
def test_what_anybody_would_try_is_refused_and_not_printed(secret: Path, content: bytes) -> None:
    secret.write_bytes(content)

    with pytest.raises(InputRefused) as caught:
        read_secret(str(secret), field="cursor_key_file", least=1)

    assert caught.value.code == "SECRET_DEFAULT"
    assert content.decode() not in str(caught.value).split()


def test_what_was_made_by_chance_is_none_of_those(secret: Path) -> None:
    for content in (generate_key_line(), generate_signing_key().private_pem.strip(), os.urandom(32).hex()):
        secret.write_text(content, encoding="utf-8")
        assert read_secret(str(secret), field="sealing_key_file").decode() == content


# -- nothing is printed


def test_printed_nothing_that_holds_a_secret_shows_it() -> None:
    key = bytes(range(90, 122))
    pem = generate_signing_key().private_pem
    address = sa.make_url("postgresql://registry@db.example/r").set(password=key.decode())
    keys = FileKeys({"one": key})
    holders = [Cursors(key), Nonces.of(key), Nonces(key), keys, Sealer(keys, key), signing_key(pem), address]

    printed = " ".join(f"{each} {each!r}" for each in holders)

    for shown in (key.decode(), key.hex(), repr(key)[2:-1], *pem.split("\n")[1:-2]):
        assert shown not in printed
