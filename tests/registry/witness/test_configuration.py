"""One file says what a witness is, read strictly; its keys and its memory begin together."""

from pathlib import Path

import pytest

from registry.core.errors import Conflict, InputRefused
from registry.tlog.keys import Kind
from registry.witness.configuration import Configuration, begin, load, signers
from registry.witness.memory import Memory
from tests.registry.tlog.signers import LATER_LOG, LOG, ORIGIN, POLICE

RIGHT = f"""
name = "DEMO-police.example/witness"
key_file = "FOLDER/witness.pem"
ml_dsa_key_file = "FOLDER/ml-dsa.pem"
state_file = "FOLDER/witness.db"

[[logs]]
origin = "{ORIGIN}"
keys = ["{LOG.key.print()}", "{LATER_LOG.key.print()}"]
"""


def written(folder: Path, text: str = RIGHT) -> Path:
    file = folder / "witness.toml"
    file.write_text(text.replace("FOLDER", str(folder)))
    return file


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    return load(written(tmp_path))


def test_a_configuration_is_read(configuration: Configuration) -> None:
    assert configuration.logs == {ORIGIN: (LOG.key, LATER_LOG.key)}
    assert (configuration.listen_host, configuration.listen_port) == ("127.0.0.1", 8930)


@pytest.mark.parametrize(("old", "new", "field"), [
    ("name = ", "name_ = ", "name_"),
    ('name = "DEMO-police.example/witness"', "", "name"),
    ("DEMO-police.example/witness", "DEMO police", "name"),
    ("DEMO-police.example/witness", "DEMO+police", "name"),
    ("DEMO-police.example/witness", "D" * 256, "name"),
    ('key_file = "FOLDER/witness.pem"', "key_file = 7", "key_file"),
    ("state_file", 'listen_port = "8930"\nstate_file', "listen_port"),
    ("state_file", "listen_port = 65536\nstate_file", "listen_port"),
    ("state_file", "listen_port = true\nstate_file", "listen_port"),
    ("state_file", "listen_host = 1\nstate_file", "listen_host"),
    (RIGHT[RIGHT.index("[[logs]]") :], "", "logs"),
    (RIGHT[RIGHT.index("[[logs]]") :], "logs = []", "logs"),
    (RIGHT[RIGHT.index("[[logs]]") :], "logs = [1]", "logs[0]"),
    ("[[logs]]", "[[logs]]\nurl = 'x'", "logs[0]"),
    (f'origin = "{ORIGIN}"', 'origin = "a\\nb"', "logs[0].origin"),
    (f'origin = "{ORIGIN}"', 'origin = "a\\tb"', "logs[0].origin"),
    (f'"{LATER_LOG.key.print()}"]', f'"x"]\n[[logs]]\norigin = "{ORIGIN}"\nkeys = ["x"]', "logs[0].keys"),
    (LOG.key.print(), POLICE.key.print(), "logs[0].keys"),
    (LOG.key.print(), LOG.key.print()[:-4], "logs[0].keys"),
    (f'["{LOG.key.print()}", "{LATER_LOG.key.print()}"]', "[]", "logs[0].keys"),
])  # fmt: skip
def test_what_breaks_a_rule_is_named(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert old in RIGHT

    with pytest.raises(InputRefused) as refused:
        load(written(tmp_path, RIGHT.replace(old, new, 1)))
    assert refused.value.field == field
    assert refused.value.code in {"SETTING_INVALID", "SETTING_UNKNOWN"}


def test_a_log_stands_once(tmp_path: Path) -> None:
    again = f'[[logs]]\norigin = "{ORIGIN}"\nkeys = ["{LOG.key.print()}"]\n'

    with pytest.raises(InputRefused) as refused:
        load(written(tmp_path, RIGHT + again))
    assert refused.value.field == "logs[1].origin"


@pytest.mark.parametrize("content", [None, "name = ", "\udcff"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "witness.toml").write_bytes(content.encode(errors="surrogateescape"))

    with pytest.raises(InputRefused) as refused:
        load(tmp_path / "witness.toml")
    assert refused.value.code == "SETTINGS_UNREADABLE"


# -- keys


def test_a_witness_begins_with_private_keys_and_an_empty_memory(configuration: Configuration) -> None:
    made = begin(configuration)

    assert [each.key.kind for each in made] == [Kind.COSIGNATURE, Kind.ML_DSA_44]
    assert {each.key.name for each in made} == {"DEMO-police.example/witness"}
    assert [each.key for each in signers(configuration)] == [each.key for each in made]
    assert Memory(configuration.memory) is not None
    for name in ("key_file", "ml_dsa_key_file", "state_file"):
        assert Path(getattr(configuration, name)).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("lost", ["key_file", "ml_dsa_key_file", "state_file"])
def test_a_key_is_never_joined_to_a_new_memory(configuration: Configuration, lost: str) -> None:
    begin(configuration)
    Path(getattr(configuration, lost)).unlink()

    with pytest.raises(Conflict) as refused:
        begin(configuration)
    assert refused.value.code == "WITNESS_EXISTS"
    assert not Path(getattr(configuration, lost)).exists()


def test_a_key_that_others_can_read_is_refused(configuration: Configuration) -> None:
    begin(configuration)
    Path(configuration.key_file).chmod(0o640)

    with pytest.raises(InputRefused) as refused:
        signers(configuration)
    assert (refused.value.code, refused.value.field) == ("SECRET_EXPOSED", "key_file")


def test_a_key_of_another_kind_is_refused(configuration: Configuration) -> None:
    begin(configuration)
    one, other = Path(configuration.key_file), Path(configuration.ml_dsa_key_file)
    content = one.read_text()
    for taken, wrong, field in [(other, content, "ml_dsa_key_file"), (one, "no key at all, only text", "key_file")]:
        taken.write_text(wrong)
        with pytest.raises(InputRefused) as refused:
            signers(configuration)
        assert (refused.value.code, refused.value.field) == ("KEY_REFUSED", field)


def test_a_witness_does_not_sign_with_the_key_of_a_log(tmp_path: Path, configuration: Configuration) -> None:
    own = begin(configuration)[1].key
    taken = RIGHT.replace(LATER_LOG.key.print(), own.print())

    with pytest.raises(InputRefused) as refused:
        signers(load(written(tmp_path, taken)))
    assert (refused.value.code, refused.value.field) == ("SETTING_INVALID", "key_file")
