"""What a witness decides, by what it remembers."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from hypothesis import given, strategies as st

from registry.tlog.checkpoint import Checkpoint
from registry.tlog.keys import signed_by
from registry.tlog.note import Note, Signature, parse_signatures
from registry.tlog.strict import Malformed
from registry.tlog.tree import EMPTY_ROOT, Tree
from registry.tlog.witnessing import SIZE, Decision, Head, Request, cosigned, decide, parse_request
from tests.registry.tlog.signers import (
    ABROAD,
    AT,
    LATER_LOG,
    LOG,
    ORIGIN,
    POLICE,
    STRANGER,
    checkpoint,
    damaged,
    flipped,
    leaves,
    signed,
)
from tests.registry.tlog.strategies import checkpoint_notes, numbers, paths

TREE = Tree(leaves(20))
FORK = Tree(leaves(12) + leaves(8, first=900))
LOGS = {ORIGIN: [LOG.key, LATER_LOG.key]}
SEEN = Head(12, TREE.root_at(12))

requests = st.builds(Request, numbers, paths, checkpoint_notes)


def asking(tree: Tree, old: int, size: int) -> Request:
    return Request(old, tuple(tree.consistency(old, size)), signed(checkpoint(tree, size), LOG))


def asked(request: Request, seen: Head | None = SEEN) -> Decision:
    return decide(request.print(), LOGS, {ORIGIN: seen}.get)


def test_a_witness_cosigns_a_tree_that_begins_with_the_last_one() -> None:
    decision = asked(asking(TREE, 12, 20))
    body = cosigned(decision, [POLICE, ABROAD], AT)

    assert (decision.status, decision.checkpoint) == (HTTPStatus.OK, checkpoint(TREE))
    assert decision.note is not None
    note = decision.note.with_signatures(parse_signatures(body))
    assert signed_by(note, [LOG.key, POLICE.key, ABROAD.key]) == {LOG.key: 0, POLICE.key: AT, ABROAD.key: AT}


@pytest.mark.parametrize(("request_", "seen"), [
    (asking(TREE, 0, 20), None),
    (asking(TREE, 0, 0), None),
    (asking(TREE, 12, 12), SEEN),
    (replace(asking(TREE, 12, 20), note=signed(checkpoint(TREE), LATER_LOG, STRANGER)), SEEN),
    (replace(asking(TREE, 12, 20), note=signed(checkpoint(TREE), LOG, LATER_LOG)), SEEN),
], ids=["first", "empty", "same", "other-key", "both-keys"])  # fmt: skip
def test_a_witness_cosigns(request_: Request, seen: Head | None) -> None:
    assert asked(request_, seen).status == HTTPStatus.OK


OTHER = Checkpoint(ORIGIN, 20, FORK.root)
FORGED = Note(checkpoint(TREE).text, (Signature(ORIGIN, LOG.key.key_id, bytes(64)),))


@pytest.mark.parametrize(("request_", "seen", "status"), [
    (replace(asking(TREE, 12, 20), note=signed(replace(checkpoint(TREE), origin="another.example"), LOG)), SEEN, 404),
    (replace(asking(TREE, 12, 20), note=signed(checkpoint(TREE), STRANGER)), SEEN, 403),
    (replace(asking(TREE, 12, 20), note=FORGED), SEEN, 403),
    (replace(asking(TREE, 12, 20), old=21), SEEN, 400),
    (asking(TREE, 11, 20), SEEN, 409),
    (asking(TREE, 13, 20), SEEN, 409),
    (asking(TREE, 0, 20), SEEN, 409),
    (asking(TREE, 12, 20), None, 409),
    (asking(TREE, 5, 11), SEEN, 409),
    (asking(FORK, 12, 12), Head(12, EMPTY_ROOT), 409),
    (replace(asking(TREE, 12, 20), note=signed(OTHER, LOG)), SEEN, 422),
    (replace(asking(TREE, 12, 20), path=()), SEEN, 422),
    (replace(asking(TREE, 12, 20), path=asking(TREE, 12, 20).path[::-1]), SEEN, 422),
    (replace(asking(TREE, 0, 20), path=(EMPTY_ROOT,)), None, 422),
    (replace(asking(TREE, 12, 12), path=(EMPTY_ROOT,)), SEEN, 422),
    (asking(FORK, 12, 20), Head(12, TREE.root_at(11)), 422),
], ids=[
    "origin", "stranger", "forged", "old-beyond", "behind", "ahead", "again", "forgot", "smaller", "fork-same-size",
    "fork", "no-path", "order", "path-from-nothing", "path-to-itself", "other-memory",
])  # fmt: skip
def test_a_witness_refuses(request_: Request, seen: Head | None, status: int) -> None:
    decision = asked(request_, seen)

    assert decision.status == status
    assert decision.checkpoint is None
    if status == HTTPStatus.CONFLICT:
        assert (decision.body, decision.content_type) == (f"{seen.size if seen else 0}\n", SIZE)
    with pytest.raises(Malformed):
        cosigned(decision, [POLICE], AT)


def test_a_request_with_any_byte_changed_is_not_consented_to() -> None:
    for data in flipped(asking(TREE, 12, 20).print()):
        assert decide(data, LOGS, {ORIGIN: SEEN}.get).status != HTTPStatus.OK


def test_a_witness_never_signs_two_trees() -> None:
    """Both forks go on from 12; whichever comes second finds that the witness has gone on."""
    first, second = asking(TREE, 12, 20), asking(FORK, 12, 20)
    signed_now = asked(first).checkpoint

    assert signed_now is not None
    seen = Head(signed_now.size, signed_now.root)
    assert asked(second, seen).status == HTTPStatus.CONFLICT
    assert asked(replace(second, old=20, path=()), seen).status == HTTPStatus.CONFLICT


@given(requests)
def test_every_request_is_read_back(request: Request) -> None:
    assert parse_request(request.print()) == request


@given(damaged(requests.map(Request.print)))
def test_a_request_that_is_read_is_printed_the_same(data: bytes) -> None:
    try:
        found = parse_request(data)
    except Malformed:
        return
    assert found.print() == data


def test_the_example_of_the_specification_is_read_and_its_key_unknown() -> None:
    data = """old 20852014
PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa \
Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— example.com/behind-the-sofa \
opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=
""".encode()

    assert parse_request(data).print() == data
    assert decide(data, LOGS, {ORIGIN: SEEN}.get).status == HTTPStatus.NOT_FOUND


def test_what_is_no_request_is_bad() -> None:
    cases = [
        b"",
        b"old\n\n",
        b"old 012\n\n",
        b"old  12\n\n",
        b"Old 12\n\n",
        b"12\n\n",
        b"old 12\n",
        b"old 12\nAAAA\n\n",
        b"old 12\r\n\n",
        b"old 12\n" + (b"A" * 43 + b"=\n") * 64 + b"\n",
        b"old 12\n\n\n",
        b"x" * 2**20,
    ]

    body = signed(checkpoint(TREE), LOG).print()
    assert {decide(head + body, LOGS, {ORIGIN: SEEN}.get).status for head in cases} == {HTTPStatus.BAD_REQUEST}
