"""Keys: vectors of programs that nobody here wrote, and every way in which a signature is not one."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import Kind, Signer, VerifierKey, ed25519, message, parse_key, signed_by, subtree_message
from registry.tlog.note import Note, Signature, parse_note, parse_signatures
from registry.tlog.strict import Malformed, Unproved
from tests.registry.tlog.signers import ABROAD, AT, LATER_LOG, LOG, ORIGIN, POLICE, STRANGER, accepted, flipped, signed

# Those of golang.org/x/mod/sumdb/note (BSD-3-Clause).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = "YEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

HEAD = Checkpoint(ORIGIN, 7, b"\x07" * 32)


def test_the_note_of_go_is_signed_the_same_and_verified() -> None:
    seed = base64.b64decode(f"A{PETER_SEED}")[1:]
    peter = ed25519("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))
    note = parse_note(f"{TEXT}\n{BY_PETER}{BY_ENOCH}".encode())

    assert peter.key.print() == PETER
    assert peter.sign(TEXT).line == BY_PETER
    assert signed_by(note, [parse_key(PETER)]) == {parse_key(PETER): 0}
    assert signed_by(note, [parse_key(PETER), parse_key(ENOCH)]) == {parse_key(PETER): 0, parse_key(ENOCH): 0}
    assert signed_by(note, []) == {}


def test_a_part_of_a_key_or_a_key_with_a_letter_changed_is_no_key() -> None:
    for start in range(len(PETER)):
        for end in range(start, len(PETER) + (start > 0)):
            with pytest.raises(Malformed):
                parse_key(PETER[start:end])
    for place, letter in enumerate(PETER):
        with pytest.raises(Malformed):
            parse_key(PETER[:place] + chr(ord(letter) + 1) + PETER[place + 1 :])


def test_keys_of_unknown_kinds_and_lengths_are_refused() -> None:
    cases = [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+",
        "bananas.example+12344556",
        "",
        "++",
    ]

    assert accepted(parse_key, cases) == []


def test_the_key_of_a_running_witness_is_read() -> None:
    """A vector of transparency-dev/formats (Apache-2.0)."""
    text = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

    assert parse_key(text).kind is Kind.COSIGNATURE
    assert parse_key(text).print() == text


def test_a_subtree_that_torchwood_signed_with_ml_dsa_44_is_verified() -> None:
    """Key and signature by filippo.io/torchwood, as transparency-dev/formats keeps them (Apache-2.0)."""
    key_line, _, rest = (Path(__file__).parent / "torchwood.txt").read_text(encoding="utf-8").partition("\n")
    key, [signature] = parse_key(key_line), parse_signatures(rest)
    root = base64.b64decode("E7ERCtFloiK1fdb+B6/dLG0pM1nmIR0ETKBSauCjtVw=")
    public = MLDSA44PublicKey.from_public_bytes(key.public)

    assert key.has_signed(signature)
    public.verify(signature.value[8:], subtree_message(key.name, 0, "example.com/log", (8, 13), root))
    with pytest.raises(InvalidSignature):
        public.verify(signature.value[8:], subtree_message(key.name, 0, "example.com/log", (8, 14), root))


def test_what_a_cosignature_is_over_is_as_the_specification_writes_it() -> None:
    assert message(POLICE.key, HEAD.text, AT) == f"cosignature/v1\ntime {AT}\n{HEAD.text}".encode()
    assert message(ABROAD.key, HEAD.text, AT) == (
        b"subtree/v1\n\x00" + b"\x13DEMO-abroad.example" + AT.to_bytes(8, "big") + b"\x14registry.example/log"
        + bytes(8) + (7).to_bytes(8, "big") + b"\x07" * 32
    )  # fmt: skip


@pytest.mark.parametrize(
    "signer", [LOG, LATER_LOG, POLICE, ABROAD], ids=lambda each: each.key.name + each.key.kind.name
)
def test_a_note_says_who_signed_it_and_when(signer: Signer) -> None:
    note = parse_note(signed(HEAD, signer, STRANGER).print())

    assert signed_by(note, [signer.key]) == {signer.key: AT if signer.key.kind != Kind.ED25519 else 0}
    assert parse_key(signer.key.print()) == signer.key


@pytest.mark.parametrize("signer", [LOG, POLICE], ids=lambda each: each.key.name)
def test_a_note_with_any_byte_changed_is_not_signed(signer: Signer) -> None:
    for data in flipped(signed(HEAD, signer).print()):
        assert not is_signed(data, signer)


def test_a_note_signed_with_ml_dsa_44_with_a_byte_changed_is_not_signed() -> None:
    data = signed(HEAD, ABROAD).print()
    for place in range(0, len(data), 31):
        assert not is_signed(data[:place] + bytes([data[place] ^ 2]) + data[place + 1 :], ABROAD)


def is_signed(data: bytes, signer: Signer) -> bool:
    try:
        return bool(signed_by(parse_note(data), [signer.key]))
    except Malformed:
        return False


def test_one_wrong_signature_by_a_known_key_spoils_the_note() -> None:
    right = LOG.sign(HEAD.text)
    for value in (bytes(64), right.value[:-1], right.value + b"\x00"):
        note = Note(HEAD.text, (right, POLICE.sign(HEAD.text, AT), replace(right, value=value)))
        with pytest.raises(Unproved):
            signed_by(note, [POLICE.key, LOG.key])
        assert signed_by(note, [POLICE.key]) == {POLICE.key: AT}


def test_a_signature_of_one_kind_is_none_of_another() -> None:
    """The same private key as log and as witness: neither signature passes for the other."""
    as_witness = VerifierKey(LOG.key.name, Kind.COSIGNATURE, LOG.key.public)
    signature = LOG.sign(HEAD.text)
    posed = Signature(as_witness.name, as_witness.key_id, bytes(8) + signature.value)

    assert signed_by(Note(HEAD.text, (signature,)), [as_witness]) == {}
    with pytest.raises(Unproved):
        signed_by(Note(HEAD.text, (posed,)), [as_witness])


def test_a_cosignature_of_a_time_that_no_number_holds_is_none() -> None:
    late = 2**63
    value = late.to_bytes(8, "big") + POLICE.sign_message(message(POLICE.key, HEAD.text, late))

    with pytest.raises(Unproved):
        signed_by(Note(HEAD.text, (Signature(POLICE.key.name, POLICE.key.key_id, value),)), [POLICE.key])
    with pytest.raises(Malformed):
        POLICE.sign(HEAD.text, 2**63)


def test_the_latest_of_several_cosignatures_counts() -> None:
    note = Note(HEAD.text, (POLICE.sign(HEAD.text, AT), POLICE.sign(HEAD.text, AT - 5)))

    assert signed_by(note, [POLICE.key]) == {POLICE.key: AT}


def test_only_checkpoints_are_cosigned() -> None:
    for signer in (POLICE, ABROAD):
        with pytest.raises(Malformed):
            signer.sign(TEXT, AT)
    with pytest.raises(Malformed):
        ABROAD.sign(replace(HEAD, origin="o" * 256).text, AT)
    with pytest.raises(Malformed):
        Signer(LOG.key, lambda _message: b"short").sign(TEXT)


def test_a_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    key = VerifierKey("DEMO", Kind.ED25519, b"\x02" + bytes(31))

    with pytest.raises(Unproved):
        signed_by(Note(TEXT, (Signature("DEMO", key.key_id, bytes(64)),)), [key])
