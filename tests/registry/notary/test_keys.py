"""The notary's keys: files that nobody else reads, and never one over another."""

from pathlib import Path

import pytest

from registry.core.config import Settings
from registry.core.errors import Conflict, InputRefused
from registry.notary import keys
from registry.tlog.keys import Kind


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the embedded default."""
    return Settings(notary_folder=str(tmp_path / "notary"), log_folder=str(tmp_path / "published"))


def test_the_embedded_default_makes_both_keys_at_its_first_start_and_never_again(settings: Settings) -> None:
    made = keys.signers_of(settings, is_first=True)

    assert [each.key.kind for each in made] == [Kind.ED25519, Kind.ML_DSA_44]
    assert {each.key.name for each in made} == {"127.0.0.1:8000/log"}
    assert {path.stat().st_mode & 0o777 for path in keys.files(settings).values()} == {0o600}
    assert [each.key for each in keys.signers_of(settings, is_first=True)] == [each.key for each in made]


def test_a_log_that_has_been_signed_gets_no_other_key(settings: Settings) -> None:
    with pytest.raises(InputRefused) as refused:
        keys.signers_of(settings, is_first=False)

    assert (refused.value.code, refused.value.field) == ("SECRET_MISSING", "notary_key_file")


@pytest.mark.parametrize("place", [0, 1])
def test_a_key_that_others_can_read_is_refused(settings: Settings, place: int) -> None:
    keys.signers_of(settings, is_first=True)
    setting, path = list(keys.files(settings).items())[place]
    path.chmod(0o644)

    with pytest.raises(InputRefused) as refused:
        keys.signers_of(settings, is_first=False)

    assert (refused.value.code, refused.value.field) == ("SECRET_EXPOSED", setting)


def test_a_key_is_never_written_over_another(settings: Settings) -> None:
    keys.signers_of(settings, is_first=True)
    path = keys.files(settings)["notary_key_file"]
    before = path.read_bytes()

    with pytest.raises(Conflict) as refused:
        keys.make(path, "notary_key_file")

    assert refused.value.code == "FILE_EXISTS"
    assert path.read_bytes() == before


def test_a_named_key_alone_signs_alone_and_must_be_of_its_kind(settings: Settings) -> None:
    keys.signers_of(settings, is_first=True)
    ed25519, ml_dsa = map(str, keys.files(settings).values())

    assert [each.key.kind for each in keys.signers_of(Settings(notary_key_file=ed25519), is_first=True)] == [
        Kind.ED25519
    ]
    for first, second in ((ml_dsa, ""), (ed25519, ed25519)):
        with pytest.raises(InputRefused) as refused:
            keys.signers_of(Settings(notary_key_file=first, notary_ml_dsa_key_file=second), is_first=True)
        assert refused.value.code == "KEY_REFUSED"


def test_what_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("an invented text that is no key", encoding="ascii")
    (tmp_path / "key.pem").chmod(0o600)

    with pytest.raises(InputRefused) as refused:
        keys.signers_of(Settings(notary_key_file=str(tmp_path / "key.pem")), is_first=True)

    assert refused.value.code == "KEY_REFUSED"
