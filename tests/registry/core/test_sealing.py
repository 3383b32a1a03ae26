"""Sealing: what is sealed opens where it was sealed, unchanged, and nowhere else."""

import copy
import json
import logging
import pickle
import traceback
from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

import pytest
import structlog
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import assume, given, strategies as st

from registry.core.errors import RegistryError
from registry.core.key_providers import FileKeys
from registry.core.sealing import DataKey, KeyUnknown, Sealer, Tampered, WrappedKey
from registry.core.telemetry import configure_logging, log

RECORD = UUID("0197a4c2-0000-7000-8000-000000000001")
OTHER = UUID("0197a4c2-0000-7000-8000-000000000002")
OLD = bytes(range(32))
NEW = bytes(range(32, 64))
INDEX = bytes(range(64, 96))
DATA = bytes(range(96, 128))
SECRETS = (OLD, NEW, INDEX, DATA)

names = st.text(max_size=20)


class Counting(FileKeys):
    """A provider that counts how often it is asked to unwrap."""

    asked = 0

    def unwrap(self, key_id: str, wrapped: bytes, bound: bytes) -> bytes:
        self.asked += 1
        return super().unwrap(key_id, wrapped, bound)


@pytest.fixture(scope="module")
def sealer() -> Sealer:
    return Sealer(FileKeys({"old": OLD}), INDEX)


@pytest.fixture(scope="module")
def key() -> DataKey:
    return DataKey(DATA, RECORD)


def shown(thing: object) -> str:
    return f"{thing} {thing!r} {[thing]} {vars(thing) if hasattr(thing, '__dict__') else ''}"


def holds_secret(text: str) -> bool:
    spellings = [[each.hex(), repr(each)[2:-1], urlsafe_b64encode(each).decode()[:40]] for each in SECRETS]
    return any(spelling in text for each in spellings for spelling in each)


# -- envelopes


@given(content=st.binary(max_size=300), table=names, field=names)
def test_what_is_sealed_opens_again(key: DataKey, content: bytes, table: str, field: str) -> None:
    envelope = key.seal(content, table=table, field=field)

    assert key.open(envelope, table=table, field=field) == content
    assert len(envelope) == 1 + 12 + len(content) + 16


@given(content=st.binary(min_size=8, max_size=100))
def test_an_envelope_does_not_contain_what_it_seals(key: DataKey, content: bytes) -> None:
    assert content not in key.seal(content, table="contacts", field="phone")


def test_the_same_content_is_never_sealed_twice_alike(key: DataKey) -> None:
    envelopes = [key.seal(b"same", table="contacts", field="phone") for _ in range(1000)]

    assert len({envelope[1:13] for envelope in envelopes}) == len(envelopes)
    assert len({envelope[13:] for envelope in envelopes}) == len(envelopes)


def test_an_envelope_with_any_bit_changed_does_not_open(key: DataKey) -> None:
    envelope = key.seal(b"+254700000000", table="contacts", field="phone")

    for place in range(8 * len(envelope)):
        changed = bytearray(envelope)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Tampered):
            key.open(bytes(changed), table="contacts", field="phone")


def test_an_envelope_that_is_cut_short_or_longer_does_not_open(key: DataKey) -> None:
    envelope = key.seal(b"+254700000000", table="contacts", field="phone")

    for changed in [*(envelope[:length] for length in range(len(envelope))), envelope + b"\x00", b"\x01" + envelope]:
        with pytest.raises(Tampered):
            key.open(changed, table="contacts", field="phone")


@given(sealed=st.tuples(names, names), opened=st.tuples(names, names))
def test_an_envelope_opens_in_no_other_table_or_field(
    key: DataKey, sealed: tuple[str, str], opened: tuple[str, str]
) -> None:
    assume(sealed != opened)
    envelope = key.seal(b"content", table=sealed[0], field=sealed[1])

    with pytest.raises(Tampered):
        key.open(envelope, table=opened[0], field=opened[1])


@given(name=st.text(min_size=1, max_size=20), cut=st.integers(0, 20), other=st.integers(0, 20))
def test_a_name_that_is_divided_otherwise_is_another_place(key: DataKey, name: str, cut: int, other: int) -> None:
    """ab + c is not a + bc: each name stands behind its length."""
    assume(name[:cut] != name[:other])
    envelope = key.seal(b"content", table=name[:cut], field=name[cut:])

    with pytest.raises(Tampered):
        key.open(envelope, table=name[:other], field=name[other:])


def test_an_envelope_opens_in_no_other_record() -> None:
    """Not even under the same data key, should one ever be given to two records."""
    envelope = DataKey(DATA, RECORD).seal(b"content", table="contacts", field="phone")

    with pytest.raises(Tampered):
        DataKey(DATA, OTHER).open(envelope, table="contacts", field="phone")


def test_an_envelope_opens_under_no_other_data_key(sealer: Sealer) -> None:
    (first, _), (second, _) = sealer.new_key(RECORD), sealer.new_key(RECORD)
    envelope = first.seal(b"content", table="contacts", field="phone")

    with pytest.raises(Tampered):
        second.open(envelope, table="contacts", field="phone")


def test_what_does_not_open_is_internal() -> None:
    """Whoever asks must not learn from the answer what was changed."""
    assert not issubclass(Tampered, RegistryError)
    assert issubclass(KeyUnknown, Tampered)


# -- data keys


def test_a_data_key_opens_what_it_sealed_before_it_was_stored(sealer: Sealer) -> None:
    key, wrapped = sealer.new_key(RECORD)
    envelope = key.seal(b"content", table="contacts", field="phone")

    assert sealer.open_key(RECORD, wrapped).open(envelope, table="contacts", field="phone") == b"content"
    assert wrapped.key_id == sealer.current == "old"


def test_a_wrapped_key_with_any_bit_changed_does_not_open(sealer: Sealer) -> None:
    _, wrapped = sealer.new_key(RECORD)

    for place in range(8 * len(wrapped.content)):
        changed = bytearray(wrapped.content)
        changed[place // 8] ^= 1 << place % 8
        with pytest.raises(Tampered):
            sealer.open_key(RECORD, WrappedKey("old", bytes(changed)))


def test_a_wrapped_key_opens_for_no_other_record(sealer: Sealer) -> None:
    _, wrapped = sealer.new_key(RECORD)

    with pytest.raises(Tampered):
        sealer.open_key(OTHER, wrapped)


def test_a_wrapped_key_that_is_no_data_key_does_not_open() -> None:
    """AES takes 16 bytes as well; a key of ours has 32."""
    provider = FileKeys({"old": OLD})
    short = provider.wrap(bytes(16), b"data key of " + RECORD.bytes)

    with pytest.raises(Tampered, match="length"):
        Sealer(provider, INDEX).open_key(RECORD, WrappedKey("old", short))


def test_an_opened_key_is_not_kept() -> None:
    """Erasing a record is deleting its wrapped key; a store of opened keys would go on opening it."""
    provider = Counting({"old": OLD})
    sealer = Sealer(provider, INDEX)
    _, wrapped = sealer.new_key(RECORD)

    sealer.open_key(RECORD, wrapped)
    sealer.open_key(RECORD, wrapped)

    assert provider.asked == 2


# -- rotation


def test_a_rotation_wraps_data_keys_anew_and_leaves_envelopes_as_they_are() -> None:
    before = Sealer(FileKeys({"old": OLD}), INDEX)
    between = Sealer(FileKeys({"new": NEW, "old": OLD}), INDEX)
    after = Sealer(FileKeys({"new": NEW}), INDEX)
    key, wrapped = before.new_key(RECORD)
    envelope = key.seal(b"content", table="contacts", field="phone")

    rewrapped = between.rewrap(RECORD, wrapped)

    assert (rewrapped.key_id, between.current) == ("new", "new")
    assert rewrapped.content != wrapped.content
    for sealer, stored in ((between, wrapped), (between, rewrapped), (after, rewrapped)):
        assert sealer.open_key(RECORD, stored).open(envelope, table="contacts", field="phone") == b"content"


def test_a_key_that_was_taken_away_too_early_is_missed_by_name() -> None:
    _, wrapped = Sealer(FileKeys({"old": OLD}), INDEX).new_key(RECORD)

    with pytest.raises(KeyUnknown):
        Sealer(FileKeys({"new": NEW}), INDEX).open_key(RECORD, wrapped)


def test_a_rotation_wraps_nothing_that_does_not_open(sealer: Sealer) -> None:
    _, wrapped = sealer.new_key(RECORD)

    with pytest.raises(Tampered):
        sealer.rewrap(OTHER, wrapped)


# -- blind indexes


@given(kind=names, value=names)
def test_a_blind_index_is_twelve_characters_and_always_the_same(sealer: Sealer, kind: str, value: str) -> None:
    blind = sealer.blind(kind, value)

    assert len(blind) == 12
    assert set(blind) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    assert blind == Sealer(FileKeys({"new": NEW}), INDEX).blind(kind, value)


@given(first=st.tuples(names, names), second=st.tuples(names, names))
def test_two_values_or_two_kinds_do_not_meet(sealer: Sealer, first: tuple[str, str], second: tuple[str, str]) -> None:
    assume(first != second)

    assert sealer.blind(*first) != sealer.blind(*second)


@given(text=st.text("0123456789:a", min_size=1, max_size=20), cut=st.integers(0, 20), other=st.integers(0, 20))
def test_a_kind_ends_where_it_says(sealer: Sealer, text: str, cut: int, other: int) -> None:
    assume(text[:cut] != text[:other])

    assert sealer.blind(text[:cut], text[cut:]) != sealer.blind(text[:other], text[other:])


@given(kind=names, value=names)
def test_a_blind_index_needs_its_key(sealer: Sealer, kind: str, value: str) -> None:
    assert sealer.blind(kind, value) != Sealer(FileKeys({"old": OLD}), NEW).blind(kind, value)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_an_index_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Sealer(FileKeys({"old": OLD}), bytes(length))


# -- the format, for as long as a register stands


def test_an_envelope_is_what_the_module_says_it_is(key: DataKey) -> None:
    """Another program that knows the key and reads the docstring can open it."""
    envelope = key.seal(b"content", table="contacts", field="phone")
    bound = RECORD.bytes + sha256(DATA).digest() + b"\x00\x08contacts" + b"\x00\x05phone"

    assert envelope[:1] == b"\x01"
    assert AESGCM(DATA).decrypt(envelope[1:13], envelope[13:], bound) == b"content"


def test_what_version_1_sealed_opens_still(sealer: Sealer) -> None:
    wrapped = WrappedKey("old", bytes.fromhex(
        "01000000000000000000000001"
        "75b7dd9f2091567966473b5280cb549865ee6e2710c722f30b7979a25a4d0d21"
        "651bdd97f52f4999cc6dbeefb0d8b052"
    ))  # fmt: skip
    envelope = bytes.fromhex(
        "01000000000000000000000002"
        "2370a2153f7c1449190f3f2d577bbe37e39c15bcfeeee0e4bb1d9dc8a7"
    )  # fmt: skip

    assert sealer.open_key(RECORD, wrapped).open(envelope, table="contacts", field="phone") == b"+254700000000"
    assert sealer.blind("phone", "+254700000000") == "XjcW8zGN1ZCg"


# -- nothing shows a key


def test_nothing_that_holds_a_key_shows_it(sealer: Sealer, key: DataKey) -> None:
    _, wrapped = sealer.new_key(RECORD)

    for thing in (sealer, key, wrapped, FileKeys({"old": OLD, "new": NEW})):
        assert not holds_secret(shown(thing))
    assert wrapped.content.hex() not in shown(wrapped)
    assert repr(wrapped.content) not in shown(wrapped)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_nothing_that_holds_a_key_is_pickled_or_copied(sealer: Sealer, key: DataKey, protocol: int) -> None:
    for thing in (sealer, key, FileKeys({"old": OLD})):
        with pytest.raises(TypeError, match="holds a key"):
            pickle.dumps(thing, protocol)
        with pytest.raises(TypeError, match="holds a key"):
            copy.copy(thing)
        with pytest.raises(TypeError, match="holds a key"):
            copy.deepcopy(thing)


def test_a_log_line_shows_no_key(sealer: Sealer, key: DataKey, capsys: pytest.CaptureFixture[str]) -> None:
    before, handlers = structlog.get_config(), list(logging.getLogger().handlers)
    try:
        configure_logging("info")
        log.info("sealed", where=sealer, problem=key)
    finally:
        structlog.configure(**before)
        logging.getLogger().handlers = handlers

    line = capsys.readouterr().err
    assert json.loads(line)["where"].startswith("<registry.core.sealing.Sealer")
    assert not holds_secret(line)


def test_the_error_of_an_envelope_shows_no_key_and_no_content(key: DataKey) -> None:
    envelope = key.seal(b"+254700000000", table="contacts", field="phone")

    with pytest.raises(Tampered) as caught:
        key.open(envelope, table="contacts", field="email")

    told = "".join(traceback.format_exception(caught.value))
    assert not holds_secret(told)
    assert "+2547" not in told
