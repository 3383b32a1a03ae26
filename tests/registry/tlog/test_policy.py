"""Policies: whom to believe, read from a file that a person writes."""

from dataclasses import replace

import pytest
from hypothesis import given

from registry.tlog.keys import Kind, VerifierKey
from registry.tlog.note import Note, parse_note
from registry.tlog.policy import MOST, Group, Party, Policy, is_met, opened, parse_policy
from registry.tlog.strict import Malformed, Unproved
from registry.tlog.tree import Tree
from tests.registry.tlog.signers import (
    ABROAD,
    BOTH,
    COURT,
    LATER_LOG,
    LOG,
    POLICE,
    STRANGER,
    Make,
    accepted,
    checkpoint,
    damaged,
    flipped,
    leaves,
    made,
    signed,
)
from tests.registry.tlog.strategies import policies

HEAD = checkpoint(Tree(leaves(9)))
L, P, C = LOG.key.print(), POLICE.key.print(), COURT.key.print()
A = ABROAD.key.print()


@given(policies())
def test_every_policy_is_read_back(policy: Policy) -> None:
    assert parse_policy(policy.print()) == policy


@given(damaged(policies().map(Policy.print)))
def test_what_is_read_means_what_is_printed_of_it(data: bytes) -> None:
    try:
        found = parse_policy(data)
    except Malformed:
        return
    assert parse_policy(found.print()) == found


def test_the_example_of_the_specification_is_read() -> None:
    keys = [
        VerifierKey(f"{name}.example", Kind.COSIGNATURE, name.encode() * 16)
        for name in ("X1", "X2", "X3", "Y1", "Y2", "Y3")
    ]
    x1, x2, x3, y1, y2, y3 = (key.print() for key in keys)
    policy = parse_policy(f"""
        # two levels of groups
        log\t{L}
        witness X1 {x1}
        witness X2 {x2}
        witness X3 {x3}
        group X-witnesses 2 X1 X2 X3

        witness Y1 {y1}
        witness Y2 {y2}  https://y.example/ö
        witness Y3 {y3}
        group Y-witnesses any Y1 Y2 Y3

        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y
    """.encode() + b"# \xff of a time before UTF-8\n")  # fmt: skip

    assert policy.witnesses["Y2"].url == "https://y.example/ö"
    assert policy.is_quorum([keys[0], keys[2], keys[5]])
    assert not policy.is_quorum([keys[0], keys[5]])
    assert not policy.is_quorum(keys[:3])
    assert not policy.is_quorum([])


def test_what_is_no_policy_is_refused() -> None:
    cases = [
        "",
        "quorum none",
        "quorum\n",
        "quorum none none\n",
        "quorum none\nquorum none\n",
        "quorum p\n",
        "Quorum none\n",
        f"quorum p\nwitness p {P}\n",
        f"witness none {P}\nquorum none\n",
        f"witness p {P}\nwitness p {C}\nquorum none\n",
        f"witness p {P}\nwitness q {P}\nquorum none\n",
        f"log {L}\nlog {L}\nquorum none\n",
        f"log {P}\nquorum none\n",
        f"witness l {L}\nquorum none\n",
        f"log {L} u v\nquorum none\n",
        f"witness p {P} u v\nquorum none\n",
        f"witness p {P}\ngroup g 0 p\nquorum g\n",
        f"witness p {P}\ngroup g 2 p\nquorum g\n",
        f"witness p {P}\ngroup g 01 p\nquorum g\n",
        f"witness p {P}\ngroup g \u0661 p\nquorum g\n",
        f"witness p {P}\ngroup g some p\nquorum g\n",
        f"witness p {P}\ngroup g any\nquorum g\n",
        f"witness p {P}\ngroup g 1 p p\nquorum g\n",
        f"witness p {P}\ngroup p any p\nquorum p\n",
        f"witness p {P}\ngroup g any g\nquorum g\n",
        f"witness p {P}\ngroup g any p\ngroup h any p\nquorum h\n",
        f"group g any p\nwitness p {P}\nquorum g\n",
        f"witness p {P}\ngroup g any none\nquorum g\n",
        f"witness p {P[:-1]}\nquorum none\n",
        "quorum none\r\n",
        "quorum\x0bnone\n",
        "quorum none\x7f\n",
        "allow all\n",
        f"log {L} # comment\nquorum none\n",
    ]

    assert accepted(parse_policy, map(str.encode, cases)) == []


def test_what_could_not_be_read_back_is_not_made() -> None:
    cases: list[Make] = [
        lambda: replace(BOTH, quorum="nobody"),
        lambda: replace(BOTH, witnesses={"a b": Party(POLICE.key)}, groups={}, quorum="a b"),
        lambda: replace(BOTH, groups={"both": Group(1, ("court", "court"))}),
        lambda: replace(BOTH, groups={"both": Group(0, ())}),
        lambda: replace(BOTH, logs=(Party(LOG.key, "\ud800"),)),
        lambda: replace(BOTH, logs=(Party(LOG.key, "\udcc3\udca9"),)),
        lambda: replace(BOTH, logs=(Party(LOG.key, ""),)),
        lambda: parse_policy(b"#" * 2**20 + b"\n"),
        lambda: Policy(logs=tuple(Party(VerifierKey("l", Kind.ED25519, bytes([n]) * 32)) for n in range(MOST + 1))),
    ]

    assert accepted(made, cases) == []


# -- what a policy believes


def test_a_checkpoint_is_believed_that_its_log_and_enough_witnesses_signed() -> None:
    assert opened(BOTH, signed(HEAD, LOG, POLICE, COURT, STRANGER, ABROAD)) == HEAD


@pytest.mark.parametrize(("note", "why"), [
    (signed(HEAD, POLICE, COURT), "not signed by its log"),
    (signed(HEAD, LATER_LOG, POLICE, COURT), "not signed by its log"),
    (signed(HEAD, LOG, POLICE), "quorum"),
    (signed(HEAD, LOG, POLICE, POLICE), "quorum"),
    (signed(HEAD, LOG, POLICE, ABROAD), "quorum"),
    (signed(replace(HEAD, origin="another.example"), LOG, POLICE, COURT), "no log"),
    (Note(replace(HEAD, size=8).text, signed(HEAD, LOG, POLICE, COURT).signatures), "not by the key it names"),
], ids=["log", "other-key", "one", "twice", "stranger", "origin", "text"])  # fmt: skip
def test_any_other_is_not_believed(note: Note, why: str) -> None:
    assert not is_met(BOTH, note)
    with pytest.raises(Unproved, match=why):
        opened(BOTH, note)


def test_a_note_that_is_no_checkpoint_is_not_believed() -> None:
    text = "not a checkpoint\n"

    assert not is_met(BOTH, Note(text, (LOG.sign(text),)))


def test_a_policy_without_logs_believes_nothing() -> None:
    assert not is_met(replace(BOTH, logs=()), signed(HEAD, LOG, POLICE, COURT))


def test_a_policy_without_witnesses_believes_the_log() -> None:
    assert is_met(parse_policy(f"log {L}\nquorum none\n".encode()), signed(HEAD, LOG))


def test_a_witness_may_sign_with_ml_dsa_44_and_so_may_a_log() -> None:
    policy = parse_policy(f"log {LATER_LOG.key.print()}\nwitness abroad {A}\nquorum abroad\n".encode())

    assert is_met(policy, signed(HEAD, LOG, LATER_LOG, ABROAD))
    assert not is_met(policy, signed(HEAD, LOG, ABROAD))


def test_a_cosigned_checkpoint_with_any_byte_changed_is_not_believed() -> None:
    for data in flipped(signed(HEAD, LOG, POLICE, COURT).print()):
        try:
            note = parse_note(data)
        except Malformed:
            continue
        assert not is_met(BOTH, note)
