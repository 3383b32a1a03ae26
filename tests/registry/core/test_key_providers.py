"""Key files are read strictly, and a sealer is what the settings describe."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from registry.core.config import Settings
from registry.core.errors import InputRefused
from registry.core.key_providers import FileKeys, Moved, generate_key_line, open_sealer, read_key_file
from registry.core.sealing import KeyUnknown, Tampered

RECORD = UUID("0197a4c2-0000-7000-8000-000000000001")
A, B = bytes(range(32)).hex(), bytes(range(32, 64)).hex()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        sealing_key_file=written(tmp_path / "sealing.keys", f"first:{A}\n"),
        index_key_file=written(tmp_path / "index.key", f"{B}\n"),
    )


def written(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    path.chmod(0o600)
    return str(path)


def refusal(settings: Settings) -> InputRefused:
    with pytest.raises(InputRefused) as caught:
        open_sealer(settings)
    assert caught.value.remedy
    assert A not in str(caught.value) + repr(caught.value)
    return caught.value


# -- wrapping


def test_a_published_vector_of_aes_256_gcm_unwraps() -> None:
    """Test case 16 of McGrew and Viega, The Galois/Counter Mode of Operation, appendix B; NIST lists it as well."""
    keys = FileKeys({"vector": bytes.fromhex("feffe9928665731c6d6a8f9467308308" * 2)})
    wrapped = bytes.fromhex(
        "01" "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b"
    )  # fmt: skip

    content = keys.unwrap("vector", wrapped, bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2"))

    assert content == bytes.fromhex(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39"
    )


@given(key=st.binary(min_size=32, max_size=32), data_key=st.binary(min_size=32, max_size=32), bound=st.binary())
def test_what_is_wrapped_unwraps_bound_to_the_same(key: bytes, data_key: bytes, bound: bytes) -> None:
    keys = FileKeys({"first": key})
    wrapped = keys.wrap(data_key, bound)

    assert keys.unwrap("first", wrapped, bound) == data_key
    assert data_key not in wrapped
    with pytest.raises(Tampered):
        keys.unwrap("first", wrapped, bound + b"\x00")


def test_a_key_unwraps_nothing_of_another() -> None:
    keys = FileKeys({"first": bytes(32), "second": bytes(31) + b"\x01"})

    with pytest.raises(Tampered):
        keys.unwrap("second", keys.wrap(bytes(32), b""), b"")
    with pytest.raises(KeyUnknown):
        keys.unwrap("third", keys.wrap(bytes(32), b""), b"")


def test_what_a_file_wrapped_opens_after_the_move_into_a_token() -> None:
    file, token = FileKeys({"first": bytes(32)}), FileKeys({"pkcs11:01": bytes(31) + b"\x01"})
    moved = Moved(token, file)
    before, after = file.wrap(b"before", b"bound"), moved.wrap(b"after", b"bound")

    assert moved.current == "pkcs11:01"
    assert moved.unwrap("first", before, b"bound") == b"before"
    assert moved.unwrap("pkcs11:01", after, b"bound") == token.unwrap("pkcs11:01", after, b"bound") == b"after"
    with pytest.raises(KeyUnknown):
        moved.unwrap("second", before, b"bound")


# -- key files


def test_the_first_line_is_current_and_all_unwrap(tmp_path: Path) -> None:
    before = read_key_file(written(tmp_path / "before", f"a-1:{A}"))
    after = read_key_file(written(tmp_path / "after", f"b-2:{B.upper()}\na-1:{A}\n"))

    assert (before.current, after.current) == ("a-1", "b-2")
    assert after.unwrap("a-1", before.wrap(bytes(32), b""), b"") == bytes(32)


def test_a_line_that_was_generated_is_read(tmp_path: Path) -> None:
    lines = [generate_key_line() for _ in range(3)]

    keys = read_key_file(written(tmp_path / "sealing.keys", "\n".join(lines) + "\n"))

    assert keys.current == lines[0].partition(":")[0]
    assert all(line.partition(":")[0] in keys for line in lines)
    assert len({line.partition(":")[2] for line in lines}) == 3


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f"first {A}", 1),
        (f"{A}:first", 1),
        (f":{A}xx", 1),
        (f"First:{A}", 1),
        (f"-first:{A}", 1),
        (f"fi_rst:{A}", 1),
        (f"fïrst:{A}", 1),
        (f"pkcs11:01:{A}", 1),
        (f"{'f' * 33}:{A}", 1),
        (f"first: {A}", 1),
        (f"first:{A}00", 1),
        (f"first:{A[:-2]}\nsecond:{B}", 1),
        (f"first:{A[:-1]}g", 1),
        (f"# a comment, which is none\nfirst:{A}", 1),
        (f"first:{A}\r\nsecond:{B}", 1),
        (f"first:{A}\n\nsecond:{B}", 2),
        (f"first:{A}\n second:{B}", 2),
        (f"first:{A}\nsecond", 2),
        (f"first:{A}\nfirst:{B}", 2),
        (f"first:{A}\nsecond:{A}", 2),
        (f"first:{A}\nsecond:{A.upper()}", 2),
        (bytes(range(0xB0, 0x100)), 1),
        (b"\x00\x01\x02\x03\x04\x05\x06\x07" * 10, 1),
    ],
)
def test_a_line_of_another_form_is_refused_by_its_number(settings: Settings, content: str | bytes, line: int) -> None:
    written(Path(settings.sealing_key_file), content)

    told = refusal(settings)

    assert (told.code, told.field) == ("SECRET_MALFORMED", "sealing_key_file")
    assert f"line {line}" in told.message


@pytest.mark.parametrize("content", ["", "\n", "first:", f"first:{A[:56]}"])
def test_a_key_file_that_is_too_short_for_a_line_is_refused(settings: Settings, content: str) -> None:
    written(Path(settings.sealing_key_file), content)

    assert (refusal(settings).code, refusal(settings).field) == ("SECRET_SHORT", "sealing_key_file")


@pytest.mark.parametrize("content", [B + "00", "uvwxyz01" * 8, B[:32] + "\n" + B[32:], "0x" + B])
def test_an_index_key_is_64_hex_digits(settings: Settings, content: str) -> None:
    written(Path(settings.index_key_file), content)

    assert (refusal(settings).code, refusal(settings).field) == ("SECRET_MALFORMED", "index_key_file")


def test_an_index_key_that_is_too_short_is_refused(settings: Settings) -> None:
    written(Path(settings.index_key_file), B[:62])

    assert (refusal(settings).code, refusal(settings).field) == ("SECRET_SHORT", "index_key_file")


# -- the sealer of the settings


def test_two_processes_of_the_same_settings_open_what_each_other_sealed(settings: Settings) -> None:
    one, other = open_sealer(settings), open_sealer(settings)
    key, wrapped = one.new_key(RECORD)
    envelope = key.seal(b"content", table="contacts", field="phone")

    assert other.open_key(RECORD, wrapped).open(envelope, table="contacts", field="phone") == b"content"
    assert other.blind("phone", "1") == one.blind("phone", "1")
    assert one.current == wrapped.key_id == "first"


@pytest.mark.parametrize("name", ["sealing_key_file", "index_key_file"])
def test_without_a_key_settings_stand_and_no_sealer_opens(settings: Settings, name: str) -> None:
    without = replace(settings, **{name: ""})  # type: ignore[arg-type]  # one of the texts

    assert (refusal(without).code, refusal(without).field) == ("SECRET_MISSING", name)


@pytest.mark.parametrize("name", ["sealing_key_file", "index_key_file"])
def test_a_key_that_others_can_read_is_refused(settings: Settings, name: str) -> None:
    Path(getattr(settings, name)).chmod(0o640)

    assert (refusal(settings).code, refusal(settings).field) == ("SECRET_EXPOSED", name)


@pytest.mark.parametrize("missing", ["pkcs11_module", "pkcs11_token", "pkcs11_key", "pkcs11_pin_file"])
def test_a_token_that_is_described_in_part_is_refused(missing: str) -> None:
    """Without its module a token would silently be replaced by the key file."""
    whole = dict.fromkeys(("pkcs11_module", "pkcs11_token", "pkcs11_key", "pkcs11_pin_file"), "x")

    with pytest.raises(InputRefused) as caught:
        Settings(**{**whole, missing: ""})  # type: ignore[arg-type]  # all of them texts

    assert (caught.value.code, caught.value.field) == ("SETTING_INVALID", "pkcs11_module")
    assert Settings(**whole).pkcs11_key == "x"  # type: ignore[arg-type]


def test_a_node_with_a_key_file_loads_no_library_for_tokens() -> None:
    program = "import sys, registry.core.key_providers; sys.exit('pkcs11' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
